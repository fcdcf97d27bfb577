"""Names as numbers: equal forms have equal numbers on both sides, and no others."""

import pyarrow as pa

from harvest.matching import forms as module
from harvest.matching.forms import form_names, make_forms
from harvest.matching.reading import read_inputs


def test_every_form_of_a_title_stands_in_its_column():
    (row,) = form_names("title", pa.array(["Lovin' U (Live) [feat. X]"])).to_pylist()
    assert row == {
        "clean": "lovin u live feat x",
        "plain": "lovin u",
        "canonical": "loving you",
        "live": True,
    }


def test_live_in_the_title_itself_is_no_concert():
    found = form_names("title", pa.array(["Live and Let Die", "Live and Let Die - Live"]))
    assert found["live"].to_pylist() == [False, True]


def test_artists_lose_their_guests_and_not_what_a_title_loses():
    found = form_names("artist", pa.array(["A feat. B", "A (Live)"]))
    assert found["plain"].to_pylist() == ["a", "a live"]


def test_same_names_have_the_same_numbers_on_both_sides(form):
    songs = [("Beyoncé", "Halo"), ("A", "x"), ("A feat. B", "x - Live")]
    tracks = [("BEYONCE", "halo!"), ("A", "x - Remastered"), ("x", "A")]
    made = form(songs, tracks)
    assert made.tracks.exact[0] == made.songs.exact[0]
    assert made.tracks.exact[1] not in made.songs.exact
    assert made.tracks.plain[1] == made.songs.plain[1] == made.songs.plain[2]
    assert made.tracks.plain[2] not in made.songs.plain
    assert made.songs.is_live.tolist() == [False, False, True]
    assert made.songs.is_unadorned.tolist() == [True, True, False]
    assert made.artists[int(made.songs.artist[2])].as_py() == "a"


def test_pairs_of_names_are_not_mixed_up(form):
    made = form([("a", "b c")], [("a b", "c"), ("b c", "a")])
    assert not set(made.tracks.exact.tolist()) & set(made.songs.exact.tolist())


def test_pieces_and_their_number_change_nothing(write_state, tmp_path, monkeypatch):
    names = [("A", f"x{n}") for n in range(5)]
    inputs = read_inputs(write_state(names, names[::-1]))
    whole = make_forms(inputs, tmp_path / "forms", workers=1)
    monkeypatch.setattr(module, "PIECE_NAMES", 2)
    pieces = make_forms(inputs, tmp_path / "forms", workers=1)
    assert pieces.songs.exact.tolist() == whole.songs.exact.tolist()
    assert pieces.tracks.title.tolist() == whole.tracks.title.tolist()
    assert not (tmp_path / "forms").exists()


def test_sides_without_rows_are_formed(form):
    made = form([], [])
    assert (made.songs.rows, made.tracks.rows) == (0, 0)
