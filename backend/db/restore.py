"""Restoring a backup: into an empty database, checked to the last byte, as a whole or not at all."""

from __future__ import annotations

import hashlib
import hmac
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, delete, func, insert, select, update
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from backend.db.archive import (
    CHECK_PURPOSE,
    DAMAGE,
    FROM_MIGRATIONS,
    KEY_FILE,
    SIGNATURE_PURPOSE,
    BackupError,
    Manifest,
    TableNote,
    batches,
    kept_tables,
    line_to_row,
    read_manifest,
    schema_version,
)
from backend.db.backup import Progress
from backend.db.crypto import Cipher, SealBroken
from backend.db.engine import Database
from backend.db.unit_of_work import SqlUnitOfWork

_AT_ONCE = 1000


def restore(
    db: Database, path: Path, *, actor: str, replace: bool = False, progress: Progress | None = None
) -> Manifest:
    """Fill the database from an archive. ``replace`` deletes what is there, in the same transaction.

    Nobody else may be working on this database: a running app would go on with what it remembers.

    Raises:
        BackupError: damaged or altered archive, other schema version, other key file, database not empty.
            The database is then as it was before.
    """
    manifest = read_manifest(path)
    _check_key(db.tools.cipher, manifest)
    try:
        with _whole(db.engine) as connection, zipfile.ZipFile(path) as archive:
            _check_schema(connection, manifest)
            _make_room(connection, replace)
            for table in kept_tables():
                _fill(connection, archive, table, manifest.tables[table.name], progress)
            _count_on(connection)
            detail = {"made_at": manifest.made_at.isoformat(), "replaced": replace}
            SqlUnitOfWork(connection, db.tools).audit.record(actor, "restored", "database", "ok", detail)
    except DAMAGE as error:
        raise BackupError(f"{path}: damaged ({type(error).__name__}); nothing was changed") from None
    except DBAPIError as error:
        cause = type(error.orig).__name__
        raise BackupError(f"{path}: the database refused a row ({cause}); nothing was changed") from None
    return manifest


def key_inside(path: Path) -> bytes | None:
    """The key file that was put into the archive, if it was."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(KEY_FILE) if KEY_FILE in archive.namelist() else None
    except DAMAGE as error:
        raise BackupError(f"{path}: not a backup, or damaged ({type(error).__name__})") from None


@contextmanager
def _whole(engine: Engine) -> Iterator[Connection]:
    """One writing transaction."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            with connection.begin():
                yield connection
            return
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


def _check_key(cipher: Cipher, manifest: Manifest) -> None:
    try:
        cipher.open(manifest.key_check, CHECK_PURPOSE)
    except SealBroken:
        raise BackupError(
            "the archive was made with another key file; put that one in place first (MOTCUA_KEY_FILE)"
        ) from None
    expected = cipher.fingerprint(manifest.signed_text(), SIGNATURE_PURPOSE)
    if not hmac.compare_digest(expected, manifest.signature):
        raise BackupError("the archive's manifest was altered, or the first key of the key file is another")


def _check_schema(connection: Connection, manifest: Manifest) -> None:
    here = schema_version(connection)
    if manifest.schema != here:
        raise BackupError(
            f"the archive has schema {manifest.schema} (program {manifest.program}), this program has {here}: "
            "restore with the program that made it, then upgrade"
        )
    for table in kept_tables():
        note = manifest.tables.get(table.name)
        if note is None or note.columns != tuple(column.name for column in table.columns):
            raise BackupError(f"the archive does not hold table {table.name} as this program knows it")


def _make_room(connection: Connection, replace: bool) -> None:
    if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE has shut everybody out already
        names = ", ".join(table.name for table in kept_tables())
        connection.execute(sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
    if not replace:
        for table in kept_tables():
            if table.name in FROM_MIGRATIONS:
                continue
            if connection.execute(select(sql("1")).select_from(table).limit(1)).first() is not None:
                raise BackupError("the database is not empty; restore into an empty one, or use --replace")
    for table in reversed(kept_tables()):
        for column in _own_parents(table):
            connection.execute(update(table).where(table.c[column].is_not(None)).values({column: None}))
        connection.execute(delete(table))


def _own_parents(table: Table) -> list[str]:
    """Columns that refer to rows of the same table: filled last, so that the order of rows does not matter."""
    return [
        column.name
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]


def _fill(
    connection: Connection,
    archive: zipfile.ZipFile,
    table: Table,
    note: TableNote,
    progress: Progress | None,
) -> None:
    digest, rows, later = hashlib.sha256(), 0, _Later(table)
    read = line_to_row(table)
    with archive.open(f"tables/{table.name}.jsonl") as member:
        for lines in batches(iter(member), _AT_ONCE):
            for line in lines:
                digest.update(line)
            connection.execute(insert(table), [later.take(read(line)) for line in lines])
            rows += len(lines)
            if progress is not None:
                progress(table.name, rows)
    if digest.hexdigest() != note.sha256 or rows != note.rows:
        raise BackupError(
            f"the archive's table {table.name} is not what the manifest says; nothing was changed"
        )
    later.settle(connection)


class _Later:
    """Remembers references within a table, and writes them when all rows are there."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._columns = _own_parents(table)
        self._pairs: dict[str, list[dict[str, Any]]] = {column: [] for column in self._columns}

    def take(self, row: dict[str, Any]) -> dict[str, Any]:
        for column in self._columns:
            if row[column] is not None:
                self._pairs[column].append({"row_id": row["id"], "parent": row[column]})
                row[column] = None
        return row

    def settle(self, connection: Connection) -> None:
        for column, pairs in self._pairs.items():
            point = update(self._table).where(self._table.c.id == bindparam("row_id"))
            for part in batches(iter(pairs), _AT_ONCE):
                connection.execute(point.values({column: bindparam("parent")}), part)


def _count_on(connection: Connection) -> None:
    """PostgreSQL's numbering goes on behind the highest restored id; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in kept_tables():
        sequence = connection.execute(
            sql("SELECT pg_get_serial_sequence(:name, 'id')") if "id" in table.c else sql("SELECT NULL"),
            {"name": table.name} if "id" in table.c else {},
        ).scalar()
        if sequence is not None:
            highest = connection.execute(select(func.max(table.c.id))).scalar()
            connection.execute(
                sql("SELECT setval(:sequence, :value, :used)"),
                {"sequence": sequence, "value": highest or 1, "used": highest is not None},
            )
