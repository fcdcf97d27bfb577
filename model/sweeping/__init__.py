"""Many settings beside each other: the grid, an evaluation each, the best, the pictures."""
