"""``admin calendar``, ``admin agencies``, ``admin put-aside``: what an office looks up or enters by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.calendar import CalendarOverride, OverrideKind
from backend.domain.clock import VIETNAM
from backend.domain.conversation import InboxRow
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

if TYPE_CHECKING:
    from backend.db.unit_of_work import SqlUnitOfWork

calendar = typer.Typer(no_args_is_help=True, help="Days that beat the holiday library.")
agencies = typer.Typer(no_args_is_help=True, help="The bodies that the assistant knows.")


def add_office_commands(admin: typer.Typer) -> None:
    admin.add_typer(calendar, name="calendar")
    admin.add_typer(agencies, name="agencies")
    admin.command("put-aside")(put_aside)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text}: expected a date such as 2027-01-02") from None


@calendar.command("add")
def calendar_add(
    day: str,
    kind: Annotated[str, typer.Argument(help="off, work, or confirmed (the year's notice is out)")],
    source: Annotated[str, typer.Option(help="the notice or decision that says so")],
    name: Annotated[str, typer.Option(help="what the day is called, in Vietnamese")] = "",
) -> None:
    """Enter a day off or a make-up working day. A running app knows it within a minute."""
    if kind not in {one.value for one in OverrideKind}:
        raise CommandError(f"{kind}: expected off, work or confirmed")
    override = CalendarOverride(_day(day), OverrideKind(kind), name, source)
    with opened_store(present_settings()) as db:
        replaced = db.write_now(lambda uow: _enter(uow, override))
    print(f"{override.on} {kind}{' (in place of an earlier entry)' if replaced else ''}")


def _enter(uow: SqlUnitOfWork, override: CalendarOverride) -> bool:
    from backend.db.repositories.calendar import put_override

    replaced = put_override(uow.connection, override)
    detail = {"kind": override.kind.value, "source": override.source, "replaced": replaced}
    uow.audit.record(shell_actor(), "calendar_entered", f"day:{override.on}", "ok", detail)
    return replaced


@calendar.command("remove")
def calendar_remove(day: str) -> None:
    """Take an entry back: the holiday library speaks for that day again."""
    on = _day(day)
    with opened_store(present_settings()) as db:
        if not db.write_now(lambda uow: _take_back(uow, on)):
            raise CommandError(
                f"{on}: no entry of this office (what is shipped cannot be removed, only beaten)"
            )
    print(f"{on} removed")


def _take_back(uow: SqlUnitOfWork, on: date) -> bool:
    from backend.db.repositories.calendar import drop_override

    there = drop_override(uow.connection, on)
    if there:
        uow.audit.record(shell_actor(), "calendar_removed", f"day:{on}", "ok")
    return there


@calendar.command("list")
def calendar_list() -> None:
    """What is shipped with the program and what this office entered; the office's entries win."""
    from backend.db.repositories.calendar import read_overrides
    from backend.importers.holiday_library import shipped_overrides

    with opened_store(present_settings()) as db:
        entered = db.read_now(lambda uow: read_overrides(uow.connection))
    days = [(one, "shipped") for one in shipped_overrides()] + [(one, "entered") for one in entered]
    for one, origin in sorted(days, key=lambda pair: (pair[0].on, pair[1])):
        print(f"{one.on}  {one.kind:<9} {origin:<8} {one.name}  [{one.source}]")


@agencies.command("list")
def agencies_list() -> None:
    """Code, kind and name of every body that exists today."""
    with opened_store(present_settings()) as db:
        found = db.read_now(lambda uow: uow.agencies.all())
    for one in found:
        print(f"{one.code:<16} {one.kind:<11} {one.name}{'  (demonstration)' if one.demo else ''}")


def put_aside(
    show_text: Annotated[bool, typer.Option(help="print what people wrote; this is audited")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """Messages that could not be answered, newest first: number, time, channel, reason."""
    with opened_store(present_settings()) as db:
        if show_text:  # the audit row is committed before a word is shown
            rows = db.write_now(lambda uow: _with_trace(uow, limit))
        else:
            rows = db.read_now(lambda uow: uow.inbox.put_aside_rows(limit))
    for row in rows:
        at = row.received_at.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M") if row.received_at else "?"
        print(f"{row.id:>8}  {at}  {row.incoming.address.channel:<9} {row.reason}")
        if show_text:
            print(f"          {row.incoming.text or '(' + row.incoming.kind + ')'}")


def _with_trace(uow: SqlUnitOfWork, limit: int) -> Sequence[InboxRow]:
    rows = uow.inbox.put_aside_rows(limit)
    for row in rows:
        uow.audit.record(shell_actor(), "message_read", f"inbox:{row.id}", "ok")
    return rows
