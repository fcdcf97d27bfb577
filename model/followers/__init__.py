"""Followers of a playlist, predicted from its features: models, scores, and a comparison."""

from model.followers.regression import FollowerRegression

__all__ = ["FollowerRegression"]
