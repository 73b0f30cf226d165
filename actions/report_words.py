"""What an officer's sentence says about periodic reports: which, of when, of whom, and how they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from actions.base import Reply, Turn
from actions.staff import refused
from actions.task_words import reaches
from backend.domain.report_duty import DutyFilter, PeriodicReport, ReportKind, Wanted
from backend.domain.scope import Scope
from backend.services.agencies.resolve import resolve_agency
from backend.services.agencies.tree import tree
from backend.services.figures.periods import kind_of
from backend.services.figures.spoken_periods import read_periods
from backend.services.report_duties import naming, periods
from backend.services.report_duties.handing_in import own_agencies
from backend.services.report_duties.naming import Named
from backend.text.dates import find_dates
from backend.text.fold import fold, words

#: Under which name the conversation remembers what the last question about reports was.
ASKED = "report_question"
OWED, HANDED_IN, DUE, RULES, STANDING = "owed", "handed_in", "due", "rules", "standing"

_HAND = r"(?:nop|gui|goi|bao cao|nhan)"
_RULES = re.compile(
    r"\bche do bao cao\b|\bdanh muc bao cao\b|\btheo quy dinh\b|\b(?:hang|moi|mot) (?:thang|quy|nam)\b"
    r"|\bmay ngay mot lan\b|\bbao cao dinh ky nao\b.*\b(?:gui ai|truoc ngay)\b|\btrach nhiem bao cao\b"
)
_LACKING = re.compile(
    rf"\bno\b|\bchua (?:\w+ )?(?:{_HAND}|thay|co|xong)\b|\bthieu\b|\b(?:cham|tre|muon)\b(?! nhat)|\bqua han\b|\bsot\b"
    r"|\bim\b|\bai con\b|\bcon ai\b"
)
_HANDED = re.compile(
    rf"\bda (?:co )?{_HAND}\b|\bda co\b|\b(?:nop|gui|goi|nhan)\b.*(?<!vua) roi\b|\b{_HAND} dung (?:hen|han)\b"
)
_WHETHER = re.compile(r"\bchua\b")
_DUE = re.compile(
    r"\bphai\b|\bhan\b|\bden ky\b|\btoi ky\b|\bsap\b|\bgan toi\b|\bkhi nao\b|\bngay (?:nao|may|cuoi|bao nhieu)\b"
    r"|\bbao gio\b|\bhom nao\b|\bmung may\b|\bbua nao\b|\blich nop\b|\bcham nhat\b|\bdong ngay\b"
)
#: "báo cáo [cải cách hành chính] quý III" names a period; "báo cáo nào phải nộp trong tháng này" names days.
_OF_PERIOD = re.compile(
    r"\b(?:bao cao|bc)(?P<between>(?: [a-z]+){0,8}?) (?:\d+ thang|sau thang|chin thang|thang|quy|nam|[tq]\d+)\b"
)
_BETWEEN = frozenset(
    {"cuoi", "dau", "trong", "nop", "gui", "den", "han", "nao", "gi", "loai", "phai", "may", "toi"}
)
_KIND = re.compile(r"\b(?:bao cao|bc)(?: [a-z]+){0,4}? (?P<kind>thang|quy|nam)\b")
_KINDS = {"thang": ReportKind.MONTH, "quy": ReportKind.QUARTER, "nam": ReportKind.YEAR}
_UNTIL = re.compile(r"\b(?:truoc|den|toi)(?: het)?(?: ngay)? (?:\d|cuoi|het|thang|tuan)|\btu nay\b")
_TO = re.compile(r"\b(?:gui|nop|goi|bao cao)(?: \w+){0,2} (?:ve|cho|len|toi|den)$")
#: "văn phòng", "các sở" and the like name no agency.
_NO_NAMES = frozenset(
    {"van", "phong", "cac", "so", "nganh", "xa", "phuong", "ubnd", "don", "vi", "co", "quan", "tinh"}
)
_PREVIOUS = re.compile(r"\bky (?:truoc|vua roi|roi|vua qua)\b")
_MINE = re.compile(
    r"\b(?:toi|em|minh|tui|t|e|mik|ben (?:minh|em|toi)|(?:so|xa|phuong|don vi|co quan|nganh) (?:toi|em|minh|tui|e))\b"
)
_OTHERS = re.compile(
    r"\bai\b|\b(?:noi|don vi|dv|co quan|cq|so|nganh|xa|phuong|dac khu|phong) nao\b|\bbao nhieu\b|\b(?:danh sach|list)\b"
    r"|\b(?:cac|may|nhung|tung|khoi) (?:noi|don vi|co quan|so|nganh|xa|phuong|phong)\b"
)
_OFFICES = (
    ("department", re.compile(r"\b(?:cac|may|nhung|bao nhieu|khoi) (?:so|nganh)\b|\b(?:so|nganh)(?: nganh)? nao\b")),
    ("commune", re.compile(r"\b(?:cac|may|nhung|bao nhieu|khoi|tung) (?:xa|phuong)\b|\b(?:xa|phuong|dac khu) nao\b")),
)  # fmt: skip
_TIMES = frozenset({"time", "first", "last", "kind", "back"})
#: A period that ended this long ago and is asked for as something to come is next year's.
_LONG_AGO = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Asked:
    """The duties that are meant; ``said`` are the question's parts as the conversation keeps them."""

    mode: str
    reports: Named
    wanted: Wanted
    which: DutyFilter
    said: Mapping[str, Any]
    agency_name: str = ""

    def remembered(self) -> Mapping[str, Any]:
        return {ASKED: dict(self.said)}

    @property
    def one_period(self) -> tuple[str, date] | None:
        """Kind and last day, where all that is meant is of one period."""
        found = {(str(period.kind), period.last) for _report, period in self.wanted}
        return next(iter(found)) if len(found) == 1 else None

    @property
    def said_period(self) -> tuple[str, date] | None:
        """The period that was said, where what is meant are those within it."""
        if self.said.get("time") not in {"period", "within", "loose"}:
            return None
        first, last = (date.fromisoformat(str(self.said[name])) for name in ("first", "last"))
        kind = kind_of(first, last)
        return (kind, last) if kind in frozenset(ReportKind) else None


def asked(turn: Turn, scope: Scope) -> Asked | Reply:
    """Read the question; an agency out of scope is refused, a name that fits several reports is asked back."""
    known = turn.uow.report_duties.all()
    if not known:
        return Reply("report/none_known")
    said: dict[str, Any] = dict(turn.recalled(ASKED) or {}) if turn.again else {}
    new = dict(turn.given) if turn.given else _read(turn, known)
    if "agency" in new or "offices" in new:
        said = {name: value for name, value in said.items() if name not in {"mine", "agency", "offices"}}
    if _TIMES & new.keys():
        said = {name: value for name, value in said.items() if name not in _TIMES}
    said |= new
    if "nobody" in said:
        return Reply("report/unknown_agency", {"name": said["nobody"]})
    if "among" in said:
        return Reply("report/which", {"names": said["among"]})
    office = tree(turn.uow)
    if code := str(said.get("receiver", "")):
        known = [one for one in known if one.receiver_id in office.with_those_under(code)]
    reports = naming.by_codes(_of_kind(known, said), said.get("reports", ()))
    which = DutyFilter(agency_kind=str(said.get("offices", "")))
    name = ""
    if code := str(said.get("agency", "")):
        ids = office.with_those_under(code)
        name = office.by_code[code].name if code in office.by_code else code
        if not (reaches(scope, ids) or turn.uow.report_duties.receives(scope)):
            return refused(turn, "staff/out_of_reach", agency=name)
        which = replace(which, agencies=ids)
    elif said.get("mine") and (own := own_agencies(turn.uow, turn.viewer)):
        which = replace(which, agencies=own)
    mode = str(said.get("mode", STANDING))
    wanted = _wanted(turn, reports.reports, mode, said)
    return Asked(mode, reports, wanted, which, said, name)


def _read(turn: Turn, known: Sequence[PeriodicReport]) -> dict[str, Any]:
    folded = " ".join(words(turn.text))
    found: dict[str, Any] = {}
    if not turn.again or _RULES.search(folded) or _DUE.search(folded) or _LACKING.search(folded):
        found["mode"] = _mode(folded)
    told = naming.named(known, turn.text, turn.understood.values("field"))
    if told.among:
        found["among"] = told.among
    elif told.titles:
        found["reports"] = [one.code for one in told.reports]
    elif told.unknown:
        found["unknown"] = told.unknown
    found |= _agency(turn)
    if "agency" not in found and (_MINE.search(folded) or not _OTHERS.search(folded)):
        found["mine"] = True
    for kind, shape in _OFFICES:
        if shape.search(folded):
            found["offices"] = kind
    return found | _time(turn, folded, str(found.get("mode", "")))


def _mode(folded: str) -> str:
    if _RULES.search(folded):
        return RULES
    lacking, handed = _LACKING.search(folded), _HANDED.search(folded)
    if lacking:
        return STANDING if handed else OWED
    if _WHETHER.search(folded):
        return STANDING
    if handed:
        return HANDED_IN
    return DUE if _DUE.search(folded) else STANDING


def _agency(turn: Turn) -> dict[str, Any]:
    """The agency that reports, or (after "gửi về") the one that receives; one that is not known is said so."""
    for one in turn.understood.entities:
        if one.name != "agency" or set(words(one.value)) <= _NO_NAMES:
            continue
        agencies = {match.agency.code: match.agency for match in resolve_agency(turn.uow, one.value)}
        if any(agency.kind == "province" for agency in agencies.values()):
            continue
        if len(agencies) != 1:
            return {"nobody": one.value}
        role = "receiver" if _TO.search(fold(turn.text[: one.start])) else "agency"
        return {role: next(iter(agencies))}
    return {}


def _time(turn: Turn, folded: str, mode: str) -> dict[str, Any]:
    """``first`` and ``last`` of what was said, and how: ``period`` named by it, or the ``days`` on which one is due."""
    attached = _OF_PERIOD.search(folded)
    of_period = attached is not None and not _BETWEEN & set(attached["between"].split())
    if mode == DUE and not of_period:
        days = find_dates(turn.text, turn.today)
        if not days:
            return _kind(folded)
        first = turn.today if _UNTIL.search(folded) else days[0].first
        return {"time": "days", "first": first.isoformat(), "last": days[0].last.isoformat()}
    span = read_periods(turn.text, turn.today).span
    if span is None or kind_of(*span) == "day":
        return _kind(folded) | ({"back": 1} if _PREVIOUS.search(folded) else {})
    first, last = span
    if mode == DUE and last < turn.today - _LONG_AGO and not re.search(r"(?:19|20)\d\d", folded):
        first, last = first.replace(year=first.year + 1), last.replace(year=last.year + 1)
    time = "period" if of_period else "loose" if kind_of(first, last) == ReportKind.YEAR else "within"
    return {"time": time, "first": first.isoformat(), "last": last.isoformat()}


def _kind(folded: str) -> dict[str, Any]:
    """ "báo cáo tháng của các phòng": every one of that length."""
    match = _KIND.search(folded)
    return {"kind": str(_KINDS[match["kind"]])} if match and not _BETWEEN & set(match[0].split()) else {}


def _of_kind(known: Sequence[PeriodicReport], said: Mapping[str, Any]) -> Sequence[PeriodicReport]:
    """Reports of the length that was said; rules are asked for by naming a period, too."""
    kind = said.get("kind")
    if kind is None and said.get("mode") == RULES and said.get("time") == "period":
        kind = kind_of(date.fromisoformat(str(said["first"])), date.fromisoformat(str(said["last"])))
    return [one for one in known if kind in (None, one.kind)]


def _wanted(turn: Turn, reports: Sequence[PeriodicReport], mode: str, said: Mapping[str, Any]) -> Wanted:
    uow = turn.uow
    if "first" in said:
        first, last = (date.fromisoformat(str(said[name])) for name in ("first", "last"))
        if said.get("time") == "days":
            return periods.due_between(uow, reports, first, last)
        exactly = said.get("time") == "period" and "reports" not in said
        return periods.named(uow, reports, first, last, exactly=exactly, loosely=said.get("time") == "loose")
    if mode == DUE:
        return periods.next_due(uow, reports)
    if mode == OWED and "back" not in said:
        return periods.owed_until(uow, reports)
    return periods.latest(uow, reports, int(said.get("back", 0)))
