"""How tracks are asked for until each has an answer that can be believed."""
