"""``admin petitions``: the duty desk's list, one petition with its history, and every move of the map."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backend.domain.clock import VIETNAM
from backend.domain.errors import Conflict, DomainError, InvalidInput, NotFound
from backend.domain.petition import MOVES, OPEN, Petition, PetitionEvent
from backend.text.phones import mask_phone
from bot.cli.admin_petition_entry import add_entry_commands
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

if TYPE_CHECKING:
    from backend.db.unit_of_work import SqlUnitOfWork

petitions = typer.Typer(no_args_is_help=True, help="Petitions: the list, one of them, its moves.")
add_entry_commands(petitions)
CLOSES = time(17, 0)


@petitions.command("list")
def petitions_list(
    late: Annotated[bool, typer.Option(help="only those whose alarm has rung")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """Open petitions, the most urgent first: code, state, owner, what is due and when."""
    with opened_store(present_settings()) as db:
        found = db.read_now(lambda uow: uow.petitions.listed(sorted(OPEN), uow.now if late else None, limit))
    for one in found:
        print(f"{one.code}  {one.state:<15} {one.owner:<12} {one.alarm or '-':<16} {_at(one.alarm_at)}")


@petitions.command("show")
def petitions_show(
    code: str,
    words: Annotated[
        bool, typer.Option(help="print what was written and who wrote it; this is audited")
    ] = False,
) -> None:
    """One petition and its history."""
    with opened_store(present_settings()) as db:
        petition, history, agency = db.write_now(lambda uow: _read(uow, code, words))
    print(f"{petition.code}  {petition.kind}  {petition.source}  {petition.state}  {agency}")
    print(f"received {_at(petition.received_at)}  due {_at(petition.due_at)}  owner {petition.owner}")
    if words and petition.story:
        who = petition.reporter
        print(f"{petition.story.text}\n  where: {petition.story.place}\n  files: {petition.files}")
        print(
            f"  who: {who.name if who else ''} {mask_phone(who.phone) if who and who.phone else '(anonymous)'}"
        )
        print(f"  answer: {petition.answer}" if petition.answer else "  (no answer yet)")
    for event in history:
        print(f"{_at(event.at)}  {event.move:<16} {event.frm} -> {event.to}  {event.actor}")


def _read(uow: SqlUnitOfWork, code: str, words: bool) -> tuple[Petition, Sequence[PetitionEvent], str]:
    petition = uow.petitions.by_code(code.strip().upper())
    if petition is None:
        raise CommandError(f"{code}: there is no such petition")
    if words:
        uow.audit.record(shell_actor(), "petition_read", f"petition:{petition.code}", "ok")
    agency = uow.agencies.get(petition.agency_id).name if petition.agency_id else ""
    return petition, uow.petitions.history(petition.id), agency


@petitions.command("move")
def petitions_move(
    code: str,
    move: Annotated[str, typer.Argument(help=f"one of {', '.join(MOVES)}")],
    reason: str = "",
    agency: Annotated[str, typer.Option(help="code of the agency, for assign and reroute")] = "",
    about: Annotated[str, typer.Option(help="code of the agency that it is about")] = "",
    until: Annotated[str, typer.Option(help="the new due day, for grant_extension: 2026-12-21")] = "",
    into: Annotated[str, typer.Option(help="code of the petition that it goes on in, for merge")] = "",
    answer: Annotated[str, typer.Option(help="what the reporter is answered")] = "",
    field_name: Annotated[str, typer.Option("--field", help="the field, for classify")] = "",
) -> None:
    """Make one move of the map (docs/petitions.md); the reporter is told where the map says so."""
    if move not in MOVES:
        raise CommandError(f"{move}: expected one of {', '.join(MOVES)}")
    with opened_store(present_settings()) as db:
        try:
            moved = db.write_now(
                lambda uow: _move(uow, code, move, reason, agency, about, until, into, answer, field_name)
            )
        except NotFound:
            raise CommandError(f"{code}: there is no such petition or agency") from None
        except Conflict:
            raise CommandError(f"{code}: its state does not allow {move}") from None
        except InvalidInput as error:
            raise CommandError(f"{code}: {error.values.get('reason', error)}") from None
        except DomainError as error:
            raise CommandError(f"{code}: {error}") from None
    print(f"{moved.code}  {moved.state}  owner {moved.owner}  {moved.alarm or '-'} {_at(moved.alarm_at)}")


def _move(
    uow: SqlUnitOfWork,
    code: str,
    name: str,
    reason: str,
    agency: str,
    about: str,
    until: str,
    into: str,
    answer: str,
    field_name: str,
) -> Petition:
    from backend.services.petitions.moving import Mover, move

    def known(one: str) -> Any:
        found = uow.agencies.by_code(one)
        if found is None:
            raise NotFound()
        return found

    more: dict[str, Any] = {"field_name": field_name} if field_name else {}
    if about:
        more["about_agency_id"] = known(about).id
    by = Mover(shell_actor(), frozenset({"administrator"}))
    target = uow.petitions.by_code(into.strip().upper()) if into else None
    return move(
        uow,
        by,
        code.strip().upper(),
        name,
        reason=reason,
        agency=known(agency) if agency else None,
        until=datetime.combine(_day(until), CLOSES, VIETNAM) if until else None,
        into=target,
        answer=answer,
        **more,
    )


@petitions.command("duty")
def petitions_duty(day: str, account: str) -> None:
    """Who is on duty on a day: owner of whatever nobody else owns."""
    on = _day(day)
    with opened_store(present_settings()) as db:
        db.write_now(lambda uow: _put_duty(uow, on, account))
    print(f"{on} {account}")


def _put_duty(uow: SqlUnitOfWork, on: date, account: str) -> None:
    if uow.accounts.by_name(account) is None:
        raise CommandError(f"{account}: there is no such account")
    uow.petitions.put_duty(on, account)
    uow.audit.record(shell_actor(), "duty_entered", f"day:{on}", "ok", {"account": account})


@petitions.command("sealed")
def petitions_sealed(
    number: Annotated[int, typer.Argument(help="print this one; it is audited")] = 0,
    reader: Annotated[str, typer.Option(help="account of the named reader")] = "",
) -> None:
    """The sealed lane of denunciations: numbers and instants; with a number, its words, for a named reader."""
    from backend.services.petitions.sealed import read_sealed

    with opened_store(present_settings()) as db:
        if not number:
            for one, at, read_by in db.read_now(lambda uow: uow.petitions.sealed()):
                print(f"{one:>6}  {_at(at)}  {'read by ' + read_by if read_by else 'unread'}")
            return
        try:
            words = db.write_now(lambda uow: read_sealed(uow, number, reader))
        except NotFound:
            raise CommandError(f"{number}: there is no such report") from None
    if words is None:
        raise CommandError(
            f"{reader or 'nobody'}: not named for the sealed lane (role inspector); this was recorded"
        )
    print(words["words"])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text}: expected a date such as 2026-12-21") from None


def _at(moment: datetime | None) -> str:
    return moment.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M") if moment else "-"
