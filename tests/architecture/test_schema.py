"""One line of migrations, and at its end exactly the tables that the code declares, on both engines."""

from __future__ import annotations

import importlib

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from backend.db.migrate import migrate
from backend.db.tables import metadata
from tests.architecture.tree import ROOT


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "backend" / "db" / "migrations"))
    return ScriptDirectory.from_config(config)


def test_migrations_have_one_head_and_one_beginning() -> None:
    known = scripts()
    assert len(known.get_heads()) == 1
    assert len(known.get_bases()) == 1


def test_every_migration_can_be_imported_and_says_what_it_does() -> None:
    for one in scripts().walk_revisions():
        assert one.doc, one.revision
    folder = ROOT / "backend" / "db" / "migrations" / "versions"
    for path in folder.glob("[0-9]*.py"):
        module = importlib.import_module(f"backend.db.migrations.versions.{path.stem}")
        assert callable(module.upgrade)


def test_the_migrated_schema_is_the_declared_one(database_url: str) -> None:
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, metadata) == []
            assert set(metadata.tables) <= set(inspect(connection).get_table_names())
    finally:
        engine.dispose()


def test_migrating_again_changes_nothing(database_url: str) -> None:
    assert migrate(database_url) is False
