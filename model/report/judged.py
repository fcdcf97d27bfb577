"""What evaluations and sweeps have left: the two protocols, the sweeps, examples."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd

from model.amounts import amount
from model.evaluation.console import HEADINGS, say_given
from model.exploration.reading import read_spreads
from model.exploration.variability import show_variability
from model.figures.directions import LABELS, label
from model.figures.study import STUDY_MEANS
from model.report.blocks import (
    Block,
    Cell,
    Lists,
    Missing,
    Part,
    Table,
    Text,
    interval_cell,
    spread_cell,
    svg_picture,
    table_of,
)
from model.report.damaged import damages, sound
from model.report.figures import draw_intervals, drawn
from model.report.gathered import picture_of
from model.report.outdated import outdated
from model.report.reading import Found, read_csv
from model.report.shapes import Example, Run, Song, SweepRun
from model.status.asked_by import evaluate_command, sweep_command

_INTERVALS: Final = ("r_precision", "ndcg", "clicks", "recall", "distance", "followers_log_ratio")


def published_part(found: Found) -> Part:
    """Show the published protocol beside the study's figures, with bands, boxes and losses."""
    blocks = _damaged_runs(found, "published")
    for run in found.runs_of("published").values():
        frame = _published_frame(run)
        caption = f"Published protocol, {amount(run.settings['n_clusters'], 'cluster')}"
        blocks += outdated(found, run.inputs, evaluate_command(run.settings))
        blocks += [table_of(frame, caption), *_notes(run)]
    if not blocks:
        words = "The study's own procedure has not been repeated:"
        blocks.append(Missing(words, "model evaluate --protocol published"))
        return Part("published", "The published protocol", tuple(blocks))
    reading = Text(
        "Mean of the means of six batches ± their standard deviation, as published, with all "
        "faults of the procedure; study: its figures, on the whole dataset. Less is better but "
        "for match."
    )
    blocks.insert(0, reading)
    blocks += _variability(found, "published")
    return Part("published", "The published protocol", tuple(blocks))


def holdout_part(found: Found) -> Part:
    """Show the holdout results with their intervals, beside the baselines."""
    blocks = _damaged_runs(found, "holdout")
    for name, run in found.runs_of("holdout").items():
        blocks += outdated(found, run.inputs, evaluate_command(run.settings))
        for part in run.settings["parts"]:
            blocks += _judged(name, run, part)
        blocks += _notes(run)
    if not blocks:
        blocks.append(Missing("Nothing has been judged on held-out playlists:", "model evaluate"))
    else:
        reading = Text(
            "Mean of the playlists with 95 % bootstrap intervals. Everything is fitted on the "
            f"training part alone; {_given(found)}. ↑ more is better, ↓ less is better."
        )
        blocks.insert(0, reading)
        blocks += _variability(found, "holdout")
    return Part("holdout", "Holdout results", tuple(blocks))


def sweep_part(found: Found) -> Part:
    """Show the heat maps of sweeps, and the best cells."""
    blocks = damages(found, "sweep.json", lambda name: f'model {_asked(name)} --grid "NAME=VALUES"')
    for name, sweep in found.sweeps.items():
        command = sweep_command(sweep.settings, sweep.grid, sweep.metric)
        blocks += outdated(found, sweep.inputs, command)
        blocks += sound(partial(_swept, found.state / "results" / name, sweep), command)
    if not blocks:
        command = 'model sweep --grid "clusters=2,10,50 share=0.25,0.5,0.75"'
        blocks.append(Missing("No parameters have been tried beside each other:", command))
    return Part("sweep", "Parameters", tuple(blocks))


def examples_part(found: Found) -> Part:
    """Show a few generated playlists beside the true ones."""
    blocks = damages(found, "examples.json", lambda _: "model evaluate")
    for name, held in found.examples.items():
        command = evaluate_command(held.settings)
        run = found.runs.get(name)
        blocks += outdated(found, run.inputs if run else {}, command)
        blocks.append(
            Text(f"Drawn from the playlists of {name} ({command}). Found songs are marked ✓.")
        )
        blocks += [_example(one) for one in held.examples]
    if not blocks:
        blocks.append(Missing("There are no examples yet:", "model evaluate"))
    return Part("examples", "Generated playlists beside the true ones", tuple(blocks))


_PARAMETERS: Final = ("n_clusters", "similar", "playlists_per_cluster", "share")


def _damaged_runs(found: Found, protocol: str) -> list[Block]:
    own = {
        path: one for path, one in found.damaged.items() if path.parent.name.startswith(protocol)
    }
    command = f"model evaluate --protocol {protocol}"
    return damages(replace(found, damaged=own), "summary.json", lambda _: command)


def _asked(folder: str) -> str:
    """Give the words by which what lies in a folder was asked for.

    Examples
    --------
    >>> _asked("sweep-published")
    'sweep --protocol published'
    """
    return folder.replace("-", " --protocol ", 1)


def _n_seeds(run: Run) -> int:
    return int(run.settings.get("n_seeds", 1))


def _given(found: Found) -> str:
    """Say how many songs are given, where it is the same in all tables."""
    numbers = {_n_seeds(run) for run in found.runs_of("holdout").values()}
    if len(numbers) == 1:
        return say_given(*numbers)
    return "the first song is given, or as many as the table says, all others are hidden"


def _judged(name: str, run: Run, part: str) -> list[Block]:
    """Put the figures of a part into a table and a picture."""
    own = pd.DataFrame([row for row in run.summary if row["part"] == part])
    n_seeds = _n_seeds(run)
    given = f", {n_seeds:,} songs given" if n_seeds > 1 else ""
    caption = f"Holdout protocol, {name.removeprefix('holdout-')}: {part} part{given}"
    chosen = own[own["metric"].isin(_INTERVALS)].rename(columns={"recommender": "name"})
    chosen = chosen.assign(name=chosen["name"].map(lambda one: HEADINGS.get(one, one)))
    picture = svg_picture(
        drawn(draw_intervals(chosen)),
        alt=f"Means with 95 % intervals of {', '.join(chosen['name'].unique())}, a panel a "
        "metric; the table above holds the figures.",
        caption=f"{part.capitalize()} part: means and 95 % bootstrap intervals "
        f"({evaluate_command(run.settings)})",
    )
    return [table_of(_wide(own, "low", "high"), caption), picture]


def _swept(folder: Path, sweep: SweepRun) -> list[Block]:
    """Put the cells of a sweep into a heat map and a table."""
    protocol = sweep.settings["protocol"]
    best = ", ".join(
        f"{one.replace('_', ' ')} {sweep.best[one]:g}" for one in _PARAMETERS if one in sweep.best
    )
    says = (
        f"{amount(sweep.n_cells, 'cell')} on {amount(sweep.n_playlists, 'validation playlist')}; "
        f"best by {LABELS[sweep.metric]}: {best}; "
        f"{amount(sweep.n_not_told_apart_from_best, 'other is', 'others are')} not told apart from "
        "it."
    )
    picture = picture_of(
        folder / "heat_map.svg",
        alt=f"Sweep under the {protocol} protocol. {says}",
        caption=f"{says} (model sweep --protocol {protocol}; results/{folder.name}/table.csv)",
        has_scale=True,
    )
    cells = _cells(read_csv(folder / "table.csv"), sweep.metric)
    return [picture, table_of(cells, f"Cells of {folder.name}")]


def _published_frame(run: Run) -> pd.DataFrame:
    """Put the study's generator beside the study's figures, and the baselines behind them."""
    summary = pd.DataFrame(run.summary)
    k = int(run.settings["n_clusters"])
    rows = []
    for (part, metric), own in summary.groupby(["part", "metric"], sort=False):
        study = STUDY_MEANS.get((str(part), k), {}).get(str(metric))
        cells = {
            HEADINGS.get(one["recommender"], one["recommender"]): spread_cell(
                one["mean"], one["sd"]
            )
            for one in own.to_dict("records")
        }
        generator = cells.pop(HEADINGS["nucleus"], Cell("–"))
        rows.append(
            {"part": part, "figure": label(str(metric)), "here": generator, "study": study, **cells}
        )
    return pd.DataFrame(rows)


def _wide(summary: pd.DataFrame, low: str, high: str) -> pd.DataFrame:
    """Put recommenders side by side, a row a metric."""
    cells = [
        interval_cell(*row)
        for row in summary[["mean", low, high]].itertuples(index=False, name=None)
    ]
    labels = [label(one) for one in summary["metric"]]
    names = [HEADINGS.get(one, one) for one in summary["recommender"]]
    frame = pd.DataFrame({"figure": labels, "name": names, "cell": cells})
    wide = frame.pivot(index="figure", columns="name", values="cell")
    return wide.loc[list(dict.fromkeys(labels)), list(dict.fromkeys(names))].reset_index()


def _notes(run: Run) -> list[Block]:
    blocks: list[Block] = [Text(f"Note: {note}", True) for note in run.notes]
    if run.failures:
        blocks.append(table_of(pd.DataFrame(run.failures), "Playlists without figures"))
    return blocks


def _variability(found: Found, protocol: str) -> list[Block]:
    if _damaged_runs(found, protocol):
        return []  # It needs all of them.
    command = f"model evaluate --protocol {protocol}"
    return sound(partial(_spread_pictures, found, protocol), command)


def _spread_pictures(found: Found, protocol: str) -> list[Block]:
    spreads = read_spreads(found.state, protocol)
    if spreads is None:
        return []
    return [
        svg_picture(
            drawn(exhibit.draw()),
            alt=f"{exhibit.title}. {exhibit.says}",
            caption=f"{exhibit.title}. {exhibit.says} (results/{protocol}-k*/spread.csv)",
        )
        for exhibit in show_variability(spreads)
        if exhibit.draw is not None
    ]


def _cells(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    wanted = [*_PARAMETERS, *(f"{metric}_{name}" for name in ("mean", "low", "high", "sd"))]
    wanted += ["behind", "behind_low", "behind_high"]
    return table[[name for name in wanted if name in table]]


def _example(one: Example) -> Lists:
    n_hits = sum(song.is_hit for song in one.made)
    seeds = "; ".join(f"{song.title} – {song.artist}" for song in one.seeds)
    return Lists(
        one.name or "(no name)",
        f"{amount(one.followers, 'follower')}. Given: {seeds}. Found: {n_hits} of {len(one.true)}.",
        _songs("Generated", one.made),
        _songs("True", one.true),
    )


def _songs(caption: str, songs: list[Song]) -> Table:
    rows = [
        (place, song.title, song.artist, "✓" if song.is_hit else "")
        for place, song in enumerate(songs, 1)
    ]
    frame = pd.DataFrame(rows, columns=["place", "title", "artist", "found"])
    return table_of(frame, caption, labels={"place": "#"}, most=40)
