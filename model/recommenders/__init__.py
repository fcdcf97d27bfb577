"""Recommenders, one a file, behind `base.Recommender`: ``fit`` and ``recommend``."""
