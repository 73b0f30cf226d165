"""``admin apologies``: dossiers whose promise will not be kept, and the signed form that gives a new date."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated

import typer

from backend.domain.clock import VIETNAM
from backend.domain.errors import Conflict, InvalidInput, NotFound
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

apologies = typer.Typer(no_args_is_help=True, help="Apologies for dossiers that will be late.")
_CLOSES = time(17, 0)


@apologies.command("list")
def apologies_list(limit: Annotated[int, typer.Option(min=1, max=1000)] = 100) -> None:
    """Drafts that wait for a signature, the most urgent first: code, promised for, agency."""
    from backend.services.dossiers.apologies import waiting

    with opened_store(present_settings()) as db:
        found = db.read_now(lambda uow: waiting(uow, limit))
    for one in found:
        due = one.due_at.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")
        told = "followers know it is overdue" if one.told_at else ""
        print(f"{one.code:<32} {due}  {one.agency_name}  {told}".rstrip())


@apologies.command("sign")
def apologies_sign(
    code: str,
    number: Annotated[str, typer.Option(help="number of the signed letter of apology")],
    until: Annotated[str, typer.Option(help="the new date: 2026-11-27, or with an hour 2026-11-27T11:00")],
    reason: Annotated[str, typer.Option(help="the reason as the letter gives it")] = "",
) -> None:
    """The letter is signed: those who follow the dossier are told the new date and the letter's number."""
    from backend.services.dossiers.apologies import sign

    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        raise CommandError(f"--until {until!r}: expected a date such as 2026-11-27") from None
    if len(until) == len("2026-11-27"):
        moment = datetime.combine(moment.date(), _CLOSES)
    new_due_at = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    with opened_store(present_settings()) as db:
        try:
            told = db.write_now(
                lambda uow: sign(uow, shell_actor(), code.strip().upper(), number, new_due_at, reason)
            )
        except NotFound:
            raise CommandError(f"{code}: no running dossier with a promised date has this code") from None
        except Conflict:
            raise CommandError(f"{code}: a letter for this promise was entered before") from None
        except InvalidInput as error:
            raise CommandError(str(error.values["reason"])) from None
    print(f"{code}: {told} to be told")
