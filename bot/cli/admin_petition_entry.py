"""``admin petitions enter | deadlines | deadline``: what comes on paper or by word of mouth, and the rules of time."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.errors import InvalidInput, NotFound
from backend.domain.petition import (
    STEPS,
    DeadlineRule,
    NewPetition,
    PetitionKind,
    PetitionSource,
    Reporter,
    Story,
    Unit,
)
from backend.domain.petition_paper import ForwarderKind, Origin, Paper
from backend.text.phones import normalise_phone
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

if TYPE_CHECKING:
    from backend.db.unit_of_work import SqlUnitOfWork

_SAID = {PetitionSource.PORTAL: ForwarderKind.PORTAL, PetitionSource.FORWARDED: ForwarderKind.AGENCY}
_BY_HAND = tuple(one for one in PetitionSource if one is not PetitionSource.CHAT)


def add_entry_commands(petitions: typer.Typer) -> None:
    petitions.command("enter")(enter)
    petitions.command("deadlines")(deadlines)
    petitions.command("deadline")(deadline)


def enter(
    kind: Annotated[str, typer.Argument(help=f"one of {', '.join(PetitionKind)}")],
    source: Annotated[str, typer.Option(help=f"one of {', '.join(_BY_HAND)}")],
    name: str = "",
    phone: str = "",
    place: str = "",
    commune: Annotated[str, typer.Option(help="code of the commune where it happened")] = "",
    point: Annotated[str, typer.Option("--at", help="where it happened on the map: 10.5,106.7")] = "",
    about: Annotated[str, typer.Option(help="code of the agency that it is about: it never gets it")] = "",
    number: Annotated[str, typer.Option(help="its number elsewhere: it is then counted once")] = "",
    sent_by: Annotated[str, typer.Option("--from", help="who forwarded it, or whose number it is")] = "",
    forwarder: Annotated[str, typer.Option(help=f"one of {', '.join(ForwarderKind)}")] = "",
    dated: Annotated[str, typer.Option(help="date of their document: 2026-11-20")] = "",
    people: Annotated[int, typer.Option(min=1, max=100_000, help="how many came, or signed")] = 1,
    representative: Annotated[str, typer.Option(help="who speaks for a delegation")] = "",
    representative_phone: str = "",
    unsigned: Annotated[bool, typer.Option(help="the letter bears no signature or fingerprint")] = False,
    remote: Annotated[bool, typer.Option(help="travel is hard there: a complaint has longer")] = False,
    hidden: Annotated[bool, typer.Option(help="the handling agency must not learn who reported it")] = False,
) -> None:
    """A petition by letter, visit, delegation, telephone, from another body or the national portal; text on stdin.

    A denunciation goes to the sealed lane and gets no code.
    """
    chosen, way = _kind_and_way(kind, source)
    text = sys.stdin.read().strip()
    if not text:
        raise CommandError("nothing on standard input: what was said?")
    story, reporter, (latitude, longitude) = Story(text, place), Reporter(name, _phone(phone)), _point(point)
    new = NewPetition(chosen, way, story, reporter, hidden=hidden, latitude=latitude, longitude=longitude)
    paper = Paper(people, Reporter(representative, _phone(representative_phone)), not unsigned, remote=remote)
    origin = read_origin(way, forwarder, sent_by, number, dated)
    with opened_store(present_settings()) as db:
        try:
            print(db.write_now(lambda uow: _keep(uow, new, paper, origin, commune, about)))
        except NotFound:
            raise CommandError(f"{commune or about}: there is no such agency") from None
        except InvalidInput as error:
            raise CommandError(f"{error.values.get('reason', error)}") from None


def _kind_and_way(kind: str, source: str) -> tuple[PetitionKind, PetitionSource]:
    try:
        chosen, way = PetitionKind(kind), PetitionSource(source)
    except ValueError:
        raise CommandError(f"kind: {', '.join(PetitionKind)}; source: {', '.join(_BY_HAND)}") from None
    if way is PetitionSource.CHAT:
        raise CommandError("what comes by chat is entered by the chat itself")
    return chosen, way


def read_origin(
    way: PetitionSource | None, forwarder: str, sent_by: str, number: str, dated: str
) -> Origin | None:
    """Where it has a number; None where nothing of it was typed. Raises CommandError."""
    if not (forwarder or sent_by or number or dated):
        return None
    guessed = _SAID.get(way, ForwarderKind.OTHER) if way else ForwarderKind.AGENCY
    try:
        kind = ForwarderKind(forwarder) if forwarder else guessed
        day = date.fromisoformat(dated) if dated else None
    except ValueError:
        raise CommandError(f"forwarder: {', '.join(ForwarderKind)}; dated: such as 2026-11-20") from None
    return Origin(kind, " ".join(sent_by.split()), " ".join(number.split()), day)


def _phone(text: str) -> str:
    try:
        return normalise_phone(text) if text else ""
    except ValueError:
        raise CommandError(f"{text}: not a telephone number") from None


def _point(text: str) -> tuple[float, float] | tuple[None, None]:
    if not text:
        return None, None
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        raise CommandError(f"{text}: expected latitude,longitude such as 10.5,106.7") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise CommandError(f"{text}: not a place on the earth")
    return latitude, longitude


def _keep(
    uow: SqlUnitOfWork, new: NewPetition, paper: Paper, origin: Origin | None, commune: str, about: str
) -> str:
    from backend.services.petitions.entering import enter

    def known(code: str) -> int | None:
        found = uow.agencies.by_code(code) if code else None
        if code and found is None:
            raise NotFound()
        return found.id if found else None

    new = replace(new, commune_id=known(commune), about_agency_id=known(about))
    entered = enter(uow, shell_actor(), new, paper, origin)
    if entered.petition is None:
        return "sealed"
    kept = entered.petition
    if entered.known:
        return f"{kept.code}  entered before, counted once  {kept.state}"
    return f"{kept.code}  owner {kept.owner}  {kept.alarm} by {kept.alarm_at:%Y-%m-%d}"


def deadlines() -> None:
    """Every rule of time: kind, step, how long, since when, by whose rule, and whether it is law."""
    with opened_store(present_settings()) as db:
        for one in db.read_now(lambda uow: uow.petitions.rules()):
            law = "law" if one.law else "own"
            print(
                f"{one.kind:<12} {one.step:<18} {one.amount:>3} {one.unit:<8} {one.valid_from}  {law}  [{one.source}]"
            )


def deadline(
    kind: str,
    step: Annotated[str, typer.Argument(help=f"one of {', '.join(STEPS)}")],
    amount: Annotated[int, typer.Argument(min=1, max=400)],
    unit: Annotated[str, typer.Argument(help="working or calendar")],
    valid_from: Annotated[str, typer.Option(help="such as 2027-01-01; older petitions keep their rule")],
    source: Annotated[str, typer.Option(help="the decision or law that says so")],
    law: Annotated[bool, typer.Option(help="it is law, not the office's own rule")] = False,
) -> None:
    """Enter a rule of time; it counts for what is received from its day on."""
    try:
        since = date.fromisoformat(valid_from).isoformat()
        rule = DeadlineRule(PetitionKind(kind), step, amount, Unit(unit), since, source, law)
    except ValueError as error:
        raise CommandError(f"{error}") from None
    if step not in STEPS:
        raise CommandError(f"{step}: expected one of {', '.join(STEPS)}")
    with opened_store(present_settings()) as db:
        db.write_now(lambda uow: _put(uow, rule))
    print(f"{rule.kind} {rule.step} {rule.amount} {rule.unit} days from {rule.valid_from}")


def _put(uow: SqlUnitOfWork, rule: DeadlineRule) -> None:
    uow.petitions.put_rule(rule)
    detail = {"amount": rule.amount, "unit": str(rule.unit), "from": rule.valid_from, "source": rule.source}
    uow.audit.record(shell_actor(), "deadline_entered", f"deadline:{rule.kind}:{rule.step}", "ok", detail)
