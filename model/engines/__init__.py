"""Where work is done, and what becomes of a piece of it."""
