"""Every recommender on one split: what it finds, how surely it is better, what it costs."""
