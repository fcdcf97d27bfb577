"""Figures of lists, one by one, in the mean and in their spread; which way each is good."""
