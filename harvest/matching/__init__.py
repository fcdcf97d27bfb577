"""Million Song Dataset songs and tracks of the tables, reconciled by artist and title."""
