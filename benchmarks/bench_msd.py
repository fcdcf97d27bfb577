"""How `harvest msd` compares with only parsing the same bytes, and how it grows.

    python benchmarks/bench_msd.py                                 # 50,000 and 200,000 files
    python benchmarks/bench_msd.py --files 1000000 --rounds 1      # 4 GB of disk, some minutes
    python benchmarks/bench_msd.py --msd lastfm_train.zip          # a zip that is there

The peer inflates each member and decodes it by msgspec into the same typed structs, in as many
processes, and keeps nothing; `beside_parsing` says what is measured. The zip is in the page cache.
`synthetic_msd` makes the files.
"""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
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


def only_parse(path: Path, *, workers: int) -> None:
    """Inflate and decode every file, and drop it."""
    chunks = find_input(path).chunks
    if workers == 1:
        print(sum(map(_parse, chunks)))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        print(sum(pool.map(_parse, chunks)))


def _parse(chunk: Chunk) -> int:
    n_read = 0
    for _, content in chunk.contents():
        if isinstance(content, bytes):
            _DECODE(content)
            n_read += 1
    return n_read


_DECODE = msgspec.json.Decoder(Song).decode


if __name__ == "__main__":
    sizes = (50_000, 200_000)
    Comparison(__file__, "msd", "files", sizes, write_zip, look_at, only_parse).main(__doc__)
