"""The two protocols, holdout and published, and the rows of figures that each gives."""
