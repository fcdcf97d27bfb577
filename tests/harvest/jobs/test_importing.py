import gzip
import json

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harvest.errors import InputError, StateInUse
from harvest.jobs.importing import REJECTS_SHOWN, import_features
from harvest.records import AudioFeatures
from harvest.sources.feature_rows import Reject
from harvest.sources.mpd import ingest
from harvest.store import Store
from harvest.worklist import Counts
from tests.harvest.fakes import ID, features

NAMES = [field.encode_name for field in msgspec.structs.fields(AudioFeatures)]
ENERGIES = "SELECT spotify_id, energy, provider FROM audio_features ORDER BY spotify_id"


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def write(tmp_path):
    """Write a CSV file of tracks with their energy."""

    def write_file(name, *rows):
        lines = [",".join(NAMES)]
        for number, energy in rows:
            row = features(ID(number), energy=energy)
            lines.append(",".join(str(row[name]) for name in NAMES))
        (tmp_path / name).write_text("\n".join(lines) + "\n")
        return tmp_path / name

    return write_file


def run(state, *paths, provider="kaggle", overwrite=False, **options):
    return import_features(state, paths, provider=provider, overwrite=overwrite, **options)


def energies(state):
    with Store.open(state) as store:
        return list(store.rows(ENERGIES))


def write_mpd(folder, n_tracks):
    """A dataset of one playlist."""
    track = {"artist_name": "a", "artist_uri": "spotify:artist:a", "album_name": "b"}
    track |= {"album_uri": "spotify:album:b", "duration_ms": 1, "track_name": "t"}
    entries = [track | {"pos": i, "track_uri": f"spotify:track:{ID(i)}"} for i in range(n_tracks)]
    playlist = {"name": "p", "collaborative": "false", "pid": 0, "modified_at": 0}
    playlist |= {"num_followers": 1, "num_edits": 1, "tracks": entries}
    folder.mkdir()
    content = json.dumps({"info": {}, "playlists": [playlist]})
    (folder / "mpd.slice.0-999.json").write_text(content)


def test_the_rows_of_all_files_are_stored_with_their_provider(state, write):
    report = run(state, write("a.csv", (1, 0.1), (2, 0.2)), write("b.csv", (3, 0.3)))
    assert (report.rows, report.stored, report.kept, report.rejected) == (3, 3, 0, 0)
    assert report.first_rejects == []
    assert energies(state) == [
        (ID(1), 0.1, "kaggle"),
        (ID(2), 0.2, "kaggle"),
        (ID(3), 0.3, "kaggle"),
    ]


def test_rejects_are_counted_and_the_first_are_shown_with_file_and_line(state, write):
    good, bad = write("a.csv", (1, 0.1), (2, 9)), write("b.csv", *((i, 9) for i in range(30)))
    report = run(state, good, bad)
    assert (report.rows, report.stored, report.rejected) == (32, 1, 31)
    assert len(report.first_rejects) == REJECTS_SHOWN
    assert report.first_rejects[:2] == [
        (good, Reject(3, "energy is '9'; expected 0 to 1")),
        (bad, Reject(2, "energy is '9'; expected 0 to 1")),
    ]


def test_rows_of_another_provider_are_kept_unless_it_is_said_otherwise(state, write):
    run(state, write("a.csv", (1, 0.1)), provider="spotify")
    second = write("b.csv", (1, 0.9), (2, 0.2))
    report = run(state, second)
    assert (report.rows, report.stored, report.kept) == (2, 1, 1)
    assert energies(state) == [(ID(1), 0.1, "spotify"), (ID(2), 0.2, "kaggle")]
    report = run(state, second, overwrite=True)
    assert (report.stored, report.kept) == (2, 0)
    assert energies(state) == [(ID(1), 0.9, "kaggle"), (ID(2), 0.2, "kaggle")]


def test_importing_twice_changes_nothing(state, write):
    path = write("a.csv", (1, 0.1), (1, 0.3), (2, 9))
    first = run(state, path)
    stored = energies(state)
    assert stored == [(ID(1), 0.3, "kaggle")]
    assert run(state, path) == first
    assert energies(state) == stored


def test_a_wrong_file_among_good_ones_harms_nothing(state, write, tmp_path):
    (tmp_path / "wrong.csv").write_text("id,title\n")
    with pytest.raises(InputError, match=r"wrong\.csv has no column for danceability"):
        run(state, write("a.csv", (1, 0.1)), tmp_path / "wrong.csv")
    assert not state.exists()


def test_what_stood_before_the_damage_is_stored(state, tmp_path, write):
    # More than is looked at before anything is stored.
    path = write("a.csv.gz", *((i, 0.5) for i in range(20_000)))
    packed = gzip.compress(path.read_bytes())
    path.write_bytes(packed[:-9])
    with pytest.raises(InputError, match="ended before the end-of-stream marker"):
        run(state, path)
    assert len(energies(state)) in range(1000, 20_001, 1000)


def test_tracks_of_the_tables_need_no_request_after_that(state, write, tmp_path):
    write_mpd(tmp_path / "mpd", 3)
    ingest(tmp_path / "mpd", state / "tables")
    run(state, write("a.csv", (1, 0.1), (77, 0.7)))
    with Store.open(state) as store:
        assert [task.spotify_id for task in store.due("spotify", before=1e12, limit=9)] == [
            ID(0),
            ID(2),
        ]
        assert store.counts("spotify").pending == 2


def test_tables_that_come_later_find_their_tracks_done(state, write, tmp_path):
    run(state, write("a.csv", (0, 0.1)))
    write_mpd(tmp_path / "mpd", 2)
    ingest(tmp_path / "mpd", state / "tables")
    run(state, write("b.csv"))
    with Store.open(state) as store:
        assert store.counts("spotify") == Counts(pending=1, done=1)


def test_half_made_tables_end_it_before_anything_is_stored(state, write):
    (state / "tables").mkdir(parents=True)
    with pytest.raises(InputError, match="harvest mpd"):
        run(state, write("a.csv", (1, 0.1)))
    assert not (state / "harvest.db").exists()


def test_a_state_in_use_is_left_alone(state, write):
    with Store.open(state), pytest.raises(StateInUse):
        run(state, write("a.csv", (1, 0.1)))


def test_rows_of_all_pages_are_counted(state, write):
    report = run(state, write("a.csv", *((i, 0.5) for i in range(1500)), (1, 9)))
    assert (report.rows, report.stored, report.rejected) == (1501, 1500, 1)


def test_parquet_files_are_taken_beside_csv_files(state, write, tmp_path):
    row = {name: [features(ID(2))[name]] for name in NAMES}
    pq.write_table(pa.table(row), tmp_path / "b.parquet")
    assert run(state, write("a.csv", (1, 0.1)), tmp_path / "b.parquet").stored == 2
