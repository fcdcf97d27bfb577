from model.stages.evidence import make_evidence, open_evidence
from model.stages.materials import Materials
from model.stages.workspace import Workspace

Made = tuple[Workspace, Materials]


def test_evidence_is_of_the_training_part_and_kept(holdout: Made) -> None:
    workspace, materials = holdout
    made = make_evidence(workspace, materials.split, materials.features)
    again = make_evidence(workspace, materials.split, materials.features)
    assert (made.is_new, again.is_new) == (True, False)
    evidence = open_evidence(again)
    assert evidence["k"].is_monotonic_increasing
    assert evidence["n_rows"].unique().tolist() == [materials.split.manifest.summary["train"]]


def test_raw_and_scaled_features_are_not_mixed_up(holdout: Made, published: Made) -> None:
    tables = [
        open_evidence(make_evidence(workspace, m.split, m.features))
        for workspace, m in (holdout, published)
    ]
    # Raw, a second of duration weighs as much as the whole range of danceability.
    assert tables[1]["inertia"].max() > 100 * tables[0]["inertia"].max()
