"""``admin``: accounts and keys; the office's and the data's commands join it. Every change is audited."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from backend.domain.running import SCOPES
from bot.cli.admin_accounts import account
from bot.cli.admin_apologies import apologies
from bot.cli.admin_callbacks import callbacks
from bot.cli.admin_data import add_data_commands
from bot.cli.admin_figures import figures
from bot.cli.admin_notices import notices
from bot.cli.admin_office import add_office_commands
from bot.cli.admin_petitions import petitions
from bot.cli.admin_ratings import ratings
from bot.cli.admin_replies import replies
from bot.cli.admin_templates import add_template_command
from bot.cli.admin_zalo import zalo
from bot.cli.store import opened_store, present_settings, shell_actor

admin = typer.Typer(no_args_is_help=True, help="Accounts, keys, calendar, backup, restore, retention.")
key = typer.Typer(no_args_is_help=True, help="Keys of programs that push data or talk to the assistant.")
admin.add_typer(account, name="account")
admin.add_typer(key, name="key")
admin.add_typer(callbacks, name="callbacks")
admin.add_typer(petitions, name="petitions")
admin.add_typer(notices, name="notices")
admin.add_typer(apologies, name="apologies")
admin.add_typer(replies, name="replies")
admin.add_typer(ratings, name="ratings")
admin.add_typer(figures, name="figures")
admin.add_typer(zalo, name="zalo")
add_office_commands(admin)
add_data_commands(admin)
add_template_command(admin)

Scopes = Annotated[list[str], typer.Option("--scope", help=f"one or more of {', '.join(SCOPES)}")]


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
