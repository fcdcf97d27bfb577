"""Whether a state is whole: its file, its tables, its values."""
