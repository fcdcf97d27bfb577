from dataclasses import replace
from pathlib import Path

import pytest

from model.errors import InputError
from model.library.songs import Library
from model.library.texts import Texts
from model.making.job import generate, settled
from model.making.wish import Wish

KARMA, NO_SURPRISES = "Radiohead - Karma Police", "Radiohead - No Surprises"


def told(
    library: Library,
    *texts: str,
    uris: tuple[str, ...] = (),
    path: Path | None = None,
    n: int = 2,
    without: tuple[str, ...] = (),
) -> list[str]:
    """Give the notes for the user."""
    notes: list[str] = []
    outputs = [path] if path else []
    wish = Wish((), n=n, excluded_artists=without)
    wish = settled(library, texts, uris, wish, say=notes.append)
    generate(library, wish, outputs=outputs, with_seeds=True, say=notes.append)
    return notes


def test_a_file_begins_with_the_songs_given_each_once(
    library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.txt"
    uri = f"spotify:track:{1:022d}"
    assert told(library, NO_SURPRISES, KARMA, uris=(uri,), path=path) == [f"written to {path}"]
    numbers = [int(line.rsplit(":", 1)[1]) for line in path.read_text().split()]
    # Song 4 shares two playlists with song 1 and one with song 2; song 0 three and one.
    assert numbers[:2] == [2, 1]
    assert sorted(numbers[2:]) == [0, 4]
    assert "2 songs for Radiohead – No Surprises, Radiohead – Karma Police" in " ".join(
        capsys.readouterr().out.split()
    )


def test_songs_that_a_file_cannot_have_are_said(library: Library, tmp_path: Path) -> None:
    texts = [library.uris[song] for song in range(library.n_songs)]
    texts[1] = "name:track:fjOrbmxeakeo8Wy7fQ5M46"
    path = tmp_path / "list.txt"
    known_by_name = replace(library, uris=Texts.of(texts))
    assert told(known_by_name, KARMA, path=path) == [
        f"1 song has no Spotify id and is left out of {path}",
        f"written to {path}",
    ]
    assert len(path.read_text().split()) == 2


def test_too_few_songs_are_said(library: Library) -> None:
    # Of nine songs, one is given, one is its other release, and no playlist holds one.
    assert told(library, "Radiohead - Creep", n=50) == ["only 6 songs can be found for this"]


def test_a_spelling_that_is_taken_for_a_song_is_said(library: Library) -> None:
    assert told(library, "Radiohed - Karma Police") == [
        "took “Radiohed - Karma Police” for Radiohead – Karma Police"
    ]


def test_a_title_of_several_artists_is_said(library: Library) -> None:
    assert told(library, "Creep") == [
        "“Creep” is Radiohead – Creep; others are by TLC: name the artist"
    ]


@pytest.mark.parametrize(
    ("text", "uri", "words"),
    [
        ("zzzz", "", "no song “zzzz” in the state, and none spelt like it"),
        ("Radiohead - Karma", "", "did you mean “Radiohead – Karma Police”"),
        (KARMA, "spotify:track:x", "no song with the URI spotify:track:x in the state"),
    ],
)
def test_an_unknown_song_writes_nothing(
    library: Library, tmp_path: Path, text: str, uri: str, words: str
) -> None:
    path = tmp_path / "list.txt"
    with pytest.raises(InputError, match=words):
        told(library, text, uris=(uri,) if uri else (), path=path)
    assert not path.exists()


def test_a_list_of_no_song_leaves_the_file_as_it_is(
    library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "keep.m3u8"
    path.write_text("mine")
    with pytest.raises(InputError, match="no other song can be found for this"):
        told(library, KARMA, path=path, without=tuple(library.artists))
    assert path.read_text() == "mine"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "rest"),
    [("zzzz", ""), ("The Beetles", "; did you mean “The Beatles”?")],
)
def test_an_artist_that_nobody_is_called_is_noted(library: Library, name: str, rest: str) -> None:
    note = f"no artist “{name}” in the state, so that nobody is left out by it{rest}"
    assert told(library, "TLC - Creep", without=(name,)) == [note]
    assert told(library, "TLC - Creep", without=("the beatles",)) == []


def test_what_is_very_long_is_repeated_in_part(library: Library) -> None:
    with pytest.raises(InputError) as caught:
        told(library, "x" * 100_000)
    assert len(str(caught.value)) < 300
    assert "xxx…”" in str(caught.value)
