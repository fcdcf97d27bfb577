from harvest.sources.lists.entries import Entry, Tracks, made_up_uri

ID = "4uLU6hMCjMI75M1A2tKUQC"


def added(*entries):
    tracks = Tracks()
    for entry in entries:
        tracks.add(entry)
    return tracks


def test_an_id_wins_over_names():
    (track,) = added(Entry(references=(f"spotify:track:{ID}",), title="T", artist="A")).found
    assert (track.track_uri, track.track_name) == (f"spotify:track:{ID}", "T")


def test_an_id_needs_no_names():
    (track,) = added(Entry(references=(f"spotify:track:{ID}",))).found
    assert (track.track_name, track.artist_name) == ("", "")


def test_without_an_id_artist_and_title_are_the_identity():
    first, second = added(
        Entry(title="Jóga", artist="Björk"), Entry(title="JOGA", artist="bjork", album="X")
    ).found
    assert first.track_uri == second.track_uri == made_up_uri("track", "Björk", "Jóga")
    assert first.track_uri.startswith("name:track:")
    assert len(first.track_uri) == len("name:track:") + 22


def test_the_identity_parts_artist_from_title():
    assert made_up_uri("track", "a", "b c") != made_up_uri("track", "a b", "c")


def test_a_local_file_is_known_by_its_names():
    (track,) = added(Entry(references=("spotify:local:Nude+Band:LP:Song:60",))).found
    assert track.track_uri == made_up_uri("track", "Nude Band", "Song")
    assert (track.album_name, track.duration_ms) == ("LP", 60_000)


def test_what_cannot_stand_in_a_playlist_is_counted():
    tracks = added(
        None,
        Entry(references=("spotify:episode:x",), title="T", artist="A"),
        Entry(title="T"),
        Entry(artist="A", title=" "),
    )
    assert tracks.found == []
    assert tracks.tallies == {"removed": 1, "episodes": 1, "nameless": 2}


def test_a_length_that_no_table_holds_is_unknown():
    (track,) = added(Entry(title="T", artist="A", duration_ms=2**40)).found
    assert track.duration_ms == 0
