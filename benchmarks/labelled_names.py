"""Songs and tracks with made-up names, of which it is known which are the same.

Each track says how its names were made from a song's (`exact`, `typo`, …) and which song it is, or
that it is none (`trap …`). Words are drawn as unevenly as in real titles, so that common words meet
and slips of the pen are rare.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from harvest.manifests import MANIFEST_NAME, table_path
from harvest.sources.msd_tables import MSD_FOLDER, MSD_SCHEMAS, MsdCounts, MsdManifest
from harvest.table_writer import stamps
from harvest.tables import SCHEMAS


def _words(text: str) -> list[str]:
    return text.split()


_SYLLABLES = _words(
    """
    ba be bo da de do fa fi ga go ha ka ki la le lo ma me mi na ne no pa ra re ri sa se ta te to
    va vi zo
    """
)
_COMMON = _words(
    """
    love heart night girl girls boy boys baby dance dancing time times life live world day days
    way ways dream dreams rain fire home eyes light lights river road roads song songs summer
    winter angel angels story stories moon star stars blue black white red gold wild sweet
    little big good bad lonely broken crazy never always forever tonight yesterday tomorrow
    morning evening city street sky ocean without with your you my me we run running walk
    walking fall falling feel feeling believe remember forget leave leaving stay alone together
    everything nothing something somebody nobody again
    """
)
_SUFFIXES = [
    "Remastered 2011",
    "2009 Digital Remaster",
    "Remastered",
    "Radio Edit",
    "Single Version",
    "Mono",
    "Album Version",
    "Bonus Track",
]
_CONCERTS = ["Live", "Live at Wembley, 1986", "Live in Paris", "Live From Somewhere / 2004"]
_OTHERS = [
    "Acoustic",
    "Instrumental",
    "Kappa Remix",
    "Karaoke Version",
    "Demo",
    "Extended Mix",
    "Cover",
]

Names = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A track.

    Parameters
    ----------
    artist, title : str
    song : int or None
        Number of the song that it is.
    kind : str
        How its names were made.
    """

    artist: str
    title: str
    song: int | None
    kind: str


class Maker:
    """Makes up names; the same seed makes the same.

    Parameters
    ----------
    seed : int
    n_words : int
        Different words besides the common ones.
    """

    def __init__(self, seed: int, *, n_words: int = 8_000) -> None:
        self.random = random.Random(seed)
        rare = sorted({self._word() for _ in range(n_words)})
        self.random.shuffle(rare)
        self._words = _COMMON + rare
        self._weights = [1 / (rank + 5) for rank in range(len(self._words))]

    def _word(self) -> str:
        return "".join(self.random.choices(_SYLLABLES, k=self.random.randint(2, 4)))

    def title(self) -> str:
        """Make up a title of one to five words, some of them common."""
        n_words = self.random.choices([1, 2, 3, 4, 5], [2, 5, 5, 3, 1])[0]
        return " ".join(self.random.choices(self._words, self._weights, k=n_words)).title()

    def artist(self) -> str:
        """Make up a name of one to three words that are none of the common ones."""
        name = " ".join(self._word() for _ in range(self.random.randint(1, 3))).title()
        return self.random.choice(["", "", "", "The "]) + name

    def songs(self, n_songs: int, *, per_artist: int = 12) -> list[Names]:
        """Make up songs, so many an artist in the mean; no title twice at one artist."""
        made: list[Names] = []
        while len(made) < n_songs:
            artist = self.artist()
            titles = {self.title() for _ in range(self.random.randint(1, 2 * per_artist))}
            made += [(artist, title) for title in sorted(titles)]
        return made[:n_songs]


def _typo(maker: Maker, text: str) -> str:
    """Leave out, double, or swap a letter of one of the longer words."""
    words = text.split()
    long = [at for at, word in enumerate(words) if len(word) >= 5]
    if not long:
        return text + text[-1]
    chosen = maker.random.choice(long)
    word = words[chosen]
    at = maker.random.randint(1, len(word) - 3)
    words[chosen] = maker.random.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
    return " ".join(words)


def _accents(text: str) -> str:
    return text.translate(str.maketrans("aeio", "áéîö"))


def _swap(names: Names) -> Names:
    first, _, rest = names[1].partition(" ")
    return names[0], f"{rest} {first}".strip()


def _replace_word(maker: Maker, title: str) -> str:
    words = title.split()
    at = maker.random.randrange(len(words))
    others = [word.title() for word in _COMMON if word.title() != words[at]]
    words[at] = maker.random.choice(others)
    return " ".join(words)


def _other_syllable(maker: Maker, title: str) -> str:
    """Put another syllable into the longest word: another word of the same look."""
    longest = max(title.split(), key=len)
    at = 2 * maker.random.randrange(len(longest) // 2)
    syllable = maker.random.choice([each for each in _SYLLABLES if each != longest[at : at + 2]])
    return title.replace(longest, f"{longest[:at]}{syllable}{longest[at + 2 :]}".title(), 1)


def _plural(title: str) -> str:
    return title[:-1] if title.endswith("s") else f"{title}s"


Change = Callable[[Maker, Names], Names]
SAME: dict[str, Change] = {
    "exact": lambda _, n: n,
    "case and accents": lambda _, n: (n[0].upper(), _accents(n[1])),
    "punctuation": lambda _, n: (n[0], f"{n[1]}!"),
    "suffix": lambda m, n: (n[0], f"{n[1]} - {m.random.choice(_SUFFIXES)}"),
    "suffix in brackets": lambda m, n: (n[0], f"{n[1]} ({m.random.choice(_SUFFIXES)})"),
    "two suffixes": lambda m, n: (
        n[0],
        f"{n[1]} (feat. {m.artist()}) - {m.random.choice(_SUFFIXES)}",
    ),
    "guest in the title": lambda m, n: (n[0], f"{n[1]} (feat. {m.artist()})"),
    "guest in the artist": lambda m, n: (f"{n[0]} feat. {m.artist()}", n[1]),
    "concert": lambda m, n: (n[0], f"{n[1]} - {m.random.choice(_CONCERTS)}"),
    "typo in the title": lambda m, n: (n[0], _typo(m, n[1])),
    "typo in the artist": lambda m, n: (_typo(m, n[0]), n[1]),
    "words swapped": lambda _, n: _swap(n),
    "the": lambda _, n: (
        n[0].removeprefix("The ") if n[0].startswith("The ") else f"The {n[0]}",
        n[1],
    ),
    "band of its leader": lambda m, n: (f"{n[0]} & The {m.artist().removeprefix('The ')}", n[1]),
    "words run together": lambda _, n: (n[0], n[1].replace(" ", "", 1)),
}
OTHER: dict[str, Change] = {
    "trap: part": lambda _, n: (n[0], f"{n[1]}, Pt. 2"),
    "trap: number": lambda m, n: (n[0], f"{n[1]} {m.random.randint(2, 9)}"),
    "trap: another recording": lambda m, n: (n[0], f"{n[1]} - {m.random.choice(_OTHERS)}"),
    "trap: one word differs": lambda m, n: (n[0], _replace_word(m, n[1])),
    "trap: a word of the same look": lambda m, n: (n[0], _other_syllable(m, n[1])),
    "trap: plural": lambda _, n: (n[0], _plural(n[1])),
    "trap: another artist": lambda m, n: (m.artist(), n[1]),
    "trap: unknown song": lambda m, n: (n[0], m.title()),
}


def make_labelled(maker: Maker, songs: list[Names], n_tracks: int) -> list[Labelled]:
    """Make up tracks of songs that are known, and traps, in equal shares of each kind.

    A change that happens to make the names of another song is left out.
    """
    known = {(artist.lower(), title.lower()) for artist, title in songs}
    kinds = [*SAME.items(), *OTHER.items()]
    made: list[Labelled] = []
    while len(made) < n_tracks:
        number = maker.random.randrange(len(songs))
        kind, change = kinds[len(made) % len(kinds)]
        artist, title = change(maker, songs[number])
        is_same = kind in SAME
        meets_another = (artist.lower(), title.lower()) in known and kind not in (
            "exact",
            "words swapped",
        )
        if (
            title != songs[number][1] or artist != songs[number][0] or kind == "exact"
        ) and not meets_another:
            made.append(Labelled(artist, title, number if is_same else None, kind))
        else:
            kinds.append(kinds.pop(0)) if not is_same else None
    return made


def write_state(state: Path, songs: list[Names], tracks: list[Names]) -> None:
    """Write a state in which `harvest match` finds these songs and tracks."""
    _write_tables(state / "tables", tracks)
    msd_dir = state / MSD_FOLDER
    msd_dir.mkdir(parents=True, exist_ok=True)
    artists, titles = zip(*songs, strict=True)
    ids = [f"TR{number:016d}" for number in range(len(songs))]
    columns = {"track_id": range(len(songs)), "msd_id": ids, "artist": artists, "title": titles}
    _write(msd_dir, "lastfm_track", MSD_SCHEMAS["lastfm_track"], columns)
    for name in ("lastfm_tag", "lastfm_similar"):
        _write(msd_dir, name, MSD_SCHEMAS[name], {})
    counts = MsdCounts(len(songs), len(songs), 0, 0, 0, 0, 0)
    manifest = MsdManifest([], counts, [], [], stamps(msd_dir, MSD_SCHEMAS))
    (msd_dir / MANIFEST_NAME).write_bytes(msgspec.json.encode(manifest))


def _write_tables(tables_dir: Path, tracks: list[Names]) -> None:
    tables_dir.mkdir(parents=True, exist_ok=True)
    numbers = {
        artist: at for at, artist in enumerate(dict.fromkeys(artist for artist, _ in tracks))
    }
    rows = range(len(tracks))
    columns = {
        "track_id": rows,
        "track_uri": [f"spotify:track:{at:022d}" for at in rows],
        "spotify_id": [f"{at:022d}" for at in rows],
        "track_name": [title for _, title in tracks],
        "artist_id": [numbers[artist] for artist, _ in tracks],
        "album_id": [0] * len(tracks),
        "duration_ms": [-1] * len(tracks),
    }
    uris = [f"spotify:artist:{at:022d}" for at in range(len(numbers))]
    artists = {"artist_id": range(len(numbers)), "artist_uri": uris, "artist_name": list(numbers)}
    for name, schema in SCHEMAS.items():
        _write(tables_dir, name, schema, {"tracks": columns, "artists": artists}.get(name, {}))


def _write(folder: Path, name: str, schema: pa.Schema, columns: dict[str, object]) -> None:
    length = len(next(iter(columns.values()))) if columns else 0  # type: ignore[arg-type]
    arrays = [pa.array(columns.get(field.name, [None] * length), field.type) for field in schema]
    pq.write_table(pa.table(arrays, schema=schema), table_path(folder, name))
