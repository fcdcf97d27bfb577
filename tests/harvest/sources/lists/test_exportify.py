import pytest

from harvest.sources.lists.exportify import in_english
from harvest.sources.lists.tables import read_table

ID, OTHER = "4uLU6hMCjMI75M1A2tKUQC", "0000000000000000000001"
TRACK = ["Uri", "Titel", "Uris", "Wer", "Album-Uri", "Album", *"ghijkl", "Dauer", *"nopq"]
ADDED, SOUND = ["von", "am"], [f"s{number}" for number in range(12)]
FEATURES = ["0.7", "0.9", "8", "-11.8", "1", "0.03", "0.1", "0", "0.1", "0.9", "113.3", "4"]


def row(spotify_id, *, artist="Die Ärzte", added="2021-05-01T10:00:00Z", more=()):
    uris = (f"spotify:{kind}:{spotify_id}" for kind in ("track", "artist", "album"))
    track, by, album = uris
    rest = ["1996-01-01", "", "1", "2", "", "", "213000", "", "false", "3", "DE1"]
    return [
        track,
        "T",
        by,
        artist,
        album,
        "L",
        *rest[:6],
        *rest[6:],
        "spotify:user:x",
        added,
        *more,
    ]


def read(header, *rows):
    lines = [",".join(f'"{cell}"' for cell in each) for each in (header, *rows)]
    return read_table("\n".join([*lines, ""]), name="file")


def test_a_header_in_another_language_is_read_by_the_columns_places():
    local = row("x")
    local[0], local[2], local[4] = "spotify:local:B:L:S:60", "", ""
    reading = read([*TRACK, *ADDED], local, row(ID))
    (playlist,) = reading.playlists
    first, second = playlist.tracks
    assert (first.artist_name, second.artist_name) == ("Die Ärzte", "Die Ärzte")
    assert (second.track_name, second.album_name, second.duration_ms) == ("T", "L", 213_000)
    assert second.artist_uri == f"spotify:artist:{ID}"
    assert playlist.modified_at == 1_619_863_200


@pytest.mark.parametrize("has_playable", [False, True])
@pytest.mark.parametrize(("genres", "album"), [(0, 0), (1, 0), (0, 3), (1, 3)])
def test_audio_features_are_found_whatever_else_was_chosen(has_playable, genres, album):
    header = [*TRACK, *["spielbar"] * has_playable, *ADDED, *["Genres"] * genres, *SOUND]
    cells = row(ID, more=[*["rock"] * genres, *FEATURES, *["x"] * album])
    if has_playable:
        cells.insert(17, "true")
    (features,) = read([*header, *["Album"] * album], cells).features
    assert (features.spotify_id, features.danceability, features.time_signature) == (ID, 0.7, 4)


def test_without_any_time_names_alone_are_found():
    names = in_english([*TRACK, *ADDED], [row(ID, added=""), row(OTHER, added="")])
    assert names[:4] == ["Track URI", "Track Name", "Artist URI(s)", "Artist Name(s)"]
    assert names[12:] == ["Dauer", *"nopq", *ADDED]


def test_another_table_keeps_its_names():
    names = ["a", "b", "c", "d", "e"]
    assert (
        in_english(names, [[f"spotify:track:{ID}", "T", "A", "L", "x"], ["", "", "", "", ""]])
        == names
    )
    assert in_english(names, []) == names
