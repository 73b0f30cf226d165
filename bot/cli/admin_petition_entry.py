"""``admin petitions enter | deadlines | deadline``: what comes on paper or by word of mouth, and the rules of time."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.errors import Conflict
from backend.domain.petition import (
    Alarm,
    DeadlineRule,
    NewPetition,
    PetitionKind,
    PetitionSource,
    Reporter,
    Story,
    Unit,
)
from backend.text.phones import normalise_phone
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

if TYPE_CHECKING:
    from backend.db.unit_of_work import SqlUnitOfWork

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
    number: Annotated[str, typer.Option(help="its number elsewhere: it is then counted once")] = "",
    hidden: Annotated[bool, typer.Option(help="the handling agency must not learn who reported it")] = False,
) -> None:
    """A petition by letter, visit, telephone, from another body or the national portal; its text on standard input.

    A denunciation goes to the sealed lane and gets no code.
    """
    try:
        chosen, way = PetitionKind(kind), PetitionSource(source)
    except ValueError:
        raise CommandError(f"kind: {', '.join(PetitionKind)}; source: {', '.join(_BY_HAND)}") from None
    if way is PetitionSource.CHAT:
        raise CommandError("what comes by chat is entered by the chat itself")
    text = sys.stdin.read().strip()
    if not text:
        raise CommandError("nothing on standard input: what was said?")
    try:
        number_called = normalise_phone(phone) if phone else ""
    except ValueError:
        raise CommandError(f"{phone}: not a telephone number") from None
    story, reporter = Story(text, place), Reporter(name, number_called)
    new = NewPetition(chosen, way, story, reporter, hidden=hidden, outside_number=number)
    with opened_store(present_settings()) as db:
        try:
            print(db.write_now(lambda uow: _keep(uow, new)))
        except Conflict:
            raise CommandError(f"{number}: entered before") from None


def _keep(uow: SqlUnitOfWork, new: NewPetition) -> str:
    from backend.services.petitions.filing import file, seal

    if new.kind is PetitionKind.DENUNCIATION:
        seal(
            uow,
            str(new.source),
            f"{new.reporter.name} {new.reporter.phone}\n{new.story.place}\n{new.story.text}",
        )
        return "sealed"
    kept = file(uow, shell_actor(), new)
    return f"{kept.code}  owner {kept.owner}  {kept.alarm} by {kept.alarm_at:%Y-%m-%d}"


def deadlines() -> None:
    """Every rule of time: kind, step, how long, since when, by whose rule, and whether it is law."""
    with opened_store(present_settings()) as db:
        for one in db.read_now(lambda uow: uow.petitions.rules()):
            law = "law" if one.law else "own"
            print(
                f"{one.kind:<12} {one.step:<17} {one.amount:>3} {one.unit:<8} {one.valid_from}  {law}  [{one.source}]"
            )


def deadline(
    kind: str,
    step: Annotated[str, typer.Argument(help=f"one of {', '.join(Alarm)}")],
    amount: Annotated[int, typer.Argument(min=1, max=400)],
    unit: Annotated[str, typer.Argument(help="working or calendar")],
    valid_from: Annotated[str, typer.Option(help="such as 2027-01-01; older petitions keep their rule")],
    source: Annotated[str, typer.Option(help="the decision or law that says so")],
    law: Annotated[bool, typer.Option(help="it is law, not the office's own rule")] = False,
) -> None:
    """Enter a rule of time; it counts for what is received from its day on."""
    try:
        since = date.fromisoformat(valid_from).isoformat()
        rule = DeadlineRule(PetitionKind(kind), Alarm(step), amount, Unit(unit), since, source, law)
    except ValueError as error:
        raise CommandError(f"{error}") from None
    with opened_store(present_settings()) as db:
        db.write_now(lambda uow: _put(uow, rule))
    print(f"{rule.kind} {rule.step} {rule.amount} {rule.unit} days from {rule.valid_from}")


def _put(uow: SqlUnitOfWork, rule: DeadlineRule) -> None:
    uow.petitions.put_rule(rule)
    detail = {"amount": rule.amount, "unit": str(rule.unit), "from": rule.valid_from, "source": rule.source}
    uow.audit.record(shell_actor(), "deadline_entered", f"deadline:{rule.kind}:{rule.step}", "ok", detail)
