"""Write the Parquet tables so that they are whole at every moment.

Tables are built in a scratch folder beside their place and renamed into it; `manifest.json` is
removed before the first rename and written after the last.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from harvest.errors import StateInUse, StorageError
from harvest.manifests import MANIFEST_NAME, FileStamp, are_there, table_path
from harvest.tables import COMBINING_NAME, SCHEMAS, SCRATCH_NAME
from harvest.whole_files import durable, sync, sync_folder

ROW_GROUP_ROWS = 2**18

_FILES = tuple(f"{name}.parquet" for name in SCHEMAS)


class TableWriter:
    """One Parquet file, whose bytes depend on its rows alone and not on how they arrive.

    Parameters
    ----------
    path : Path
        Where to write.
    schema : pyarrow.Schema
        What every appended table has.
    use_dictionary : bool
        Whether columns are written as numbers of distinct values; of little use, and three times
        the work, where most values differ.

    Notes
    -----
    Row groups hold exactly `ROW_GROUP_ROWS` rows, the last one what is left.
    """

    def __init__(self, path: Path, schema: pa.Schema, *, use_dictionary: bool = True) -> None:
        self.rows = 0
        self._schema = schema
        self._pending: list[pa.Table] = []
        self._pending_rows = 0
        self._file = path.open("wb")
        self._writer = pq.ParquetWriter(
            self._file,
            schema,
            compression="zstd",
            write_page_checksum=True,
            use_dictionary=use_dictionary,
        )

    def append(self, table: pa.Table) -> None:
        """Add rows; full row groups go to the file."""
        self._pending.append(table)
        self._pending_rows += table.num_rows
        self.rows += table.num_rows
        while self._pending_rows >= ROW_GROUP_ROWS:
            self._write(ROW_GROUP_ROWS)

    def close(self) -> None:
        """Write what is left, and make sure that it is on the disk."""
        if self._pending_rows:
            self._write(self._pending_rows)
        self._writer.close()
        sync(self._file)
        self._file.close()

    def abandon(self) -> None:
        """Close without a word, whatever state the file is in."""
        with contextlib.suppress(OSError, ValueError, pa.ArrowException):
            self._writer.close()
        with contextlib.suppress(OSError, ValueError):
            self._file.close()

    def _write(self, n_rows: int) -> None:
        rows = pa.concat_tables(self._pending)
        self._writer.write_table(rows.slice(0, n_rows).combine_chunks(), row_group_size=n_rows)
        self._pending = [rows.slice(n_rows)]
        self._pending_rows -= n_rows


@contextlib.contextmanager
def writers(
    scratch: Path, schemas: Mapping[str, pa.Schema] = SCHEMAS, *, plain: Collection[str] = ()
) -> Iterator[dict[str, TableWriter]]:
    """Open a writer for each table in a folder; close them at the end, on an error delete all.

    Parameters
    ----------
    scratch : Path
        An existing folder.
    schemas : mapping of str to pyarrow.Schema
        By table name.
    plain : collection of str
        Tables that are written without dictionaries.

    Yields
    ------
    dict of str to TableWriter
        By table name.
    """
    opened: dict[str, TableWriter] = {}
    try:
        for name, schema in schemas.items():
            path = table_path(scratch, name)
            opened[name] = TableWriter(path, schema, use_dictionary=name not in plain)
        yield opened
        for writer in opened.values():
            writer.close()
    except BaseException:
        for name, writer in opened.items():
            writer.abandon()
            table_path(scratch, name).unlink(missing_ok=True)
        raise


def publish(
    scratch: Path,
    tables_dir: Path,
    manifest: msgspec.Struct,
    *,
    files: Iterable[str] = _FILES,
) -> None:
    """Put finished tables in place of those that are there.

    Parameters
    ----------
    scratch : Path
        Holds the files, closed; on the same file system as `tables_dir`.
    tables_dir : Path
        Where they go.
    manifest : msgspec.Struct
        Put there when all of them are in place.
    files : iterable of str
        Their names.
    """
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    with durable(scratch / MANIFEST_NAME) as file:
        file.write(text)
    (tables_dir / MANIFEST_NAME).unlink(missing_ok=True)
    sync_folder(tables_dir)
    for name in files:
        (scratch / name).replace(tables_dir / name)
    sync_folder(tables_dir)
    (scratch / MANIFEST_NAME).replace(tables_dir / MANIFEST_NAME)
    sync_folder(tables_dir)


class _Published(msgspec.Struct):
    """What is looked at of any manifest."""

    files: dict[str, FileStamp]


def finish_publishing(
    tables_dir: Path, *, scratches: Sequence[str] = (SCRATCH_NAME, COMBINING_NAME)
) -> None:
    """Put the rest in place where `publish` was killed half-way.

    Parameters
    ----------
    tables_dir : Path
        Held for writing.
    scratches : sequence of str
        Names of the folders in it in which tables are built.
    """
    if (tables_dir / MANIFEST_NAME).exists():
        return
    for scratch in (tables_dir / name for name in scratches):
        try:
            manifest = msgspec.json.decode((scratch / MANIFEST_NAME).read_bytes(), type=_Published)
        except (OSError, ValueError):
            continue
        waiting = [name for name in manifest.files if table_path(scratch, name).exists()]
        in_place = [name for name in manifest.files if name not in waiting]
        if _are_whole(scratch, waiting, manifest) and _are_whole(tables_dir, in_place, manifest):
            for name in waiting:
                table_path(scratch, name).replace(table_path(tables_dir, name))
            sync_folder(tables_dir)
            (scratch / MANIFEST_NAME).replace(tables_dir / MANIFEST_NAME)
            sync_folder(tables_dir)
            with contextlib.suppress(OSError):  # parts of slices may lie there
                scratch.rmdir()
            return


def _are_whole(directory: Path, names: Sequence[str], manifest: _Published) -> bool:
    return are_there(directory, names, {name: manifest.files[name] for name in names})


def stamps(directory: Path, names: Iterable[str] = tuple(SCHEMAS)) -> dict[str, FileStamp]:
    """Size and hash of each table's file in a folder that holds them all."""
    return {name: stamp(table_path(directory, name)) for name in names}


def stamp(path: Path) -> FileStamp:
    """Size and hash of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileStamp(size=path.stat().st_size, sha256=digest)


@contextlib.contextmanager
def writing(tables_dir: Path, *, command: str = "harvest mpd") -> Iterator[None]:
    """Hold the tables for writing, and say clearly what the disk refused.

    Parameters
    ----------
    tables_dir : Path
        Made if need be.
    command : str
        Whoever may hold them too, for the message.

    Raises
    ------
    StateInUse
        Somebody else is writing them.
    StorageError
        Any `OSError` inside: disk full, no permission, read-only.
    """
    try:
        tables_dir.mkdir(parents=True, exist_ok=True)
        with _locked(tables_dir, command):
            yield
    except OSError as error:
        raise StorageError(_refusal(error, tables_dir)) from error


@contextlib.contextmanager
def _locked(tables_dir: Path, command: str) -> Iterator[None]:
    descriptor = os.open(tables_dir, os.O_RDONLY)
    try:
        _lock(descriptor, tables_dir, command)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, tables_dir: Path, command: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        message = f"another `{command}` is writing {tables_dir}; wait for it to end"
        raise StateInUse(message, pid=None) from error


def _refusal(error: OSError, tables_dir: Path) -> str:
    remedy = {
        errno.ENOSPC: "free some space",
        errno.EDQUOT: "free some space",
        errno.EROFS: "choose another place with --state",
        errno.EACCES: "get the right to write there, or choose another place with --state",
    }.get(error.errno or 0, "see to it")
    place = error.filename or tables_dir
    return f"cannot write {place}: {error.strerror or error}; {remedy} and run the same again"
