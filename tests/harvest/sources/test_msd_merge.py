"""Numbers of the whole: by first appearance; each song once, with its own tags and similars."""

import random

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from harvest.sources import msd, msd_input
from harvest.sources.msd import ingest_msd
from harvest.sources.msd_merge import SongNumbers
from harvest.sources.msd_parts import ID
from tests.harvest.msd_files import content, files, place, rows, song_id, write_zip


def named(msd_dir):
    """Every row, with ids in the place of numbers, in the tables' order."""
    tracks = rows(msd_dir, "lastfm_track")
    ids = {row["track_id"]: row["msd_id"] for row in tracks}
    return {
        "songs": [tuple(row.values())[1:] for row in tracks],
        "tags": [
            (ids[row["track_id"]], row["tag"], row["weight"]) for row in rows(msd_dir, "lastfm_tag")
        ],
        "similars": [
            (ids[row["track_id"]], ids[row["similar_id"]], row["match"])
            for row in rows(msd_dir, "lastfm_similar")
        ],
    }


def read(folder, members, **options):
    folder.mkdir(parents=True, exist_ok=True)
    report = ingest_msd([write_zip(folder / "a.zip", members)], folder / "msd", workers=1)
    return report.manifest, named(folder / "msd")


def ids_of(*numbers):
    return pa.array([song_id(number).encode() for number in numbers], ID)


def test_numbers_follow_first_appearance_over_all_chunks():
    numbers = SongNumbers([ids_of(5, 3), ids_of(3, 5, 4)])
    assert [each.decode() for each in numbers.distinct.to_pylist()] == [
        song_id(5),
        song_id(3),
        song_id(4),
    ]
    assert numbers.n_duplicates == 2
    of_first, is_first = numbers.of_chunk(0)
    assert (of_first.tolist(), is_first.tolist()) == ([0, 1], [True, True])
    of_second, is_first = numbers.of_chunk(1)
    assert (of_second.tolist(), is_first.tolist()) == ([1, 0, 2], [False, False, True])


def test_songs_that_are_only_named_come_last_and_have_no_names(tmp_path):
    manifest, found = read(tmp_path, {place(1): content(1), place(2): content(2)})
    # 1 names 2 and 1001, 2 names 3 and 1002: 1001, 3 and 1002 have no file
    assert [song[0] for song in found["songs"]] == [song_id(n) for n in (1, 2, 1_001, 3, 1_002)]
    assert found["songs"][2] == (song_id(1_001), None, None, None)
    assert found["similars"] == [
        (song_id(1), song_id(2), 0.75),
        (song_id(1), song_id(1_001), 0.5),
        (song_id(2), song_id(3), 0.75),
        (song_id(2), song_id(1_002), 0.5),
    ]
    assert (manifest.counts.songs, manifest.counts.named_only) == (2, 3)


def test_of_two_files_of_a_song_the_first_counts_with_its_tags_and_similars(tmp_path):
    other = content(1, title="other", tags=[["x", "1"]], similars=[[song_id(9), 1]])
    members = {place(1): content(1), f"again/{song_id(1)}.json": other, place(2): content(2)}
    manifest, found = read(tmp_path, members)
    _, without = read(tmp_path / "b", files([1, 2]))
    assert found == without
    assert (manifest.counts.duplicates, manifest.counts.files) == (1, 3)


def test_song_may_name_itself_and_one_song_twice(tmp_path):
    similars = [[song_id(1), 1], [song_id(5), 0.5], [song_id(5), 0.25]]
    _, found = read(tmp_path, {place(1): content(1, similars=similars)})
    assert found["similars"] == [(song_id(1), each, match) for each, match in similars]


def test_top_tags_are_counted_as_cleaned_and_equal_ones_are_sorted_by_name(tmp_path):
    members = {
        place(1): content(1, tags=[["Hip-Hop", "9"], ["b", "1"], ["!!!", "1"]]),
        place(2): content(2, tags=[["hiphop", "9"], ["a", "1"], ["???", "1"]]),
    }
    manifest, _ = read(tmp_path, members)
    assert manifest.top_tags == [("hiphop", 2), ("a", 1), ("b", 1)]


def test_malformed_files_are_written_to_a_csv_and_the_first_are_in_the_manifest(tmp_path):
    members = files([1]) | {f"{n}.json": b"{}" for n in range(12)}
    manifest, _ = read(tmp_path, members)
    lines = (tmp_path / "msd" / "malformed.csv").read_text().splitlines()
    why = "its name is not that of a song: TR<16 letters and digits>.json"
    assert lines[:2] == ["input,file,reason", f"a.zip,0.json,{why}"]
    assert len(lines) == 13
    assert manifest.counts.malformed == 12
    assert manifest.first_malformed == [f"a.zip: {n}.json {why}" for n in range(10)]


song = st.tuples(
    st.integers(0, 9),
    st.lists(st.tuples(st.sampled_from(["a", "B", "c!"]), st.integers(0, 100)), max_size=3),
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from([0.0, 0.5, 1.0])), max_size=4),
)


@settings(max_examples=12)
@given(st.lists(song, min_size=1, max_size=8, unique_by=lambda each: each[0]), st.randoms())
def test_order_of_files_and_sizes_of_chunks_change_no_row(tmp_path_factory, songs, rng):
    members = {
        place(number): content(number, tags=tags, similars=[[song_id(n), m] for n, m in similars])
        for number, tags, similars in songs
    }
    shuffled = dict(rng.sample(sorted(members.items()), len(members)))
    before = msd_input.CHUNK_FILES, msd.PAGE_SIMILARS
    _, found = read(tmp_path_factory.mktemp("a"), members)
    msd_input.CHUNK_FILES, msd.PAGE_SIMILARS = random.Random(len(songs)).sample([1, 2], 2)
    try:
        _, others = read(tmp_path_factory.mktemp("b"), shuffled)
    finally:
        msd_input.CHUNK_FILES, msd.PAGE_SIMILARS = before
    for name in found:
        assert sorted(map(str, found[name])) == sorted(map(str, others[name]))


@settings(max_examples=12)
@given(st.lists(song, min_size=1, max_size=8))
def test_every_tag_and_similar_of_a_first_file_has_its_row(tmp_path_factory, songs):
    members = {
        f"{at}/{song_id(number)}.json": content(
            number, tags=tags, similars=[[song_id(n), m] for n, m in similars]
        )
        for at, (number, tags, similars) in enumerate(songs)
    }
    _, found = read(tmp_path_factory.mktemp("a"), members)
    first = {}
    for number, tags, similars in songs:
        first.setdefault(number, (tags, similars))
    tags = [(song_id(n), *tag) for n, (tags, _) in first.items() for tag in tags]
    similars = [(song_id(n), song_id(s), m) for n, (_, them) in first.items() for s, m in them]
    assert sorted(found["tags"]) == sorted(tags)
    assert sorted(found["similars"]) == sorted(similars)
