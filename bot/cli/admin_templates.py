"""``admin template KIND FILE``: an empty table to fill in, as CSV or XLSX by the file's ending."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.errors import CommandError
from bot.cli.kinds import TEMPLATES

_ENDINGS = (".csv", ".xlsx")


def add_template_command(admin: typer.Typer) -> None:
    admin.command("template")(template)


def template(
    kind: Annotated[str, typer.Argument(help=f"one of {', '.join(TEMPLATES)}")],
    file: Annotated[Path, typer.Argument(help="a new .csv or .xlsx file")],
) -> None:
    """Every heading that an import understands, and one example row to be replaced."""
    if kind not in TEMPLATES:
        raise CommandError(f"unknown kind {kind!r}; known: {', '.join(TEMPLATES)}")
    if file.suffix.lower() not in _ENDINGS:
        raise CommandError(f"{file}: the name must end in {' or '.join(_ENDINGS)}")
    if file.exists():
        raise CommandError(f"{file}: exists already")
    try:
        TEMPLATES[kind](file)
    except OSError as error:
        raise CommandError(f"{file}: cannot be written ({error.strerror})") from None
    print(f"{file}: fill in, then ./motcua import {kind} {file.name}")
