"""Million Song Dataset songs and tracks of the tables, reconciled by artist and title."""

DEFAULT_THRESHOLD = 0.94
"""How alike names are in the fuzzy step, at least, where nobody says otherwise."""
