import pytest

from harvest.emulator.catalogue.features import UNIT_COLUMNS
from harvest.emulator.catalogue.genres import GENERAL_TAGS, GENRES


def test_genres_have_different_names():
    names = [genre.name for genre in GENRES]
    assert 8 <= len(set(names)) == len(names)


@pytest.mark.parametrize("genre", GENRES, ids=lambda genre: genre.name)
def test_a_genre_s_typical_sound_lies_in_range(genre):
    # Strictly inside: a song's own value is drawn around its logit.
    assert all(0 < getattr(genre, column) < 1 for column in UNIT_COLUMNS)
    assert -60 < genre.loudness_db < 0
    assert 50 < genre.tempo_bpm < 220


def test_tags_are_lower_case_as_on_last_fm():
    tags = [*GENERAL_TAGS, *(tag for genre in GENRES for tag in genre.tags)]
    assert all(tag == tag.lower() for tag in tags)
