"""A small province whose agencies have dossiers and petitions to do, seen on Monday 23/11/2026 at half past nine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from backend.db.engine import open_database
from backend.db.unit_of_work import Tools
from backend.domain.clock import VIETNAM
from backend.domain.dossier import Applicant, Details, Dossier, DossierEvent, Filing, Stage
from backend.domain.petition import NewPetition, PetitionKind, PetitionSource, Reporter, Story
from backend.domain.procedure import HandledBy, Level, Procedure
from backend.domain.running import Account, Source
from backend.services.petitions import filing
from backend.services.petitions.moving import Mover, move
from tests.conftest import FixedClock
from tests.integration.tasks.conftest import BUILDING, COMMUNE, DESK, LAND, MONEY, Office, furnish

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=VIETNAM)
TODAY = NOW.date()
CITY, IGATE = "Một cửa tỉnh", "iGate"
PERMIT, LOAN, PLAIN = "1.009994", "2.000635", "Cấp bản sao"
SECRET = "Nguyễn Thị Kín"
#: Officers beside those of the tasks' office: the one-stop desk of the construction department, and two for petitions.
MORE = (
    Account("motcua", "Phạm Thị Cửa", frozenset({"one_stop"})),
    Account("tiepdan", "Ban Tiếp công dân", frozenset({"reception"})),
    Account("thanhtra", "Thanh tra", frozenset({"inspector"})),
)


def at(day: str, hour: int = 17) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), VIETNAM).replace(hour=hour)


@dataclass(frozen=True)
class Given:
    """One dossier of the table below."""

    number: int
    agency: str | None
    stage: Stage = Stage.PROCESSING
    due: str = ""
    procedure: str = PERMIT
    step: str | None = "Thẩm định"
    holder: str | None = "Phòng Thẩm định"
    source: str = CITY
    since: str = "2026-11-16"
    asked: tuple[str, str] | None = None  # papers asked for and handed in
    finished: str = ""
    moved: bool = False


DOSSIERS = (
    Given(1, BUILDING, due="2026-11-10"),  # late since the 10th
    Given(2, BUILDING, due="2026-11-20", step="Trình ký", holder="Trần Văn Bình", since="2026-11-02"),
    Given(3, BUILDING, due="2026-11-24", holder="Trần Văn Bình - chuyên viên"),  # tomorrow
    Given(4, BUILDING, due="2026-11-27", procedure=LOAN),  # the third working day: the 24th is a holiday
    Given(5, BUILDING, due="2026-11-30"),  # the fourth
    Given(6, BUILDING, Stage.SUPPLEMENT, due="2026-11-02", step="Chờ bổ sung"),  # its clock stands still
    Given(7, BUILDING, Stage.REGISTERED, step=None, holder=None),
    Given(
        8, BUILDING, due="2026-11-19", asked=("2026-11-09", "2026-11-13")
    ),  # four days of papers: due the 26th
    Given(9, BUILDING, due="2026-11-12", asked=("2026-11-09", "2026-11-11")),  # two: late since the 16th
    Given(
        10, BUILDING, due="2026-11-13", asked=("2026-11-09", "2026-11-13"), moved=True
    ),  # a new day was given
    Given(11, BUILDING, Stage.DONE, due="2026-11-01", finished="2026-11-05"),
    Given(12, BUILDING, Stage.WITHDRAWN, due="2026-11-01"),
    Given(13, DESK, due="2026-11-18", step=None, holder=None, source=IGATE, procedure=""),
    Given(14, LAND, due="2026-11-03", step="Trình ký"),
    Given(15, LAND, due="2026-12-30"),
    Given(16, MONEY, due="", step="Thẩm định"),  # no appointed day
    Given(17, COMMUNE, due="2026-11-23", step=None, holder="Bộ phận Một cửa"),  # today at five
    Given(18, None, due="2026-11-03"),  # nobody knows whose
    Given(19, MONEY, due="2026-11-23", asked=("2026-11-16", "2026-11-20")),  # four days later
)


def code(number: int) -> str:
    return f"H50.99-2611{number:02d}-{number:04d}"


def filing_of(one: Given, office: Office) -> Filing:
    agency = office.ids.get(one.agency or "")
    names = {BUILDING: "Sở Xây dựng", LAND: "Sở Nông nghiệp và Môi trường", MONEY: "Sở Tài chính"}
    dossier = Dossier(
        code(one.number),
        one.stage,
        one.source,
        at("2026-11-22", 14),
        raw_status="x",
        title=PLAIN if not one.procedure else f"Tên của {one.procedure}",
        procedure_code=one.procedure,
        agency_name=names.get(one.agency or "", ""),
        agency_id=agency,
        holder=one.holder,
        step=one.step,
        received_at=at("2026-10-01", 8),
        due_at=at(one.due) if one.due else None,
        finished_at=at(one.finished) if one.finished else None,
        details=Details(due_moved=one.moved),
    )
    events = [DossierEvent("a", Stage.ACCEPTED, at("2026-10-01", 8))]
    if one.asked:
        events.append(DossierEvent("b", Stage.SUPPLEMENT, at(one.asked[0], 10)))
        events.append(DossierEvent("c", Stage.PROCESSING, at(one.asked[1], 10)))
    if one.stage not in {Stage.ACCEPTED, Stage.REGISTERED}:
        begun = max(at(one.since, 9), at(one.asked[1], 11)) if one.asked else at(one.since, 9)
        events.append(DossierEvent("d", one.stage, begun, step=one.step, holder=one.holder))
        events.append(
            DossierEvent("e", one.stage, begun + timedelta(hours=1), step=one.step, holder=one.holder)
        )
    return Filing(dossier, Applicant(SECRET, "0912345678"), tuple(events))


def _procedure(number: str, field: str) -> Procedure:
    return Procedure(
        code=number,
        title=f"Thủ tục {number}",
        field=field,
        levels=(Level.PROVINCE,),
        handled_by=HandledBy.DEPARTMENT,
        agency="Sở",
        valid_from=date(2025, 1, 1),
        source="t",
        as_of=NOW,
    )


@dataclass
class Place:
    """The office with its rows, and petitions filed by name."""

    office: Office
    petitions: dict[str, str]

    def ask(self, verb: Callable[[Any], Any]) -> Any:
        return self.office.db.read_now(verb)


@dataclass
class Papers:
    """Files petitions by name and moves them, on the days that the clock is set to."""

    office: Office
    codes: dict[str, str]

    def on(self, moment: datetime) -> None:
        self.office.clock.set(moment)

    def file(self, name: str, **more: Any) -> None:
        new = NewPetition(
            PetitionKind.FEEDBACK,
            PetitionSource.HOTLINE,
            Story("Đèn đường hỏng trước nhà ông Tư", "ngõ 3"),
            Reporter(SECRET, "0912345678"),
            **more,
        )
        self.codes[name] = self.office.db.write_now(lambda uow: filing.file(uow, "x", new)).code

    def go(self, name: str, step: str, agency: str = "", *, by: Mover | None = None, **more: Any) -> None:
        def run(uow: Any) -> None:
            to = uow.agencies.by_code(agency) if agency else None
            move(uow, by or _HOTLINE, self.codes[name], step, agency=to, **more)

        self.office.db.write_now(run)


_HOTLINE = Mover("account:tongdai", frozenset({"operator"}))
_CLERK = Mover("account:canbo", frozenset({"officer"}))


def _petitions(office: Office) -> dict[str, str]:
    """What has come since Monday 2/11, each by the name the tests call it."""
    papers = Papers(office, {})
    papers.on(at("2026-11-02", 9))
    papers.file("late")  # taken up, its answer was due long ago
    papers.go("late", "classify", field_name="roads")
    papers.go("late", "assign", BUILDING)
    papers.go("late", "accept", by=_CLERK)
    papers.on(at("2026-11-11", 9))
    papers.file("soon")  # answer due within three working days
    papers.go("soon", "classify", field_name="land")
    papers.go("soon", "assign", LAND)
    papers.on(at("2026-11-16", 9))
    papers.file("untaken")
    papers.go("untaken", "classify", field_name="roads")
    papers.go("untaken", "assign", BUILDING)
    papers.file("about", about_agency_id=office.ids[BUILDING])  # about the construction department
    papers.go("about", "assign", MONEY)
    papers.file("forwarded")
    papers.go("forwarded", "forward", reason="x", body="Bộ Xây dựng", document="7/PC")
    papers.file("closed")
    papers.go("closed", "decline", reason="x")
    papers.on(at("2026-11-18", 9))
    papers.file("old_unassigned")  # should have been classified on the 19th
    papers.on(NOW - timedelta(minutes=30))
    papers.file("new_unassigned")
    office.db.write_now(lambda uow: uow.petitions.seal_report("web", {"text": "bí mật"}, at("2026-11-02")))
    papers.on(NOW)
    return papers.codes


@pytest.fixture
def place(database_url: str, tools: Tools) -> Iterator[Place]:
    clock = FixedClock(NOW)
    db = open_database(database_url, replace(tools, clock=clock), workers=4)
    office = furnish(db, clock)

    def fill(uow: Any) -> None:
        for one in MORE:
            home = office.ids[BUILDING] if one.name == "motcua" else None
            uow.accounts.add(replace(one, agency_id=home), "", uow.now)
        uow.sources.put(Source(CITY, "table", at("2026-11-22", 14)))
        uow.sources.put(Source(IGATE, "igate", at("2026-11-20", 8), lacks=("holder", "step")))
        uow.procedures.put(_procedure(PERMIT, "Xây dựng"))
        uow.procedures.put(_procedure(LOAN, "Đất đai"))
        uow.dossiers.put_many([filing_of(one, office) for one in DOSSIERS])
        for day in range(60):
            uow.petitions.put_duty(date(2026, 11, 1) + timedelta(days=day), "tongdai")

    db.write_now(fill)
    yield Place(office, _petitions(office))
    db.close()
