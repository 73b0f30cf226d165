"""Bringing a database to the newest version: under a lock, after a backup of a SQLite file."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

_FOLDER = Path(__file__).parent / "migrations"
#: Any fixed number; whoever migrates holds it.
_ADVISORY_LOCK = 0x6D6F7463


class SchemaTooNew(RuntimeError):
    """The database was made by a newer version of the program."""


def migrate(url: str) -> bool:
    """Apply what is missing; True when something was.

    Raises:
        SchemaTooNew: the database is ahead of this program.
    """
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
                connection.commit()
            return _upgrade(connection, url)
    finally:
        engine.dispose()


def _upgrade(connection: Connection, url: str) -> bool:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    present = MigrationContext.configure(connection).get_current_revision()
    if present == scripts.get_current_head():
        return False
    if present is not None and present not in {one.revision for one in scripts.walk_revisions()}:
        raise SchemaTooNew(f"the database is at version {present}, which this program does not know")
    connection.rollback()
    if present is not None and url.startswith("sqlite"):
        _keep_copy(Path(url.removeprefix("sqlite:///")), present)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()
    return True


def _keep_copy(path: Path, version: str) -> None:
    """A copy beside the file, named after the version it has; made through SQLite so that it is whole."""
    import sqlite3

    copy = path.with_suffix(f".before-{version}.sqlite3")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    shutil.copymode(path, copy)
    os.sync()
