"""``admin account``: officers, their roles and reach, codes that bind a messenger, delegation for leave."""

from __future__ import annotations

import getpass
import sys
from datetime import date
from typing import Annotated

import typer

from backend.domain.clock import VIETNAM
from backend.domain.scope import ROLES
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

account = typer.Typer(no_args_is_help=True, help="Officers' accounts.")
Roles = Annotated[list[str], typer.Option("--role", help=f"one or more of {', '.join(ROLES)}")]


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
    title: Annotated[str, typer.Option(help="such as Chánh Văn phòng")] = "",
    field: Annotated[
        list[str] | None, typer.Option(help="a field that a specialist or vice-chairman follows")
    ] = None,
    follows: Annotated[list[str] | None, typer.Option(help="code of an agency that they follow")] = None,
) -> None:
    """A new officer; the password is asked for, or read from standard input."""
    from backend.services.accounts.officers import add_officer

    with opened_store(present_settings()) as db:
        password = _ask_password()
        db.write_now(
            lambda uow: add_officer(
                uow,
                shell_actor(),
                name,
                password,
                roles=role,
                full_name=full_name,
                agency_code=agency,
                title=title,
                fields=field or (),
                block=follows or (),
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


@account.command("code")
def account_code(name: str) -> None:
    """A code that binds one messenger to the account, or signs in on the web for the first time. Printed once."""
    from backend.services.accounts.binding import give_code

    with opened_store(present_settings()) as db:
        made = db.write_now(lambda uow: give_code(uow, shell_actor(), name))
    print(
        f"give it to the officer in person; good until {made.until.astimezone(VIETNAM):%H:%M %d/%m/%Y}:",
        file=sys.stderr,
    )
    print(made.code)


@account.command("unlink")
def account_unlink(name: str) -> None:
    """Take every messenger from the account, at once."""
    from backend.services.accounts.binding import unbind_all

    with opened_store(present_settings()) as db:
        count = db.write_now(lambda uow: unbind_all(uow, shell_actor(), name))
    print(f"{name}: {count} unlinked")


@account.command("browsers")
def account_browsers(name: str) -> None:
    """Where the account is signed in on the web, the one seen last first."""
    with opened_store(present_settings()) as db:
        found = db.read_now(lambda uow: uow.sign_ins.open_sessions(name, uow.now))
    for one in found:
        seen = f"{one.seen_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
        print(f"{one.id:>6}  {one.stage:<6}  seen {seen}  {one.agent}")


@account.command("sign-out")
def account_sign_out(name: str) -> None:
    """End every browser of the account, at once. A lost second factor is replaced with ``account code``."""
    from backend.services.accounts.sign_in import sign_out_all

    with opened_store(present_settings()) as db:
        count = db.write_now(lambda uow: sign_out_all(uow, shell_actor(), name))
    print(f"{name}: {count} signed out")


@account.command("delegate")
def account_delegate(
    absent: str,
    deputy: str,
    first: Annotated[str, typer.Option("--from", help="first day, such as 2026-12-01")],
    last: Annotated[str, typer.Option("--to", help="last day, included")],
    source: Annotated[str, typer.Option(help="the document that says so")],
) -> None:
    """While one is on leave, the other sees what they see; answers say so."""
    from backend.domain.officer import Delegation
    from backend.services.accounts.binding import delegate

    made = Delegation(absent, deputy, _day(first), _day(last), source)
    with opened_store(present_settings()) as db:
        number = db.write_now(lambda uow: delegate(uow, shell_actor(), made))
    print(f"delegation {number}: {deputy} for {absent}, {made.starts_on} to {made.ends_on}")


@account.command("delegations")
def account_delegations() -> None:
    """Who stands in for whom, the latest first."""
    with opened_store(present_settings()) as db:
        found = db.read_now(lambda uow: uow.officers.delegations())
    for one in found:
        state = "  (revoked)" if one.revoked else ""
        print(
            f"{one.id:>6}  {one.starts_on} to {one.ends_on}  {one.to} for {one.from_}  [{one.source}]{state}"
        )


@account.command("revoke")
def account_revoke(delegation: int) -> None:
    """End a delegation at once."""
    from backend.services.accounts.binding import revoke

    with opened_store(present_settings()) as db:
        db.write_now(lambda uow: revoke(uow, shell_actor(), delegation))
    print(f"delegation {delegation}: revoked")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text}: expected a date such as 2026-12-01") from None
