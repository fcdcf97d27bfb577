import os
import warnings
import zipfile

import pytest

from harvest.sources.lists.finding import PIECE_FILES, File, find_files, pieces, vanished


def names(found):
    return [file.place.rpartition("/lists/")[2] for file in found.files]


def test_folders_are_searched_in_order_without_what_is_hidden(lists):
    for name in ("b/2.m3u", "b/1.m3u", "a.csv", ".git/x.csv", "b/.hidden.csv"):
        lists.write(name, "x")
    assert names(find_files([lists.root])) == ["a.csv", "b/1.m3u", "b/2.m3u"]


def test_a_file_that_is_named_twice_is_found_once(lists):
    path = lists.write("a.csv", "x")
    assert len(find_files([path, lists.root, path]).files) == 1


def test_a_zip_is_told_by_its_content(lists):
    lists.root.mkdir()
    members = {"MyData/Playlist1.json": "{}", "__MACOSX/x": "x", "MyData/": ""}
    found = find_files([lists.zip("export", members)])
    assert names(found) == ["export/MyData/Playlist1.json"]
    assert found.files[0].name.endswith("lists/export: MyData/Playlist1.json")


def test_backslashes_in_a_zip_part_folders(lists):
    names = ("Lists\\", "__MACOSX\\._b.m3u", "Lists\\.x\\c.m3u", "Lists\\Summer.m3u")
    lists.root.mkdir()
    found = find_files([lists.zip("a.zip", dict.fromkeys(names, "x"))])
    assert [file.stem for file in found.files] == ["Summer"]


def test_an_excel_file_is_one_file(lists):
    lists.root.mkdir()
    path = lists.zip("x.xlsx", {"[Content_Types].xml": "x", "xl/workbook.xml": "x"})
    (file,) = find_files([path]).files
    assert (file.name, file.member, file.is_given) == (str(path), b"", True)


def test_a_damaged_zip_is_named_and_the_rest_found(lists):
    broken = lists.write("x.zip", b"PK\x03\x04 and no end")
    other = lists.write("a.csv", "x")
    found = find_files([broken, other])
    assert found.problems == [(str(broken), "a zip file whose end is missing")]
    assert names(found) == ["a.csv"]


def test_what_is_not_there_is_named(tmp_path):
    found = find_files([tmp_path / "none"])
    assert found.problems == [(str(tmp_path / "none"), "No such file or directory")]


@pytest.mark.parametrize("name", ["mix.csv", "a/mix", "#2/mix.csv"])
def test_members_of_one_name_are_all_found(lists, name):
    lists.root.mkdir()
    path = lists.root / "x.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        for content in ("one", "two", "three"):
            archive.writestr(name, content)
        archive.writestr("#2/mix.csv", "other")
    found = find_files([path]).files
    assert len({file.place for file in found}) == len({file.name for file in found}) == 4
    assert {file.stem for file in found} == {"mix"}
    assert [file.place for file in find_files([path]).files] == [file.place for file in found]


def test_what_is_neither_a_file_nor_a_folder_is_named_and_the_rest_found(lists):
    other = lists.write("a.csv", "x")
    pipe = lists.root / "pipe"
    os.mkfifo(pipe)
    found = find_files([pipe, other])
    assert found.problems == [(str(pipe), "it is neither a file nor a folder")]
    assert names(found) == ["a.csv"]


def test_the_dataset_is_told_by_its_slices(mpd, lists):
    archive = mpd.zip(mpd.slices(1))
    folder = mpd.folder(mpd.slices(1))
    (folder / "own.m3u").write_text("x")
    found = find_files([archive, folder])
    assert found.datasets == [archive, folder]
    assert [file.stem for file in found.files] == ["own"]


def test_a_changed_file_has_another_fingerprint(lists):
    path = lists.write("a.csv", "x")
    (before,) = find_files([path]).files
    path.write_text("xy")
    (after,) = find_files([path]).files
    assert before.fingerprint != after.fingerprint


def test_what_a_zip_holds_no_more_has_vanished_and_nothing_else():
    files = [
        File("/a.zip", "", "/a.zip/x/1.m3u", 1, "", b"record"),
        File("/b.m3u", "", "/b.m3u", 1, ""),
        File("/d.zip", "", "/d.zip", 1, ""),  # a zip no more
    ]
    known = ["/a.zip/x/1.m3u", "/a.zip/x/2.m3u", "/a.zipped/3.m3u", "/c.zip/4.m3u", "/b.m3u"]
    known.append("/d.zip/5.m3u")
    assert vanished(known, files) == {"/a.zip/x/2.m3u"}


def test_pieces_are_cut_by_number_and_by_size():
    small = [File("", "", str(n), 1, "") for n in range(PIECE_FILES + 1)]
    assert [len(piece) for piece in pieces(small)] == [PIECE_FILES, 1]
    large = [File("", "", str(n), 10 * 2**20, "") for n in range(3)]
    assert [len(piece) for piece in pieces(large)] == [1, 1, 1]
    assert list(pieces([])) == []
