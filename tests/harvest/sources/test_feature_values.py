import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.sources import feature_values as values
from tests.harvest.fakes import ID

A = ID(1)


@pytest.mark.parametrize(
    "cell",
    [
        A,
        f" {A}\t",
        A.encode(),
        f"spotify:track:{A}",
        f"spotify:track:{A}?si=0123",
        f"https://open.spotify.com/track/{A}",
        f"http://open.spotify.com/track/{A}?si=0123&utm_source=copy-link",
        f"open.spotify.com/track/{A}#0:30",
        f"https://open.spotify.com/intl-pt-BR/track/{A}/",
        f"https://open.spotify.com/embed/track/{A}",
        f"https://play.spotify.com/track/{A}",
        f"https://api.spotify.com/v1/tracks/{A}",
        f"https://api.spotify.com/v1/audio-features/{A}",
        f"https://api.spotify.com/v1/audio-analysis/{A}",
    ],
)
def test_a_track_is_known_by_id_uri_or_address(cell):
    assert values.track_id(cell) == A


@pytest.mark.parametrize(
    "cell",
    ["", "0", "17", A[1:], A + "0", A[:-1] + "é", A[:-1] + "_", None, 5, 5.0, "TRAAAAW128F429D"],
)
def test_what_is_no_id_names_no_track(cell):
    assert values.track_id(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        f"spotify:episode:{A}",
        f"spotify:album:{A}",
        "spotify:local:Artist:Album:Title:215",
        f"https://open.spotify.com/episode/{A}",
        f"https://api.spotify.com/v1/artists/{A}",
        "spotify:track:short",
    ],
)
def test_another_thing_of_spotify_s_is_told_from_no_id(cell):
    with pytest.raises(ValueError, match="spotify"):
        values.track_id(cell)


NOTES = {
    0: "C c B# B♯",
    1: "C# Db C♯ D♭ c♯/d♭ C#/Db",
    2: "D",
    3: "D# Eb",
    4: "E Fb",
    5: "F E#",
    6: "F# Gb F♯/G♭",
    7: "G",
    8: "G# Ab",
    9: "A a",
    10: "A# Bb B♭ bb",
    11: "B b Cb",
}


@pytest.mark.parametrize(("pitch", "notes"), NOTES.items())
def test_a_key_may_be_a_note_with_or_without_its_mode(pitch, notes):
    for note in notes.split():
        assert values.key(note) == pitch
        for mode in ("Major", "minor", "maj", "min"):
            assert values.key(f" {note} {mode} ") == pitch
            assert values.mode_of_key(f"{note} {mode}") == int(mode.lower().startswith("maj"))


@pytest.mark.parametrize(("cell", "pitch"), [("5", 5), ("5.0", 5), (5, 5), (5.0, 5), ("-1", -1)])
def test_a_key_may_be_a_number(cell, pitch):
    assert values.key(cell) == pitch


@pytest.mark.parametrize("cell", ["H", "C##", "C/D", "8B", "major", "Cmm"])
def test_what_is_no_key_is_refused(cell):
    with pytest.raises(ValueError, match=r".*"):
        values.key(cell)


@pytest.mark.parametrize(
    ("cell", "mode"), [("Major", 1), ("MINOR", 0), ("maj", 1), ("C# minor", 0), ("1", 1), (0.0, 0)]
)
def test_a_mode_may_be_a_word_or_a_number(cell, mode):
    assert values.mode(cell) == mode


@pytest.mark.parametrize(("cell", "beats"), [("4/4", 4), ("6/8", 6), ("3", 3), (5.0, 5)])
def test_a_time_signature_may_be_a_fraction(cell, beats):
    assert values.metre(cell) == beats


READERS = [values.key, values.mode, values.metre, values.milliseconds, values.seconds]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "cell",
    ["", " ", "-", "NA", "N/A", "nan", "NaN", "null", "NULL", "None", "<NA>", None, float("nan")],
)
def test_what_is_unknown_is_none(read, cell):
    assert read(cell) is None


@pytest.mark.parametrize("read", [*READERS, values.number, values.percent, values.whole_percent])
@pytest.mark.parametrize("cell", ["loud", "1_0", "0x1", "4:4:4:4", b"\xff", object()])
def test_what_no_reader_knows_is_a_value_error(read, cell):
    with pytest.raises(ValueError, match=r".*"):
        read(cell)


@pytest.mark.parametrize(
    ("cell", "length_ms"),
    [
        ("3:45", 225_000),  # 3 * 60 + 45
        ("03:45", 225_000),
        ("90:00", 5_400_000),
        ("1:02:03", 3_723_000),  # 3600 + 2 * 60 + 3
        ("0:01.5", 1_500),
        ("0:01.23456", 1_234),
        ("225", None),
        (225, None),
        ("", None),
    ],
)
def test_a_clock_time_is_a_length_and_a_bare_number_is_none(cell, length_ms):
    assert values.clock(cell) == length_ms


@given(st.integers(0, 10**7))
def test_lengths_agree_in_milliseconds_and_seconds(length_ms):
    assert values.milliseconds(str(length_ms)) == length_ms
    assert values.milliseconds(f"{length_ms}.0") == length_ms
    assert values.seconds(str(length_ms / 1000)) == length_ms


@pytest.mark.parametrize("cell", ["inf", "1e999", float("inf")])
def test_an_endless_length_is_refused(cell):
    for read in (values.milliseconds, values.seconds):
        with pytest.raises(ValueError, match=r".*"):
            read(cell)


def test_a_whole_percentage_is_whole():
    assert values.whole_percent("60") == 0.6
    with pytest.raises(ValueError, match=r"0\.6"):
        values.whole_percent("0.6")


@given(st.text(max_size=30) | st.none() | st.floats() | st.integers() | st.binary(max_size=9))
def test_no_cell_whatever_breaks_a_reader(cell):
    for read in (*READERS, values.number, values.percent, values.clock, values.track_id):
        try:
            read(cell)
        except ValueError:
            continue


@pytest.mark.parametrize("cell", ["215000.000", "215.04", "0.000", "2150.000"])
def test_a_point_that_cannot_part_thousands_is_a_decimal_one(cell):
    assert values.milliseconds(cell) == round(float(cell))
