"""The study's own figures."""

STUDY_MEANS: dict[tuple[str, int], dict[str, float]] = {
    (part, k): dict(zip(("diff", "distance", "match", "metric", "metric2"), means, strict=True))
    for part, k, means in (
        ("train", 2, (17.37, 23.74, 6.02, 41.50, 24.13)),
        ("train", 10, (17.45, 24.76, 6.13, 42.60, 25.15)),
        ("train", 50, (17.31, 25.83, 6.15, 43.53, 26.22)),
        ("train", 100, (17.42, 25.66, 6.22, 43.47, 26.05)),
        ("validation", 2, (8.38, 23.27, 6.22, 32.02, 23.64)),
        ("validation", 10, (7.87, 24.47, 6.32, 32.70, 24.83)),
        ("validation", 50, (7.96, 24.61, 6.49, 32.93, 24.97)),
        ("validation", 100, (7.88, 24.74, 6.54, 32.99, 25.10)),
        ("test", 2, (13.35, 25.11, 6.19, 38.83, 25.48)),
        ("test", 10, (12.80, 24.76, 6.29, 37.93, 25.13)),
    )
}
"""The study's published means by part and number of clusters, for reference."""
