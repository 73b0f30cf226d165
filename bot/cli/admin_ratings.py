"""``admin ratings``: what people think of results and answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.clock import VIETNAM
from backend.domain.rating import OUTSIDE, Rating, Tally
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

if TYPE_CHECKING:
    from backend.db.unit_of_work import SqlUnitOfWork

ratings = typer.Typer(no_args_is_help=True, help="Ratings of results and answers.")
#: Lines of a table on the screen; --json has all of them.
_SHOWN = 20


@ratings.command("figures")
def ratings_figures(
    since: Annotated[str, typer.Option("--from", help="first day, such as 2026-11-01")] = "",
    until: Annotated[str, typer.Option("--to", help="last day, included")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="the last line of output is one JSON value")
    ] = False,
) -> None:
    """Counts and averages by agency, procedure and month."""
    from backend.services.ratings import as_json as shaped
    from backend.services.ratings import figures

    first, last = _day(since), _day(until)
    if first and last and first > last:
        raise CommandError(f"{since} is later than {until}")
    with opened_store(present_settings()) as db:
        found = db.read_now(lambda uow: figures(uow, first, last))
    if as_json:
        print(json.dumps(shaped(found), ensure_ascii=False))
        return
    print(_line("all", found.overall))
    for head, table in (
        ("of what", found.by_kind),
        ("agency", found.by_agency),
        ("procedure", found.by_procedure),
        ("month", found.by_month),
    ):
        _print_table(head, table)
    if found.reasons:
        print("\nreasons: " + ", ".join(f"{name} {count}" for name, count in found.reasons.items()))


@ratings.command("list")
def ratings_list(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    words: Annotated[bool, typer.Option(help="print what people wrote beside it; this is audited")] = False,
) -> None:
    """The newest ratings: day, value, what was rated, reasons, the person's number masked."""
    from backend.services.ratings import listed

    with opened_store(present_settings()) as db:
        # The audit row is committed before a word is shown.
        found = db.write_now(
            lambda uow: [(one, _masked(uow, one)) for one in listed(uow, shell_actor(), limit, words=words)]
        )
    for one, person in found:
        at = one.created_at.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")
        why = ",".join(one.reasons) or "-"
        print(f"{at}  {one.value}/5  {one.subject.code:<24} {person:<12} {why}  {one.subject.agency}")
        if words and one.comment:
            print(f"          {one.comment}")


def _masked(uow: SqlUnitOfWork, rating: Rating) -> str:
    """The verified number of whoever rated, masked; where none is known, no more than the channel's name."""
    from backend.text.phones import mask_phone

    if rating.person.startswith(OUTSIDE):
        return "(imported)"
    if rating.conversation_id is None:
        return "(erased)"
    address = uow.conversations.get(rating.conversation_id).address
    phone = uow.accounts.phone_of(address)
    return mask_phone(phone) if phone else f"({address.channel})"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandError(f"{text}: expected a date such as 2026-11-01") from None


def _print_table(head: str, table: Mapping[str, Tally]) -> None:
    print(f"\nby {head}:")
    for name, tally in list(table.items())[:_SHOWN]:
        print(_line(name, tally))
    if len(table) > _SHOWN:
        print(f"  … and {len(table) - _SHOWN} more; --json has them all")


def _line(name: str, tally: Tally) -> str:
    average = "-" if tally.average is None else f"{tally.average:.2f}"
    spread = " ".join(f"{value}:{count}" for value, count in sorted(tally.counts.items()))
    return f"  {tally.count:>6}  {average:>5}  {spread:<30}  {name}"
