"""How far the jobs are, what a state holds, and which command is sensible next."""
