"""Write made-up last.fm files in the Million Song Dataset's published layout, into one zip.

    python benchmarks/synthetic_msd.py --files 1000000 msd.zip    # 1.4 GB, some minutes

Like the published ones: 62 % of songs have similars, 97 of these on average; 53 % have tags, 17 of
these; one id in nine that is named as similar has no file. Some songs and tags are much more
popular than others. The same seed gives the same.
"""

import argparse
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

SHARE_WITH_SIMILARS, MOST_SIMILARS = 0.62, 193
SHARE_WITH_TAGS, MEAN_TAGS, MOST_TAGS = 0.535, 17, 100
SHARE_WITH_FILE = 8 / 9
N_TAGS = 500_000
N_MATCHES = 100_000

_ZIP_TIME = (2011, 9, 20, 12, 0, 0)
_PAGE = 10_000
_LETTERS = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", np.uint8)
_HEX = np.frombuffer(b"0123456789ABCDEF", np.uint8)
_TOP_TAGS = ("rock", "pop", "alternative", "indie", "electronic", "female vocalists", "favorites")

Rows = npt.NDArray[np.int64]


def main() -> None:
    """Write what the options ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("path", type=Path, metavar="ZIP")
    options = parser.parse_args()
    write_zip(options.path, options.files, seed=options.seed)


def write_zip(path: Path, n_files: int, *, seed: int = 1) -> None:
    """Write so many songs' files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in songs(n_files, seed=seed):
            entry = zipfile.ZipInfo(f"lastfm_train/{name[2]}/{name[3]}/{name[4]}/{name}.json")
            entry.date_time = _ZIP_TIME
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)


def songs(n_files: int, *, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield each song's id and its file, in order of ids."""
    rng = np.random.default_rng(seed)
    ids = make_ids(rng, round(n_files / SHARE_WITH_FILE))
    by_popularity = rng.permutation(len(ids))
    with_file = np.sort(rng.choice(len(ids), n_files, replace=False))
    matches = [repr(match) for match in np.sort(rng.random(N_MATCHES) ** 6)[::-1].tolist()]
    for start in range(0, n_files, _PAGE):
        rows = with_file[start : start + _PAGE]
        similars = _similars(rng, len(rows), ids, by_popularity, matches)
        tags = _tags(rng, len(rows))
        for row, its_similars, its_tags in zip(rows.tolist(), similars, tags, strict=True):
            yield ids[row], _file(row, ids[row], its_similars, its_tags)


def make_ids(rng: np.random.Generator, n: int) -> list[str]:
    """Return so many different ids, in order."""
    text = np.empty((n, 18), np.uint8)
    text[:, :2] = np.frombuffer(b"TR", np.uint8)
    text[:, 2:7] = _LETTERS[rng.integers(0, 26, (n, 5))]
    text[:, 7:9] = np.frombuffer(b"12", np.uint8)
    text[:, 9:] = _HEX[rng.integers(0, 16, (n, 9))]
    ids = np.unique(text.view("S18").ravel())
    assert len(ids) == n, "two ids are equal; take another seed"
    return [each.decode() for each in ids.tolist()]


def _similars(
    rng: np.random.Generator,
    n_songs: int,
    ids: Sequence[str],
    by_popularity: Rows,
    matches: Sequence[str],
) -> Iterator[str]:
    lengths = rng.integers(1, MOST_SIMILARS + 1, n_songs)
    lengths[rng.random(n_songs) >= SHARE_WITH_SIMILARS] = 0
    ends = np.cumsum(lengths)
    ranks = (len(ids) * rng.random(int(lengths.sum())) ** 2).astype(np.int64)
    places = rng.integers(0, len(matches), len(ranks))
    owner = np.repeat(np.arange(n_songs), lengths)
    places = places[np.lexsort((places, owner))]
    named = by_popularity[ranks].tolist()
    pieces = [
        f'["{ids[row]}", {matches[place]}]'
        for row, place in zip(named, places.tolist(), strict=True)
    ]
    for end, length in zip(ends.tolist(), lengths.tolist(), strict=True):
        yield ", ".join(pieces[end - length : end])


def _tags(rng: np.random.Generator, n_songs: int) -> Iterator[str]:
    lengths = np.minimum(1 + rng.exponential(MEAN_TAGS, n_songs), MOST_TAGS).astype(np.int64)
    lengths[rng.random(n_songs) >= SHARE_WITH_TAGS] = 0
    for length in lengths.tolist():
        # By Zipf's law: the tag of rank r is 1/r as frequent as the first.
        ranks = (np.exp(rng.random(length) * np.log(N_TAGS))).astype(np.int64) - 1
        distinct = dict.fromkeys(ranks.tolist())
        pairs = [[_tag(rank), str(100 // (at + 1))] for at, rank in enumerate(distinct)]
        yield json.dumps(pairs)[1:-1]


def _tag(rank: int) -> str:
    return _TOP_TAGS[rank] if rank < len(_TOP_TAGS) else f"tag {rank}"


def _file(row: int, song_id: str, similars: str, tags: str) -> bytes:
    head = f'{{"artist": "Artist {row % 44_745}", "timestamp": "2011-08-03 00:30:31.051080"'
    foot = f'"track_id": "{song_id}", "title": "Song Number {row}"}}'
    return f'{head}, "similars": [{similars}], "tags": [{tags}], {foot}'.encode()


if __name__ == "__main__":
    main()
