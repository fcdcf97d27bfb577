"""The commands by which results were asked for, made from the settings that stand in their files.

Quick to import: `model` called alone names them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from model.figures.directions import CHOSEN_BY
from model.settings import PARTS, Protocol, Settings, unread
from model.sweeping.grid import DIMENSIONS, format_value

_OPTIONS: Final = {
    "n_clusters": "--clusters",
    "similar": "--similar",
    "playlists_per_cluster": "--playlists-per-cluster",
    "share": "--share",
    "min_count": "--min-count",
    "random_state": "--random-state",
    "n_seeds": "--seeds",
    "neighbours": "--neighbours",
    "weighting": "--weighting",
    "shrinkage": "--shrinkage",
    "damping": "--damping",
    "min_tag_weight": "--min-tag-weight",
    "min_match": "--min-match",
}
_DEFAULTS: Final = asdict(Settings())


def evaluate_command(settings: Mapping[str, Any]) -> str:
    """Give the command that an evaluation was asked for by; options at their default are left out.

    Examples
    --------
    >>> evaluate_command({"protocol": "published", "n_clusters": 2, "share": 0.5})
    'model evaluate --protocol published --clusters 2'
    """
    parts = ["model evaluate", f"--protocol {settings['protocol']}", *_part(settings)]
    parts += _changed(_read(settings))
    sources = settings.get("sources")
    if sources and list(sources) != list(_DEFAULTS["sources"]):
        parts.append(f"--sources {','.join(sources)}")
    return " ".join(parts)


def explore_command(settings: Mapping[str, Any]) -> str:
    """Give the command that an exploration was asked for by."""
    return " ".join(["model explore", *_changed(settings)])


def sweep_command(
    settings: Mapping[str, Any], grid: Mapping[str, Sequence[float]], metric: str
) -> str:
    """Give the command of a sweep: what differs from the defaults; a grid has to name something.

    Parameters
    ----------
    settings : mapping of str to object
        As results have them; see `Settings`.
    grid : mapping of str to sequence of float
        Values of each dimension, by its name in a grid.
    metric : str
        By which the best was chosen.

    Examples
    --------
    >>> sweep_command({"protocol": "holdout"}, {"clusters": [2, 10], "share": [0.5]}, "r_precision")
    'model sweep --protocol holdout --grid "clusters=2,10"'
    """
    usual = {each.name: [format_value(_DEFAULTS[each.field])] for each in DIMENSIONS}
    listed = {name: list(map(format_value, own)) for name, own in grid.items()}
    unusual = {name: own for name, own in listed.items() if own != usual[name]} or listed
    values = " ".join(f"{name}={','.join(own)}" for name, own in unusual.items())
    protocol: Protocol = settings["protocol"]
    is_usual = metric == CHOSEN_BY[protocol]
    parts = [f'model sweep --protocol {protocol} --grid "{values}"', *_changed(_read(settings))]
    return " ".join([*parts, *([] if is_usual else [f"--metric {metric}"])])


def _part(settings: Mapping[str, Any]) -> list[str]:
    """Name the part of the split, unless it is what the protocol is for."""
    usual = list(PARTS) if settings["protocol"] == "published" else ["test"]
    parts = list(settings.get("parts", usual))
    if parts == usual:
        return []
    return [f"--part {parts[0] if len(parts) == 1 else 'all'}"]


def _read(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what had no effect: earlier versions took it, and it is refused now."""
    known = _DEFAULTS | dict(settings)
    idle = unread(known["protocol"], known["weighting"], known["sources"])
    return {name: value for name, value in settings.items() if name not in idle}


def _changed(settings: Mapping[str, Any]) -> list[str]:
    return [
        f"{option} {format_value(settings[name])}"
        if isinstance(settings[name], float)
        else f"{option} {settings[name]}"
        for name, option in _OPTIONS.items()
        if name in settings and settings[name] != _DEFAULTS[name]
    ]
