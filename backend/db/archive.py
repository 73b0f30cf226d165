"""The shape of a backup archive: a zip with one file of JSON lines per table, and a manifest.

It is logical, not a copy of database files: an archive made on SQLite can be restored on PostgreSQL and back.
Sealed values stay sealed; without the key file the archive tells nothing of what people wrote.
"""

from __future__ import annotations

import base64
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Date, LargeBinary, Table
from sqlalchemy import text as sql

from backend.db.tables import metadata
from backend.db.types import Instant

FORMAT = 1
#: What reading a damaged zip, or damaged lines in it, can raise.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    NotImplementedError,  # damaged bytes can look like a compression that nobody knows
    LookupError,
    TypeError,
    AttributeError,
    ValueError,
)
MANIFEST = "manifest.json"
KEY_FILE = "secret.key"
#: Who holds which lease right now means nothing in another place or at another time.
_PASSING = frozenset({"leases"})
#: Filled by the migrations themselves: rows there do not make a database one that somebody works with.
FROM_MIGRATIONS = frozenset({"deadline_rules", "duplicate_rules", "petition_fields"})
CHECK_PURPOSE = "backup.check"
SIGNATURE_PURPOSE = "backup.manifest"


class BackupError(Exception):
    """A backup cannot be made or restored; the message says why and what to do, in one line."""


@dataclass(frozen=True, slots=True)
class TableNote:
    """What the manifest says of one table; ``sha256`` is over its uncompressed lines."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``key_check`` is a known text sealed with the key in use when the archive was made."""

    schema: str
    program: str
    engine: str
    made_at: datetime
    tables: Mapping[str, TableNote]
    key_check: bytes
    signature: str = ""

    def unsigned(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "schema": self.schema,
            "program": self.program,
            "engine": self.engine,
            "made_at": self.made_at.isoformat(),
            "tables": {
                name: {"columns": list(note.columns), "rows": note.rows, "sha256": note.sha256}
                for name, note in self.tables.items()
            },
            "key_check": base64.b64encode(self.key_check).decode(),
        }

    def signed_text(self) -> str:
        """What the signature covers: every figure of the manifest, in one spelling."""
        return json.dumps(self.unsigned(), sort_keys=True, ensure_ascii=False)


def kept_tables() -> Sequence[Table]:
    """Every table worth keeping, a table behind those that it refers to."""
    return [table for table in metadata.sorted_tables if table.name not in _PASSING]


def schema_version(connection: Connection) -> str:
    return str(connection.execute(sql("SELECT version_num FROM alembic_version")).scalar_one())


def read_manifest(path: Path) -> Manifest:
    """What the archive says of itself.

    Raises:
        BackupError: no such file, not an archive of ours, or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            told = json.loads(archive.read(MANIFEST))
        if told["format"] != FORMAT:
            raise BackupError(f"{path}: archive format {told['format']}, this program reads {FORMAT}")
        return _manifest(told)
    except FileNotFoundError:
        raise BackupError(f"{path}: no such file") from None
    except DAMAGE as error:
        raise BackupError(f"{path}: not a backup, or damaged ({type(error).__name__})") from None


def _manifest(told: Mapping[str, Any]) -> Manifest:
    notes = {
        name: TableNote(tuple(note["columns"]), int(note["rows"]), str(note["sha256"]))
        for name, note in told["tables"].items()
    }
    return Manifest(
        schema=str(told["schema"]),
        program=str(told["program"]),
        engine=str(told["engine"]),
        made_at=datetime.fromisoformat(told["made_at"]),
        tables=notes,
        key_check=base64.b64decode(told["key_check"]),
        signature=str(told["signature"]),
    )


# --- rows ----------------------------------------------------------------------------------------------------


def row_to_line(table: Table) -> Callable[[Sequence[Any]], bytes]:
    """A function from a row, in the table's column order, to its line."""
    writers = [_writer(column) for column in table.columns]

    def line(row: Sequence[Any]) -> bytes:
        cells = [
            value if write is None or value is None else write(value)
            for write, value in zip(writers, row, strict=True)
        ]
        return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    return line


def line_to_row(table: Table) -> Callable[[bytes], dict[str, Any]]:
    """The way back; raises ValueError on a line that is not this table's."""
    readers = [(column.name, _reader(column)) for column in table.columns]

    def row(line: bytes) -> dict[str, Any]:
        cells = json.loads(line)
        if not isinstance(cells, list) or len(cells) != len(readers):
            raise ValueError("wrong number of cells")
        return {
            name: value if read is None or value is None else read(value)
            for (name, read), value in zip(readers, cells, strict=True)
        }

    return row


def _writer(column: Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, LargeBinary):
        return lambda value: base64.b64encode(bytes(value)).decode()
    if isinstance(column.type, Instant | Date):
        return lambda value: value.isoformat()
    return None  # numbers, text, truth values, and JSON values as they are


def _reader(column: Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, LargeBinary):
        return lambda value: base64.b64decode(value, validate=True)
    if isinstance(column.type, Instant):
        return datetime.fromisoformat
    if isinstance(column.type, Date):
        return date.fromisoformat
    return None


def batches(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
