"""Making a backup: one consistent reading of every table, while the app goes on working."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, Table, select

from backend.db.archive import (
    CHECK_PURPOSE,
    KEY_FILE,
    MANIFEST,
    SIGNATURE_PURPOSE,
    BackupError,
    Manifest,
    TableNote,
    kept_tables,
    row_to_line,
    schema_version,
)
from backend.db.engine import Database

#: Rows fetched at a time: memory stays small however large a table is.
_AT_ONCE = 1000
Progress = Callable[[str, int], None]  # table, rows done


def back_up(
    db: Database, path: Path, *, program: str, key_file: Path | None = None, progress: Progress | None = None
) -> Manifest:
    """Write everything to a new archive at ``path`` (mode 0600), whole or not at all.

    ``key_file`` puts that key file into the archive too: whoever has the archive can then read all of it.

    Raises:
        BackupError: the file exists already or cannot be written.
    """
    if path.exists():
        raise BackupError(f"{path} exists already; name another file")
    part = path.with_name(path.name + ".part")
    try:
        with _private(part) as file:
            manifest = _write(db, file, program, key_file, progress or _quiet)
        part.replace(path)
    except OSError as error:
        raise BackupError(f"{path}: cannot be written ({error.strerror or error})") from None
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _quiet(table: str, rows: int) -> None:
    return None


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _write(
    db: Database, file: IO[bytes], program: str, key_file: Path | None, progress: Progress
) -> Manifest:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        with _snapshot(db.engine) as connection:
            notes = {
                table.name: _write_table(archive, connection, table, progress) for table in kept_tables()
            }
            schema = schema_version(connection)
        cipher = db.tools.cipher
        unsigned = Manifest(
            schema=schema,
            program=program,
            engine=db.engine.dialect.name,
            made_at=db.tools.clock.now(),
            tables=notes,
            key_check=cipher.seal(b"motcua", CHECK_PURPOSE),
        )
        manifest = replace(unsigned, signature=cipher.fingerprint(unsigned.signed_text(), SIGNATURE_PURPOSE))
        told = {**manifest.unsigned(), "signature": manifest.signature}
        archive.writestr(MANIFEST, json.dumps(told, indent=1, ensure_ascii=False))
        if key_file is not None:
            archive.writestr(KEY_FILE, key_file.read_bytes())
    return manifest


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """One moment of the whole database; writers are not held up."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            settled = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            with settled.begin():
                yield settled
        else:
            connection.exec_driver_sql("BEGIN")  # in WAL mode the first reading fixes what is seen
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")


def _write_table(
    archive: zipfile.ZipFile, connection: Connection, table: Table, progress: Progress
) -> TableNote:
    digest, rows = hashlib.sha256(), 0
    line = row_to_line(table)
    keys: list[Any] = list(table.primary_key.columns)
    reading = connection.execution_options(yield_per=_AT_ONCE)
    with (
        reading.execute(select(table).order_by(*keys)) as found,
        archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as member,
    ):
        for part in found.partitions():
            lines = b"".join(line(row) for row in part)
            digest.update(lines)
            member.write(lines)
            rows += len(part)
            progress(table.name, rows)
    return TableNote(tuple(column.name for column in table.columns), rows, digest.hexdigest())
