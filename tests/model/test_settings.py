from model.settings import PARTS, Settings


def test_the_studys_parameters_are_the_defaults() -> None:
    settings = Settings()
    assert (settings.n_clusters, settings.similar, settings.playlists_per_cluster) == (10, 10, 5)
    assert (settings.share, settings.min_count, settings.random_state) == (0.5, 5, 0)
    assert settings.protocol == "holdout"


def test_parts_stand_in_the_order_of_the_split() -> None:
    assert PARTS == ("train", "validation", "test")
