from pathlib import Path
from typing import Any

import pytest

from model.corpus import Corpus, read_corpus
from model.errors import InputError
from model.settings import Protocol
from model.tables import read_tables


def corpus_of(
    tmp_path: Path, made_up: Any, playlists: list[Any], songs: list[Any], protocol: Protocol
) -> Corpus:
    state = made_up.write_state(tmp_path / "state", playlists, songs)
    return read_corpus(read_tables(state), protocol)


def lists_of(corpus: Corpus) -> list[list[int]]:
    """Tables' track ids of each playlist."""
    return [corpus.track_ids[corpus.playlists[row]].tolist() for row in range(len(corpus.names))]


def unused_of(corpus: Corpus) -> dict[tuple[str, str], int]:
    return {(one.what, one.reason): one.count for one in corpus.unused}


def test_published_songs_are_clean_titles_and_the_first_track_seen_wins(
    tmp_path: Path, made_up: Any
) -> None:
    songs = [made_up.Song("Hello", "Adele"), made_up.Song("Bye"), made_up.Song("hello!", "Lionel")]
    playlists = [
        made_up.Listed("first", 3, [2, 1]),
        made_up.Listed("second", 4, [0, 1]),
        made_up.Listed("most", 9, [0]),
    ]
    corpus = corpus_of(tmp_path, made_up, playlists, songs, "published")
    # Both hellos are the one that stands in the first playlist: track 2.
    assert lists_of(corpus) == [[2, 1], [2, 1]]


def test_holdout_songs_are_tracks_whatever_their_titles(tmp_path: Path, made_up: Any) -> None:
    songs = [made_up.Song("Hello"), made_up.Song("夜"), made_up.Song("hello!")]
    playlists = [made_up.Listed("🎧", 3, [2, 1, 0]), made_up.Listed("most", 9, [0])]
    corpus = corpus_of(tmp_path, made_up, playlists, songs, "holdout")
    assert lists_of(corpus) == [[2, 1, 0]]
    assert corpus.names == [""]


def test_published_skips_names_that_clean_to_nothing_and_counts_them(
    tmp_path: Path, made_up: Any
) -> None:
    songs = [
        made_up.Song("good"),
        made_up.Song("夜"),
        made_up.Song("fine", artist="!!!"),
        made_up.Song("okay", album="…"),
    ]
    playlists = [
        made_up.Listed("kept", 3, [0, 1, 2, 3]),
        made_up.Listed("🎧", 3, [0]),
        made_up.Listed("most", 9, [0]),
    ]
    corpus = corpus_of(tmp_path, made_up, playlists, songs, "published")
    assert lists_of(corpus) == [[0]]
    assert unused_of(corpus) == {
        ("playlists", "name cleans to nothing"): 1,
        ("playlists", "the most followers"): 1,
        ("entries", "in a playlist not used"): 2,
        ("entries", "a name cleans to nothing"): 3,
    }


@pytest.mark.parametrize("protocol", ["holdout", "published"])
def test_playlists_need_more_than_one_follower_and_fewer_than_the_most(
    tmp_path: Path, made_up: Any, protocol: Protocol
) -> None:
    playlists = [made_up.Listed("p", followers, [0]) for followers in (1, 2, 8, 9, 9, 0)]
    corpus = corpus_of(tmp_path, made_up, playlists, [made_up.Song("x")], protocol)
    assert corpus.playlist_ids.tolist() == [1, 2]
    assert unused_of(corpus)["playlists", "fewer than two followers"] == 2
    assert unused_of(corpus)["playlists", "the most followers"] == 2


@pytest.mark.parametrize("protocol", ["holdout", "published"])
def test_entries_without_features_are_dropped_and_counted(
    tmp_path: Path, made_up: Any, protocol: Protocol
) -> None:
    songs = [made_up.Song("a"), made_up.Song("b", features=None), made_up.Song("c")]
    songs[2].features = {"tempo": -1.0}
    playlists = [
        made_up.Listed("p", 2, [1, 0, 2]),
        made_up.Listed("q", 2, [1]),
        made_up.Listed("most", 3, [0]),
    ]
    corpus = corpus_of(tmp_path, made_up, playlists, songs, protocol)
    assert lists_of(corpus) == [[0]]
    counts = unused_of(corpus)
    assert counts["entries", "no audio features"] == 2
    assert counts["playlists", "no track with audio features"] == 1
    assert counts["tracks", "no audio features"] == 1
    assert counts["tracks", "audio features incomplete or out of range"] == 1


def test_every_playlist_and_entry_is_used_or_counted(catalogue_state: Path) -> None:
    tables = read_tables(catalogue_state)
    for protocol in ("holdout", "published"):
        corpus = read_corpus(tables, protocol)
        left = {"playlists": len(corpus.names), "entries": len(corpus.playlists.values)}
        for one in corpus.unused:
            left[one.what] = left.get(one.what, 0) + one.count
        assert left["playlists"] == len(tables.playlists)
        assert left["entries"] == len(tables.lists.values)


def test_pairs_are_counted_also_in_playlists_that_the_follower_filter_drops(
    tmp_path: Path, made_up: Any
) -> None:
    playlists = [made_up.Listed("p", followers, [0, 1]) for followers in (1, 2, 3)]
    songs = [made_up.Song("a"), made_up.Song("b")]
    corpus = corpus_of(tmp_path, made_up, playlists, songs, "published")
    assert len(corpus.counted) == 3
    assert len(corpus.playlists) == 1


def test_nothing_left_says_why(tmp_path: Path, made_up: Any) -> None:
    playlists = [made_up.Listed("p", 1, [0]), made_up.Listed("q", 1, [0])]
    with pytest.raises(InputError, match="no playlist is left of 2: 2 have one follower") as caught:
        corpus_of(tmp_path, made_up, playlists, [made_up.Song("a")], "holdout")
    assert "harvest spotify" not in str(caught.value)
    assert "; run `harvest mpd PATH` for other playlists, or `model compare`" in str(caught.value)


def test_nothing_left_for_lack_of_features_names_the_command_that_fetches_them(
    tmp_path: Path, made_up: Any
) -> None:
    songs = [made_up.Song("a"), made_up.Song("b", features=None)]
    playlists = [made_up.Listed("p", 2, [1]), made_up.Listed("most", 3, [0])]
    with pytest.raises(InputError) as caught:
        corpus_of(tmp_path, made_up, playlists, songs, "holdout")
    assert "1 has one follower or the most, and 1 of 2 tracks have" in str(caught.value)
    assert "; run `harvest spotify` for more, or " in str(caught.value)


def test_nothing_left_for_names_in_another_script_says_so(tmp_path: Path, made_up: Any) -> None:
    songs = [made_up.Song("夜")]
    playlists = [made_up.Listed("🎧", 3, [0]), made_up.Listed("夏", 5, [0])]
    with pytest.raises(InputError) as caught:
        corpus_of(tmp_path, made_up, playlists, songs, "published")
    message = str(caught.value)
    assert "0 have one follower or the most" in message
    assert "the names of 2 playlists and 1 track clean to nothing" in message
    assert "; choose `--protocol holdout`, which keeps these, " in message
    assert "harvest spotify" not in message


def test_own_playlists_alone_are_told_what_needs_no_followers(tmp_path: Path, made_up: Any) -> None:
    playlists = [made_up.Listed("p", 0, [0]), made_up.Listed("q", 1, [0])]
    with pytest.raises(InputError, match=r"\(1 of unknown followers.*`model compare`"):
        corpus_of(tmp_path, made_up, playlists, [made_up.Song("a")], "holdout")
