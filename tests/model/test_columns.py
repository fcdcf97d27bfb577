from model import columns


def test_the_models_twelve_columns_are_eight_means_then_four_maxima_in_the_studys_order() -> None:
    assert columns.MODEL_COLUMNS == (
        "mean_danceability",
        "mean_energy",
        "mean_speechiness",
        "mean_acousticness",
        "mean_instrumentalness",
        "mean_liveness",
        "mean_valence",
        "mean_duration",
        "max_key",
        "max_loudness",
        "max_tempo",
        "max_time_signature",
    )


def test_every_feature_read_from_the_database_has_a_range() -> None:
    assert set(columns.RANGES) == set(columns.SERVICE_FEATURES)
