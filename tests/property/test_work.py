"""Whatever dossiers, petitions, officers and scopes there are: counts are those of a plain reading, rows are in scope.

The plain reading goes over every row in Python, with the domain's own clock and a rule of reach written anew here.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from backend.db.crypto import Cipher
from backend.db.engine import Database, open_database
from backend.db.migrate import migrate
from backend.db.tables.petitions import petitions
from backend.db.unit_of_work import Tools
from backend.domain.agency import Agency
from backend.domain.clock import VIETNAM
from backend.domain.dossier import Details, Dossier, DossierEvent, Filing, Stage
from backend.domain.dossier_clock import ClockState, clock_of
from backend.domain.dossier_work import DossierFilter, DossierGroup, Holding
from backend.domain.messaging import Address, ChannelName
from backend.domain.petition import PetitionState
from backend.domain.petition_work import PetitionFilter, PetitionGroup
from backend.domain.procedure import HandledBy, Level, Procedure
from backend.domain.running import Account
from backend.domain.scope import ROLES, Reach, reach_of
from backend.domain.viewer import Viewer
from backend.importers.holiday_library import shipped_calendar
from backend.services.accounts.scope import scope_of
from backend.services.dossiers import work as dossier_work
from backend.services.petitions import work as petition_work
from tests.conftest import KEY, FixedClock
from tests.property.test_scope import CODES, PARENTS, under

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=VIETNAM)
CALENDAR = shipped_calendar()
FIELDS = {"P1": "Đất đai", "P2": "Y tế", "": ""}
STEPS = (None, "Thẩm định", "Trình ký")
_DESK = {"operator", "reception"}
_QUEUE = {PetitionState.RECEIVED, PetitionState.CLASSIFIED, PetitionState.FORWARDED}


@dataclass(frozen=True)
class Row:
    """A dossier as drawn: days are offsets from now; ``asked`` is when papers were asked for and how long it took."""

    agency: str
    stage: Stage
    due: int | None
    procedure: str
    step: str | None
    asked: tuple[int, int] | None
    moved: bool


@dataclass(frozen=True)
class Paper:
    """A petition as drawn."""

    agency: str
    about: str
    state: PetitionState
    due: int | None
    alarm: int
    raised: int
    field: str
    owner: int


rows = st.builds(
    Row,
    st.sampled_from(("", *CODES)),
    st.sampled_from((*Stage, Stage.PROCESSING, Stage.PROCESSING, Stage.PROCESSING)),
    st.none() | st.integers(-8, 8),
    st.sampled_from(list(FIELDS)),
    st.sampled_from(STEPS),
    st.none() | st.tuples(st.integers(-30, -10), st.integers(3, 9)),
    st.sampled_from((False, False, True)),
)
papers = st.builds(
    Paper,
    st.sampled_from(("", *CODES)),
    st.sampled_from(("", *CODES)),
    st.sampled_from(list(PetitionState)),
    st.none() | st.integers(-12, 8),
    st.integers(-5, 5),
    st.integers(0, 2),
    st.sampled_from(("roads", "land", "")),
    st.integers(0, 3),
)
officers = st.builds(
    lambda roles, home, fields, block: (frozenset(roles), home, tuple(fields), tuple(block)),
    st.lists(st.sampled_from(ROLES), min_size=1, max_size=2),
    st.sampled_from(("", *CODES)),
    st.lists(st.sampled_from(("Đất đai", "Y tế", "Hạ tầng giao thông")), max_size=2),
    st.lists(st.sampled_from(CODES), max_size=2),
)
Officer = tuple[frozenset[str], str, tuple[str, ...], tuple[str, ...]]
#: Asked in every office, whatever else is drawn: one of each kind of reach.
ALWAYS: list[Officer] = [
    (frozenset({"office_leader"}), "", (), ()),
    (frozenset({"officer"}), "H1.1", (), ()),
    (frozenset({"specialist"}), "H1.2", ("Đất đai", "Hạ tầng giao thông"), ("H1.3",)),
    (frozenset({"operator"}), "H1.1.1", (), ()),
]


@contextmanager
def office(people: list[Officer]) -> Iterator[tuple[Database, dict[str, int]]]:
    """A new database with the agencies, two procedures and the officers a0, a1, …"""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{shutil.copy(_migrated(), Path(folder) / 'x.sqlite3')}"
        db = open_database(url, Tools(Cipher({1: KEY}, 1), FixedClock(NOW), CALENDAR))
        ids: dict[str, int] = {}

        def fill(uow: Any) -> None:
            for code in CODES:
                ids[code] = uow.agencies.put(Agency(code, f"Agency {code}", "department", PARENTS.get(code)))
            for number, (roles, home, fields, block) in enumerate(people):
                account = Account(
                    f"a{number}", f"Officer {number}", roles, ids.get(home), fields=fields, block=block
                )
                uow.accounts.add(account, "", uow.now)
            for code, field in FIELDS.items():
                if code:
                    uow.procedures.put(_procedure(code, field))

        try:
            db.write_now(fill)
            yield db, ids
        finally:
            db.close()


@cache
def _migrated() -> Path:
    """An empty database with all migrations, to copy."""
    path = Path(tempfile.mkdtemp()) / "empty.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


def _procedure(code: str, field: str) -> Procedure:
    return Procedure(
        code, f"Title {code}", field, (Level.PROVINCE,), HandledBy.DEPARTMENT, "x", date(2025, 1, 1), "t", NOW
    )


def _filing(number: int, row: Row, ids: dict[str, int]) -> Filing:
    received = NOW - timedelta(days=40)
    events = [DossierEvent("a", Stage.ACCEPTED, received)]
    if row.asked:
        begun = NOW + timedelta(days=row.asked[0])
        events += [
            DossierEvent("b", Stage.SUPPLEMENT, begun),
            DossierEvent("c", Stage.PROCESSING, begun + timedelta(days=row.asked[1])),
        ]
    if row.stage not in {Stage.ACCEPTED, Stage.PROCESSING}:
        events.append(DossierEvent("d", row.stage, NOW - timedelta(days=1)))
    dossier = Dossier(
        f"H1-261001-{number:04d}",
        row.stage,
        "feed",
        NOW,
        title=f"Title {row.procedure}",
        procedure_code=row.procedure,
        agency_id=ids.get(row.agency),
        step=row.step,
        received_at=received,
        due_at=NOW + timedelta(days=row.due) if row.due is not None else None,
        details=Details(due_moved=row.moved),
    )
    return Filing(dossier, None, tuple(events))


def _within(officer: Officer, agency: str, field: str) -> bool:
    """The rule of reach, written anew."""
    roles, home, fields, block = officer
    reach = reach_of(roles)
    if reach is Reach.PROVINCE:
        return True
    if not agency and reach is not Reach.BLOCK:
        return False
    if reach is Reach.BLOCK:
        return bool(field and field in fields) or any(agency in under(code) for code in block)
    return reach is Reach.AGENCY and bool(home) and agency in under(home)


def _end(working_days: int) -> datetime:
    last = CALENDAR.add_working_days(NOW.date(), working_days)
    return datetime.combine(last + timedelta(days=1), datetime.min.time(), VIETNAM)


def _group(filing: Filing, days: int) -> DossierGroup | None:
    """By the dossier's own clock; None for one that is open and in no other group."""
    one = filing.dossier
    if one.stage is Stage.SUPPLEMENT:
        return DossierGroup.WAITING
    if one.stage is Stage.REGISTERED:
        return DossierGroup.REGISTERED
    clock = clock_of(one, filing.events, NOW, CALENDAR)
    if clock.state is ClockState.LATE:
        return DossierGroup.OVERDUE
    soon = clock.state is ClockState.RUNNING and clock.due_at is not None and NOW <= clock.due_at < _end(days)
    return DossierGroup.SOON if soon else None


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows, min_size=6, max_size=16), st.lists(officers, max_size=2), st.integers(1, 6))
def test_dossiers(drawn: list[Row], more: list[Officer], days: int) -> None:
    people = [*ALWAYS, *more]
    with office(people) as (db, ids):
        filings = [_filing(number, row, ids) for number, row in enumerate(drawn)]
        db.write_now(lambda uow: uow.dossiers.put_many(filings))
        groups = {one.dossier.code: _group(one, days) for one in filings if not one.dossier.stage.ended}
        for number, officer in enumerate(people):
            seen = {
                one.dossier.code
                for one, row in zip(filings, drawn, strict=True)
                if one.dossier.code in groups
                and (row.agency or reach_of(officer[0]) is Reach.PROVINCE)
                and _within(officer, row.agency, FIELDS[row.procedure])
            }
            viewer = Viewer(
                1, Address(ChannelName.TERMINAL, "x", "y"), account=f"a{number}", roles=officer[0]
            )
            db.read_now(
                lambda uow, viewer=viewer, seen=seen: _check_dossiers(uow, viewer, seen, groups, days)
            )


def _check_dossiers(
    uow: Any, viewer: Viewer, seen: set[str], groups: dict[str, DossierGroup | None], days: int
) -> None:
    scope, times = scope_of(uow, viewer), dossier_work.times_of(uow, days)
    told = dossier_work.standing(uow, scope, DossierFilter(), times)
    for group in DossierGroup:
        wanted = {code for code in seen if group is DossierGroup.OPEN or groups[code] is group}
        assert told.counts.of(group) == len(wanted), group
        assert sum(one.counts.of(group) for one in told.agencies) == len(wanted)
        assert sum(one.counts.of(group) for one in told.procedures) == len(wanted)
        found: list[str] = []
        while True:
            page = dossier_work.listed(uow, scope, DossierFilter(), group, times, len(found))
            found += [one.dossier.code for one in page.rows]
            if not page.rows:
                break
        assert sorted(found) == sorted(wanted), group
    stuck = dossier_work.stuck(uow, scope, DossierFilter(), times)
    late = {code for code in seen if groups[code] is DossierGroup.OVERDUE}
    untold = [
        one for one in uow.dossier_work.held(scope, DossierFilter(), times, Holding.STEP) if not one.name
    ]
    running = {code for code in seen if groups[code] is not DossierGroup.WAITING}
    assert sum(one.open for one in stuck.lines) + sum(one.open for one in untold) == len(running)
    assert sum(one.overdue for one in stuck.lines) <= len(late)
    if told.worst is not None:
        assert told.worst.overdue == max(one.overdue for one in stuck.lines)
    else:
        assert not any(one.overdue for one in stuck.lines)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(papers, min_size=6, max_size=16), st.lists(officers, max_size=2), st.integers(1, 6))
def test_petitions(drawn: list[Paper], more: list[Officer], days: int) -> None:
    people = [*ALWAYS, *more]
    with office(people) as (db, ids):
        db.write_now(
            lambda uow: (
                uow.connection.execute(insert(petitions), [_paper(n, p, ids) for n, p in enumerate(drawn)])
                and None
            )
        )
        names = db.read_now(lambda uow: {one.code: one.name for one in uow.petition_fields.all()})
        for number, officer in enumerate(people):
            seen = {
                n
                for n, one in enumerate(drawn)
                if _sees(officer, f"a{number}", one, names.get(one.field, ""))
            }
            viewer = Viewer(
                1, Address(ChannelName.TERMINAL, "x", "y"), account=f"a{number}", roles=officer[0]
            )
            db.read_now(
                lambda uow, viewer=viewer, seen=seen: _check_petitions(uow, viewer, seen, drawn, days)
            )


def _paper(number: int, one: Paper, ids: dict[str, int]) -> dict[str, Any]:
    return {
        "code": f"PA-{number:04d}",
        "kind": "feedback",
        "source": "chat",
        "state": str(one.state),
        "agency_id": ids.get(one.agency),
        "about_agency_id": ids.get(one.about),
        "field_name": one.field,
        "received_at": NOW - timedelta(days=20),
        "owner": f"a{one.owner}",
        "alarm": "answer",
        "alarm_at": NOW + timedelta(days=one.alarm, minutes=1),
        "due_at": NOW + timedelta(days=one.due, minutes=1) if one.due is not None else None,
        "raised": one.raised,
        "reopened": 0,
        "demo": "",
        "hidden": False,
    }


def _sees(officer: Officer, name: str, one: Paper, field: str) -> bool:
    roles, home, _fields, _block = officer
    reach = reach_of(roles)
    lost = reach is Reach.AGENCY and not home  # an agency's officer without an agency reaches nothing
    blind = reach is Reach.BLOCK and not (officer[2] or officer[3])
    nothing = reach is Reach.NOTHING or lost or blind
    desk = bool(roles & _DESK)
    if one.state not in _open() or (nothing and not desk):
        return False
    if home and one.about and (one.about == home or one.about == PARENTS.get(home)):
        return False
    return _within(officer, one.agency, field) or (desk and one.state in _QUEUE) or one.owner == int(name[1:])


def _open() -> set[PetitionState]:
    ended = ("declined", "guided", "returned", "filed", "closed", "merged", "withdrawn")
    return {one for one in PetitionState if one.value not in ended}


def _groups(one: Paper, days: int) -> set[PetitionGroup]:
    found = {PetitionGroup.OPEN}
    state = one.state.value
    if state in {"forwarded", "answered"}:
        return found | {PetitionGroup.ELSEWHERE}
    rung = one.raised > 0 or one.alarm < 0
    late = one.due < 0 if one.due is not None else rung
    due = NOW + timedelta(days=one.due if one.due is not None else one.alarm, minutes=1)
    if late:
        found.add(PetitionGroup.OVERDUE)
    if not late and NOW <= due < _end(days):
        found.add(PetitionGroup.SOON)
    if one.due is not None and not late and rung:
        found.add(PetitionGroup.SLOW)
    if state in {"received", "classified"}:
        found.add(PetitionGroup.UNASSIGNED)
    if state == "assigned":
        found.add(PetitionGroup.UNTAKEN)
    return found


def _check_petitions(uow: Any, viewer: Viewer, seen: set[int], drawn: list[Paper], days: int) -> None:
    reach = petition_work.reach_of(uow, viewer, scope_of(uow, viewer))
    times, which = petition_work.times_of(uow, days), PetitionFilter()
    told = petition_work.standing(uow, reach, which, times)
    for group in PetitionGroup:
        wanted = sorted(f"PA-{n:04d}" for n in seen if group in _groups(drawn[n], days))
        assert told.counts.of(group) == len(wanted), group
        assert sum(one.counts.of(group) for one in told.agencies) == len(wanted)
        found: list[str] = []
        while True:
            page = petition_work.listed(uow, reach, which, group, times, len(found))
            found += [one.petition.code for one in page.rows]
            if not page.rows:
                break
        assert sorted(found) == wanted, group
    own = replace(which, owner=viewer.account)
    mine = petition_work.standing(uow, reach, own, times).counts.open
    assert mine == sum(1 for n in seen if f"a{drawn[n].owner}" == viewer.account)
