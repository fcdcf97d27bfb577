"""The two stages of the ranker: what finds candidates, and what puts them in order."""
