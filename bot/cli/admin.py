"""``admin``: accounts and keys; the office's and the data's commands join it. Every change is audited."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from backend.domain.running import ROLES, SCOPES
from bot.cli.admin_apologies import apologies
from bot.cli.admin_callbacks import callbacks
from bot.cli.admin_data import add_data_commands
from bot.cli.admin_notices import notices
from bot.cli.admin_office import add_office_commands
from bot.cli.admin_petitions import petitions
from bot.cli.admin_ratings import ratings
from bot.cli.admin_replies import replies
from bot.cli.admin_zalo import zalo
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

admin = typer.Typer(no_args_is_help=True, help="Accounts, keys, calendar, backup, restore, retention.")
account = typer.Typer(no_args_is_help=True, help="Officers' accounts.")
key = typer.Typer(no_args_is_help=True, help="Keys of programs that push data or talk to the assistant.")
admin.add_typer(account, name="account")
admin.add_typer(key, name="key")
admin.add_typer(callbacks, name="callbacks")
admin.add_typer(petitions, name="petitions")
admin.add_typer(notices, name="notices")
admin.add_typer(apologies, name="apologies")
admin.add_typer(replies, name="replies")
admin.add_typer(ratings, name="ratings")
admin.add_typer(zalo, name="zalo")
add_office_commands(admin)
add_data_commands(admin)

Roles = Annotated[list[str], typer.Option("--role", help=f"one or more of {', '.join(ROLES)}")]
Scopes = Annotated[list[str], typer.Option("--scope", help=f"one or more of {', '.join(SCOPES)}")]


def _ask_password() -> str:
    """Typed twice at a terminal; otherwise the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise CommandError("the two passwords differ; nothing was changed")
    return first


@account.command("add")
def account_add(
    name: str,
    role: Roles,
    full_name: Annotated[str, typer.Option(help="as it is shown to colleagues")] = "",
    agency: Annotated[str, typer.Option(help="code of the officer's agency")] = "",
) -> None:
    """A new officer; the password is asked for, or read from standard input."""
    from backend.services.accounts.officers import add_officer

    with opened_store(present_settings()) as db:
        password = _ask_password()
        db.write_now(
            lambda uow: add_officer(
                uow, shell_actor(), name, password, roles=role, full_name=full_name, agency_code=agency
            )
        )
    print(f"{name}: {', '.join(sorted(set(role)))}")


@account.command("list")
def account_list() -> None:
    """Name, roles, state and full name of every account."""
    with opened_store(present_settings()) as db:
        found = db.read_now(lambda uow: uow.accounts.all())
    for one in found:
        state = "active" if one.active else "locked"
        mark = "  (demonstration)" if one.demo else ""
        print(f"{one.name:<20} {state:<7} {','.join(sorted(one.roles)):<30} {one.full_name}{mark}")


@account.command("password")
def account_password(name: str) -> None:
    """A new password for an account, asked for or read from standard input."""
    from backend.services.accounts.officers import set_password

    with opened_store(present_settings()) as db:
        password = _ask_password()
        db.write_now(lambda uow: set_password(uow, shell_actor(), name, password))
    print(f"{name}: password set")


@account.command("lock")
def account_lock(
    name: str, undo: Annotated[bool, typer.Option("--undo", help="let it work again")] = False
) -> None:
    """Lock an account; its history stays."""
    from backend.services.accounts.officers import set_active

    with opened_store(present_settings()) as db:
        db.write_now(lambda uow: set_active(uow, shell_actor(), name, undo))
    print(f"{name}: {'active' if undo else 'locked'}")


@key.command("add")
def key_add(name: str, scope: Scopes) -> None:
    """A new key. It is printed once and cannot be shown again."""
    from backend.services.accounts.keys import add_key

    with opened_store(present_settings()) as db:
        made = db.write_now(lambda uow: add_key(uow, shell_actor(), name, scope))
    print("keep it now; only its hash is stored:", file=sys.stderr)
    print(made)


@key.command("revoke")
def key_revoke(name: str) -> None:
    """The key stops to work at once."""
    from backend.services.accounts.keys import revoke_key

    with opened_store(present_settings()) as db:
        db.write_now(lambda uow: revoke_key(uow, shell_actor(), name))
    print(f"{name}: revoked")


@key.command("list")
def key_list() -> None:
    """Name, state and scopes of every key."""
    with opened_store(present_settings()) as db:
        found = db.read_now(lambda uow: uow.accounts.all_keys())
    for one in found:
        print(f"{one.name:<30} {'revoked' if one.revoked else 'active':<8} {','.join(sorted(one.scopes))}")
