"""Demonstration dossiers in every stage around an anchor date. The same seed and anchor give the same
dossiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from backend.demo.catalogue import read_procedures
from backend.demo.people import invented_people
from backend.demo.showcase import DEMO, SOURCE, showcase_codes, showcase_filings
from backend.domain.agency import Agency
from backend.domain.calendar import WorkingCalendar
from backend.domain.clock import VIETNAM, local_date
from backend.domain.dossier import Applicant, Channel, Details, Dossier, DossierEvent, FeeDue, Filing, Stage
from backend.domain.ports import UnitOfWork
from backend.domain.procedure import Channel as WayToFile
from backend.domain.procedure import FeeRule, HandledBy, Procedure, TimeUnit
from backend.domain.running import Source
from backend.services.dossiers.owners import owned

#: How often each stage occurs, in parts of a hundred.
_SHARES = {
    Stage.REGISTERED: 4,
    Stage.ACCEPTED: 6,
    Stage.REFUSED: 2,
    Stage.PROCESSING: 32,
    Stage.SUPPLEMENT: 7,
    Stage.FEE_DUE: 4,
    Stage.WITHDRAWN: 2,
    Stage.STOPPED: 2,
    Stage.DONE: 11,
    Stage.RETURNED: 30,
}
_LATE = 0.08  # of those not finished
_OLD_FORM = 0.08  # of codes in the agency coding of before 2020
_STEPS = ("Phân công xử lý", "Thẩm định", "Lấy ý kiến", "Trình ký")
#: Inter-agency procedures: the parts with who has them.
_PARTS = {
    "2.000986": (("1.004222", "H50.16"), ("1.001939", "H50.18")),
    "2.001023": (("1.001939", "H50.18"),),
    "1.013831": (("1.007277", "H50.17"), ("1.007674", "H50.17")),
}
_BODY = {HandledBy.POLICE: "police", HandledBy.TAX: "tax", HandledBy.SOCIAL_INSURANCE: "social_insurance"}
_SLICE = 500


def load_dossiers(
    uow: UnitOfWork,
    *,
    anchor: datetime,
    count: int = 3000,
    seed: int = 20261121,
    procedures: Sequence[Procedure] | None = None,
    agencies: Sequence[Agency] | None = None,
) -> int:
    """Put the showcase and about ``count`` more dossiers as they would stand at ``anchor`` (aware).

    Without ``procedures`` the shipped ones are read; without ``agencies`` those of the database. Returns
    how many dossiers were put, parts included.
    """
    catalogue = list(procedures) if procedures is not None else list(read_procedures())
    offices = list(agencies) if agencies is not None else list(uow.agencies.all())
    uow.sources.put(Source(SOURCE, "demo", anchor, anchor, (), 24 * 365))
    maker = _Maker(Random(seed), anchor, uow.calendar, catalogue, offices)
    filings = [*maker.shown(), *maker.make(count)]
    for start in range(0, len(filings), _SLICE):
        uow.dossiers.put_many(owned(uow, filings[start : start + _SLICE]))
    return len(filings)


@dataclass(frozen=True, slots=True)
class _Case:
    procedure: Procedure
    way: WayToFile
    agency: Agency
    working_days: int


class _Maker:
    def __init__(
        self,
        random: Random,
        anchor: datetime,
        calendar: WorkingCalendar,
        procedures: Sequence[Procedure],
        agencies: Sequence[Agency],
    ) -> None:
        self._random = random
        self._anchor = anchor
        self._today = local_date(anchor)
        self._calendar = calendar
        self._procedures = {one.code: one for one in procedures}
        self._agencies = {one.code: one for one in agencies}
        self._communes = [one for one in agencies if one.kind == "commune"]
        self._by_name = {one.name: one for one in agencies}
        self._by_kind = {one.kind: one for one in agencies if one.kind in {"police", "tax"}}
        insurer = next((one for one in agencies if one.name.startswith("Bảo hiểm xã hội")), None)
        if insurer is not None:
            self._by_kind["social_insurance"] = insurer
        self._taken = set(showcase_codes())
        self._serials: dict[tuple[str, date], int] = {}

    def shown(self) -> Iterator[Filing]:
        titles = {code: one.title for code, one in self._procedures.items()}
        papers = {code: tuple(paper_names(one)) for code, one in self._procedures.items()}
        names = {code: one.name for code, one in self._agencies.items()}
        return showcase_filings(self._anchor, self._calendar, titles, names, papers)

    def make(self, count: int) -> Iterator[Filing]:
        people = invented_people(max(1, count * 2 // 3), self._random)
        cases = [case for one in self._procedures.values() for case in [self._case(one)] if case]
        slow = [case for case in cases if case.working_days >= 3]
        stages = self._random.choices(list(_SHARES), list(_SHARES.values()), k=count)
        for stage in stages if cases and slow else ():
            # What is done within the day is hardly ever seen unfinished.
            case = self._random.choice(cases if stage.ended else slow)
            if case.procedure.handled_by is HandledBy.COMMUNE:
                case = replace(case, agency=self._random.choice(self._communes))
            yield from self._dossier(case, stage, self._random.choice(people))

    def _case(self, procedure: Procedure) -> _Case | None:
        way = next((one for one in procedure.channels if one.time is not None), None)
        agency = self._agency_of(procedure)
        if way is None or way.time is None or agency is None:
            return None
        days_per_unit = {TimeUnit.WORKING_DAY: 1.0, TimeUnit.DAY: 5 / 7, TimeUnit.MONTH: 21.0}
        working_days = round(way.time.amount * days_per_unit.get(way.time.unit, 0.0))
        return _Case(procedure, way, agency, min(45, working_days))

    def _agency_of(self, procedure: Procedure) -> Agency | None:
        if procedure.handled_by is HandledBy.COMMUNE:
            return self._communes[0] if self._communes else None
        if procedure.handled_by is HandledBy.DEPARTMENT:
            return self._by_name.get(procedure.department) or self._by_name.get(procedure.agency)
        return self._by_kind.get(_BODY.get(procedure.handled_by, ""))

    def _dossier(self, case: _Case, stage: Stage, person: Applicant) -> Iterator[Filing]:
        received, due, end = self._days(case, stage)
        code = self._code(case.agency.code, received)
        at = self._at(received, 7, 10)
        due_at = datetime.combine(due, time(17, 0), VIETNAM)
        finished = self._at(end, 14, 16) if stage.ended else None
        asked = self._at(min(received + timedelta(3), self._yesterday()), 9, 11)
        dossier = Dossier(
            code=code,
            stage=stage,
            source=SOURCE,
            as_of=self._anchor,
            raw_status=stage.official_name,
            title=case.procedure.title,
            procedure_code=case.procedure.code,
            procedure_from=case.procedure.valid_from,
            agency_name=case.agency.name,
            holder=None if stage.ended else self._holder(stage),
            step=self._random.choice(_STEPS) if stage is Stage.PROCESSING else None,
            received_at=None if stage is Stage.REGISTERED else at,
            due_at=None if stage in {Stage.REGISTERED, Stage.REFUSED} else due_at,
            finished_at=finished,
            returned_at=finished + timedelta(days=1) if finished and stage is Stage.RETURNED else None,
            channel=Channel(case.way.channel.value),
            details=self._details(case, stage, asked),
            demo=DEMO,
        )
        yield Filing(dossier, person, _events(dossier, asked))
        if stage in {Stage.PROCESSING, Stage.DONE, Stage.FEE_DUE}:
            yield from self._parts(dossier, received)

    def _days(self, case: _Case, stage: Stage) -> tuple[date, date, date]:
        """Received, due, and the last day of work: all working days, none after yesterday but the due one."""
        random, calendar = self._random, self._calendar
        limit = case.working_days
        if stage.ended:
            back = random.randint(limit + 2, limit + 60)
            received = calendar.add_working_days(self._today, -back)
            used = random.randint(0, limit) if random.random() > _LATE else limit + random.randint(1, 5)
            due = calendar.add_working_days(received, limit)
            end = calendar.add_working_days(received, min(used, back - 2) if back > 2 else 0)
            return received, due, end
        late = stage is Stage.PROCESSING and random.random() < _LATE * 2
        back = limit + random.randint(1, 9) if late else random.randint(1, max(1, limit - 1))
        received = calendar.add_working_days(self._today, -back)
        return received, calendar.add_working_days(received, limit), self._yesterday()

    def _yesterday(self) -> date:
        return self._calendar.previous_working_day(self._today)

    def _at(self, day: date, first_hour: int, last_hour: int) -> datetime:
        hour = self._random.randint(first_hour, last_hour)
        return datetime.combine(day, time(hour, self._random.randrange(60)), VIETNAM)

    def _code(self, agency_code: str, day: date) -> str:
        head = agency_code
        if self._random.random() < _OLD_FORM and len(agency_code) == len("H50.31"):
            province, unit = agency_code.split(".")
            head = f"000.00.{unit}.{province}"
        while True:
            serial = self._serials[head, day] = self._serials.get((head, day), 0) + self._random.randint(1, 9)
            code = f"{head}-{day:%y%m%d}-{serial:04d}"
            if code not in self._taken:
                self._taken.add(code)
                return code

    def _holder(self, stage: Stage) -> str:
        if stage in {Stage.REGISTERED, Stage.ACCEPTED, Stage.SUPPLEMENT, Stage.FEE_DUE}:
            return "Bộ phận Một cửa"
        return self._random.choice(("Phòng chuyên môn", "Lãnh đạo cơ quan", "Văn thư"))

    def _details(self, case: _Case, stage: Stage, asked: datetime) -> Details:
        if stage is Stage.SUPPLEMENT:
            names = paper_names(case.procedure)
            wanted = self._random.sample(names, min(len(names), self._random.randint(1, 2)))
            return Details(papers=tuple(wanted), supplement_asked_at=asked)
        if stage is Stage.FEE_DUE:
            return Details(fees=_fees(case.way), pay_at="Bộ phận Một cửa hoặc Cổng Dịch vụ công quốc gia")
        if stage is Stage.REFUSED:
            return Details(reason="Hồ sơ không thuộc thẩm quyền giải quyết của cơ quan.")
        if stage is Stage.STOPPED:
            return Details(reason="Quá thời hạn bổ sung mà người nộp chưa nộp thêm giấy tờ.")
        return Details()

    def _parts(self, whole: Dossier, received: date) -> Iterator[Filing]:
        """What other agencies have of an inter-agency dossier, each with a code and a clock of its own."""
        for procedure_code, agency_code in _PARTS.get(whole.procedure_code, ()):
            procedure, agency = self._procedures.get(procedure_code), self._agencies.get(agency_code)
            if procedure is None or agency is None:
                continue
            done = whole.stage is Stage.DONE or self._random.random() < 0.4
            due = self._calendar.add_working_days(received, self._random.randint(4, 10))
            finished = datetime.combine(self._yesterday(), time(16, 0), VIETNAM) if done else None
            part = replace(
                whole,
                code=self._code(agency_code, received),
                stage=Stage.DONE if done else Stage.PROCESSING,
                raw_status=(Stage.DONE if done else Stage.PROCESSING).official_name,
                title=procedure.title,
                procedure_code=procedure_code,
                procedure_from=procedure.valid_from,
                agency_name=agency.name,
                holder=None,
                step=None,
                due_at=datetime.combine(due, time(17, 0), VIETNAM),
                finished_at=finished,
                details=Details(),
                parent_code=whole.code,
            )
            yield Filing(part, None, _events(part, self._anchor))


def paper_names(procedure: Procedure) -> list[str]:
    return [paper.name for case in procedure.papers[:1] for paper in case.items]


def _fees(way: WayToFile) -> tuple[FeeDue, ...]:
    if way.fee_rule is FeeRule.FIXED and way.fees:
        return tuple(FeeDue(fee.note or "Phí, lệ phí", fee.vnd) for fee in way.fees[:1])
    return (FeeDue("Phí, lệ phí theo thông báo của cơ quan"),)


def _events(dossier: Dossier, asked: datetime) -> tuple[DossierEvent, ...]:
    """The road to the present stage, oldest first."""
    begun = dossier.received_at or dossier.as_of - timedelta(days=1)
    road: list[tuple[Stage, datetime | None]] = [(Stage.ACCEPTED, dossier.received_at)]
    if dossier.stage not in {Stage.REGISTERED, Stage.ACCEPTED, Stage.REFUSED}:
        road.append((Stage.PROCESSING, begun + timedelta(hours=2)))
    if dossier.stage is Stage.RETURNED:
        road += [(Stage.DONE, dossier.finished_at), (Stage.RETURNED, dossier.returned_at)]
    elif dossier.stage not in {Stage.ACCEPTED, Stage.PROCESSING}:
        road.append((dossier.stage, dossier.finished_at or max(asked, begun)))
    told: Mapping[Stage, datetime | None] = dict(road)
    return tuple(
        DossierEvent(f"m{number}", stage, at, holder=dossier.holder)
        for number, (stage, at) in enumerate(told.items())
        if at is not None
    )
