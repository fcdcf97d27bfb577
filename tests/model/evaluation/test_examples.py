from pathlib import Path

from model.evaluation.examples import MOST_SONGS, make_examples
from model.protocols.judging import Case
from model.protocols.rows import make_rows, read_rows
from model.settings import Settings
from model.stages.materials import Materials
from model.stages.workspace import Workspace


def test_examples_are_the_lists_that_the_figures_are_of(catalogue_state: Path) -> None:
    settings = Settings(n_clusters=3, min_count=2)
    workspace = Workspace(catalogue_state, settings, lambda _: None)
    case = Case(settings, Materials.of(workspace))
    rows = read_rows(make_rows(workspace, case), case)
    own = rows[rows["recommender"] == "nucleus"]
    examples = make_examples(workspace, case, n=10_000)
    assert examples == make_examples(workspace, case, n=10_000)
    known = own[own["failure"] == ""]
    assert len(examples) == len(known)
    for example, match, n in zip(examples, known["match"], known["n_truth"], strict=True):
        assert len(example.true) == min(n, MOST_SONGS)
        if n <= MOST_SONGS:
            assert sum(song.is_hit for song in example.made) == match
            assert sum(song.is_hit for song in example.true) == match
        assert len(example.seeds) == 1
        assert example.seeds[0].title.startswith("Song ")
        assert example.seeds[0].artist.startswith("Artist ")
