"""Which columns of a table hold audio features: by their Spotify names or common other ones.

Names are compared by their letters and digits alone, so that `Duration (ms)`, `duration_ms` and
`durationMs` are one name; `%` counts as the word percent. `spotify`, `track` and `audio features`
in front of a feature's name do not count.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import msgspec

from harvest.errors import InputError
from harvest.records import LARGEST_INTEGER, AudioFeatures
from harvest.sources import feature_values as values
from harvest.texts.legible import printable

NAMES_SHOWN = 12
CHARACTERS_SHOWN = 40

# In order of preference: what can be nothing but a track stands before what may be anything.
ID_NAMES = (
    "track_uri",
    "spotify_track_uri",
    "spotify_uri",
    "spotify_track_id",
    "spotify_id",
    "track_id",
    "track_spotify_id",
    "uri",
    "track_href",
    "track_url",
    "track_link",
    "spotify_track_url",
    "spotify_url",
    "spotify_link",
    "track.external_urls.spotify",
    "external_urls.spotify",
    "href",
    "url",
    "link",
    "song_uri",
    "song_url",
    "song_id",
    "id",
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a column's cells are given in.

    Parameters
    ----------
    expected : str
        For people; `{range}` stands for the range that `AudioFeatures` allows.
    read : callable
        Takes a cell; returns the value on our scale, or raises `ValueError`.
    has_decimals : bool
        Whether a comma may stand for the point, in files that have such.
    """

    expected: str
    read: Callable[[object], object]
    has_decimals: bool = False


TRACK = Unit("a Spotify track's id, URI or address", values.track_id)
PLAIN = Unit("{range}", values.number, has_decimals=True)
PERCENT = Unit("0 to 100", values.percent, has_decimals=True)
WHOLE_PERCENT = Unit("a whole percentage, 0 to 100", values.whole_percent)
KEY = Unit("{range}, or a note such as C# or Db", values.key, has_decimals=True)
MODE = Unit("{range}, major or minor", values.mode, has_decimals=True)
MODE_OF_KEY = Unit("a note with major or minor", values.mode_of_key)
METRE = Unit("{range}, or such as 4/4", values.metre, has_decimals=True)
MILLISECONDS = Unit("milliseconds, {range}", values.milliseconds)
SECONDS = Unit("seconds, {range}", values.seconds, has_decimals=True)
CLOCK = Unit("minutes:seconds", values.clock)

# The shares' names in Chosic's exports, which give every share as a whole percentage.
_SHORT_NAMES = {
    "danceability": ("dance",),
    "energy": (),
    "speechiness": ("speech",),
    "acousticness": ("acoustic",),
    "instrumentalness": ("instrumental",),
    "liveness": ("live",),
    "valence": ("happy",),
}
_PERCENT_ENDINGS = ("_%", "_percent", "_percentage", "_pct")

# Field, unit, names; within a field in order of preference.
FEATURE_NAMES: Sequence[tuple[str, Unit, Sequence[str]]] = (
    *((field, PLAIN, (field,)) for field in _SHORT_NAMES),
    *((field, PERCENT, [field + end for end in _PERCENT_ENDINGS]) for field in _SHORT_NAMES),
    *((field, WHOLE_PERCENT, names) for field, names in _SHORT_NAMES.items()),
    ("loudness", PLAIN, ("loudness", "loudness_db", "loud_db")),
    ("tempo", PLAIN, ("tempo", "tempo_bpm", "bpm", "beats_per_minute")),
    ("key", KEY, ("key", "key_name", "key_mode", "musical_key", "pitch_class")),
    ("mode", MODE, ("mode", "mode_name")),
    ("mode", MODE_OF_KEY, ("key_mode", "key", "key_name", "musical_key")),
    ("time_signature", METRE, ("time_signature", "time_sig", "meter")),
    ("duration_ms", MILLISECONDS, ("duration_ms", "duration_msec", "duration_millis", "length_ms")),
    ("duration_ms", SECONDS, ("duration_s", "duration_sec", "duration_seconds", "length_seconds")),
    ("duration_ms", CLOCK, ("duration", "length", "time")),
)
_PREFIXES = ("spotify", "track", "audiofeatures")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its name there, its place from 0, the field and unit of its cells."""

    name: str
    index: int
    field: str
    unit: Unit

    @property
    def expected(self) -> str:
        """What its cells may be, for people."""
        is_bounded = "{range}" in self.unit.expected
        limits = allowed_range(self.field) if is_bounded else ""
        return self.unit.expected.format(range=limits)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file that are read.

    Parameters
    ----------
    ids : sequence of Column
        At least one, in order of preference.
    features : sequence of Column
        At most one a field.
    """

    ids: Sequence[Column]
    features: Sequence[Column]


def find_columns(names: Sequence[str], path: Path) -> Columns:
    """Find the columns to be read by a header.

    Parameters
    ----------
    names : sequence of str
        As the file has them, in its order; of equal names the first counts.
    path : Path
        For the error.

    Raises
    ------
    InputError
        There is no column for the id, or none for a feature that every record needs.
    """
    found = _find(names)
    lacking = [] if found.ids else ["the track's id (track_id, track_uri, spotify_id, uri, id)"]
    present = {column.field for column in found.features}
    lacking += [_with_names(field) for field in required_fields() if field not in present]
    if lacking:
        raise InputError(
            f"{path} has no column for {'; '.join(lacking)}; its columns are {listed(names)}"
        )
    return found


def count_known(names: Sequence[str]) -> int:
    """Return how many of the fields a header has columns for, the id among them.

    >>> count_known(["Track URI", "Name", "Energy", "energy_%"])
    2
    """
    found = _find(names)
    return len(found.features) + bool(found.ids)


def listed(names: Sequence[str]) -> str:
    """Return the names of some columns for people, the first twelve of them."""
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    shown = [f"'{printable(name, CHARACTERS_SHOWN)}'" for name in names[:NAMES_SHOWN]]
    return ", ".join(shown) + more


@cache
def allowed_range(field: str) -> str:
    """Return what `AudioFeatures` allows in a field, for people.

    >>> allowed_range("key"), allowed_range("duration_ms")
    ('-1 to 11', '0 or more')
    """
    kinds = msgspec.inspect.type_info(_types()[field])
    options = kinds.types if isinstance(kinds, msgspec.inspect.UnionType) else (kinds,)
    (limits,) = (
        kind
        for kind in options
        if isinstance(kind, msgspec.inspect.IntType | msgspec.inspect.FloatType)
    )
    is_open = limits.le == LARGEST_INTEGER
    return f"{limits.ge} or more" if is_open else f"{limits.ge} to {limits.le}"


def required_fields() -> list[str]:
    """Return the features that no record may lack.

    >>> len(required_fields()), "key" in required_fields()
    (9, False)
    """
    return [
        name
        for name, kind in _types().items()
        if not isinstance(msgspec.inspect.type_info(kind), msgspec.inspect.UnionType)
    ]


def _types() -> Mapping[str, type]:
    fields = msgspec.structs.fields(AudioFeatures)
    return {each.encode_name: each.type for each in fields if each.encode_name != "id"}


def _find(names: Sequence[str]) -> Columns:
    places: dict[str, int] = {}
    for index, name in enumerate(names):
        places.setdefault(normal(name), index)
    ids = [
        Column(names[places[known]], places[known], "id", TRACK)
        for known in dict.fromkeys(map(normal, ID_NAMES))
        if known in places
    ]
    return Columns(ids, _as_one_scale(_features(names, places)))


def _features(names: Sequence[str], places: Mapping[str, int]) -> list[Column]:
    bare: dict[str, int] = {}
    for name, index in places.items():
        bare.setdefault(_without_prefix(name), index)
    found: dict[str, Column] = {}
    for field, unit, aliases in FEATURE_NAMES:
        for alias in map(normal, aliases):
            index = places.get(alias, bare.get(alias, -1))
            if index >= 0:
                found.setdefault(field, Column(names[index], index, field, unit))
    return list(found.values())


def _as_one_scale(features: Iterable[Column]) -> list[Column]:
    """Let one share with a short name make all shares whole percentages: `Energy` has no other."""
    columns = list(features)
    if all(column.unit is not WHOLE_PERCENT for column in columns):
        return columns
    return [
        replace(column, unit=WHOLE_PERCENT)
        if column.unit is PLAIN and column.field in _SHORT_NAMES
        else column
        for column in columns
    ]


def normal(name: str) -> str:
    """Return what of a column's name counts: its letters and digits, in small letters.

    >>> normal("Artist Name(s)"), normal("energy_%")
    ('artistnames', 'energypercent')
    """
    text = name.replace("%", "percent").casefold()
    return "".join(character for character in text if character.isalnum())


def _without_prefix(name: str) -> str:
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _with_names(field: str) -> str:
    """Return a field with the first name for each unit that it may have."""
    names = [names[0] for known, _, names in FEATURE_NAMES if known == field and names]
    return f"{field} ({', '.join(names)})"
