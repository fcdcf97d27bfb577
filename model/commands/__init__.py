"""The commands of `model`: each builds its settings and calls one function."""
