"""Boosted trees that LightGBM grew, as arrays that compiled code follows: in half of its time."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from model.ragged import BoolArray, FloatArray, SongArray
from model.recommenders.ranking.forest_kernels import score_rows
from model.recommenders.spread_kernels import WeightArray

if TYPE_CHECKING:
    import lightgbm


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose scores are added up.

    Parameters
    ----------
    roots : ndarray of int32, shape (n_trees,)
        Where each tree begins: the number of a split or, below 0, −1 less that of a leaf.
    features : ndarray of int32, shape (n_splits,)
        Column that each split looks at.
    thresholds : ndarray of float32, shape (n_splits,)
        A row goes left where its value is at most that.
    unknown_left : ndarray of bool, shape (n_splits,)
        Whether it goes left where its value is NaN.
    children : ndarray of int32, shape (n_splits, 2)
        Where it goes then, left and right; as `roots`.
    leaves : ndarray, shape (n_leaves,)
        What each leaf says.
    """

    roots: SongArray
    features: SongArray
    thresholds: WeightArray
    unknown_left: BoolArray
    children: SongArray
    leaves: FloatArray

    @classmethod
    def of(cls, booster: "lightgbm.Booster") -> Self:
        """Take over the trees; columns of numbers alone, no categories."""
        splits: list[dict[str, Any]] = []
        leaves: list[float] = []
        children: list[tuple[int, int]] = []

        def number(node: dict[str, Any]) -> int:
            if "leaf_value" in node:
                leaves.append(node["leaf_value"])
                return -len(leaves)
            at = len(splits)
            splits.append(node)
            children.append((0, 0))
            children[at] = (number(node["left_child"]), number(node["right_child"]))
            return at

        roots = [number(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
        return cls(
            np.array(roots, dtype=np.int32),
            np.array([split["split_feature"] for split in splits], dtype=np.int32),
            _rounded_down(np.array([split["threshold"] for split in splits], dtype=np.float64)),
            np.array([_sends_unknown_left(split) for split in splits], dtype=np.bool_),
            np.array(children, dtype=np.int32).reshape(-1, 2),
            np.array(leaves, dtype=np.float64),
        )

    def predict(self, rows: WeightArray) -> FloatArray:
        """Score each row before any last transformation, shape (n_rows,).

        Parameters
        ----------
        rows : ndarray of float32, shape (n_rows, n_features)
            NaN is unknown.
        """
        scores = np.empty(len(rows))
        score_rows(
            self.roots,
            self.features,
            self.thresholds,
            self.unknown_left,
            self.children,
            self.leaves,
            rows,
            scores,
        )
        return scores


def _sends_unknown_left(split: dict[str, Any]) -> bool:
    """Where no value was unknown when the tree grew, an unknown one counts as 0."""
    if split["missing_type"] == "NaN":
        return bool(split["default_left"])
    return bool(split["threshold"] >= 0)


def _rounded_down(thresholds: FloatArray) -> WeightArray:
    """Give the largest float32 up to each: what is at most the one is at most the other."""
    with np.errstate(over="ignore"):
        rounded = thresholds.astype(np.float32)
    return np.where(rounded > thresholds, np.nextafter(rounded, np.float32(-np.inf)), rounded)
