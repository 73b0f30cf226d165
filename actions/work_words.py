"""What an officer's sentence about dossiers or petitions says: agency, field, procedure, person, days, own work."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from actions.base import Reply, Turn
from actions.staff import refused
from backend.domain.agency import Agency
from backend.domain.clock import local_date
from backend.domain.scope import Scope
from backend.services.agencies.resolve import resolve_agency
from backend.services.agencies.tree import tree
from backend.services.procedures.outside import is_matter
from backend.services.procedures.search import Verdict, find_procedure, search
from backend.text.dates import find_dates
from backend.text.fold import fold, words

#: Names of agencies that are offered where one name leads to several.
_MOST_NAMES = 8
#: A procedure whose name carries this much of what was said is one of those meant ("hồ sơ khai sinh").
_CARRIES = 0.93
_MOST_PROCEDURES = 60
_I = r"(?:toi|em|minh|tui|mik|e|t)"
_MINE = re.compile(
    rf"\b(?:cua|giao cho|viec) {_I}\b(?! (?:gui|nop))|\b{_I} (?:dang |duoc |phai )?"
    rf"(?:phu trach|giu|om|lam|xu ly|giao|thu ly|ky|tra loi|xac minh|nhan ban giao)\b|\bhang cho\b"
)
_OWN_AGENCY = re.compile(
    rf"\b(?:so|xa|phuong|phong|ban|co quan|don vi|ubnd|uy ban|van phong|nganh|trung tam|quay|to)"
    rf"(?: nha| cua)? (?:{_I}|ta|chung toi|chung minh)\b|\bben (?:minh|ta|em|toi|tui)\b"
)
#: Asks for all of the scope, whatever else the province's committee is called.
_PROVINCE = re.compile(r"(?:toan |ca )?tinh\b")
_NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip
_DAYS = re.compile(rf"\b(\d{{1,2}}|{'|'.join(_NUMBERS)}) (?:ngay|hom|bua)\b(?! \d| mai)")
_MORE_THAN = re.compile(
    rf"\b(?:tren|hon|(?<!khong )qua) (\d{{1,2}}|{'|'.join(_NUMBERS)}) ngay\b(?! \d)|\b(\d{{1,2}}) ngay tro len\b"
)
_UNTIL = re.compile(r"\b(?:truoc|den|cho toi)(?: ngay)?$")
#: Work that is left over from days that are past; other sentences about such days ask for figures.
_LEFT_OVER = re.compile(r"\b(?:chua|con|sot|ton|dang|im|no)\b")
#: Somebody's post, not a name.
_POST = re.compile(
    r"(?:pho |quyen )?(?:chu tich|giam doc|bi thu|lanh dao|chanh|truong|thu truong|sep|thanh tra)\b"
)
#: "Sắp trễ hẹn", "còn một ngày là hết hạn": soon, whatever else the sentence says.
_COUNT = rf"(?:\d{{1,2}}|may|it|vai|{'|'.join(_NUMBERS)})"
_NEARLY = re.compile(
    rf"\b(?:sap|gan (?:den|toi|het|han)|den vang|nguy co|cham han|{_COUNT} (?:ngay|hom|bua) nua"
    rf"|con (?:\w+ ){{0,2}}{_COUNT} (?:ngay|hom|bua))\b"
)
_LATE = re.compile(
    r"\b(?:qua (?:thoi )?(?:han|hen)|tre(?! em| mo coi)|cham(?! soc)|lo (?:hen|han|ngay)|be hen|vuot qua"
    r"|het (?:thoi )?(?:han|ngay))\b"
)
_DUE = re.compile(
    r"\b(?:(?:den|toi|dung) (?:han|hen)|hen tra|phai tra|han (?:hom|ngay|mai)|gap|chay truoc)\b"
)


@dataclass(frozen=True, slots=True)
class Days:
    """``ahead`` working days or the ``span`` said; ``over``: late by more than so many working days. 0: not said."""

    ahead: int = 0
    span: tuple[date, date] | None = None
    over: int = 0

    def values(self) -> dict[str, Any]:
        told: dict[str, Any] = {"ahead": self.ahead, "over": self.over}
        if self.span is not None:
            told |= {"first": self.span[0].isoformat(), "last": self.span[1].isoformat()}
        return {name: value for name, value in told.items() if value}


def folded(turn: Turn) -> str:
    return " ".join(words(turn.text))


def urgency(said: str) -> str:
    """ "late", "soon" or "" of a folded sentence: "sắp trễ hẹn" is soon, "trễ hẹn" late, "đến hẹn trả" soon."""
    if _NEARLY.search(said):
        return "soon"
    if _LATE.search(said):
        return "late"
    return "soon" if _DUE.search(said) else ""


def is_mine(said: str) -> bool:
    return bool(_MINE.search(said))


def days_said(turn: Turn, kept: Mapping[str, Any]) -> Days:
    """Of a button or the conversation (``kept``), else of the sentence."""
    if not turn.given:
        said = folded(turn)
        if more := _MORE_THAN.search(said):
            return Days(over=_number(more[1] or more[2]))
        if ahead := _DAYS.search(said):
            return Days(ahead=_number(ahead[1]))
        if found := find_dates(turn.text, turn.today):
            until_then = _UNTIL.search(fold(turn.text[: found[0].start]))
            first = min(turn.today, found[0].first) if until_then else found[0].first
            return Days(span=(first, found[0].last))
    return _kept_days(kept)


def _kept_days(kept: Mapping[str, Any]) -> Days:
    try:
        first, last = (date.fromisoformat(str(kept[name])) for name in ("first", "last"))
    except (KeyError, ValueError):
        return Days(int(kept.get("ahead", 0)), None, int(kept.get("over", 0)))
    return Days(span=(first, last))


def _number(said: str) -> int:
    return int(said) if said.isdigit() else _NUMBERS[said]


def coming(turn: Turn, days: Days) -> Days:
    """Of a span that has begun, what is left; one that is over says nothing about what is due soon."""
    if days.span is None:
        return days
    first, last = days.span
    return Days() if last < turn.today else Days(span=(max(first, turn.today), last))


def is_over(turn: Turn, days: Days) -> bool:
    """Whether it is about days that are past as such, and not about what is left over from them."""
    past = days.span is not None and days.span[1] < turn.today
    return past and not _LEFT_OVER.search(folded(turn))


def person_said(turn: Turn) -> str:
    """The name of somebody who holds work; posts are not looked for."""
    said = turn.value("person") or ""
    return "" if _POST.match(fold(said)) else said


def until(end: datetime) -> date:
    """The last day before an instant that ends a span."""
    return local_date(end - timedelta(seconds=1))


def agency_said(turn: Turn, scope: Scope, kept: str) -> str | Reply:
    """The code of the agency that is meant, "" for all of the scope; what is out of scope is refused."""
    found = _agency_meant(turn, scope, kept)
    if not isinstance(found, Agency):
        return found
    if found.parent_code is None and found.kind == "province":
        return ""
    seen = scope.everything or bool(scope.fields) or found.id in scope.agencies
    return found.code if seen else refused(turn, "staff/out_of_reach", agency=found.name)


def _agency_meant(turn: Turn, scope: Scope, kept: str) -> Agency | str | Reply:
    known = tree(turn.uow).by_code
    if turn.given:
        said: tuple[str, ...] = (str(turn.given["agency"]),) if turn.given.get("agency") else ()
        if said and said[0] in known:
            return known[said[0]]
    else:
        said = turn.understood.values("agency")
    unknown = ""
    for text in said:
        found = {one.agency.code: one.agency for one in resolve_agency(turn.uow, text)}
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            names = [one.name for one in list(found.values())[:_MOST_NAMES]]
            return Reply("work/agency_which", {"said": text, "names": names})
        if _PROVINCE.match(fold(text)):
            return ""
        unknown = text
    if not turn.given and _OWN_AGENCY.search(folded(turn)):
        return _home(turn, scope) or ""
    if unknown and len(words(unknown)) > 1:
        return Reply("work/agency_unknown", {"said": unknown})
    return known.get(kept, "")


def _home(turn: Turn, scope: Scope) -> Agency | None:
    """The asker's own agency, where the scope holds it."""
    own = turn.uow.accounts.by_name(turn.viewer.account)
    home = tree(turn.uow).by_id.get(own.agency_id or 0) if own is not None else None
    return home if home is not None and (scope.everything or home.id in scope.agencies) else None


def field_said(said: str | None, known: Sequence[str]) -> str:
    """The known field that was said, whole or as the only one that has these words; "" otherwise."""
    if not said:
        return ""
    wanted = fold(said)
    by_fold = {fold(one): one for one in known}
    if wanted in by_fold:
        return by_fold[wanted]
    near = [name for key, name in by_fold.items() if wanted in key or key in wanted]
    return near[0] if len(near) == 1 else ""


def procedures_said(turn: Turn, said: str) -> dict[str, str]:
    """Titles by code of all procedures whose name carries what was said; else the one that is clearly meant.

    An officer who says "hồ sơ khai sinh" means every kind of birth registration, where a citizen would be asked which.
    """
    hits = [one for one in search(turn.uow, said, limit=_MOST_PROCEDURES) if not is_matter(one.entry.code)]
    found = find_procedure(turn.uow, said)
    if found.verdict is Verdict.NOTHING:
        return {}
    carrying = {one.entry.code: one.entry.title for one in hits if one.asked >= _CARRIES}
    clear = {one.entry.code: one.entry.title for one in found.hits if not is_matter(one.entry.code)}
    return carrying or clear
