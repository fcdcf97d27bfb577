"""Many files at once: the tables of reading them one by one, whatever the files are."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.sources.msd_chunks import Fault
from harvest.sources.msd_parts import chunk_tables
from harvest.sources.msd_scan import _scan, scan_tables
from harvest.sources.msd_song import clean_tag
from tests.harvest.msd_files import content, place, song_id


class Files:
    """A chunk of these files."""

    fingerprint = ""

    def __init__(self, members):
        self._members = members
        self.n_files = len(members)

    def contents(self):
        return iter(self._members)


def check(members):
    """Compare both ways; return which files were read at once."""
    fast, plain = scan_tables(Files(members)), chunk_tables(Files(members))
    assert set(fast) == set(plain)
    for name, table in plain.items():
        assert fast[name].equals(table), name
        assert fast[name].schema == table.schema
        fast[name].validate(full=True)
    return _scan([name for name, _ in members], [data for _, data in members])[0].tolist()


def written(*, blank="", escape=True, **changes):
    fields = json.loads(content(1)) | changes
    text = json.dumps(fields, ensure_ascii=escape, indent=blank or None)
    return text.encode("utf-8", "surrogatepass")


PUBLISHED = [
    content(1),
    content(1, tags=[], similars=[]),
    content(1, artist='Bj\u00f6rk \u591c \N{GRINNING FACE} "\\/\b\f\n\r\t\x00\x7f', title=""),
    content(1, tags=[["\u0130\u212a \u03a3 Hip-Hop", "7"], ["  A  b ", 100], ["\x00", "007"]]),
    content(1, tags=[["low", "1"], ["high", "2"], ["mid", "2"]]),
    content(1, similars=[[song_id(9), 1], [song_id(8), 0], [song_id(7), 1.0]]),
    content(1, similars=[[song_id(2), 0.25], [song_id(3), 0.5], [song_id(4), 0.25]]),
    content(1).replace(b"0.75", b"0.012599000000000001").replace(b"0.5", b"4.0726999999999998e-05"),
    written(blank="\t\r\n "),
    content(1) + b" \n",
    b'{"title":"t","tags":[],"similars":[],"track_id":"%b","artist":"a"}' % song_id(1).encode(),
]

UNUSUAL = [
    written(escape=False, artist="Bj\u00f6rk"),
    content(1, more=1),
    content(1)[:-1] + b', "title": "again"}',
    content(1, timestamp=None),
    content(1, tags=[["a", "99.5"]]),
    content(1, tags=[["a", 7.0]]),
    content(1, artist="?").replace(b"?", rb"\ud83d"),
    content(1).replace(b"0.75", b"1e-70"),
    content(1).replace(b"0.75", b"0." + b"7" * 25),
    content(1).replace(b'"artist"', rb'"\u0061rtist"'),
]

MALFORMED = [
    b"", b"\0", b"{", b"{}", b"[]", content(1)[:-1], content(1)[:-9], content(1) + b"x", content(2),
    content(1) + b"\0", content(1).replace(b"0.75", b"1.5"), content(1).replace(b"0.75", b"-0.1"),
    content(1).replace(b"0.75", b"0.7.5"), content(1).replace(b"0.75", b'"0.75"'),
    content(1).replace(b"0.75", b"NaN"), content(1).replace(b"0.75", b"1e999"),
    content(1).replace(b"0.75", b"00.75"), content(1).replace(b"0.75]", b"0.75, 1]"),
    content(1).replace(b"0.75]", b"0.75"), content(1).replace(b"]]", b"],]"),
    content(1, tags=[["a", "101"]]), content(1, tags=[["a", -1]]), content(1, tags=[["a", " 7"]]),
    content(1).replace(b'"100"', b"0100"), content(1).replace(b'"100"', b"007"),
    content(1, tags=[["a"]]), content(1, tags={}), content(1, similars=None), content(1, artist=7),
    content(1, similars=[[song_id(2).lower(), 0.5]]), content(1, similars=[[song_id(2)[:-1], 0.5]]),
    content(1, similars=[["XX" + song_id(2)[2:], 1]]), content(1, artist="?").replace(b"?", b"\n"),
    content(1, artist="?").replace(b"?", rb"\x"), content(1, artist="?").replace(b"?", rb"\u12g4"),
    content(1, artist="?").replace(b"?", b"\xff"), b"\xef\xbb\xbf" + content(1), Fault("is gone"),
]  # fmt: skip


@pytest.mark.parametrize("data", PUBLISHED)
def test_files_as_published_are_read_at_once(data):
    assert check([(place(1), data)]) == [True]


@pytest.mark.parametrize("data", UNUSUAL + MALFORMED)
def test_other_files_are_left_to_the_strict_reader(data):
    assert check([(place(1), data)]) == [False]


def test_files_of_all_kinds_keep_their_order():
    kinds = [*PUBLISHED, *UNUSUAL, *MALFORMED]
    mixed = np.random.default_rng(1).permutation(len(kinds)).tolist()
    assert sum(check([(place(1), kinds[each]) for each in mixed])) == len(PUBLISHED)


@pytest.mark.parametrize("at", range(1, len(content(1)), 7))
def test_file_cut_anywhere_does_not_run_into_the_next(at):
    assert check([(place(1), content(1)[:at]), (place(1), content(1))]) == [False, True]


@pytest.mark.parametrize("prefix", ["", "A/B/", "lastfm_train\\A\\", "a\nb/", "\u591c/", "\udcff/"])
def test_folders_may_have_any_names(prefix):
    assert check([(f"{prefix}{song_id(1)}.json", content(1))]) == [True]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x.json",
        f"x{song_id(1)}.json",
        f"../{song_id(1)}.json",
        f"/{song_id(1)}.json",
        f"\\{song_id(1)}.json",
        f"{song_id(1)}.JSON",
        f"{song_id(2)}.json",
        f"x..y/{song_id(1)}.json",
    ],
)
def test_other_names_are_left_to_the_strict_reader(name):
    assert check([(name, content(1)), (place(1), content(1))]) == [False, True]


def test_name_in_small_letters_is_refused_though_the_file_says_the_same():
    small = song_id(1)[:-1] + "a"
    assert check([(f"{small}.json", content(1, track_id=small))]) == [False]


def test_chunk_without_files_has_empty_tables():
    assert check([]) == []


text = st.text(max_size=8) | st.text("aB 9-\u0130\u212a\u00e9\u591c\U0001f600", max_size=12)
weight = st.integers(0, 101) | st.integers(0, 101).map(str) | st.floats(0, 100)
match = st.floats(0, 1) | st.sampled_from([0, 1, 0.5, 2])
fields = st.fixed_dictionaries(
    {
        "artist": text,
        "title": text,
        "tags": st.lists(st.tuples(text, weight), max_size=4),
        "similars": st.lists(st.tuples(st.integers(0, 9).map(song_id), match), max_size=4),
        "track_id": st.sampled_from([song_id(1)] * 9 + [song_id(2)]),
    },
    optional={"timestamp": text | st.none(), "more": st.integers()},
)
layout = st.fixed_dictionaries({"indent": st.sampled_from([None, 1, "\t"]), "ascii": st.booleans()})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(fields, layout, st.randoms()), max_size=5))
def test_generated_files_give_the_same_both_ways(files):
    members = []
    for values, how, rng in files:
        shuffled = dict(rng.sample(sorted(values.items()), len(values)))
        data = json.dumps(shuffled, indent=how["indent"], ensure_ascii=how["ascii"])
        members.append((place(1), data.encode("utf-8", "surrogatepass")))
    check(members)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=4), st.integers(0, 400), st.integers(0, 6), st.sampled_from(PUBLISHED))
def test_damaged_files_give_the_same_both_ways(put, at, n_lost, data):
    check([(place(1), data[:at] + put + data[at + n_lost :]), (place(1), content(1))])


def test_every_character_is_cleaned_as_by_the_plain_way():
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    pages = ["x" + "y".join(characters[at::64]) for at in range(64)]
    data = content(1, tags=[[page, 1] for page in pages])
    _, tables = _scan([place(1)], [data])
    assert tables["tags"]["clean_tag"].to_pylist() == [clean_tag(page) for page in pages]
