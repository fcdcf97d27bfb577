"""One chunk's tables."""

import pyarrow as pa

from harvest.sources.msd_input import find_input
from harvest.sources.msd_parts import chunk_tables, make_part, part_path, read_part
from tests.harvest.msd_files import content, files, place, song_id, write_zip


def one_chunk(tmp_path, members):
    (chunk,) = find_input(write_zip(tmp_path / "a.zip", members)).chunks
    return chunk


def tables_of(tmp_path, members):
    found = chunk_tables(one_chunk(tmp_path, members))
    return {name: table.to_pylist() for name, table in found.items()}


def test_rows_are_in_the_chunks_order_with_their_lengths(tmp_path):
    found = tables_of(tmp_path, {place(2): content(2), place(1): content(1, tags=[])})
    assert [(row["id"], row["n_tags"], row["n_similars"]) for row in found["songs"]] == [
        (song_id(2).encode(), 2, 2),
        (song_id(1).encode(), 0, 2),
    ]
    assert found["tags"] == [
        {"tag": "Rock", "clean_tag": "rock", "weight": 100},
        {"tag": "Hip-Hop", "clean_tag": "hiphop", "weight": 40},
    ]
    assert [row["id"].decode() for row in found["similars"]] == [
        song_id(number) for number in (3, 1_002, 2, 1_001)
    ]
    assert found["malformed"] == []


def test_tags_and_similars_of_each_song_are_ordered_by_falling_values(tmp_path):
    tags = [["a", "1"], ["b", "3"], ["c", "3"], ["d", "2"]]
    similars = [[song_id(7), 0.25], [song_id(8), 1], [song_id(9), 0.25]]
    changed = content(1, tags=tags, similars=similars)
    found = tables_of(tmp_path, {place(0): content(0), place(1): changed})
    assert [row["tag"] for row in found["tags"]] == ["Rock", "Hip-Hop", "b", "c", "d", "a"]
    matches = [(row["id"].decode(), row["match"]) for row in found["similars"]]
    assert matches[2:] == [(song_id(8), 1.0), (song_id(7), 0.25), (song_id(9), 0.25)]


def test_malformed_files_are_named_and_the_rest_is_kept(tmp_path):
    members = {place(1): b"{", place(2): content(2), "\ud83d.json": b"", place(3): content(4)}
    members["odd.json"] = members.pop("\ud83d.json")
    found = tables_of(tmp_path, members)
    assert [row["id"].decode() for row in found["songs"]] == [song_id(2)]
    assert [row["file"] for row in found["malformed"]] == [place(1), place(3), "odd.json"]


def test_chunk_without_a_readable_file_has_empty_tables_of_the_same_types(tmp_path):
    empty = chunk_tables(one_chunk(tmp_path, {place(1): b"", place(2): b"[]"}))
    full = chunk_tables(one_chunk(tmp_path, files([1])))
    assert empty["malformed"].num_rows == 2
    assert [each.schema for each in empty.values()] == [each.schema for each in full.values()]


def test_part_holds_the_tables_and_is_made_again_where_it_is_damaged(tmp_path):
    chunk = one_chunk(tmp_path, files([1, 2]))
    path = part_path(tmp_path, chunk)
    made = make_part(chunk, path)
    assert read_part(chunk, path) == made
    assert read_part(chunk, path, ("songs",)) == {"songs": made["songs"]}
    path.write_bytes(path.read_bytes()[:200])
    assert read_part(chunk, path) == made
    with pa.memory_map(str(path)) as file:
        assert file.size() > 200
