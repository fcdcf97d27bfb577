"""The commands of `harvest`: each builds what it needs and calls one function."""
