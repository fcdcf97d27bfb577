"""Whether jobs would get on here and now: signs, by one question to each service."""
