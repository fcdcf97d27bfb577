"""How `harvest msd` compares with only parsing the same bytes, and how it grows.

    python benchmarks/bench_msd.py                                 # 50,000 and 200,000 files
    python benchmarks/bench_msd.py --files 1000000 --rounds 1      # 4 GB of disk, some minutes
    python benchmarks/bench_msd.py --msd lastfm_train.zip          # a zip that is there

The peer inflates each member and decodes it by msgspec into the same typed structs, in as many
processes, and keeps nothing; `beside_parsing` says what is measured. The zip is in the page cache.
`synthetic_msd` makes the files.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from beside_parsing import Comparison
from synthetic_msd import write_zip

from harvest.sources.msd_chunks import Chunk
from harvest.sources.msd_input import find_input
from harvest.sources.msd_song import Song


def look_at(path: Path) -> tuple[int, str]:
    """Count files and bytes."""
    return find_input(path).n_files, f"{path.stat().st_size / 1e9:.2f} GB zipped"


def find(path: Path) -> Sequence[Chunk]:
    """Find runs of files."""
    return find_input(path).chunks


def parse(chunk: Chunk) -> int:
    """Inflate and decode files, and drop them; count them."""
    n_read = 0
    for _, content in chunk.contents():
        if isinstance(content, bytes):
            _DECODE(content)
            n_read += 1
    return n_read


_DECODE = msgspec.json.Decoder(Song).decode


if __name__ == "__main__":
    things = ("msd", "files", (50_000, 200_000))
    Comparison(__file__, *things, write_zip, look_at, find, parse).main(__doc__)
