"""``admin demo``, ``backup``, ``restore``, ``retention``: the whole database at once."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from backend.domain.clock import VIETNAM
from backend.settings import Settings
from bot.cli.errors import CommandError
from bot.cli.store import app_is_running, opened_store, present_settings, shell_actor

demo = typer.Typer(no_args_is_help=True, help="The demonstration province.")

WithKey = Annotated[
    bool, typer.Option("--with-key", help="the key file too: the archive then opens everything")
]

_CLEAR = "\r\033[K"  # to the beginning of the line, and empty it


def add_data_commands(admin: typer.Typer) -> None:
    admin.add_typer(demo, name="demo")
    admin.command("backup")(backup)
    admin.command("restore")(restore)
    admin.command("retention")(retention)


def _say(words: str) -> None:
    print(f"{_CLEAR if sys.stderr.isatty() else ''}{words}", file=sys.stderr, flush=True)


def _count(table: str, rows: int) -> None:
    """How far it is: one line that is written over, and only for a person who looks on."""
    if sys.stderr.isatty():
        print(f"{_CLEAR}  {table}: {rows:,} rows", end="", file=sys.stderr, flush=True)


@demo.command("load")
def demo_load(
    profile: Annotated[str, typer.Argument(help="default, or the published year of an office")] = "default",
) -> None:
    """Fill an empty database with the demonstration province, or with a published year."""
    from backend.demo.load import is_empty, load_demo
    from backend.demo.profiles.load import PROFILES, load_profile

    if profile not in ("default", *PROFILES):
        raise CommandError(f"{profile}: no such demonstration; there are: default, {', '.join(PROFILES)}")
    with opened_store(present_settings()) as db:
        if not db.read_now(is_empty):
            raise CommandError("the database is not empty; a demonstration is loaded only into an empty one")
        _say("  loading the demonstration province …")
        began = time.monotonic()
        if profile == "default":
            db.write_now(lambda uow: load_demo(uow, anchor=uow.now))
        else:
            db.write_now(lambda uow: load_profile(uow, profile))
        db.write_now(lambda uow: uow.audit.record(shell_actor(), "demo_loaded", "database", "ok"))
        agencies = len(db.read_now(lambda uow: uow.agencies.all()))
    _say(
        f"  loaded in {time.monotonic() - began:.0f} s: {agencies} agencies with their procedures and dossiers"
    )


def backup(
    file: Annotated[Path, typer.Argument(help="a new file, such as motcua-2026-11-21.zip")],
    with_key: WithKey = False,
) -> None:
    """Everything in one archive; works while ``up`` runs. The key file is not in it unless asked for."""
    from backend.db.archive import BackupError
    from backend.db.backup import back_up

    settings = present_settings()
    with opened_store(settings) as db:
        try:
            key_file = settings.key_file if with_key else None
            made = back_up(db, file, program=_version(), key_file=key_file, progress=_count)
        except BackupError as error:
            raise CommandError(str(error)) from None
        counted = sum(note.rows for note in made.tables.values())
        db.write_now(
            lambda uow: uow.audit.record(
                shell_actor(), "backed_up", "database", "ok", {"rows": counted, "with_key": with_key}
            )
        )
    _say(f"  {file}: {counted:,} rows, {file.stat().st_size / 1e6:.1f} MB, schema {made.schema}")
    if with_key:
        _say("  WARNING: the key file is inside. Whoever has this archive can read what people wrote.")
    else:
        _say(f"  Without the key file it cannot be read: keep {settings.key_file} safe, somewhere else.")


def restore(
    file: Path,
    replace: Annotated[bool, typer.Option("--replace", help="delete what the database holds now")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    with_key: WithKey = False,
) -> None:
    """Fill an empty database from an archive: checked, and as a whole or not at all."""
    from backend.db.archive import BackupError
    from backend.db.restore import restore as run_restore

    settings = present_settings()
    if app_is_running(settings):
        raise CommandError("the app is running; stop it first (and every replica on the same database)")
    if replace and not yes:
        typer.confirm(f"Delete everything in {_place(settings)} and put {file} in its place?", abort=True)
    try:
        _ready_key(settings, file, with_key)
        with opened_store(settings) as db:
            done = run_restore(db, file, actor=shell_actor(), replace=replace, progress=_count)
    except BackupError as error:
        raise CommandError(str(error)) from None
    counted = sum(note.rows for note in done.tables.values())
    made_at = done.made_at.astimezone(VIETNAM)
    _say(f"  restored {counted:,} rows as of {made_at:%Y-%m-%d %H:%M} (Vietnam time)")


def _ready_key(settings: Settings, file: Path, with_key: bool) -> None:
    """The key file must be there before the store is opened, which would make a new one."""
    from backend.db.archive import read_manifest
    from backend.db.restore import key_inside

    read_manifest(file)
    if not with_key:
        if not settings.key_file.exists():
            raise CommandError(
                f"{settings.key_file} is missing: put the key file of the backed-up office there "
                "(or --with-key, when it is inside the archive)"
            )
        return
    inside = key_inside(file)
    if inside is None:
        raise CommandError(f"{file}: no key file inside")
    if settings.key_file.exists():
        if settings.key_file.read_bytes() != inside:
            raise CommandError(
                f"{settings.key_file} is another key file; move it away first, do not delete it"
            )
        return
    settings.key_file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(settings.key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as key_file:
        key_file.write(inside)


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only count")] = False,
) -> None:
    """Forget now what is over its time (a running app does it every night)."""
    from backend.jobs.retention import forget
    from backend.services.retention import count_old

    settings = present_settings()
    with opened_store(settings) as db:
        if dry_run:
            counted = db.read_now(lambda uow: count_old(uow, settings.retention_days))
        else:
            counted = asyncio.run(forget(db, settings.retention_days, shell_actor()))
    _say(f"  {'would forget' if dry_run else 'forgot'} what is older than {settings.retention_days} days:")
    for kind, count in counted.items():
        print(f"{kind:<10} {count}")


def _version() -> str:
    import tomllib

    with (Path(__file__).resolve().parent.parent.parent / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _place(settings: Settings) -> str:
    """The database without its password."""
    from sqlalchemy import make_url

    return make_url(settings.database_url).render_as_string(hide_password=True)
