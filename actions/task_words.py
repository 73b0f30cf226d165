"""What an officer's sentence says about which tasks are meant: agency, giver, field, person, days."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from actions.base import Reply, Turn
from actions.staff import refused
from backend.domain.scope import Scope
from backend.domain.task import Giver, TaskFilter
from backend.services.agencies.resolve import resolve_agency
from backend.services.agencies.tree import tree
from backend.text.dates import find_dates
from backend.text.fold import fold, words

#: Under which name the conversation remembers what the last question about tasks was narrowed to.
NARROWED = "task_filter"
#: Who gives tasks, as it is said before or after "giao"; the longest fits first.
_GIVERS = (
    (Giver.GOVERNMENT, r"chinh phu|thu tuong|trung uong|tw|bo(?: nganh)?"),
    (Giver.CHAIRMAN, r"(?:pho )?chu tich|ct(?:ubnd)?|pct|lanh dao(?: ubnd)?(?: tinh)?"),
    (Giver.PARTY, r"tinh uy|hdnd(?: tinh)?|hoi dong nhan dan|thuong truc tinh uy"),
    (Giver.COMMITTEE, r"ubnd(?: tinh)?|uy ban(?: nhan dan)?(?: tinh)?|tinh"),
)  # fmt: skip
_GIVEN_BY = tuple(
    (
        giver,
        re.compile(
            rf"\b(?:{names})(?: \w+){{0,3}} (?:giao|chi dao|phan cong)\b|\b(?:giao|chi dao) (?:boi|tu) (?:{names})\b"
        ),
    )
    for giver, names in _GIVERS
)
_MINE = re.compile(
    r"\b(?:cua|giao cho|ben) (?:toi|em|minh|tui|t)\b|\b(?:toi|em|minh) (?:phu trach|dang lam|duoc giao)\b"
)
_SOON = timedelta(days=7)
_QUARTER = timedelta(days=85)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter, and its parts in words for the foot of the answer."""

    which: TaskFilter
    said: Mapping[str, Any]

    def remembered(self) -> Mapping[str, Any]:
        return {NARROWED: dict(self.said)}


def asked(turn: Turn, scope: Scope) -> Asked | Reply:
    """Read the question; a named agency that is out of scope is refused, not answered with nothing."""
    said: dict[str, Any] = dict(turn.recalled(NARROWED) or {}) if turn.again else {}
    said |= {name: turn.given[name] for name in ("agency", "giver", "field", "officer") if name in turn.given}
    if not turn.given:
        said |= _named(turn, scope)
    which = TaskFilter(
        giver=Giver(said["giver"]) if said.get("giver") else None,
        field=str(said.get("field", "")),
        officer=str(said.get("officer", "")),
    )
    if code := str(said.get("agency", "")):
        known = tree(turn.uow)
        ids = known.with_those_under(code)
        name = known.by_code[code].name if code in known.by_code else code
        if not reaches(scope, ids):
            return refused(turn, "staff/out_of_reach", agency=name)
        which = replace(which, agencies=ids)
        said["agency_name"] = name
    return Asked(which, said)


def reaches(scope: Scope, agencies: frozenset[int]) -> bool:
    """Whether anything of these agencies may be in scope; a field reaches into every agency."""
    return scope.everything or bool(scope.fields) or bool(agencies & scope.agencies)


def _named(turn: Turn, scope: Scope) -> dict[str, Any]:
    found: dict[str, Any] = {}
    folded = " ".join(words(turn.text))
    for giver, pattern in _GIVEN_BY:
        if pattern.search(folded):
            found["giver"] = str(giver)
            break
    named = _agency(turn, skip=bool(found))
    if named:
        found["agency"] = named
    if field := _same(turn.value("field"), turn.uow.tasks.fields()):
        found["field"] = field
    if turn.value("person"):
        if officer := _same(turn.value("person"), turn.uow.tasks.officers(scope)):
            found["officer"] = officer
    elif _MINE.search(folded):
        own = turn.uow.accounts.by_name(turn.viewer.account)
        if own is not None and own.full_name in turn.uow.tasks.officers(scope):
            found["officer"] = own.full_name
    return found


def _agency(turn: Turn, *, skip: bool) -> str:
    """The code of the one agency that is named; the province itself is no lead of tasks when it is the giver."""
    for text in turn.understood.values("agency"):
        matches = resolve_agency(turn.uow, text)
        agencies = [one.agency for one in matches]
        if len(agencies) == 1 and not (skip and agencies[0].kind == "province"):
            return agencies[0].code
    return ""


def _same(said: str | None, known: Sequence[str]) -> str:
    """The known name that was said, whole or in its last words ("anh Bình" is not enough to tell two Bình apart)."""
    if not said:
        return ""
    wanted = words(said)
    whole = [one for one in known if words(one) == wanted]
    ends = [one for one in known if wanted and words(one)[-len(wanted) :] == wanted]
    holds = [one for one in known if fold(said) in fold(one)]
    for found in (whole, ends, holds):
        if len(found) == 1:
            return found[0]
    return ""


def span_said(turn: Turn) -> tuple[date, date] | None:
    """The days of a button or of the sentence."""
    if "first" in turn.given and "last" in turn.given:
        return date.fromisoformat(str(turn.given["first"])), date.fromisoformat(str(turn.given["last"]))
    found = find_dates(turn.text, turn.today)
    return (found[0].first, found[0].last) if found else None


def coming(turn: Turn) -> tuple[date, date]:
    """The span of "sắp đến hạn": what was said, else the next seven days; what is past of it is left out."""
    first, last = span_said(turn) or (turn.today, turn.today + _SOON)
    return (turn.today, turn.today + _SOON) if last < turn.today else (max(first, turn.today), last)


def asks_for_a_report(turn: Turn) -> bool:
    """A quarter or more that is over, in the words themselves."""
    span = None if turn.given else span_said(turn)
    return span is not None and span[1] < turn.today and span[1] - span[0] >= _QUARTER


def past_day(turn: Turn) -> date | None:
    """The end of a past span that was named ("tuần trước", "tháng 10"), to compare with."""
    span = span_said(turn)
    return span[1] if span is not None and span[1] < turn.today else None
