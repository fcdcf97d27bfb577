import pytest

from harvest.sources.lists.artists import artists_in


@pytest.mark.parametrize(
    ("cell", "n_artists", "expected"),
    [
        ("A;B", 0, ["A", "B"]),
        ("A, B", 2, ["A", "B"]),
        ("A, B", 0, ["A, B"]),
        ("A,B", 0, ["A", "B"]),
        ("Crosby, Stills, Nash & Young,B", 2, ["Crosby, Stills, Nash & Young", "B"]),
        ("", 0, [""]),
        (",", 0, [","]),
        ("10,000 Maniacs", 0, ["10,000 Maniacs"]),
        ("10,000 Maniacs", 1, ["10,000 Maniacs"]),
        ("1,2,3 Go", 0, ["1,2,3 Go"]),
        ("10,000 Maniacs,David Byrne", 0, ["10,000 Maniacs", "David Byrne"]),
        ("10,000 Maniacs, David Byrne", 2, ["10,000 Maniacs", "David Byrne"]),
        (r"10,000 Maniacs\, Live", 0, ["10,000 Maniacs, Live"]),
        ("Blink-182,311", 2, ["Blink-182", "311"]),
        ("U2,B.B. King", 0, ["U2", "B.B. King"]),
    ],
)
def test_artists_are_parted_where_it_is_certain(cell, n_artists, expected):
    assert artists_in(cell, n_artists=n_artists) == expected
