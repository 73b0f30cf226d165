"""Dossiers with fixed codes, one of each kind: tests, documentation and demonstrations speak of them.

Their dates move with the anchor; the date inside a code is only a part of its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time

from backend.domain.calendar import WorkingCalendar
from backend.domain.clock import VIETNAM, local_date
from backend.domain.dossier import Applicant, Channel, Details, Dossier, DossierEvent, FeeDue, Filing, Stage
from backend.domain.ports import UnitOfWork

DEMO = "demo"
SOURCE = "Hệ thống một cửa (minh họa)"


@dataclass(frozen=True, slots=True)
class Shown:
    """``due``, ``received`` …: working days from the last one up to the anchor, negative before it; None: has not
    happened."""

    code: str
    phone: str
    name: str
    procedure_code: str
    agency_code: str
    stage: Stage
    received: int
    due: int | None = None
    asked: int | None = None
    finished: int | None = None
    returned: int | None = None
    holder: str = ""
    step: str = ""
    details: Details = Details()
    parts: tuple[Shown, ...] = ()


PROCESSING = Shown(
    "H50.34-261118-0975",
    "0912000975",
    "Nguyễn Thị Minh Hà",
    "1.004859",
    "H50.34",
    Stage.PROCESSING,
    -3,
    4,
    holder="Công chức Tư pháp - Hộ tịch",
    step="Thẩm định",
)
SUPPLEMENT = Shown(
    "H50.37-261109-0041",
    "0912000041",
    "Trần Văn Bình",
    "1.004837",
    "H50.37",
    Stage.SUPPLEMENT,
    -8,
    3,
    asked=-4,
    holder="Bộ phận Một cửa",
    step="Chờ bổ sung",
)
DONE = Shown(
    "H50.05-261102-0118",
    "0912000118",
    "Lê Thị Thu Lan",
    "1.012786",
    "H50.05",
    Stage.DONE,
    -14,
    1,
    finished=-1,
    holder="Bộ phận Một cửa",
    step="Trả kết quả",
)
LATE = Shown(
    "H50.36-261019-0057",
    "0912000057",
    "Phạm Quang Dũng",
    "1.013225",
    "H50.36",
    Stage.PROCESSING,
    -24,
    -6,
    holder="Phòng Kinh tế, Hạ tầng",
    step="Trình ký",
    details=Details(reason="Chờ ý kiến về phòng cháy, chữa cháy."),
)
RETURNED = Shown(
    "H50.31-261026-0203",
    "0912000203",
    "Hoàng Ngọc Mai",
    "1.001193",
    "H50.31",
    Stage.RETURNED,
    -19,
    -19,
    finished=-19,
    returned=-18,
)
CHILDREN = Shown(
    "H50.38-261116-0012",
    "0912000012",
    "Đặng Thanh Tâm",
    "2.000986",
    "H50.38",
    Stage.PROCESSING,
    -5,
    3,
    holder="Bộ phận Một cửa",
    step="Chờ liên thông",
    parts=(
        Shown("H50.16-261117-0311", "", "", "1.004222", "H50.16", Stage.PROCESSING, -4, 3),
        Shown("H50.18-261117-0127", "", "", "1.001939", "H50.18", Stage.DONE, -4, 1, finished=-1),
    ),
)
FEE = Shown(
    "H50.05-261105-0064",
    "0912000064",
    "Bùi Hữu Phúc",
    "1.013831",
    "H50.05",
    Stage.FEE_DUE,
    -11,
    5,
    holder="Bộ phận Một cửa",
    step="Chờ nghĩa vụ tài chính",
    details=Details(
        fees=(FeeDue("Lệ phí trước bạ nhà, đất", 2_500_000), FeeDue("Thuế thu nhập cá nhân", 8_000_000)),
        pay_at="kho bạc, ngân hàng hoặc Cổng Dịch vụ công quốc gia",
    ),
)
WITHDRAWN = Shown(
    "000.00.32.H50-261110-0007", "0912000007", "Vũ Kim Yến", "1.004845", "H50.32", Stage.WITHDRAWN, -9, -4,
    finished=-6,
)  # fmt: skip

ALL = {
    "processing": PROCESSING,
    "supplement": SUPPLEMENT,
    "done": DONE,
    "late": LATE,
    "returned": RETURNED,
    "children": CHILDREN,
    "fee": FEE,
    "withdrawn": WITHDRAWN,
}


def showcase(uow: UnitOfWork) -> dict[str, str]:
    """Kind -> code, of those that are in the database."""
    known = uow.dossiers.by_codes([one.code for one in ALL.values()])
    return {kind: one.code for kind, one in ALL.items() if one.code in known}


def showcase_codes() -> frozenset[str]:
    return frozenset(code for one in ALL.values() for code in (one.code, *(part.code for part in one.parts)))


def showcase_filings(
    anchor: datetime,
    calendar: WorkingCalendar,
    titles: dict[str, str],
    agencies: dict[str, str],
    papers: dict[str, tuple[str, ...]],
) -> Iterator[Filing]:
    """All of them. ``titles`` and ``papers`` by procedure code, ``agencies`` are names by code."""
    for one in ALL.values():
        details = one.details
        if one.stage is Stage.SUPPLEMENT:
            details = replace(details, papers=papers.get(one.procedure_code, ())[:2])
        yield from _filings(replace(one, details=details), None, anchor, calendar, titles, agencies)


def _filings(
    one: Shown,
    parent: str | None,
    anchor: datetime,
    calendar: WorkingCalendar,
    titles: dict[str, str],
    agencies: dict[str, str],
) -> Iterator[Filing]:
    at = _Days(anchor, calendar)
    asked = at(one.asked, time(10, 15))
    dossier = Dossier(
        code=one.code,
        stage=one.stage,
        source=SOURCE,
        as_of=anchor,
        raw_status=one.stage.official_name,
        title=titles.get(one.procedure_code, ""),
        procedure_code=one.procedure_code,
        agency_name=agencies.get(one.agency_code, ""),
        holder=one.holder or None,
        step=one.step or None,
        received_at=at(one.received, time(8, 40)),
        due_at=at(one.due, time(17, 0)),
        finished_at=at(one.finished, time(15, 30)),
        returned_at=at(one.returned, time(9, 10)),
        channel=Channel.DIRECT,
        details=replace(one.details, supplement_asked_at=asked),
        parent_code=parent,
        demo=DEMO,
    )
    person = Applicant(one.name, one.phone) if one.phone else None
    begun = at(min(one.received + 1, -1), time(8, 0))
    yield Filing(dossier, person, tuple(_road(dossier, begun, asked, at(-1, time(9, 0)))))
    for part in one.parts:
        yield from _filings(part, one.code, anchor, calendar, titles, agencies)


class _Days:
    """Instants by working days from the last one up to the anchor."""

    def __init__(self, anchor: datetime, calendar: WorkingCalendar) -> None:
        today = local_date(anchor)
        self._calendar = calendar
        self._last = today if calendar.is_working(today) else calendar.previous_working_day(today)

    def __call__(self, days: int | None, clock: time) -> datetime | None:
        if days is None:
            return None
        return datetime.combine(self._calendar.add_working_days(self._last, days), clock, VIETNAM)


def _road(
    dossier: Dossier, begun: datetime | None, asked: datetime | None, lately: datetime | None
) -> list[DossierEvent]:
    """How it came to its present stage, oldest first."""
    returned = dossier.returned_at
    moments = (
        (Stage.ACCEPTED, dossier.received_at),
        (Stage.PROCESSING, None if returned else begun),
        (Stage.SUPPLEMENT, asked),
        (Stage.DONE if returned else dossier.stage, dossier.finished_at),
        (Stage.RETURNED, returned),
    )
    events = [DossierEvent(f"m{n}", stage, when) for n, (stage, when) in enumerate(moments) if when]
    if events[-1].stage is not dossier.stage:
        events.append(DossierEvent("m9", dossier.stage, lately or dossier.as_of))
    return sorted(events, key=lambda event: event.at)
