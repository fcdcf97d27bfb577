import json
from pathlib import Path

from model.making.measured import (
    best_measured,
    default_method,
    fitted_name,
    passed_over,
    was_of_other_tables,
)


def compared(
    state: Path, means: dict[str, float], part: str = "test", n: int = 100, tracks: str = "ab"
) -> None:
    """Write what `model compare` leaves, as far as it is looked at."""
    row = {"definition": "rules", "category": -1, "metric": "ndcg", "label": "all"}
    quality = [row | {"recommender": name, "mean": mean} for name, mean in means.items()]
    # Better by another definition, figure or category alone.
    others = ({"definition": "code"}, {"metric": "clicks"}, {"category": 3})
    quality += [row | {"recommender": "popularity", "mean": 40.0} | other for other in others]
    quality += [row | {"recommender": "audio", "mean": None}]
    path = state / "results" / f"compare-{part}" / "compare.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    tables = {"quality": quality, "pairs": []}
    about = {"definition": "rules", "n_playlists": n, "inputs": {"tracks.parquet": tracks}}
    path.write_text(json.dumps(about | {"tables": tables}))


def test_the_best_by_ndcg_over_all_categories_makes_lists(tmp_path: Path) -> None:
    compared(tmp_path, {"als": 0.2, "ranker": 0.25, "playlists": 0.1})
    assert default_method(tmp_path) == "ranker"


def test_the_validation_part_is_asked_first_and_the_test_part_where_there_is_no_other(
    tmp_path: Path,
) -> None:
    compared(tmp_path, {"als": 0.2, "playlists": 0.3}, part="validation", n=350)
    compared(tmp_path, {"als": 0.2, "ranker": 0.25, "ridge": 0.1})
    best = best_measured(tmp_path)
    assert best is not None
    assert best.words == "playlists, the best of 2 by NDCG on 350 validation playlists"
    (tmp_path / "results" / "compare-validation" / "compare.json").unlink()
    best = best_measured(tmp_path)
    assert best is not None
    assert best.words == "ranker, the best of 3 by NDCG on 100 test playlists"
    assert passed_over(tmp_path, "ranker") == []


def test_a_comparison_of_few_playlists_says_of_nobody_that_he_is_best(tmp_path: Path) -> None:
    compared(tmp_path, {"als": 0.2, "playlists": 0.3}, part="validation", n=99)
    assert best_measured(tmp_path) is None
    assert default_method(tmp_path) == "blend"
    (line,) = passed_over(tmp_path, "blend")
    assert line == (
        f"{tmp_path / 'results' / 'compare-validation'} is of 99 playlists, of fewer than 100 the "
        "best is luck: blend recommends; --recommender names another"
    )
    compared(tmp_path, {"als": 0.2, "ranker": 0.25})
    assert default_method(tmp_path) == "ranker"
    assert len(passed_over(tmp_path, "ranker")) == 1
    # Asked after the one that counts, it would change nothing.
    compared(tmp_path, {"als": 0.2, "playlists": 0.3}, part="validation")
    compared(tmp_path, {"als": 0.2, "ranker": 0.25}, n=9)
    assert passed_over(tmp_path, "playlists") == []


def test_without_a_comparison_the_blend_makes_lists(tmp_path: Path) -> None:
    assert default_method(tmp_path) == "blend"
    compared(tmp_path, {})
    assert best_measured(tmp_path) is None
    for content in (b"{", b'{"definition": "\xff"}'):
        (tmp_path / "results/compare-test/compare.json").write_bytes(content)
        assert default_method(tmp_path) == "blend"


def test_what_needs_a_title_or_was_compared_with_nobody_is_nobody_s_default(tmp_path: Path) -> None:
    compared(tmp_path, {"titles": 0.3, "names": 0.25, "als": 0.2, "playlists": 0.1})
    assert default_method(tmp_path) == "als"
    compared(tmp_path, {"titles": 0.3, "popularity": 0.2}, part="validation")
    assert default_method(tmp_path) == "als"
    compared(tmp_path, {"titles": 0.3, "als": 0.2})
    assert best_measured(tmp_path) is None
    assert passed_over(tmp_path, "blend") == []


def test_neighbours_that_were_measured_are_not_those_that_are_looked_up(tmp_path: Path) -> None:
    compared(tmp_path, {"neighbours": 0.2, "als": 0.1})
    assert default_method(tmp_path) == "neighbours:cosine"


def test_the_blend_that_was_measured_is_not_the_one_that_is_looked_up(tmp_path: Path) -> None:
    compared(tmp_path, {"blend": 0.2, "als": 0.1})
    assert default_method(tmp_path) == "blend:fitted"
    assert fitted_name("blend:fitted") == "blend"
    assert fitted_name("neighbours:bm25") == "neighbours:bm25"
    assert [fitted_name(one) for one in ("blend", "neighbours", "titles")] == [None] * 3


def test_a_comparison_of_other_tables_is_told_from_one_of_those_that_are_there(
    tmp_path: Path,
) -> None:
    assert not was_of_other_tables(tmp_path)
    (tmp_path / "tables").mkdir()
    files = {"tracks": {"size": 1, "sha256": "cd"}}
    (tmp_path / "tables" / "manifest.json").write_text(json.dumps({"files": files}))
    compared(tmp_path, {"als": 0.2, "ranker": 0.25}, tracks="ab")
    assert was_of_other_tables(tmp_path)
    compared(tmp_path, {"als": 0.2, "ranker": 0.25}, part="validation", tracks="cd")
    assert not was_of_other_tables(tmp_path)


def test_a_title_without_songs_is_left_to_what_reads_titles(tmp_path: Path) -> None:
    compared(tmp_path, {"als": 0.3, "ranker": 0.25})
    assert default_method(tmp_path, has_songs=False) == "blend"
    compared(tmp_path, {"als": 0.2, "ranker": 0.25}, part="validation")
    assert default_method(tmp_path, has_songs=False) == "ranker"


def test_a_comparison_that_cannot_be_read_is_named_and_the_other_counts(tmp_path: Path) -> None:
    compared(tmp_path, {"als": 0.2, "ranker": 0.25})
    compared(tmp_path, {"als": 0.3, "ranker": 0.25}, part="validation")
    assert passed_over(tmp_path, "als") == []
    damaged = tmp_path / "results" / "compare-validation" / "compare.json"
    damaged.write_text("{")
    assert default_method(tmp_path) == "ranker"
    assert passed_over(tmp_path, "ranker") == [
        f"cannot read {damaged}: ranker recommends; run `model compare` again, or remove it"
    ]
    # Asked after the one that counts, it would change nothing.
    compared(tmp_path, {"als": 0.3, "ranker": 0.25}, part="validation")
    (tmp_path / "results" / "compare-test" / "compare.json").write_text("{")
    assert passed_over(tmp_path, "als") == []
