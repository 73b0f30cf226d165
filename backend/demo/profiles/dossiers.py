"""A year of dossiers with published totals: by channel, by how they were returned, with what was left unfinished."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from backend.demo.profiles.spreading import Weighted, dealt, on_days, weighted, working_days
from backend.domain.agency import Agency
from backend.domain.calendar import WorkingCalendar
from backend.domain.clock import VIETNAM
from backend.domain.dossier import Channel, Dossier, Filing, Stage
from backend.domain.ports import UnitOfWork
from backend.domain.procedure import Procedure

SOURCE = "Hệ thống một cửa điện tử (dựng lại từ số liệu công bố)"
_SLICE = 2000
_SHORTEST, _KINDS_OF_LENGTH = 1, 5  # working days: 1 to 5
_LAST_WITH_LATE = 0.9  # of the year: whoever is late must still end within it


@dataclass(frozen=True, slots=True)
class Year:
    """Published totals of one stream of dossiers. ``carried`` came before ``first``; what is not returned is
    unfinished on ``last`` and still in time."""

    first: date
    last: date
    received: int
    channels: Mapping[str, int]  # direct, online, postal: their sum is ``received``
    early: int
    on_time: int
    late: int
    carried: int = 0
    returned_postal: int = 0

    @property
    def returned(self) -> int:
        return self.early + self.on_time + self.late


class Stream:
    """Makes the dossiers; ``taken`` counts serial numbers, so that several streams of a year do not clash."""

    def __init__(
        self,
        year: Year,
        calendar: WorkingCalendar,
        agencies: Weighted,
        procedures: Sequence[Procedure],
        demo: str,
        as_of: datetime,
    ) -> None:
        self._year = year
        self._calendar = calendar
        self._agencies = agencies
        self._procedures = procedures
        self._demo = demo
        self._as_of = as_of
        self._days = working_days(calendar, year.first, year.last)

    def make(self, taken: Counter[tuple[str, date]]) -> Iterator[Filing]:
        year = self._year
        total = year.carried + year.received
        agencies = self._agencies.dealt(total)
        channels = dealt(year.received, {Channel(name): count for name, count in year.channels.items()})
        endings = self._endings()
        posted = dealt(
            year.returned,
            {Channel.POSTAL: year.returned_postal, Channel.DIRECT: year.returned - year.returned_postal},
        )
        for number, (received, agency) in enumerate(zip(self._received(), agencies, strict=True)):
            channel = Channel.DIRECT if number < year.carried else next(channels)
            ending = next(endings, "")
            result = next(posted) if ending else Channel.UNKNOWN
            taken[agency.code, received] += 1
            code = f"{agency.code}-{received:%y%m%d}-{taken[agency.code, received]:04d}"
            procedure = self._procedures[number % len(self._procedures)]
            yield Filing(self._dossier(number, code, agency, procedure, received, channel, ending, result))

    def _received(self) -> Iterator[date]:
        """Those carried over came in the last working days before the year."""
        before = [self._calendar.add_working_days(self._days[0], -back) for back in range(5, 0, -1)]
        yield from on_days(before, self._year.carried)
        yield from on_days(self._days, self._year.received)

    def _endings(self) -> Iterator[str]:
        """In the order in which they came: those that came last are left unfinished."""
        year = self._year
        early_part = round(year.returned * _LAST_WITH_LATE)
        first = {
            "late": year.late,
            **weighted(early_part - year.late, {"on_time": year.on_time, "early": year.early}),
        }
        yield from dealt(early_part, first)
        rest = {"on_time": year.on_time - first["on_time"], "early": year.early - first["early"]}
        yield from dealt(year.returned - early_part, rest)

    def _dossier(
        self,
        number: int,
        code: str,
        agency: Agency,
        procedure: Procedure,
        received: date,
        channel: Channel,
        ending: str,
        result: Channel,
    ) -> Dossier:
        length = _SHORTEST + number % _KINDS_OF_LENGTH
        step = self._calendar.add_working_days
        start = max(received, self._days[0]) if ending else received
        due = step(start, length) if ending else step(self._year.last, 1 + number % 10)
        ended = {"early": -1, "on_time": 0, "late": 1}.get(ending)
        finished = None if ended is None else self._at(step(due, ended) if ended else due, 10 + number % 5)
        stage = Stage.RETURNED if ending else Stage.PROCESSING
        return Dossier(
            code=code,
            stage=stage,
            source=SOURCE,
            as_of=self._as_of,
            raw_status=stage.official_name,
            title=procedure.title,
            procedure_code=procedure.code,
            procedure_from=procedure.valid_from,
            agency_name=agency.name,
            received_at=self._at(received, 8),
            due_at=self._at(due, 17),
            finished_at=finished,
            returned_at=finished,
            channel=channel,
            demo=self._demo,
            agency_id=agency.id,
            result_channel=result,
        )

    def _at(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), VIETNAM)


def load_stream(uow: UnitOfWork, stream: Stream, taken: Counter[tuple[str, date]]) -> int:
    filings = stream.make(taken)
    count = 0
    while few := list(islice(filings, _SLICE)):
        uow.dossiers.put_many(few)
        count += len(few)
    return count
