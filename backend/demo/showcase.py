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
    today = local_date(anchor)
    last_worked = today if calendar.is_working(today) else calendar.previous_working_day(today)

    def at(days: int | None, clock: time) -> datetime | None:
        if days is None:
            return None
        day = calendar.add_working_days(last_worked, days)
        return datetime.combine(day, clock, VIETNAM)

    received = at(one.received, time(8, 40))
    asked, finished = at(one.asked, time(10, 15)), at(one.finished, time(15, 30))
    returned = at(one.returned, time(9, 10))
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
        received_at=received,
        due_at=at(one.due, time(17, 0)),
        finished_at=finished,
        returned_at=returned,
        channel=Channel.DIRECT,
        details=replace(one.details, supplement_asked_at=asked),
        parent_code=parent,
        demo=DEMO,
    )
    moments = (
        (Stage.ACCEPTED, received),
        (Stage.PROCESSING, at(one.received + 1, time(8, 0)) if one.received < 0 else None),
        (Stage.SUPPLEMENT, asked),
        (one.stage if one.stage.ended and not returned else Stage.DONE, finished),
        (Stage.RETURNED, returned),
    )
    events = [DossierEvent(f"m{n}", stage, when) for n, (stage, when) in enumerate(moments) if when]
    if events[-1].stage is not one.stage:
        events.append(DossierEvent("m9", one.stage, at(-1, time(9, 0)) or anchor))
    events.sort(key=lambda event: event.at)
    person = Applicant(one.name, one.phone) if one.phone else None
    yield Filing(dossier, person, tuple(events))
    for part in one.parts:
        yield from _filings(part, one.code, anchor, calendar, titles, agencies)
