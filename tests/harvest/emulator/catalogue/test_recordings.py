import numpy as np
import pytest

from harvest.emulator.catalogue.recordings import (
    index,
    known_of,
    lookup_key,
    plain_for_some,
    spelling,
    spellings,
    titles_of,
)
from harvest.emulator.catalogue.titles import base_title


def test_a_recording_is_found_without_regard_to_case_and_space_around_names():
    row_of = index(["Ana ", "BOB"], np.array([0, 1, 1]), ["Moon", " Sun", "sun"])
    assert row_of == {lookup_key("ANA", "moon"): 0, lookup_key("bob", "Sun "): 1}


@pytest.mark.parametrize(
    ("artist", "title"),
    [("Beyonce", "Deja Vu"), ("BEYONCÉ", "Déjà-Vu"), ("Beyoncé!", "deja   vu")],
)
def test_another_spelling_finds_the_same_recording(artist, title):
    found = spellings({lookup_key("Beyoncé", "Déjà Vu"): 7})
    assert found[spelling(lookup_key(artist, title))] == 7


def test_of_two_that_are_spelt_alike_the_first_counts():
    assert spellings({"a & b\tx": 1, "a and b\tx": 2}) == {"a and b\tx": 1}


def test_a_share_of_the_suffixes_is_taken_off_and_all_else_stays():
    raw = [f"Song {n} - Remastered 2011" for n in range(1000)] + ["Sun", "(I Can't) Stop"]
    some = plain_for_some(raw, 0.4)
    n_plain = sum(title.startswith("Song") and "Remaster" not in title for title in some)
    # 40 % of 1,000 is 400; three standard deviations are 46
    assert 354 <= n_plain <= 446
    assert some[-2:] == raw[-2:]
    assert plain_for_some(raw, 0.0) == raw
    assert plain_for_some(raw, 1.0)[:2] == ["Song 0", "Song 1"]
    assert some == plain_for_some(raw, 0.4)


def test_of_the_made_up_catalogue_some_are_known_by_their_plain_titles_alone(songs):
    row_of, titles = known_of(songs), titles_of(songs)
    plain = [row for row, title in enumerate(titles) if title != songs.titles[row]]
    assert plain
    for row in plain:
        artist = songs.artist_names[songs.artist_of[row]]
        assert titles[row] == base_title(songs.titles[row])
        assert lookup_key(artist, titles[row]) in row_of
