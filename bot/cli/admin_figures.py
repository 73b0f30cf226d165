"""``admin figures``: totals entered by hand, figures as submitted, reporting periods, dossiers without an agency."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.clock import VIETNAM
from bot.cli.errors import CommandError
from bot.cli.store import opened_store, present_settings, shell_actor

if TYPE_CHECKING:
    from backend.db.unit_of_work import SqlUnitOfWork
    from backend.domain.figure_records import Snapshot

figures = typer.Typer(
    no_args_is_help=True, help="Figures: entered totals, submitted reports, reporting periods."
)
regimes = typer.Typer(no_args_is_help=True, help="Reporting periods with a cut-off day of their own.")
figures.add_typer(regimes, name="regimes")

First = Annotated[str, typer.Option("--from", help="first day, such as 2026-01-01")]
Last = Annotated[str, typer.Option("--to", help="last day, included")]
AgencyCode = Annotated[str, typer.Option("--agency", help="code of an agency; without it the whole province")]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text}: expected a date such as 2026-01-01") from None


@figures.command("keys")
def figures_keys() -> None:
    """Every figure there is: key, name, and what exactly is counted."""
    from backend.importers.figure_words import install_figures
    from backend.services.figures.definitions import FIGURES
    from backend.services.figures.words import meaning_of, name_of

    install_figures()
    for key, one in FIGURES.items():
        print(f"{key:<34} {'rows   ' if one.counted else 'entered'}  {name_of(key)}. {meaning_of(key)}")


@figures.command("enter")
def figures_enter(
    key: Annotated[str, typer.Argument(help="such as documents/incoming; see keys")],
    value: Annotated[str, typer.Argument(help="a whole number; for rates per cent, such as 99.5")],
    first: First,
    last: Last,
    source: Annotated[str, typer.Option(help="number and date of the document that says so")],
    of: Annotated[str, typer.Option(help="the denominator, where the document names one")] = "",
    note: Annotated[str, typer.Option(help="what a reader must know, in Vietnamese")] = "",
    agency: AgencyCode = "",
) -> None:
    """A total that has no rows here. Entered again, it is a new version; the earlier ones stay."""
    from backend.services.figures.entered import enter

    days = _day(first), _day(last)
    with opened_store(present_settings()) as db:
        made = db.write_now(
            lambda uow: enter(
                uow, shell_actor(), key, *days, value, source, of=of, note=note, agency_code=agency
            )
        )
    print(f"{made.key} {made.first} to {made.last}: {made.value}, version {made.version}")


@figures.command("list")
def figures_list(
    frozen: Annotated[
        bool, typer.Option("--frozen", help="submitted figures instead of entered ones")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
) -> None:
    """Entered totals with every version, or submitted figures; the newest first."""
    with opened_store(present_settings()) as db:
        if frozen:
            for kept in db.read_now(lambda uow: uow.figures.all_frozen(limit)):
                _print_frozen(kept)
            return
        for one in db.read_now(lambda uow: uow.figures.all_entered(limit)):
            mark = "  (demonstration)" if one.demo else ""
            days = f"{one.first} to {one.last}"
            print(f"{one.key:<34} {days}  {one.value}  v{one.version}  {one.by}  [{one.source}]{mark}")


def _print_frozen(kept: Snapshot) -> None:
    period = kept.figures.period
    at = kept.frozen_at.astimezone(VIETNAM)
    print(
        f"{kept.figures.topic:<14} {period.first} to {period.last}  {at:%Y-%m-%d %H:%M}  {kept.by}  [{kept.source}]"
    )
    for one in kept.figures.figures:
        if one.value is not None:
            print(f"    {one.key:<34} {one.value}")


@figures.command("freeze")
def figures_freeze(
    topic: Annotated[str, typer.Argument(help="dossiers, petitions, tasks …")],
    first: First,
    last: Last,
    source: Annotated[str, typer.Option(help="number and date of the report that was submitted")],
    agency: AgencyCode = "",
) -> None:
    """Keep the figures of a period as they are submitted; later answers tell them, and what is counted by then."""
    days = _day(first), _day(last)
    with opened_store(present_settings()) as db:
        kept = db.write_now(lambda uow: _freeze(uow, topic, days, source, agency))
    _print_frozen(kept)


def _freeze(uow: SqlUnitOfWork, topic: str, days: tuple[date, date], source: str, code: str) -> Snapshot:
    from backend.domain.figure import Period
    from backend.domain.scope import Scope
    from backend.services.agencies.tree import tree
    from backend.services.figures.counting import figures as counted
    from backend.services.figures.freezing import freeze
    from backend.services.figures.periods import kind_of

    period = Period(*days, kind_of(*days))
    agency = tree(uow).by_code.get(code) if code else None
    if code and agency is None:
        raise CommandError(f"{code}: no such agency")
    found = counted(uow, Scope(everything=True), topic, period, agency)
    return freeze(uow, shell_actor(), found, source, agency)


@figures.command("agencies")
def figures_agencies(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only show what would be found")] = False,
) -> None:
    """Find the agency of dossiers that have none yet: after agencies or their old names were entered."""
    with opened_store(present_settings()) as db:
        found, left = db.read_now(_owners_of) if dry_run else db.write_now(_own)
    print(f"{'would be ' if dry_run else ''}found: {found}; still without an agency: {sum(left.values())}")
    for name, count in left.most_common(20):
        print(f"{count:>10}  {name or '(no name)'}")


def _owners_of(uow: SqlUnitOfWork) -> tuple[int, Counter[str]]:
    from backend.services.dossiers.owners import owners

    known = owners(uow)
    left: Counter[str] = Counter()
    found = 0
    for name, head, count in uow.figures.ownerless():
        if known.of(uow, name, f"{head}-") is None:
            left[name or head] += count
        else:
            found += count
    return found, left


def _own(uow: SqlUnitOfWork) -> tuple[int, Counter[str]]:
    from backend.services.dossiers.owners import owners

    known = owners(uow)
    by_name: dict[str, int] = {}
    by_head: dict[str, int] = {}
    left: Counter[str] = Counter()
    for name, head, count in uow.figures.ownerless():
        owner = known.of(uow, name, "") if name else None
        if owner is not None:
            by_name[name] = owner
        elif (coded := known.of(uow, "", f"{head}-")) is not None:
            by_head[head] = coded
        else:
            left[name or head] += count
    done = uow.figures.own(by_name, True) + uow.figures.own(by_head, False)
    uow.audit.record(shell_actor(), "dossiers_owned", "dossiers", "ok", {"rows": done})
    return done, left


@regimes.command("list")
def regimes_list() -> None:
    """Reporting periods in force, by kind."""
    with opened_store(present_settings()) as db:
        found = db.read_now(lambda uow: uow.figures.regimes())
    for one in found:
        ends = (
            f"{one.cutoff_day:02d}/{one.cutoff_month:02d}" if one.kind == "year" else f"day {one.cutoff_day}"
        )
        topic = one.topic or "all topics"
        print(f"{one.kind:<12} to {ends:<8} from {one.valid_from}  {topic:<12} {one.name}  [{one.source}]")


@regimes.command("add")
def regimes_add(
    kind: Annotated[str, typer.Argument(help="month, quarter, half, nine_months or year")],
    day: Annotated[int, typer.Argument(help="the last day that counts: 14 means from the 15th to the 14th")],
    name: Annotated[str, typer.Option(help="what answers call it, in Vietnamese")],
    source: Annotated[str, typer.Option(help="the document that sets it")],
    valid_from: Annotated[str, typer.Option("--from", help="in force from this day on")],
    month: Annotated[int, typer.Option(help="for years: the month in which the year ends")] = 12,
    topic: Annotated[str, typer.Option(help="one topic only")] = "",
) -> None:
    """A reporting period that ends on its own day. The same kind and first day again replaces it."""
    from backend.domain.figure_records import Regime
    from backend.services.figures.regimes import put_regime

    made = Regime(name, kind, day, _day(valid_from), source, month, topic)
    with opened_store(present_settings()) as db:
        db.write_now(lambda uow: put_regime(uow, shell_actor(), made))
    print(f"{kind}: to day {day}, from {valid_from}")
