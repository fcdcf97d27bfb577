"""What each source of similar songs adds, beside co-occurrence alone, on the same playlists."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from model.evaluate import METRICS
from model.figures.intervals import mean_of_known, summarise
from model.protocols.judging import Case, require_no_leaks
from model.protocols.rows import make_rows, read_rows
from model.saying import say_nothing
from model.settings import BASELINE, Settings, SourceName
from model.stages.materials import Materials
from model.stages.workspace import Workspace
from model.storage.recipes import Plain

Sources = tuple[SourceName, ...]


@dataclass(frozen=True, slots=True)
class Effects:
    """Figures of the study's generator by where its similar songs come from.

    Parameters
    ----------
    settings : Settings
    variants : tuple of tuple of str
        The sources that are compared; the first is co-occurrence alone.
    table : DataFrame
        part, sources (joined by +), metric, mean; then difference, low and high: the mean
        over playlists of the figure less that of co-occurrence alone, with its 95 % bootstrap
        interval, on playlists that have both; and n, how many these are.
    coverage : dict of str to dict
        Of each source besides co-occurrence, what its manifest says of how many songs it knows.
    """

    settings: Settings
    variants: tuple[Sources, ...]
    table: pd.DataFrame
    coverage: dict[str, dict[str, Plain]]


def variants_of(sources: Sources) -> tuple[Sources, ...]:
    """Give what is compared: co-occurrence alone, each other source alone and beside it, and all.

    Examples
    --------
    >>> ["+".join(one) for one in variants_of(("cooccurrence", "tags"))]
    ['cooccurrence', 'tags', 'cooccurrence+tags']
    >>> ["+".join(one) for one in variants_of(("tags", "audio"))]
    ['cooccurrence', 'tags', 'audio', 'tags+audio']
    """
    added = tuple(name for name in sources if name not in BASELINE)
    alone = [(name,) for name in added]
    beside = [(*BASELINE, name) for name in added if BASELINE[0] in sources]
    return tuple(dict.fromkeys((BASELINE, *alone, *beside, sources)))


def compare_sources(workspace: Workspace) -> Effects:
    """Judge the study's generator by each variant of the settings' sources.

    Parameters
    ----------
    workspace : Workspace
        Of the holdout protocol.

    Raises
    ------
    NotHarvested
        If a source has nothing to say.
    LeakError
        If a held-out playlist reached anything fitted.
    """
    settings = workspace.settings
    variants = variants_of(settings.sources)
    coverage: dict[str, dict[str, Plain]] = {}
    rows: dict[Sources, pd.DataFrame] = {}
    for sources in variants:
        workspace.say(f"the study's generator by {' + '.join(sources)}")
        own = replace(settings, sources=sources, recommenders=("nucleus",))
        quiet = replace(workspace, settings=own, say=say_nothing)
        materials = Materials.of(quiet)
        require_no_leaks(materials)
        case = Case(own, materials)
        rows[sources] = read_rows(make_rows(quiet, case), case)
        if len(sources) == 1 and sources != BASELINE:
            coverage[sources[0]] = materials.similarity.manifest.summary
    return Effects(settings, variants, compare(rows, settings), coverage)


def compare(rows: dict[Sources, pd.DataFrame], settings: Settings) -> pd.DataFrame:
    """Compare rows of figures in pairs with the first of them; see `Effects.table`."""
    frames = [
        _compare(
            {one: frame[frame["part"] == part] for one, frame in rows.items()}, settings
        ).assign(part=part)
        for part in settings.parts
    ]
    table = pd.concat(frames, ignore_index=True)
    return table[["part", *(name for name in table if name != "part")]]


def _compare(rows: dict[Sources, pd.DataFrame], settings: Settings) -> pd.DataFrame:
    first = next(iter(rows.values()))
    names = [name for name in METRICS if name in first]
    values = np.stack([frame[names].to_numpy(dtype=np.float64) for frame in rows.values()], axis=1)
    gains = (values - values[:, :1]).reshape(len(first), -1)
    # All are resampled by the same playlists.
    gained = summarise(gains, settings.random_state)
    pairs = [("+".join(sources), name) for sources in rows for name in names]
    return pd.DataFrame(pairs, columns=["sources", "metric"]).assign(
        mean=[mean_of_known(column) for column in values.reshape(len(first), -1).T],
        difference=gained.mean,
        low=gained.low,
        high=gained.high,
        n=gained.n,
    )
