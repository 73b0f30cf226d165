"""What there is to say about one procedure, aspect by aspect. Values only: the sentences are in the replies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from backend.domain.calendar import WorkingCalendar
from backend.domain.clock import local_date
from backend.domain.ports import UnitOfWork
from backend.domain.procedure import (
    Channel,
    Fee,
    FeeRule,
    FilingChannel,
    HandledBy,
    LegalBasis,
    Online,
    Paper,
    PaperCase,
    Procedure,
    Result,
    TimeLimit,
    TimeUnit,
)
from backend.services.procedures.outside import Body
from backend.services.procedures.search import outside_table

#: What one message holds of a list, so that with its heading and source it stays under some 900 characters.
LIST_CHARS = 520
_TOP_LEGAL = 6
#: What notes on fees may take of a message, all together.
_NOTE_CHARS = 360


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the facts come from: said beside every answer."""

    decision: str
    source: str
    as_of: date
    names_district: bool  # the published text still names a district, which no longer exists


@dataclass(frozen=True, slots=True)
class About:
    """What every answer about a procedure may name."""

    code: str
    title: str
    agency: str
    handled_by: str
    body: Body | None  # who does it, where that is neither a commune nor a department
    at_commune: bool
    at_province: bool
    online: str
    url: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee and the channels that it is for (all of them: empty)."""

    channels: tuple[FilingChannel, ...]
    rule: FeeRule
    fees: tuple[Fee, ...]
    note: str


@dataclass(frozen=True, slots=True)
class TimeLine:
    channels: tuple[FilingChannel, ...]
    time: TimeLimit | None
    note: str
    case: str  # of which case, where a channel has several times
    by: date | None = None  # the day by which it is to be done when it is handed in now


@dataclass(frozen=True, slots=True)
class Overview:
    about: About
    results: tuple[Result, ...]
    papers: int
    times: tuple[TimeLine, ...]
    fees: tuple[FeeLine, ...]
    channels: tuple[FilingChannel, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """Part of a long list. ``items`` are (heading, entry) pairs, the heading set where a new case begins."""

    about: About
    items: tuple[tuple[str, Paper | str], ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Fees:
    about: About
    lines: tuple[FeeLine, ...]
    set_by_province: bool
    set_elsewhere: bool
    unknown: bool


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """What comes after ``late_hour``, or on a day off, counts as received on the next working day."""

    calendar: WorkingCalendar
    late_hour: time


@dataclass(frozen=True, slots=True)
class Times:
    about: About
    lines: tuple[TimeLine, ...]
    same_day: bool
    received: date | None = None  # the day that counts as received now, where a line has a date
    late_hour: time | None = None


@dataclass(frozen=True, slots=True)
class Legal:
    about: About
    texts: tuple[LegalBasis, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Forms:
    about: About
    forms: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Filing:
    """How it can be filed: for place, online, payment and postal answers."""

    about: About
    channels: tuple[FilingChannel, ...]
    online: Online
    direct: bool
    by_post: bool
    by_net: bool
    free: bool  # nothing is to be paid, in any channel


def procedure_now(uow: UnitOfWork, code: str) -> Procedure | None:
    """The version in force today, or, where that is not known, the newest one."""
    return uow.procedures.by_code(code, uow.today) or uow.procedures.latest([code]).get(code)


def body_of(one: Procedure) -> Body | None:
    """The other body that does this; None when the province or a commune does."""
    body = outside_table().body_of(one.handled_by)
    if body is not None and one.agency and one.handled_by in (HandledBy.OTHER, HandledBy.MINISTRY):
        return replace(body, name=_short(one.agency, 100))
    return body


def about(one: Procedure) -> About:
    at_commune = one.handled_by is HandledBy.COMMUNE
    return About(
        code=one.code,
        title=one.title,
        agency=_short(one.agency, 140),
        handled_by=str(one.handled_by),
        body=body_of(one),
        at_commune=at_commune,
        at_province=one.handled_by is HandledBy.DEPARTMENT,
        online=str(one.online),
        url=one.source_url,
        origin=Origin(one.decision, one.source, local_date(one.as_of), "district" in one.flags),
    )


def overview(one: Procedure) -> Overview:
    return Overview(
        about=about(one),
        results=one.results[:3],
        papers=sum(len(case.items) for case in one.papers),
        times=time_lines(one.channels)[:3],
        fees=fee_lines(one.channels)[:3],
        channels=channels_of(one),
        conditions=tuple(_short(text, 130) for text in one.conditions[:1]),
    )


def papers(one: Procedure, page: int = 1) -> ListPage:
    entries: list[tuple[str, Paper | str]] = [
        (_short(case.case, 140) if not at else "", paper)
        for case in _named(one.papers)
        for at, paper in enumerate(map(_shorter, case.items))
    ]
    return _page(about(one), entries, page)


def steps(one: Procedure, page: int = 1) -> ListPage:
    entries: list[tuple[str, Paper | str]] = [("", _short(step, 320)) for step in one.steps]
    return _page(about(one), entries, page)


def fees(one: Procedure) -> Fees:
    rules = {channel.fee_rule for channel in one.channels} or {FeeRule.UNKNOWN}
    return Fees(
        about=about(one),
        lines=fee_lines(one.channels)[:4],
        set_by_province=FeeRule.LOCAL in rules,
        set_elsewhere=FeeRule.OTHER_RULE in rules,
        unknown=FeeRule.UNKNOWN in rules,
    )


def times(one: Procedure, now: datetime | None = None, desk: OpeningRule | None = None) -> Times:
    """With the time and the desk's rule, working days also become the date for what is handed in ``now``."""
    lines = time_lines(one.channels)
    same_day = any(line.time and line.time.unit is TimeUnit.SAME_DAY for line in lines)
    if now is None or desk is None:
        return Times(about(one), lines[:4], same_day)
    received = desk.calendar.received_on(now, desk.late_hour)
    lines = tuple(replace(line, by=_done_by(line.time, received, desk.calendar)) for line in lines)
    counted = received if any(line.by for line in lines) else None
    return Times(about(one), lines[:4], same_day, counted, desk.late_hour)


def _done_by(limit: TimeLimit | None, received: date, calendar: WorkingCalendar) -> date | None:
    if limit is None or limit.unit is not TimeUnit.WORKING_DAY:
        return None
    return calendar.add_working_days(received, limit.amount)


def legal(one: Procedure) -> Legal:
    return Legal(about(one), one.legal_basis[:_TOP_LEGAL], max(0, len(one.legal_basis) - _TOP_LEGAL))


def forms(one: Procedure) -> Forms:
    found = {paper.form: paper for case in one.papers for paper in case.items if paper.form}
    return Forms(about(one), tuple(found.values())[:8])


def filing(one: Procedure) -> Filing:
    offered = channels_of(one)
    return Filing(
        about=about(one),
        channels=offered,
        online=one.online,
        direct=FilingChannel.DIRECT in offered,
        by_post=FilingChannel.POSTAL in offered,
        by_net=FilingChannel.ONLINE in offered and one.online is not Online.NONE,
        free=bool(one.channels) and all(channel.fee_rule is FeeRule.FREE for channel in one.channels),
    )


def channels_of(one: Procedure) -> tuple[FilingChannel, ...]:
    return tuple(kind for kind in FilingChannel if any(c.channel is kind for c in one.channels))


def fee_lines(channels: Sequence[Channel]) -> tuple[FeeLine, ...]:
    """Fees with the channels that share them; a fee of every channel names none."""
    grouped: dict[tuple[FeeRule, tuple[Fee, ...], str], list[FilingChannel]] = {}
    for one in channels:
        grouped.setdefault((one.fee_rule, one.fees, one.note), []).append(one.channel)
    offered = {one.channel for one in channels}
    room = max(60, _NOTE_CHARS // max(1, len(grouped)))
    return tuple(
        FeeLine(_unless_all(kinds, offered), rule, _fitting(paid, room), _short(note, room))
        for (rule, paid, note), kinds in grouped.items()
    )


def _fitting(paid: tuple[Fee, ...], room: int) -> tuple[Fee, ...]:
    shown = paid[:5]
    return tuple(replace(fee, note=_short(fee.note, max(40, room // len(shown)))) for fee in shown)


def time_lines(channels: Sequence[Channel]) -> tuple[TimeLine, ...]:
    """Times with the channels that share them. Where a channel has several, the note tells which case each is of."""
    several = len({one.channel for one in channels}) < len(channels)
    grouped: dict[tuple[TimeLimit | None, str, str], list[FilingChannel]] = {}
    for one in channels:
        case = _short(one.note, 90) if several else ""
        grouped.setdefault((one.time, _short(one.time_note, 140), case), []).append(one.channel)
    offered = {one.channel for one in channels}
    if len({(time, note) for time, note, _ in grouped}) == 1:
        time, note, _ = next(iter(grouped))
        return (TimeLine((), time, note, ""),)
    return tuple(
        TimeLine(_unless_all(kinds, offered), time, note, case)
        for (time, note, case), kinds in grouped.items()
    )


def related(uow: UnitOfWork, one: Procedure, limit: int) -> Mapping[str, str]:
    """Titles of neighbouring procedures in force, by code, in the published order."""
    titles = uow.procedures.titles(one.related, uow.today) if one.related else {}
    return {code: titles[code] for code in one.related[: 3 * limit] if code in titles and code != one.code}


def _unless_all(kinds: Iterable[FilingChannel], offered: set[FilingChannel]) -> tuple[FilingChannel, ...]:
    unique = tuple(dict.fromkeys(kinds))
    return () if set(unique) == offered else unique


def _named(cases: Sequence[PaperCase]) -> Sequence[PaperCase]:
    """One case needs no heading."""
    return cases if len(cases) > 1 else [PaperCase("", case.items) for case in cases]


def _shorter(paper: Paper) -> Paper:
    """Published papers run to a page each; the link leads to the whole text."""
    return replace(
        paper, name=_short(paper.name, 280), note=_short(paper.note, 160), form=_short(paper.form, 80)
    )


def _paper_text(paper: Paper | str) -> str:
    return paper if isinstance(paper, str) else f"{paper.name}{paper.note}" + " " * 24


def _page(about_it: About, entries: Sequence[tuple[str, Paper | str]], page: int) -> ListPage:
    pages: list[list[tuple[str, Paper | str]]] = [[]]
    room = LIST_CHARS
    for entry in entries:
        cost = len(entry[0]) + len(_paper_text(entry[1])) + 3
        if cost > room and pages[-1]:
            pages.append([])
            room = LIST_CHARS
        pages[-1].append(entry)
        room -= cost
    page = min(max(page, 1), len(pages))
    return ListPage(about_it, tuple(pages[page - 1]), page, len(pages), len(entries))


def _short(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;.") + "…"
