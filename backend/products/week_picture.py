"""The week in one picture: given, done, overdue by agency, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.brief import AgencyWeek, WeekBrief
from backend.products.canvas import ACCENT, BAD, GOOD, INK, MUTED, PANEL, TRACK, WIDTH, Page
from backend.products.chart import EDGE, ROOM, footer, heading
from backend.products.words import Say, moment, short_day, whole

#: Agencies in the picture; the Word brief has all of them.
MOST_AGENCIES = 8
MOST_PENDING = 4
_GAP = 20
#: Keys of the words for what waits.
PENDING = {"report": "product/pending_report", "extension": "product/pending_extension"}
_TILE = (ROOM - 2 * _GAP) / 3


def week_picture(brief: WeekBrief, say: Say) -> bytes:
    """A PNG, 1080 pixels wide."""
    page = Page()
    days = say("product/week_days", first=short_day(brief.first), last=short_day(brief.last))
    y = heading(page, say("product/week_title"), [days, brief.scope])
    y = _tiles(page, y, brief, say)
    y = _agencies(page, y, brief.agencies, say)
    y = _decisions(page, y, brief, say)
    return page.png(footer(page, y, notes(brief, say)))


def notes(brief: WeekBrief, say: Say) -> list[str]:
    fed = (
        [say("product/source_at", source=say("product/task_book"), at=moment(brief.as_of))]
        if brief.as_of
        else []
    )
    return [
        *fed,
        say("product/week_counting", last=short_day(brief.last)),
        say("product/taken", at=moment(brief.taken_at)),
    ]


def overdue_change(brief: WeekBrief, say: Say) -> str:
    """Against the week before, in words."""
    more = brief.overdue - brief.overdue_before
    if not more:
        return say("product/week_same")
    return say("product/week_more" if more > 0 else "product/week_less", count=whole(abs(more)))


def _tiles(page: Page, y: float, brief: WeekBrief, say: Say) -> float:
    late = say("product/week_late", count=whole(brief.done_late)) if brief.done_late else ""
    tiles = (
        (say("product/week_given"), brief.given, "", ACCENT),
        (say("product/week_done"), brief.done, late, GOOD),
        (
            say("product/week_overdue"),
            brief.overdue,
            overdue_change(brief, say),
            BAD if brief.overdue else GOOD,
        ),
    )
    high = max(_tile(Page(), 0, 0, *one) for one in tiles)
    for index, one in enumerate(tiles):
        x = EDGE + index * (_TILE + _GAP)
        page.box(x, y, _TILE, high, PANEL)
        page.box(x, y, _TILE, 8, one[3])
        _tile(page, x, y, *one)
    return y + high + 34


def _tile(page: Page, x: float, y: float, name: str, count: int, below: str, colour: str) -> float:
    """Its height."""
    room = _TILE - 40
    at = page.lines(x + 20, y + 26, name, 29, room, colour=MUTED, most=2)
    value, size = whole(count), 80.0
    while size > 40 and page.width(value, size, bold=True) > room:
        size -= 2
    at = page.text(x + 20, at, value, size, bold=True, colour=colour)
    if below:
        at = page.lines(x + 20, at, below, 25, room, most=3)
    return at - y + 20


def _agencies(page: Page, y: float, agencies: Sequence[AgencyWeek], say: Say) -> float:
    late = [one for one in agencies if one.overdue]
    y = page.lines(EDGE, y, say("product/week_by_agency"), 36, ROOM, bold=True, most=2) + 12
    if not late:
        return page.lines(EDGE, y, say("product/week_none_overdue"), 30, ROOM) + 20
    longest = max(one.overdue for one in late)
    room = ROOM - page.width(whole(longest), 36, bold=True) - 20
    for one in late[:MOST_AGENCIES]:
        y = _agency(page, y, one, longest, room, say)
    if len(late) > MOST_AGENCIES:
        left = late[MOST_AGENCIES:]
        more = say(
            "product/week_more_agencies", count=len(left), overdue=whole(sum(one.overdue for one in left))
        )
        y = page.lines(EDGE, y, more, 27, ROOM, colour=MUTED)
    return y + 16


def _agency(page: Page, y: float, one: AgencyWeek, longest: int, room: float, say: Say) -> float:
    value = whole(one.overdue)
    y = page.lines(EDGE, y, one.name, 29, ROOM, most=2) + 2
    page.box(EDGE, y, room, 30, TRACK)
    page.box(EDGE, y, max(4.0, room * one.overdue / longest), 30, BAD)
    page.text(WIDTH - EDGE, y - 7, value, 36, bold=True, right=True)
    told = say(
        "product/week_agency", worst=whole(one.worst_days), given=whole(one.given), done=whole(one.done)
    )
    return page.lines(EDGE, y + 36, told, 25, ROOM, colour=MUTED, most=2) + 16


def _decisions(page: Page, y: float, brief: WeekBrief, say: Say) -> float:
    y = page.lines(EDGE, y, say("product/week_decisions"), 36, ROOM, bold=True, most=2) + 10
    if not (brief.extensions or brief.reports):
        return page.lines(EDGE, y, say("product/week_no_decisions"), 30, ROOM) + 10
    counts = say("product/week_waiting", extensions=whole(brief.extensions), reports=whole(brief.reports))
    y = page.lines(EDGE, y, counts, 30, ROOM, most=3) + 8
    for one in brief.pending[:MOST_PENDING]:
        kind = say(PENDING[one.kind], code=one.code, agency=one.agency)
        y = page.lines(EDGE, y, kind, 27, ROOM, bold=True, most=2)
        y = page.lines(EDGE, y, one.content, 27, ROOM, colour=INK, most=2) + 12
    return y
