"""How right `harvest match` is, how much it finds, and what it costs.

    python benchmarks/bench_match.py                     # made-up names with known truth
    python benchmarks/bench_match.py --mpd mpd_dev.zip   # real names: variants of a title
    python benchmarks/bench_match.py --size              # as many names as there are

On made-up names the threshold is chosen on one part (its own songs and words) and figures are
those of another. Precision is the share of matches that are right, recall the share of tracks that
are a song and got it; behind each is its 95 % interval (Wilson 1927).

Of real names, those songs are written of which nothing was to be taken off, half of them. A title
that is another one of the same artist and " - …" or " (…)" behind it, without a word for another
recording, is a variant, and has to find it; so says the text alone, without the rules that match.
A title of the other half that has the letters and digits of a song is that song. The rest has no
partner that the text alone could tell: what is found for it is printed, to be judged by eye, and
counts as wrong.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq
from labelled_names import SAME, Labelled, Maker, Names, make_labelled, write_state

from harvest.matching import DEFAULT_THRESHOLD
from harvest.matching.job import match
from harvest.sources.msd_tables import MSD_FOLDER

N_SONGS, N_TRACKS = 943_347, 2_262_292
THRESHOLDS = [0.75, 0.8, 0.85, 0.88, 0.9, 0.92, 0.94, 0.96, 0.98, 1.0]
BETA = 0.5  # a wrong match weighs more than a missed one
STEPS = ("exact", "plain", "fuzzy")
OTHER_RECORDING = re.compile(
    r"(?i)remix|mix\b|acoustic|acústic|instrumental|karaoke|demo|cover|reprise|interlude|intro|skit|"
    r"medley|extended|unplugged|\bpart\b|\bpt\b|record|dub\b|ver(sion|são|sión)|edit\b|\d"
)

Found = dict[int, tuple[int, str]]


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--labelled", type=int, default=23_000, metavar="N", help="tracks a part")
    parser.add_argument("--mpd", type=Path, metavar="ZIP")
    parser.add_argument("--size", action="store_true")
    parser.add_argument("--songs", type=int, default=N_SONGS)
    parser.add_argument("--tracks", type=int, default=N_TRACKS)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.mpd:
            _measure_real(Path(folder), options.mpd)
        elif options.size:
            _measure_size(Path(folder), options.songs, options.tracks, options.workers)
        else:
            _measure_labelled(Path(folder), options.labelled)


def _measure_labelled(folder: Path, n_tracks: int) -> None:
    songs, tracks = _labelled(seed=1, n_tracks=n_tracks)
    state = folder / "development"
    write_state(state, songs, [(each.artist, each.title) for each in tracks])
    print("development part, fuzzy step: threshold, precision, recall, F0.5")
    for threshold in THRESHOLDS:
        right, wrong, missed = _tally(tracks, _matches(state, threshold), "fuzzy")
        print(
            f"  {threshold:.2f}  {_ratio(right, right + wrong)}  {_ratio(right, right + missed)}  "
            f"{_f_score(right, wrong, missed):.4f}"
        )
    songs, tracks = _labelled(seed=2, n_tracks=n_tracks)
    state = folder / "test"
    write_state(state, songs, [(each.artist, each.title) for each in tracks])
    found = _matches(state, DEFAULT_THRESHOLD)
    print(f"test part at {DEFAULT_THRESHOLD}: step, precision, recall of what no step before found")
    for step in STEPS:
        right, wrong, missed = _tally(tracks, found, step)
        print(f"  {step:<6} {_ratio(right, right + wrong)}  {_ratio(right, right + missed)}")
    for kind in dict.fromkeys(each.kind for each in tracks):
        _show_kind(kind, [(at, each) for at, each in enumerate(tracks) if each.kind == kind], found)


def _labelled(*, seed: int, n_tracks: int) -> tuple[list[Names], list[Labelled]]:
    maker = Maker(seed)
    songs = maker.songs(20_000)
    return songs, make_labelled(maker, songs, n_tracks)


def _matches(state: Path, threshold: float) -> Found:
    match(state, threshold=threshold, workers=1)
    rows = pq.read_table(state / MSD_FOLDER / "matches.parquet").to_pylist()
    return {row["track_id"]: (row["msd_track_id"], row["step"]) for row in rows}


def _tally(tracks: Sequence[Labelled], found: Found, step: str) -> tuple[int, int, int]:
    """Right and wrong matches of a step; songs missed that no step before had found."""
    right = wrong = missed = 0
    for at, track in enumerate(tracks):
        song, by = found.get(at, (None, ""))
        if by == step:
            right += song == track.song
            wrong += song != track.song
        elif track.song is not None and (not by or STEPS.index(by) > STEPS.index(step)):
            missed += 1
    return right, wrong, missed


def _show_kind(kind: str, tracks: list[tuple[int, Labelled]], found: Found) -> None:
    right = sum(at in found and found[at][0] == track.song for at, track in tracks)
    n_found = sum(at in found for at, _ in tracks)
    if kind in SAME:
        print(f"  {kind:<32} found {_ratio(right, len(tracks))}, wrong {n_found - right}")
    else:
        print(f"  {kind:<32} wrongly matched {_ratio(n_found, len(tracks))}")


def _f_score(right: int, wrong: int, missed: int) -> float:
    weight = BETA**2
    return (1 + weight) * right / ((1 + weight) * right + weight * missed + wrong)


def _ratio(count: int, total: int) -> str:
    """Return a share with its Wilson interval of 95 %."""
    if not total:
        return "-"
    share, z = count / total, 1.96
    middle = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z / (1 + z**2 / total) * (share * (1 - share) / total + z**2 / (4 * total**2)) ** 0.5
    return f"{share:.4f} [{max(middle - half, 0):.4f}, {middle + half:.4f}] of {total:,}"


def _measure_real(folder: Path, path: Path) -> None:
    names = sorted(set(_real_names(path)))
    known = set(names)
    heads = {pair: head for pair in names if (head := _head(pair)) in known}
    bare = [pair for pair in names if not re.search(r" - |[(\[]", pair[1])]
    wanted = sorted(set(heads.values()) | set(bare[::2]))
    letters = {_letters(pair): at for at, pair in enumerate(wanted)}
    others = sorted(set(bare) - set(wanted))
    respelt = [pair for pair in others if _letters(pair) in letters]
    alone = [pair for pair in others if _letters(pair) not in letters]
    variants = [pair for pair in heads if pair not in set(wanted)]
    number = {pair: at for at, pair in enumerate(wanted)}
    tracks = [Labelled(*pair, number[heads[pair]], "variant") for pair in variants]
    tracks += [Labelled(*pair, letters[_letters(pair)], "respelt") for pair in respelt]
    tracks += [Labelled(*pair, None, "alone") for pair in alone]
    write_state(folder, wanted, [(each.artist, each.title) for each in tracks])
    found = _matches(folder, DEFAULT_THRESHOLD)
    print(
        f"{len(variants):,} variants, {len(respelt):,} respelt and {len(alone):,} titles alone, "
        f"{len(wanted):,} songs"
    )
    for step in STEPS:
        right, wrong, _ = _tally(tracks, found, step)
        print(f"  {step:<6} precision {_ratio(right, right + wrong)}")
    for kind in ("variant", "respelt"):
        of_kind = [(at, each) for at, each in enumerate(tracks) if each.kind == kind]
        n_right = sum(at in found and found[at][0] == each.song for at, each in of_kind)
        print(f"  recall of {kind} {_ratio(n_right, len(of_kind))}")
    for at, each in enumerate(tracks):
        if at in found and found[at][0] != each.song:
            print("   ", found[at][1], (each.artist, each.title), "->", wanted[found[at][0]])


def _head(pair: Names) -> Names | None:
    """Return the title before the last " - " or " (", unless the rest is of another recording."""
    head, _, rest = re.sub(r" \((?=[^(]*$)| - ", "\0", pair[1]).rpartition("\0")
    return (pair[0], head) if head and not OTHER_RECORDING.search(rest) else None


def _letters(pair: Names) -> tuple[str, ...]:
    """Return letters and digits alone, in capitals and without accents, if there are any."""
    bare = [unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode() for text in pair]
    return tuple(
        re.sub(r"[\W_]", "", text.upper()) or whole for text, whole in zip(bare, pair, strict=True)
    )


def _real_names(path: Path) -> Iterator[Names]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                for playlist in json.loads(archive.read(name))["playlists"]:
                    for track in playlist["tracks"]:
                        yield track["artist_name"], track["track_name"]


def _measure_size(folder: Path, n_songs: int, n_tracks: int, workers: int) -> None:
    maker = Maker(3, n_words=120_000)
    songs = maker.songs(n_songs)
    tracks = make_labelled(maker, songs, n_tracks // 2)
    # Half of the tracks are by artists that no song is by, as in the playlists.
    others = [
        (f"{artist} Orchestra", title) for artist, title in maker.songs(n_tracks - len(tracks))
    ]
    write_state(folder, songs, [(each.artist, each.title) for each in tracks] + others)
    command = [sys.executable, "-m", "harvest", "match", "--state", str(folder)]
    start = time.perf_counter()
    subprocess.run([*command, "--workers", str(workers)], check=True)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(
        f"{n_songs:,} songs, {n_tracks:,} tracks, {workers} workers: {seconds:.0f} s, "
        f"{peak:.2f} GB in the largest process"
    )


if __name__ == "__main__":
    main()
