import shutil

import pytest

from harvest.own_playlists.collecting import collect
from harvest.sources.lists import collection
from harvest.sources.mpd import ingest
from harvest.verifying.findings import parquet_findings
from tests.harvest.fakes import ID
from tests.harvest.named_state import write_state
from tests.harvest.sources.conftest import MpdFactory

TABLES = "tables: files as in manifest.json"
OWN = "playlists: files as in manifest.json"


def failed(state):
    """What is wrong with a state's tables: offenders and examples by check."""
    return {each.check: (each.offenders, each.examples) for each in found(state)}


def remedies(state):
    return {each.remedy for each in found(state)}


def found(state):
    return [each for each in parquet_findings(state) if each.offenders]


@pytest.fixture
def with_tables(tmp_path):
    """A state with the tables of a tiny dataset."""
    mpd = MpdFactory(tmp_path)
    ingest(mpd.zip(mpd.slices(1)), tmp_path / "state" / "tables", workers=1)
    return tmp_path / "state"


def test_tables_are_held_against_their_manifest(with_tables):
    assert [each.check for each in parquet_findings(with_tables)] == [TABLES]
    assert failed(with_tables) == {}


def test_a_table_whose_bytes_changed_is_named(with_tables):
    path = with_tables / "tables/artists.parquet"
    content = bytearray(path.read_bytes())
    content[10] ^= 1
    path.write_bytes(content)
    assert failed(with_tables) == {TABLES: (1, ("artists",))}


def test_a_table_that_is_gone_is_named(with_tables):
    (with_tables / "tables/albums.parquet").unlink()
    (offenders, (example,)) = failed(with_tables)[TABLES]
    assert (offenders, "albums.parquet does not exist" in example) == (1, True)


def test_tables_that_are_all_gone_are_said_while_their_manifest_is_left(with_tables):
    for path in (with_tables / "tables").glob("*.parquet"):
        path.unlink()
    (offenders, (example,)) = failed(with_tables)[TABLES]
    assert (offenders, "playlists.parquet does not exist" in example) == (1, True)


def test_a_manifest_that_cannot_be_read_is_a_finding(with_tables):
    (with_tables / "tables/manifest.json").write_text("{")
    assert failed(with_tables)[TABLES][0] == 1


def test_tables_from_elsewhere_have_no_manifest_to_be_held_against(with_tables):
    (with_tables / "tables/manifest.json").unlink()
    shutil.rmtree(with_tables / "tables/.parts", ignore_errors=True)
    assert failed(with_tables) == {}


@pytest.fixture
def with_own(tmp_path):
    """A state with an own playlist."""
    path = tmp_path / "mine.txt"
    path.write_text(f"spotify:track:{ID(1)}\n")
    collect(tmp_path / "own", [path], workers=1)
    return tmp_path / "own"


def test_own_playlists_are_held_against_their_manifest(with_own):
    assert [each.check for each in parquet_findings(with_own)] == [TABLES, OWN]
    assert failed(with_own) == {}
    (with_own / "playlists/playlists.parquet").write_bytes(b"")
    assert failed(with_own) == {OWN: (1, ("playlists",))}
    assert remedies(with_own) == {collection.REMEDY}


@pytest.mark.parametrize("lost", ["manifest.json", "*"])
def test_own_playlists_that_the_tables_hold_and_nothing_else_are_said_to_be_lost(with_own, lost):
    for path in (with_own / "playlists").glob(lost):
        path.unlink()
    (offenders, (example,)) = failed(with_own)[OWN]
    assert (offenders, "playlists/manifest.json" in example) == (1, True)


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("lastfm_similar.parquet", "msd: files as in manifest.json"),
        ("matches.parquet", "msd: files as in match_manifest.json"),
        ("ambiguous.csv", "msd: files as in match_manifest.json"),
    ],
)
def test_a_changed_file_of_songs_is_named(matched, name, check):
    path = matched / "msd" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert failed(matched) == {check: (1, (name,))}
    assert remedies(matched) <= {"run `harvest msd PATH` again", "run `harvest match` again"}


@pytest.mark.parametrize("name", ["manifest.json", "match_manifest.json", "lastfm_tag.parquet"])
def test_a_lost_file_of_songs_is_said(matched, name):
    (matched / "msd" / name).unlink()
    assert any(name in example for _, examples in failed(matched).values() for example in examples)


@pytest.mark.parametrize(
    ("names", "check"),
    [
        (["lastfm_track", "lastfm_tag", "lastfm_similar"], "msd: files as in manifest.json"),
        (["matches", "ambiguous"], "msd: files as in match_manifest.json"),
    ],
)
def test_songs_or_matches_that_are_all_gone_are_said_while_a_manifest_is_left(
    matched, names, check
):
    for path in [path for path in (matched / "msd").iterdir() if path.stem in names]:
        path.unlink()
    assert check in failed(matched)


def test_matches_of_other_songs_are_said_with_what_to_do(matched):
    write_state(matched, [("B", "y")], [("A", "x")])
    # Tables without a manifest are known by the time of their writing.
    check = "msd: matches are of the tables that are there"
    assert failed(matched) == {check: (2, ("tables", "lastfm_track"))}
    assert remedies(matched) == {"run `harvest match` again"}
