"""Numbers of the whole: dense, in order of first appearance, nothing lost."""

import json
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.sources.mpd import ingest


def test_ids_are_dense_in_order_of_first_appearance(mpd, tmp_path):
    members = {
        "mpd.slice.0-0.json": mpd.slice([mpd.playlist(7, [5, 3, 5])]),
        "mpd.slice.1-1.json": mpd.slice([mpd.playlist(1, [4, 3])]),
    }
    report = ingest(mpd.zip(members), tmp_path / "tables", workers=1)
    counts = report.manifest.counts
    assert (report.slices, counts["playlists"], counts["entries"], counts["tracks"]) == (2, 2, 5, 3)
    found = mpd.rows(tmp_path / "tables", "playlists")
    assert [(row["playlist_id"], row["pid"]) for row in found] == [(0, 7), (1, 1)]
    entries = [tuple(row.values()) for row in mpd.rows(tmp_path / "tables", "entries")]
    assert entries == [(0, 0, 0), (0, 1, 1), (0, 2, 0), (1, 0, 2), (1, 1, 1)]
    tracks = mpd.rows(tmp_path / "tables", "tracks")
    # artists are number % 3: 5 -> 2, 3 -> 0, 4 -> 1; albums number % 5: 0, 3, 4
    assert [row["track_name"] for row in tracks] == ["Track 5", "Track 3", "Track 4"]
    assert [row["artist_id"] for row in tracks] == [0, 1, 2]
    artists = mpd.rows(tmp_path / "tables", "artists")
    assert [row["artist_name"] for row in artists] == ["Artist 2", "Artist 0", "Artist 1"]
    albums = mpd.rows(tmp_path / "tables", "albums")
    assert [row["album_name"] for row in albums] == ["Album 0", "Album 3", "Album 4"]


def test_overlapping_slices_equal_the_input_without_the_repeats(mpd, tmp_path):
    a, b, c = (mpd.playlist(pid, [pid, pid + 1, 0]) for pid in range(3))
    other = mpd.playlist(1, [50, 51])
    repeats = {
        "mpd.slice.0-1.json": mpd.slice([a, b, other]),
        "mpd.slice.1-2.json": mpd.slice([other, c]),
    }
    plain = {"mpd.slice.0-1.json": mpd.slice([a, b]), "mpd.slice.1-2.json": mpd.slice([c])}
    report = ingest(mpd.zip(repeats), tmp_path / "a", workers=1)
    ingest(mpd.zip(plain, "plain.zip"), tmp_path / "b", workers=1)
    assert mpd.tables(tmp_path / "a") == mpd.tables(tmp_path / "b")
    assert report.manifest.counts["duplicate_playlists"] == 2
    assert report.warnings == ("2 playlists left out: their pid occurs earlier in the input",)


def test_name_of_an_artist_is_that_of_its_first_new_track(mpd, tmp_path):
    known, new = mpd.track(1, artist_name="first"), mpd.track(1, artist_uri="a", artist_name="x")
    other = mpd.track(2, artist_uri="a", artist_name="second")
    members = {
        "mpd.slice.0-0.json": mpd.slice([mpd.playlist(0, [], tracks=[known])]),
        "mpd.slice.1-1.json": mpd.slice([mpd.playlist(1, [], tracks=[new, other])]),
    }
    ingest(mpd.zip(members), tmp_path / "tables", workers=1)
    artists = mpd.rows(tmp_path / "tables", "artists")
    # track 1 keeps the values first seen, so that "a" appears with track 2
    assert [row["artist_name"] for row in artists] == ["first", "second"]


names = st.text(max_size=6)
tracks = st.builds(
    lambda track, artist, album, title, duration: {
        "track_uri": f"spotify:track:{track}",
        "artist_uri": f"spotify:artist:{artist}",
        "album_uri": f"spotify:album:{album}",
        "track_name": title,
        "artist_name": f"{artist} {title}",
        "album_name": f"{album} {title}",
        "duration_ms": duration,
    },
    *[st.integers(0, 5)] * 3,
    names,
    st.integers(-1, 2**31 - 1),
)
playlists = st.fixed_dictionaries(
    {
        "name": names,
        "collaborative": st.sampled_from(["true", "false", True, False]),
        "modified_at": st.integers(0, 2**40),
        "num_followers": st.integers(0, 2**31 - 1),
        "tracks": st.lists(tracks, max_size=5),
    },
    optional={"description": st.none() | names},
)


def naive(slices):
    """Plain dictionaries instead of columns: what the tables must hold."""
    rows = {"playlists": [], "tracks": {}, "artists": {}, "albums": {}, "entries": []}
    for pid, playlist in enumerate(each for members in slices for each in members):
        known = [playlist.get("description"), playlist["collaborative"] in {True, "true"}]
        rows["playlists"].append((pid, playlist["name"], *known, playlist["num_followers"]))
        for pos, track in enumerate(playlist["tracks"]):
            if track["track_uri"] not in rows["tracks"]:
                numbers = [
                    rows[f"{kind}s"].setdefault(
                        track[f"{kind}_uri"], (len(rows[f"{kind}s"]), track[f"{kind}_name"])
                    )[0]
                    for kind in ("artist", "album")
                ]
                values = (track["track_name"], *numbers, track["duration_ms"])
                rows["tracks"][track["track_uri"]] = (len(rows["tracks"]), *values)
            rows["entries"].append((pid, pos, rows["tracks"][track["track_uri"]][0]))
    return rows


def read(tables_dir, table, *columns):
    columns = [pq.read_table(tables_dir / f"{table}.parquet")[name].to_pylist() for name in columns]
    return list(zip(*columns, strict=True))


@settings(max_examples=30, deadline=None)
@given(slices=st.lists(st.lists(playlists, max_size=4), min_size=1, max_size=3).filter(any))
def test_playlists_in_are_playlists_out(slices):
    expected, pid = naive(slices), 0
    with tempfile.TemporaryDirectory() as root:
        for number, members in enumerate(slices):
            numbered = [each | {"pid": pid + step} for step, each in enumerate(members)]
            pid += len(members)
            text = json.dumps({"playlists": numbered}, ensure_ascii=bool(number % 2))
            Path(root, f"mpd.slice.{number}-{number}.json").write_text(text, encoding="utf-8")
        tables = Path(root, "tables")
        ingest(Path(root), tables, workers=1)
        known = ("pid", "name", "description", "collaborative", "num_followers")
        assert read(tables, "playlists", *known) == expected["playlists"]
        columns = ("track_uri", "track_id", "track_name", "artist_id", "album_id", "duration_ms")
        assert read(tables, "tracks", *columns) == [(k, *v) for k, v in expected["tracks"].items()]
        for kind in ("artist", "album"):
            rows = [(uri, *row) for uri, row in expected[f"{kind}s"].items()]
            assert read(tables, f"{kind}s", f"{kind}_uri", f"{kind}_id", f"{kind}_name") == rows
        assert read(tables, "entries", "playlist_id", "pos", "track_id") == expected["entries"]


def test_id_is_taken_from_spotify_track_uris_alone(mpd, tmp_path):
    uris = {
        "spotify:track:0123456789abcdefABCDEF": "0123456789abcdefABCDEF",
        "spotify:local:Artist:Album:Title:123": None,
        "spotify:episode:0123456789abcdefABCDEF": None,
        "spotify:track:0123456789abcdefABCDE": None,
        "spotify:track:0123456789abcdefABCDEFG": None,
        "spotify:track:0123456789abcdefABCDE-": None,
        "spotify:track:0123456789abcdefABCDEF\n": None,
        "": None,
    }
    members = [mpd.track(number, track_uri=uri) for number, uri in enumerate(uris)]
    path = mpd.zip({"mpd.slice.0-0.json": mpd.slice([mpd.playlist(0, [], tracks=members)])})
    ingest(path, tmp_path / "tables", workers=1)
    found = mpd.rows(tmp_path / "tables", "tracks")
    assert {row["track_uri"]: row["spotify_id"] for row in found} == uris
