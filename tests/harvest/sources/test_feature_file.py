import csv
import gzip
import tracemalloc
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.errors import InputError
from harvest.records import AudioFeatures
from harvest.sources.feature_file import PAGE_ROWS, read_features
from tests.harvest.fakes import ID, record

REAL = Path(__file__).parents[4] / "shared" / "data" / "audio_features.csv.gz"
NAMES = [field.encode_name for field in msgspec.structs.fields(AudioFeatures)]

SHARE = st.floats(0, 1)
RECORDS = st.builds(
    AudioFeatures,
    spotify_id=st.text("0123456789abcXYZ", min_size=22, max_size=22),
    danceability=SHARE,
    energy=SHARE,
    key=st.none() | st.integers(-1, 11),
    loudness=st.floats(-100, 20),
    mode=st.none() | st.integers(0, 1),
    speechiness=SHARE,
    acousticness=SHARE,
    instrumentalness=SHARE,
    liveness=SHARE,
    valence=SHARE,
    tempo=st.floats(0, 1000),
    duration_ms=st.none() | st.integers(0, 10**9),
    time_signature=st.none() | st.integers(0, 16),
)


def read(path):
    pages = list(read_features(path))
    return [r for p in pages for r in p.records], [r for p in pages for r in p.rejects]


def write_csv(path, records, delimiter=",", names=NAMES):
    rows = [msgspec.to_builtins(each) for each in records]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_parquet(path, records):
    rows = [msgspec.to_builtins(each) for each in records]
    pq.write_table(pa.table({name: [row[name] for row in rows] for name in NAMES}), path)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("features")


@given(st.lists(RECORDS, max_size=20), st.sampled_from(",;\t"))
def test_what_is_written_to_csv_is_read_back_equal(folder, records, delimiter):
    assert read(write_csv(folder / "f.csv", records, delimiter)) == (records, [])


@given(st.lists(RECORDS, min_size=1, max_size=20))
def test_what_is_written_to_parquet_is_read_back_equal(folder, records):
    assert read(write_parquet(folder / "f.parquet", records)) == (records, [])


@given(st.lists(RECORDS, max_size=9).flatmap(lambda r: st.tuples(st.just(r), st.permutations(r))))
def test_another_order_of_rows_yields_the_same_records(folder, orders):
    first, second = (set(map(repr, read(write_csv(folder / "f.csv", r))[0])) for r in orders)
    assert first == second


@given(st.permutations(NAMES))
def test_another_order_of_columns_yields_the_same_records(folder, names):
    records = [record(ID(1)), record(ID(2))]
    assert read(write_csv(folder / "f.csv", records, names=names))[0] == records


def test_pages_are_of_a_thousand_rows_and_rejects_stand_beside_their_neighbours(tmp_path):
    records = [record(ID(i)) for i in range(2 * PAGE_ROWS + 1)]
    path = write_csv(tmp_path / "f.csv", records)
    path.write_text(path.read_text().replace(f"{ID(1500)},0.5", f"{ID(1500)},5"))
    pages = list(read_features(path))
    assert [len(page.records) for page in pages] == [1000, 999, 1]
    # Track 1500 is the 1501st row behind the header.
    assert [(r.line, r.reason) for r in pages[1].rejects] == [
        (1502, "danceability is '5'; expected 0 to 1")
    ]


def test_the_content_decides_what_a_file_is_and_not_its_name(tmp_path):
    records = [record(ID(1))]
    assert read(write_parquet(tmp_path / "songs.csv", records)) == (records, [])
    assert read(write_csv(tmp_path / "songs.parquet", records)) == (records, [])
    packed = tmp_path / "songs.txt"
    packed.write_bytes(gzip.compress((tmp_path / "songs.parquet").read_bytes()))
    assert read(packed) == (records, [])


def test_decimal_commas_are_read_between_semicolons(tmp_path):
    path = tmp_path / "f.csv"
    write_csv(path, [record(ID(1))], ";")
    path.write_text(path.read_text().replace(".", ","))
    assert "0,375" in path.read_text()
    assert read(path) == ([record(ID(1))], [])


def test_a_file_whose_features_are_nulls_is_rejected_row_by_row(tmp_path):
    path = tmp_path / "f.parquet"
    columns = {name: pa.nulls(2, pa.float64()) for name in NAMES[1:]}
    pq.write_table(pa.table({"id": [ID(1), None], **columns}), path)
    records, rejects = read(path)
    assert records == []
    assert [(r.line, r.reason) for r in rejects] == [
        (1, "danceability is empty; expected 0 to 1"),
        (2, "id is empty; expected a Spotify track's id, URI or address"),
    ]


def test_parquet_columns_may_be_narrow_packed_or_text(tmp_path):
    path = tmp_path / "f.parquet"
    row = msgspec.to_builtins(record(ID(1)))
    columns = {name: pa.array([value]) for name, value in row.items()}
    columns |= {
        "id": pa.array([f"spotify:track:{ID(1)}"]).dictionary_encode(),
        "energy": pa.array([0.25], pa.float32()),
        "valence": pa.array(["0.375"]),
        "key": pa.array(["E"]).dictionary_encode(),
        "mode": pa.array([True]),
        "duration_ms": pa.array([200_000.0]),
        "time_signature": pa.array(["4/4"]),
        "tags": pa.array([["rock"]]),
    }
    pq.write_table(pa.table(columns), path)
    assert read(path) == ([record(ID(1))], [])


def test_a_row_of_chosic_s_is_read(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(
        "#,Song,BPM,Camelot,Energy,Duration,Dance,Acoustic,Instrumental,Valence,Speech,Live,"
        f"Loud (Db),Key,Time Signature,Spotify Track Id\n1,Song,90,2B,25,02:28,60,90,0,26,1,100,-9,"
        f"C♯/D♭ Major,4,{ID(1)}\n",
        encoding="utf-8",
    )
    wanted = AudioFeatures(
        spotify_id=ID(1),
        danceability=0.6,
        energy=0.25,
        key=1,
        loudness=-9,
        mode=1,
        speechiness=0.01,
        acousticness=0.9,
        instrumentalness=0,
        liveness=1,
        valence=0.26,
        tempo=90,
        duration_ms=148_000,  # (2 * 60 + 28) * 1000
        time_signature=4,
    )
    assert read(path) == ([wanted], [])


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_a_wrong_header_is_refused_before_any_row_is_asked_for(write, tmp_path):
    names = [name for name in NAMES if name != "liveness"]
    path = tmp_path / "f"
    if write is write_csv:
        path.write_text(",".join(names) + "\n")
    else:
        pq.write_table(pa.table({name: [0] for name in names}), path)
    with pytest.raises(
        InputError, match=r"f has no column for liveness \(liveness, liveness_%, liv"
    ):
        read_features(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"none: No such file or directory$"):
        read_features(tmp_path / "none")
    with pytest.raises(InputError, match=r": Is a directory$"):
        read_features(tmp_path)


def test_a_header_alone_has_no_pages(tmp_path):
    assert list(read_features(write_csv(tmp_path / "f.csv", []))) == []


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_memory_does_not_grow_with_the_file(write, tmp_path):
    path = write(tmp_path / "f", [record(ID(i)) for i in range(20 * PAGE_ROWS)])
    pages = read_features(path)
    tracemalloc.start()
    try:
        next(pages)
        _, first = tracemalloc.get_traced_memory()
        for _ in pages:
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * first


@pytest.mark.real
def test_real_features_are_read_and_every_reject_has_an_id_and_a_length_alone():
    if not REAL.is_file():
        pytest.skip("the real data are absent")
    records, rejects = read(REAL)
    assert len(records) + len(rejects) == 134_687
    with gzip.open(REAL, "rt") as file:
        lines = file.read().splitlines()
    assert {r.reason for r in rejects} <= {"danceability is empty; expected 0 to 1"}
    for reject in rejects:
        _, *features, _, _ = lines[reject.line - 1].split(",")
        assert features == [""] * 11
