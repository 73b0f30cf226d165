"""The store, opened for one command: settings, database, the actor's name for the audit, one-line errors."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from backend.domain.errors import DomainError
from backend.settings import Settings, read_settings
from bot.cli.errors import CommandError

if TYPE_CHECKING:
    from backend.db.engine import Database

_ROOT = Path(__file__).resolve().parent.parent.parent


def present_settings() -> Settings:
    return read_settings(_ROOT, os.environ)


def shell_actor() -> str:
    """Who sits at the terminal, for the audit."""
    try:
        return f"shell:{getpass.getuser()}"[:100]
    except (KeyError, OSError):  # a container's user without a name
        return f"shell:uid{os.getuid()}"


@contextmanager
def opened_store(settings: Settings) -> Iterator[Database]:
    """The migrated database; a refusal inside becomes a line on the terminal.

    Raises:
        CommandError: a rule said no.
    """
    from bot.app import open_store

    db = open_store(settings)
    try:
        yield db
    except DomainError as refusal:
        raise CommandError(str(refusal)) from None
    finally:
        db.close()


def app_is_running(settings: Settings) -> bool:
    """Whether an app of this machine and home answers at its local door."""
    if not settings.socket.exists():
        return False
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(1.0)
        try:
            door.connect(str(settings.socket))
        except OSError:
            return False
    return True
