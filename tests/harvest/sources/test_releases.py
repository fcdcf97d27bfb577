import pytest

from harvest.own_playlists.collecting import collect
from harvest.sources.releases import NEAR_MS, Release, read_releases
from harvest.tables import Choice, iter_tracks


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        (Release("Ten", 1_000_000), Release("ten", 1_000_000 + NEAR_MS), 2),
        (Release("Ten", 1_000_000), Release("Vs.", 1_000_000 - NEAR_MS), 1),
        (Release("Ten", 1_000_000), Release("Ten", 1_000_001 + NEAR_MS), 1),
        (Release("Ten", 1_000_000), Release("Vs.", 1_000_001 + NEAR_MS), 0),
        (Release("Ten", 0), Release("Ten", 0), 1),
        (Release("", 1_000), Release("", 0), 0),
        (Release(), Release(), 0),
    ],
)
def test_album_and_length_count_one_each_and_what_is_unknown_nothing(one, other, likeness):
    assert one.likeness(other) == other.likeness(one) == likeness


def test_the_tables_say_what_else_is_known_of_tracks_without_an_id(tmp_path):
    path = tmp_path / "mine.csv"
    rows = ["Title,Artist,Album,Duration (ms)", "One,A,Ten,200000", "Two,A,,", "Three,B,Vs.,"]
    path.write_text("\n".join(rows))
    with_id = tmp_path / "ids.m3u"
    with_id.write_text("spotify:track:" + "a" * 22)
    collect(tmp_path / "state", [path, with_id], workers=1)
    tables = tmp_path / "state" / "tables"
    ((one, *_), (two, *_), (three, *_)) = next(iter_tracks(tables, which=Choice.WITHOUT_ID))
    assert read_releases(tables) == {one: Release("Ten", 200_000), three: Release("Vs.", 0)}
    assert two.startswith("name:track:")
