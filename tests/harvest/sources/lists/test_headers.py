import pytest

from harvest.sources.lists.headers import columns_of, name_tracks, what_is_wanted


def test_the_preferred_column_of_a_field_comes_first():
    columns = columns_of(["Name", "Titre", "Track Name", "Artista"])
    assert (columns["title"], columns["artist"]) == ([2, 0, 1], [3])


@pytest.mark.parametrize(
    ("names", "are_enough"),
    [
        (["Track URI"], True),
        (["Titel", "Interpret"], True),
        (["Titel"], False),
        (["Artista", "Pistas"], False),
        (["Nummer", "Artiest"], False),
    ],
)
def test_tracks_are_named_by_ids_or_by_title_and_artist(names, are_enough):
    assert name_tracks(columns_of(names)) is are_enough


def test_a_header_of_many_columns_is_named_in_part():
    told = what_is_wanted([f"c{n}" for n in range(20)])
    assert "'c11' and 8 more; wanted are" in told
    assert what_is_wanted(["one"]) == ""
