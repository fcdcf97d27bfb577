"""Recommenders beside each other, with fewer playlists, and without single sources."""

from dataclasses import replace
from typing import Final

import pandas as pd

from model.amounts import amount
from model.comparison.pairs import say_p
from model.figures.directions import LABELS, arrow, label
from model.report.blocks import (
    Cell,
    Missing,
    Part,
    Text,
    cell_of,
    interval_cell,
    svg_picture,
    table_of,
)
from model.report.damaged import damages
from model.report.figures import draw_intervals, draw_learning, drawn
from model.report.outdated import outdated
from model.report.reading import Found
from model.report.shapes import Compared

_LABELS: Final = {name: label(name) for name in LABELS} | {
    "recall": f"recall@500 {arrow('recall')}"
}
_NUMBERS: Final = ("mean", "low", "high", "full_mean", "difference", "p_value")
_COSTS: Final = {
    "n_training_playlists": "training playlists",
    "fit_s": "fit, s",
    "playlists_per_s": "playlists per s",
    "memory_mb": "memory, MB",
    "coverage": "coverage ↑",
    "artist_diversity": "artist diversity ↑",
    "popularity_lift": "popularity lift",
}


def recommenders_part(found: Found) -> Part:
    """Show the quality of recommenders in the RecSys Challenge's categories, and their costs."""
    blocks = damages(found, "compare.json", lambda _: "model compare")
    for name, one in found.compared.items():
        table = _frame(one, "quality")
        if table.empty:
            continue
        blocks += outdated(found, one.inputs, "model compare")
        own = table[(table["definition"] == one.definition) & (table["category"] < 0)]
        own = own.rename(columns={"recommender": "name"})
        caption = f"{name}: {amount(one.n_playlists, 'playlist')} of ten categories together"
        blocks.append(table_of(_wide(own), f"{caption} (95 % interval)"))
        picture = svg_picture(
            drawn(draw_intervals(own, labels=_LABELS)),
            alt="Means with 95 % intervals of each recommender, a panel a metric; the table above "
            "holds the figures.",
            caption=f"{caption}, means and 95 % bootstrap intervals, by the organisers' "
            f"{one.definition} (model compare; results/{name}/quality.csv)",
        )
        blocks.append(picture)
        each = table[(table["definition"] == one.definition) & (table["category"] > 0)]
        blocks.append(table_of(_by_category(each), "R-precision by category"))
        costs = _frame(one, "recommenders")
        if not costs.empty:
            blocks.append(table_of(costs, "Costs, and their lists", labels=_COSTS))
        blocks += [Text(f"Note: {note}", True) for note in one.notes]
    if not blocks:
        blocks.append(Missing("Recommenders have not been compared:", "model compare"))
    return Part("recommenders", "Recommenders compared", tuple(blocks))


def curve_part(found: Found) -> Part:
    """Show how recommenders get better with more playlists."""
    blocks = damages(found, "compare.json", lambda _: "model compare")
    for name, one in found.compared.items():
        table = _frame(one, "curve")
        if table.empty:
            continue
        blocks += outdated(found, one.inputs, "model compare --curve")
        own = table[table["metric"] == "r_precision"]
        picture = svg_picture(
            drawn(draw_learning(own)),
            alt="R-precision over the number of training playlists, a line a recommender, with 95 %"
            " intervals; the table below holds the figures.",
            caption=f"R-precision over the training playlists, with 95 % intervals (model compare "
            f"--curve; results/{name}/curve.csv)",
        )
        title = "R-precision by training playlists (95 % interval)"
        blocks += [picture, table_of(_by_size(own), title)]
        blocks.append(Text(_ceilings(own), True))
    if not blocks:
        blocks.append(Missing("There is no learning curve:", "model compare --curve"))
    return Part("curve", "Learning curve", tuple(blocks))


def ablation_part(found: Found) -> Part:
    """Show what is lost without each source."""
    blocks = damages(found, "compare.json", lambda _: "model compare")
    for name, one in found.compared.items():
        table = _frame(one, "ablation")
        if table.empty:
            continue
        blocks += outdated(found, one.inputs, "model compare --ablation")
        own = table[table["category"] < 0]
        is_one = own["recommender"].nunique() == 1
        names = ("" if is_one else own["recommender"] + " ") + "without " + own["without"]
        lost = own.assign(name=names, mean=own["difference"])
        picture = svg_picture(
            drawn(draw_intervals(lost, labels=_LABELS, has_zero=True)),
            alt="Change of each metric when a source is left out, with 95 % intervals; the table "
            "below holds the figures.",
            caption=f"Change without each source, with 95 % intervals: left of the dotted "
            "line is less, which is a loss where more is better, ↑ (model compare --ablation; "
            f"results/{name}/ablation.csv)",
        )
        columns = ["recommender", "without", "metric", "mean", "full_mean", "difference", "low"]
        cells = [_p_cell(p, one.n_playlists) for p in own["p_value"]]
        own = own.assign(p_value=pd.Series(cells, index=own.index, dtype=object))
        shown = own[[*columns, "high", "p_value"]].replace({"metric": _LABELS})
        labels = {"full_mean": "with all", "p_value": "p"}
        blocks += [picture, table_of(shown, "Without each source", labels=labels)]
    if not blocks:
        words = "Nothing has been left out to see what it is good for:"
        blocks.append(Missing(words, "model compare --ablation"))
    return Part("ablation", "Without single sources", tuple(blocks))


def _p_cell(p_value: float, n_playlists: int) -> Cell:
    """Set a p-value, ≤ before the least that can come out; sorted by its size."""
    plain = cell_of(p_value)
    is_least = bool(plain.key) and say_p(p_value, n_playlists).startswith("≤")
    return replace(plain, text=f"≤ {plain.text}") if is_least else plain


def _frame(one: Compared, name: str) -> pd.DataFrame:
    frame = pd.DataFrame(one.tables.get(name, []))
    # What is known of nobody is null, which is no number yet.
    return frame.assign(**{name: pd.to_numeric(frame[name]) for name in _NUMBERS if name in frame})


def _wide(own: pd.DataFrame) -> pd.DataFrame:
    cells = [
        interval_cell(*row)
        for row in own[["mean", "low", "high"]].itertuples(index=False, name=None)
    ]
    wide = own.assign(cell=pd.Series(cells, index=own.index, dtype=object)).pivot(
        index="name", columns="metric", values="cell"
    )
    names, metrics = own["name"].drop_duplicates(), own["metric"].drop_duplicates()
    frame = wide.loc[names, metrics].rename(columns=_LABELS)
    return frame.rename_axis("recommender").reset_index()


def _by_size(own: pd.DataFrame) -> pd.DataFrame:
    """Lay a learning curve out, a row a recommender, a column a number of training playlists."""
    ordered = own.sort_values("n_training_playlists", kind="stable")
    sizes = ordered["n_training_playlists"].map("{:,}".format)
    wide = _wide(ordered.assign(name=ordered["recommender"], metric=sizes))
    names = own["recommender"].drop_duplicates()
    return wide.set_index("recommender").loc[names].reset_index()


def _ceilings(own: pd.DataFrame) -> str:
    """Say what no recommender could surpass, as hidden tracks that nobody lists cannot be found."""
    each = own.drop_duplicates("n_training_playlists").sort_values("n_training_playlists")
    if "recall_ceiling" in own:
        shares = _percents(each["recall_ceiling"])
        return (
            f"Of a playlist's hidden tracks, {shares} on average occur in the training playlists "
            "at all: no mean recall can be higher."
        )
    if "ceiling" in own:  # Older results: of all playlists' tracks together.
        shares = _percents(each["ceiling"])
        return f"Of the hidden tracks, {shares} occur in the training playlists at all."
    return ""


def _percents(shares: "pd.Series[float]") -> str:
    return ", ".join(f"{100 * share:.0f} %" for share in shares)


def _by_category(table: pd.DataFrame) -> pd.DataFrame:
    own = table[table["metric"] == "r_precision"]
    wide = own.pivot(index=["category", "label"], columns="recommender", values="mean")
    names = own["recommender"].drop_duplicates().tolist()
    return wide[names].reset_index().drop(columns="category")
