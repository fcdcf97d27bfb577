"""How `harvest mpd` compares with only parsing the same bytes, and how it grows.

    python benchmarks/bench_ingest.py                              # 10,000 and 100,000: 10 minutes
    python benchmarks/bench_ingest.py --playlists 1000000 --rounds 1       # 5 GB of disk
    python benchmarks/bench_ingest.py --mpd mpd.zip                # a zip that is there

The peer inflates each slice and decodes it with the same typed structs, in as many processes, and
keeps nothing; `beside_parsing` says what is measured. `synthetic_mpd` makes the playlists.
"""

import subprocess
import sys
from pathlib import Path

import msgspec
from beside_parsing import Comparison

from harvest.sources.mpd_input import Slice, find_slices, read_slice
from harvest.sources.mpd_slice import Document


def make_up(path: Path, n_playlists: int) -> None:
    """Write a zip of so many playlists."""
    script = Path(__file__).with_name("synthetic_mpd.py")
    command = [sys.executable, script, "--playlists", str(n_playlists), "--json", path]
    subprocess.run(command, check=True)


def look_at(path: Path) -> tuple[int, str]:
    """Count playlists and bytes."""
    slices = find_slices(path)
    size = sum(each.size for each in slices)
    return slices[-1].last + 1, f"{size / 1e9:.2f} GB of JSON"


def parse(source: Slice) -> int:
    """Inflate and decode a slice, and drop it; count its playlists."""
    return len(_DECODER.decode(read_slice(source)).playlists)


_DECODER = msgspec.json.Decoder(Document)


if __name__ == "__main__":
    things = ("mpd", "playlists", (10_000, 100_000))
    Comparison(__file__, *things, make_up, look_at, find_slices, parse).main(__doc__)
