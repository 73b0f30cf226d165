"""``admin petitions duplicates | fields | duplicate-rule``: what the machine suggests, for a person to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.errors import NotFound
from backend.domain.petition_field import ANY_FIELD, DuplicateRule, Likeness
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

if TYPE_CHECKING:
    from backend.db.unit_of_work import SqlUnitOfWork


def add_hint_commands(petitions: typer.Typer) -> None:
    petitions.command("duplicates")(duplicates)
    petitions.command("fields")(fields)
    petitions.command("duplicate-rule")(duplicate_rule)


def duplicates(code: str) -> None:
    """Petitions that may be about the same matter, the likeliest first, with reasons; ``move merge`` joins two."""
    with opened_store(present_settings()) as db:
        try:
            found = db.read_now(lambda uow: _duplicates(uow, code.strip().upper()))
        except NotFound:
            raise CommandError(f"{code}: there is no such petition") from None
    for one in found:
        print(f"{one.code}  {one.score:.2f}  {one.state:<15} {', '.join(one.reasons)}")


def _duplicates(uow: SqlUnitOfWork, code: str) -> list[Likeness]:
    from backend.services.petitions.duplicates import duplicates as likely
    from backend.services.petitions.moving import Mover

    return likely(uow, Mover(shell_actor(), frozenset({"administrator"})), code)


def fields() -> None:
    """Fields with who usually handles them, how duplicates are looked for, and how often suggestions were right."""
    with opened_store(present_settings()) as db:
        for line in db.read_now(_fields):
            print(line)


def _fields(uow: SqlUnitOfWork) -> list[str]:
    agreed = uow.petition_fields.agreement()
    lines = []
    for one in uow.petition_fields.all():
        rule = uow.petition_fields.rule(one.code)
        asked, right = agreed.get(one.code, (0, 0))
        said = f"{right} of {asked} suggestions right" if asked else "nothing decided yet"
        lines.append(
            f"{one.code:<12} {one.level:<11} {rule.radius_m:>5} m {rule.days:>4} days  {one.name}  [{said}]"
        )
    return lines


def duplicate_rule(
    field: str,
    radius_m: Annotated[int, typer.Argument(min=1, max=100_000)],
    days: Annotated[int, typer.Argument(min=1, max=3650)],
    alike: Annotated[float, typer.Option(min=0.0, max=1.0, help="the least score that is shown")] = 0.5,
) -> None:
    """How far apart, in metres and days, two petitions of a field may be one matter; ``any``: field unsettled."""
    with opened_store(present_settings()) as db:
        db.write_now(lambda uow: _put(uow, DuplicateRule(field, radius_m, days, alike)))
    print(f"{field} {radius_m} m {days} days {alike:.2f}")


def _put(uow: SqlUnitOfWork, rule: DuplicateRule) -> None:
    if rule.field != ANY_FIELD and uow.petition_fields.get(rule.field) is None:
        raise CommandError(f"{rule.field}: there is no such field")
    uow.petition_fields.put_rule(rule)
    detail = {"radius_m": rule.radius_m, "days": rule.days, "alike": rule.alike}
    uow.audit.record(shell_actor(), "duplicate_rule_entered", f"field:{rule.field}", "ok", detail)
