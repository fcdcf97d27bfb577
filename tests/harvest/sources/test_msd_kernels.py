import json

import numpy as np

from harvest.sources.msd_kernels import (
    ARTIST,
    CLEAN,
    SIMILARS,
    SONGS,
    TAG,
    TAGS,
    Columns,
    scan_files,
)

A, B, C = ("TRAAAAAAAAAAAAAAA" + letter for letter in "ABC")


def song(track_id, **fields):
    known = {"artist": "Ida", "title": "Ebb", "timestamp": "2011", "track_id": track_id}
    return json.dumps(known | {"tags": [], "similars": []} | fields).encode()


def scan(*files):
    """Read files named A, B, C; return the columns, the counts and which were read."""
    joined = b"".join(file + b"\0" for file in files)
    n = len(joined) + 8
    columns = Columns(
        texts=tuple(np.zeros(n, np.uint8) for _ in range(5)),
        ends=tuple(np.zeros(n, np.int32) for _ in range(5)),
        has_timestamp=np.zeros(n, np.bool_),
        n_tags=np.zeros(n, np.int32),
        n_similars=np.zeros(n, np.int32),
        weights=np.zeros(n, np.int16),
        similar_ids=np.zeros(n * 18, np.uint8),
        matches=np.zeros(n),
    )
    starts = np.concatenate([[0], np.cumsum([len(file) + 1 for file in files])]).astype(np.int64)
    names = "".join((A, B, C)[: len(files)]).encode()
    ids = np.frombuffer(names, np.uint8).reshape(len(files), 18)
    is_read = np.zeros(len(files), np.bool_)
    text = np.frombuffer(joined + b"\0" * 8, np.uint8)
    counts = scan_files(text, starts, ids, columns, is_read)
    return columns, counts, is_read.tolist()


def test_songs_come_with_their_texts_tags_and_similars():
    first = song(A, tags=[["Hip-Hop", "100"], ["80s", "7"]], similars=[[B, 0.5]])
    columns, counts, is_read = scan(first, song(B, artist="Bo"))
    assert is_read == [True, True]
    assert (counts[SONGS], counts[TAGS], counts[SIMILARS]) == (2, 2, 1)
    assert columns.texts[ARTIST][: counts[ARTIST]].tobytes() == b"IdaBo"
    assert columns.texts[TAG][: counts[TAG]].tobytes() == b"Hip-Hop80s"
    assert columns.texts[CLEAN][: counts[CLEAN]].tobytes() == b"hiphop80s"
    assert columns.n_tags[:2].tolist() == [2, 0]
    assert columns.n_similars[:2].tolist() == [1, 0]
    assert columns.weights[:2].tolist() == [100, 7]
    assert columns.similar_ids[:18].tobytes() == B.encode()
    assert columns.matches[0] == 0.5


def test_a_file_that_is_not_understood_to_its_last_byte_leaves_nothing_behind():
    columns, counts, is_read = scan(
        song(A), song(B, tags=[["rock", "1"]])[:-1] + b",", song(C, artist="Cy")
    )
    assert is_read == [True, False, True]
    assert (counts[SONGS], counts[TAGS]) == (2, 0)
    assert columns.texts[ARTIST][: counts[ARTIST]].tobytes() == b"IdaCy"


def test_a_file_of_another_song_is_not_read():
    assert scan(song(B))[2] == [False]
