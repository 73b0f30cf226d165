"""All commands. Each says what went wrong in one line; a stack trace is a bug."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from backend.settings import SettingError, Settings, read_settings
from bot.cli.admin import admin
from bot.cli.nlu import nlu

ROOT = Path(__file__).resolve().parent.parent.parent

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(admin, name="admin")
cli.add_typer(nlu, name="nlu")

AsStaff = Annotated[str, typer.Option("--as", help="speak as an officer: staff:NAME")]
Sender = Annotated[str, typer.Option(help="go on with this sender's conversation")]
AsJson = Annotated[bool, typer.Option("--json", help="the last line of output is one JSON value")]


def settings(**changes: str) -> Settings:
    return read_settings(ROOT, {**os.environ, **changes})


def staff_name(who: str) -> str:
    if not who:
        return ""
    kind, _, name = who.partition(":")
    if kind != "staff" or not name:
        raise SettingError(f"--as {who}: expected staff:NAME")
    return name


@cli.command()
def up(port: Annotated[int, typer.Option(help="the app's port")] = 0) -> None:
    """Everything: training if the language changed, migrations, Rasa, the app. Ctrl-C stops all of it."""
    from bot.cli.run import up as run_up

    began = float(os.environ.get("MOTCUA_BEGAN", 0)) or time.time()
    raise typer.Exit(run_up(settings(**({"MOTCUA_PORT": str(port)} if port else {})), began))


@cli.command(hidden=True)
def serve() -> None:
    """The app alone (what ``up`` supervises)."""
    from bot.cli.run import serve as run_serve

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # a third less time per request
        raise typer.Exit(runner.run(run_serve(settings())))


@cli.command(hidden=True)
def linger(model: Path) -> None:
    """A Rasa that ends by itself (what ``ask`` leaves behind)."""
    from bot.cli.linger import linger as run_linger

    raise typer.Exit(run_linger(settings(), model))


@cli.command()
def ask(words: str, who: AsStaff = "", sender: Sender = "", as_json: AsJson = False) -> None:
    """One message through the real path."""
    from bot.cli.talk import ask as run_ask

    raise typer.Exit(asyncio.run(run_ask(settings(), words, sender, staff_name(who), as_json)))


@cli.command()
def chat(who: AsStaff = "", sender: Sender = "") -> None:
    """A conversation in the terminal."""
    from bot.cli.talk import chat as run_chat

    raise typer.Exit(asyncio.run(run_chat(settings(), sender, staff_name(who))))


@cli.command()
def train(force: Annotated[bool, typer.Option(help="even when nothing changed")] = False) -> None:
    """Train the language model when what it depends on changed."""
    from bot.cli.language import train as run_train

    print(run_train(settings(), force=force))


@cli.command("import")
def import_(
    kind: str,
    file: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="judge the file, write nothing")] = False,
    source: Annotated[str, typer.Option(help="the source's name, as shown in answers")] = "",
    as_json: AsJson = False,
) -> None:
    """Bring in a file of the province's systems; refused rows are listed, exit code 1 if there are any."""
    from bot.cli.imports import import_file

    raise typer.Exit(import_file(settings(), kind, file, source=source, dry_run=dry_run, as_json=as_json))


@cli.command()
def search(words: str, k: Annotated[int, typer.Option(help="how many")] = 5, as_json: AsJson = False) -> None:
    """Procedure search alone: code, title, score."""
    from bot.cli.search import search as run_search

    raise typer.Exit(run_search(settings(), words, k, as_json))


@cli.command()
def bench(name: str, file: Annotated[Path | None, typer.Argument()] = None) -> None:
    """A benchmark of benchmarks/; the last line of output is one JSON object."""
    from bot.cli.bench import bench as run_bench

    raise typer.Exit(run_bench(name, file))


def main() -> None:
    """Entry: errors that a person can mend are one line, without a stack trace."""
    from sqlalchemy.exc import OperationalError

    from backend.db.migrate import SchemaTooNew
    from bot.cli.errors import CommandError
    from bot.cli.language import LanguageError
    from bot.cli.supervisor import PortTaken

    try:
        cli()
    except (SettingError, CommandError, LanguageError, PortTaken, SchemaTooNew) as error:
        sys.exit(f"motcua: {error}")
    except OperationalError as error:
        sys.exit(f"motcua: the database cannot be reached ({str(error.orig).splitlines()[0]})")
    except KeyboardInterrupt:
        sys.exit(130)
