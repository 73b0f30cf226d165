"""``admin petitions``: the duty desk's list, one petition with its history, and every move of the map."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backend.domain.clock import VIETNAM
from backend.domain.errors import Conflict, DomainError, InvalidInput, NotFound
from backend.domain.petition import MOVES, OPEN, Petition, PetitionEvent, PetitionKind
from backend.text.phones import mask_phone
from bot.cli.admin_petition_entry import add_entry_commands
from bot.cli.admin_petition_hints import add_hint_commands
from bot.cli.admin_petition_papers import add_paper_commands, sealed_lines, shown_paper
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

if TYPE_CHECKING:
    from backend.db.unit_of_work import SqlUnitOfWork

petitions = typer.Typer(no_args_is_help=True, help="Petitions: the list, one of them, its moves.")
add_entry_commands(petitions)
add_paper_commands(petitions)
add_hint_commands(petitions)
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
        beside = db.read_now(lambda uow: shown_paper(uow, petition))
    print(f"{petition.code}  {petition.kind}  {petition.source}  {petition.state}  {agency}")
    print(f"received {_at(petition.received_at)}  due {_at(petition.due_at)}  owner {petition.owner}")
    for line in beside:
        print(line)
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
    suggested: Annotated[
        bool, typer.Option(help="for classify: the field that was suggested is right")
    ] = False,
    kind: Annotated[
        str, typer.Option(help="for classify: it is of another kind than it was entered as")
    ] = "",
    document: Annotated[
        str, typer.Option(help="number of our notice; of the other body's answer, for answered_elsewhere")
    ] = "",
    body: Annotated[str, typer.Option(help="the competent body, where it is none of our agencies")] = "",
    skips_level: Annotated[bool, typer.Option(help="for guide and forward: sent above --agency")] = False,
    complex_case: Annotated[bool, typer.Option("--complex", help="for accept: a complex complaint")] = False,
    remote: Annotated[bool, typer.Option(help="for accept: travel is hard there")] = False,
) -> None:
    """Make one move of the map (docs/petitions.md); the reporter is told where the map says so."""
    if move not in MOVES:
        raise CommandError(f"{move}: expected one of {', '.join(MOVES)}")
    given = {"document": document, "body": body, "skips_level": skips_level, "remote": remote}
    given |= {"reason": reason, "answer": answer, "complex_case": complex_case, "kind": _kind(kind)}
    given |= {
        "field_name": field_name,
        "suggested": suggested,
        "agency": agency,
        "about": about,
        "into": into,
    }
    given["until"] = datetime.combine(_day(until), CLOSES, VIETNAM) if until else None
    with opened_store(present_settings()) as db:
        try:
            moved = db.write_now(lambda uow: _move(uow, code.strip().upper(), move, given))
        except NotFound:
            raise CommandError(f"{code}: there is no such petition or agency") from None
        except Conflict:
            raise CommandError(f"{code}: its state does not allow {move}") from None
        except InvalidInput as error:
            raise CommandError(f"{code}: {error.values.get('reason', error)}") from None
        except DomainError as error:
            raise CommandError(f"{code}: {error}") from None
    print(f"{moved.code}  {moved.state}  owner {moved.owner}  {moved.alarm or '-'} {_at(moved.alarm_at)}")


def _move(uow: SqlUnitOfWork, code: str, name: str, given: dict[str, Any]) -> Petition:
    from backend.services.petitions.moving import Mover, move

    def known(one: str) -> Any:
        found = uow.agencies.by_code(one)
        if found is None:
            raise NotFound()
        return found

    said = {key: value for key, value in given.items() if value}
    if about := said.pop("about", ""):
        said["about_agency_id"] = known(about).id
    if agency := said.pop("agency", ""):
        said["agency"] = known(agency)
    if into := said.pop("into", ""):
        said["into"] = uow.petitions.by_code(into.strip().upper())
    if said.pop("suggested", False):
        said.setdefault("field_name", _suggested(uow, code))
    return move(uow, Mover(shell_actor(), frozenset({"administrator"})), code, name, **said)


def _suggested(uow: SqlUnitOfWork, code: str) -> str:
    petition = uow.petitions.by_code(code)
    found = uow.petition_fields.suggested(petition.id) if petition else None
    if found is None or not found.field:
        raise InvalidInput(reason="chưa có gợi ý lĩnh vực, cần ghi --field")
    return found.field


def _kind(text: str) -> PetitionKind | None:
    try:
        return PetitionKind(text) if text else None
    except ValueError:
        raise CommandError(f"{text}: expected one of {', '.join(PetitionKind)}") from None


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
            for line in db.read_now(sealed_lines):
                print(line)
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
