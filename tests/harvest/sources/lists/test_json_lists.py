import json

import pytest

from harvest.sources.lists.entries import made_up_uri
from harvest.sources.lists.json_lists import read_json
from harvest.sources.lists.readings import BrokenFileError, NoPlaylistError

ID = "4uLU6hMCjMI75M1A2tKUQC"
COUNTS = ("numberOfFollowers", "num_followers", "lastModifiedDate", "modified_at")
FIELDS = ("name", "description", "collaborative", "collaborators", *COUNTS)


def read(document):
    return read_json(json.dumps(document).encode(), name="file")


def account(*items, **changes):
    playlist = {
        "name": "Mine",
        "lastModifiedDate": "2021-03-04",
        "collaborators": [],
        "items": list(items),
        "description": None,
        "numberOfFollowers": 2,
    } | changes
    return {"playlists": [playlist]}


def item(**kinds):
    empty = {"track": None, "episode": None, "audiobook": None, "localTrack": None}
    return {**empty, "addedDate": "2021-03-04", **kinds}


TRACK = {
    "trackName": "Never Gonna",
    "artistName": "Rick Astley",
    "albumName": "Whenever",
    "trackUri": f"spotify:track:{ID}",
}


def test_account_data_is_read():
    reading = read(account(item(track=TRACK)))
    (playlist,) = reading.playlists
    assert (playlist.name, playlist.num_followers) == ("Mine", 2)
    assert (playlist.modified_at, playlist.description) == (1_614_816_000, None)
    assert not playlist.is_collaborative
    (track,) = playlist.tracks
    assert (track.track_uri, track.album_name) == (f"spotify:track:{ID}", "Whenever")


BARE = {"title": "Nude", "artist": "Radiohead"}
OF_API = {
    "uri": f"spotify:track:{ID}",
    "name": "Nude",
    "artists": [{"name": "Radiohead"}, {"name": "B"}],
    "album": {"name": "In Rainbows"},
    "duration_ms": 255_000,
}


@pytest.mark.parametrize(
    "document",
    [
        {"playlists": [{"name": "x", "tracks": [BARE]}]},
        [{"name": "x", "tracks": [{"added_at": "2020-01-01T00:00:00Z", "track": OF_API}]}],
        {"name": "x", "tracks": {"items": [{"track": OF_API}], "total": 1}},
    ],
    ids=["bare", "spotify-backup", "api"],
)
def test_what_programs_save_of_spotifys_api_is_read(document):
    (playlist,) = read(document).playlists
    (track,) = playlist.tracks
    assert (playlist.name, track.artist_name, track.track_name) == ("x", "Radiohead", "Nude")
    is_bare = track.track_uri.startswith("name:")
    said = ("", 0) if is_bare else ("In Rainbows", 255_000)
    assert (track.album_name, track.duration_ms) == said


def test_an_item_without_names_is_counted():
    document = {"playlists": [{"name": "x", "tracks": [{"id": 1}, {"track": None}, {}]}]}
    assert read(document).tallies == {"nameless": 1, "removed": 2}


def test_account_data_with_what_is_no_song():
    reading = read(
        account(
            item(episode={"episodeName": "E", "showName": "S", "episodeUri": "spotify:episode:x"}),
            item(audiobook={"audiobookName": "B"}),
            item(),
            None,
            item(track={"trackName": None, "artistName": None, "trackUri": None}),
            item(track=TRACK),
        )
    )
    assert reading.tallies == {"episodes": 2, "removed": 2, "nameless": 1}
    assert len(reading.playlists[0].tracks) == 1


@pytest.mark.parametrize(
    "local",
    [
        "spotify:local:Nude+Band:LP:Song:60",
        {"uri": "spotify:local:Nude+Band:LP:Song:60"},
        {"trackName": "Song", "artistName": "Nude Band", "albumName": "LP"},
    ],
)
def test_local_tracks_of_account_data_are_kept_by_name(local):
    (track,) = read(account(item(localTrack=local))).playlists[0].tracks
    assert track.track_uri == made_up_uri("track", "Nude Band", "Song")


def test_older_account_data_has_its_tracks_bare():
    document = {"playlists": [{"name": "Old", "tracks": [TRACK]}]}
    assert len(read(document).playlists[0].tracks) == 1


def test_a_playlist_with_collaborators_is_collaborative():
    changed = account(item(track=TRACK), collaborators=["x"], description="Rock &amp; Roll")
    (playlist,) = read(changed).playlists
    assert playlist.is_collaborative
    assert playlist.description == "Rock & Roll"


def test_an_empty_playlist_is_one():
    assert read(account()).playlists[0].tracks == []


def jspf(*tracks, **head):
    return {"playlist": {"title": "J", "track": list(tracks), **head}}


def test_jspf_is_read():
    track = {
        "location": ["file:///x.mp3"],
        "identifier": [f"https://open.spotify.com/track/{ID}"],
        "title": "T",
        "creator": "A",
        "album": "C",
        "duration": 1500,
    }
    reading = read(jspf(track, annotation="d", date="2021-03-04T00:00:00Z"))
    (playlist,) = reading.playlists
    assert (playlist.name, playlist.description) == ("J", "d")
    assert playlist.modified_at == 1_614_816_000
    (found,) = playlist.tracks
    assert (found.track_uri, found.duration_ms) == (f"spotify:track:{ID}", 1500)


def test_jspf_may_have_texts_for_lists_and_ids_in_an_extension():
    extension = {"https://musicbrainz.org/doc/jspf#track": {"x": [f"spotify:track:{ID}"]}}
    reading = read(jspf({"location": f"spotify:track:{ID}"}, {"extension": extension}, None))
    assert [t.track_uri for t in reading.playlists[0].tracks] == [f"spotify:track:{ID}"] * 2
    assert reading.tallies == {"removed": 1}


def test_jspf_by_names_alone():
    (track,) = read(jspf({"title": "T", "creator": "A"})).playlists[0].tracks
    assert track.track_uri == made_up_uri("track", "A", "T")


def test_playlists_as_listenbrainz_lists_them_are_read():
    one = {"playlist": {"title": "One", "track": [{"title": "T", "creator": "A"}]}}
    two = {"playlist": {"title": "Two", "track": []}}
    playlists = read({"count": 2, "playlists": [one, two]}).playlists
    assert [(each.name, len(each.tracks)) for each in playlists] == [("One", 1), ("Two", 0)]
    assert playlists[0].tracks[0].track_uri == made_up_uri("track", "A", "T")


def song(**changes):
    uri = f"spotify:track:{ID}"
    return {"artist": "Taylor Swift", "album": 1989, "track": "Style", "uri": uri} | changes


def test_the_liked_songs_of_account_data_are_a_playlist():
    reading = read({"tracks": [song(), song(uri=None), {}, song(track="")], "albums": []})
    (playlist,) = reading.playlists
    assert playlist.name == "Liked Songs"
    first, second, _ = playlist.tracks
    assert (first.track_uri, first.track_name) == (f"spotify:track:{ID}", "Style")
    assert (first.artist_name, first.album_name) == ("Taylor Swift", "1989")
    assert second.track_uri == made_up_uri("track", "Taylor Swift", "Style")
    assert reading.tallies == {"removed": 1}


def test_a_library_without_songs_is_empty_and_one_of_another_program_named_by_its_file():
    (playlist,) = read({"tracks": [], "albums": [], "shows": []}).playlists
    assert playlist.tracks == []
    (playlist,) = read({"tracks": [song()]}).playlists
    assert playlist.name == "file"


@pytest.mark.parametrize("tracks", [[], [{"name": "T"}], ["T"], {"items": []}])
def test_other_tracks_are_no_library(tracks):
    with pytest.raises(NoPlaylistError, match="without playlists"):
        read({"tracks": tracks})


def test_json_nested_too_deeply_is_said_in_plain_words():
    content = b'{"playlists":' + b"[" * 100_000
    with pytest.raises(BrokenFileError, match=r"^it is JSON that is nested too deeply$"):
        read_json(content, name="x")


def test_a_slice_of_the_dataset_under_any_name(mpd):
    slice_ = json.loads(mpd.slice([mpd.playlist(7, [1, 2], collaborative="true")]))
    (playlist,) = read(slice_).playlists
    assert (playlist.num_followers, playlist.modified_at) == (4, 1_500_000_000)
    assert playlist.is_collaborative
    assert playlist.tracks[0].artist_uri == f"spotify:artist:{1:022d}"


@pytest.mark.parametrize(
    "document",
    [
        *([], {}, {"playlist": 5}, {"playlists": {}}, [{"endTime": "x"}], {"tracks": []}),
        {"playlists": ["a", 1]},
    ],
)
def test_other_json_is_no_playlist(document):
    with pytest.raises(NoPlaylistError, match="without playlists"):
        read(document)


@pytest.mark.parametrize("content", [b'{"playlists": [', b"{]"])
def test_broken_json_is_said(content):
    with pytest.raises(BrokenFileError, match="no whole JSON"):
        read_json(content, name="x")


def test_half_surrogates_are_mended():
    content = rb'{"playlists": [{"name": "\ud83d", "items": []}]}'
    assert read_json(content, name="x").playlists[0].name == "\N{REPLACEMENT CHARACTER}"


def test_odd_values_are_as_if_absent():
    reading = read(account(item(track=TRACK), numberOfFollowers=-1, lastModifiedDate=[], name=None))
    (playlist,) = reading.playlists
    assert (playlist.name, playlist.num_followers, playlist.modified_at) == ("file", 0, 0)


@pytest.mark.parametrize("odd", [[], {}, [1], {"a": []}, 1.5, -1, "", "no", None, False, "x" * 99])
@pytest.mark.parametrize("field", FIELDS)
def test_an_odd_value_of_a_playlist_takes_nothing_else_from_it(field, odd):
    odd_one, sound = account(item(track=TRACK), **{field: odd}), account(item(track=TRACK))
    reading = read({"playlists": odd_one["playlists"] + sound["playlists"]})
    assert [len(playlist.tracks) for playlist in reading.playlists] == [1, 1]


@pytest.mark.parametrize("odd", [[], {"true": 1}, "yes", 0, None])
def test_only_true_is_collaborative(odd):
    assert not read(account(collaborative=odd)).playlists[0].is_collaborative
    assert read(account(collaborative="true")).playlists[0].is_collaborative
    assert read(account(collaborative=True)).playlists[0].is_collaborative


def test_lines_of_json_are_no_damaged_list():
    with pytest.raises(NoPlaylistError, match="JSON Lines"):
        read_json(b'{"recording_mbid": "x", "score": 1}\r\n{"recording_mbid": "y"}\n', name="x")
    for content in (b'{"playlists": [\n{"name": "x"}', b'{"playlists": []}\nx', b'{"a": 1} 2'):
        with pytest.raises(BrokenFileError, match="no whole JSON text"):
            read_json(content, name="x")
