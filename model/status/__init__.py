"""What a state holds, which results are of other data, and what is sensible next."""
