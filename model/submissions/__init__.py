"""A challenge set -> a submission, and its figures on a terminal."""
