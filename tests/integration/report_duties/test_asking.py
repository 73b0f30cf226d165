"""Owed, due, handed in: worked out from the rules, on both engines, within the scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from backend.domain.report_duty import HANDED_IN, OPEN_STATES, DutyFilter, DutyState
from backend.domain.scope import NO_SCOPE, Scope
from backend.services.report_duties import asking, periods
from tests.integration.report_duties.conftest import (
    ALL,
    NOVEMBER,
    OCTOBER,
    THIRD,
    known,
    names,
    put,
    report,
)
from tests.integration.tasks.conftest import BUILDING, COMMUNE, LAND, MONEY, TODAY, Office

OWED = frozenset({DutyState.OWED})


def find(
    office: Office,
    scope: Scope = ALL,
    which: DutyFilter | None = None,
    states: frozenset[DutyState] = OWED,
    code: str = "",
    offset: int = 0,
) -> asking.Found:
    """What was due in the last year, of one report or of all."""

    def look(uow: object) -> asking.Found:
        reports = [one for one in uow.report_duties.all() if code in ("", one.code)]  # type: ignore[attr-defined]
        wanted = periods.owed_until(uow, reports)  # type: ignore[arg-type]
        return asking.find(uow, scope, wanted, which or DutyFilter(), states, offset, by_period=True)  # type: ignore[arg-type]

    return office.db.read_now(look)  # type: ignore[no-any-return]


def test_what_was_not_accepted_is_owed_from_the_day_after_its_day(office: Office) -> None:
    found = find(office)
    assert names(found.duties) == [
        ("CCHC-Q", THIRD.isoformat(), "Sở Tài chính"),
        ("CCHC-Q", THIRD.isoformat(), "Ủy ban nhân dân xã Hòa Phú"),
        ("KTXH-T", OCTOBER.isoformat(), "Sở Nông nghiệp và Môi trường"),
        ("KTXH-T", OCTOBER.isoformat(), "Văn phòng Ủy ban nhân dân tỉnh"),
        ("KTXH-T", NOVEMBER.isoformat(), "Sở Xây dựng"),
        ("KTXH-T", NOVEMBER.isoformat(), "Văn phòng Ủy ban nhân dân tỉnh"),
    ]
    waits, returned = found.duties[:2]
    assert (waits.waiting, waits.number, waits.returned) == (True, "1/BC-H50.06", None)
    assert (returned.waiting, returned.returned) == (False, "thiếu phụ lục")
    assert [one.late_days(TODAY) for one in found.duties] == [66, 66, 32, 32, 1, 1]
    assert (found.total, found.counts.waiting, found.counts.first_due) == (6, 1, date(2026, 9, 16))
    worst = {one.name: (one.counts.of(DutyState.OWED), one.counts.first_due) for one in found.agencies}
    assert worst["Văn phòng Ủy ban nhân dân tỉnh"] == (2, date(2026, 10, 20))


def test_who_receives_a_report_does_not_owe_it(office: Office) -> None:
    found = find(office, states=frozenset(DutyState))
    receivers = {"CCHC-Q": "Văn phòng Ủy ban nhân dân tỉnh", "KTXH-T": "Sở Tài chính"}
    assert not [one for one in names(found.duties) if receivers.get(one[0]) == one[2]]


def test_handed_in_says_when_and_how_late(office: Office) -> None:
    found = find(office, states=HANDED_IN, code="CCHC-Q")
    told = {one.agency_name: (one.state, one.handed_in_on, one.late_days(TODAY)) for one in found.duties}
    assert told == {
        "Sở Xây dựng": (DutyState.ON_TIME, date(2026, 9, 16), 0),
        "Sở Nông nghiệp và Môi trường": (DutyState.LATE, date(2026, 9, 20), 4),
    }
    (period,) = found.periods
    assert (period.counts.total, period.counts.of(*HANDED_IN), period.counts.of(DutyState.OWED)) == (4, 2, 2)


def test_counts_of_agencies_periods_and_rows_agree(office: Office) -> None:
    for states in (OWED, HANDED_IN, OPEN_STATES, frozenset(DutyState)):
        found = find(office, states=states)
        assert sum(one.counts.of(*states) for one in found.agencies) == found.total
        assert sum(one.counts.of(*states) for one in found.periods) == found.total
        assert len(find(office, states=states, offset=0).duties) == min(found.total, asking.PAGE)


def test_pages_hold_all_rows_once(office: Office) -> None:
    every = frozenset(DutyState)
    first = find(office, states=every)
    rest = find(office, states=every, offset=asking.PAGE)
    assert (len(first.duties), first.left, rest.left) == (asking.PAGE, len(rest.duties), 0)
    assert len({*names(first.duties), *names(rest.duties)}) == first.total
    assert (rest.agencies, rest.periods) == ((), ())


def test_narrowed_to_agency_kind_and_to_what_nobody_sent(office: Office) -> None:
    assert {one[2] for one in names(find(office, which=DutyFilter(agency_kind="commune")).duties)} == {
        "Ủy ban nhân dân xã Hòa Phú"
    }
    money = DutyFilter(agencies=frozenset({office.ids[MONEY]}))
    assert find(office, which=money).total == 1
    unanswered = DutyFilter(agencies=money.agencies, unanswered=True)
    assert find(office, which=unanswered).total == 0


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("chutich", 6),
        ("vp", 6),
        ("pct", 5),  # follows the agency that is owed KTXH and owes CCHC
        ("theodoi", 0),  # a field that nothing owed belongs to
        ("canbo", 1),
        ("taichinh", 5),  # owes one, receives four of KTXH
        ("xa", 1),
        ("tongdai", 0),
        ("nobody", 0),
    ],
)
def test_each_role_sees_its_own_and_what_it_receives(office: Office, name: str, seen: int) -> None:
    found = find(office, office.scope(name))
    counted = sum(one.counts.of(DutyState.OWED) for one in found.agencies)
    assert (found.total, len(found.duties), counted) == (seen, seen, seen)


def test_an_empty_scope_sees_and_counts_nothing(office: Office) -> None:
    found = find(office, NO_SCOPE, states=frozenset(DutyState))
    assert (found.total, found.counts.total, found.duties, found.periods) == (0, 0, (), [])


def test_a_field_opens_its_reports_only(office: Office) -> None:
    scope = Scope(fields=frozenset({"Cải cách hành chính"}))
    assert {one[0] for one in names(find(office, scope).duties)} == {"CCHC-Q"}


def test_next_due_and_days_ahead(office: Office) -> None:
    def look(uow: object) -> tuple[object, object]:
        reports = uow.report_duties.all()  # type: ignore[attr-defined]
        soon = periods.next_due(uow, reports)  # type: ignore[arg-type]
        december = periods.due_between(uow, reports, date(2026, 12, 1), date(2026, 12, 18))  # type: ignore[arg-type]
        return (
            {(one.code, period.last.isoformat(), period.due_on.isoformat()) for one, period in soon},
            {one.code for one, _period in december},
        )

    soon, december = office.db.read_now(look)
    assert soon == {
        ("CCHC-N", "2026-12-31", "2026-12-16"),
        ("KTXH-T", "2026-12-31", "2026-12-20"),
        ("KTTT-6", "2026-12-31", "2026-12-16"),
    }
    assert december == {"CCHC-N", "KTTT-6"}


def test_an_agency_that_is_gone_and_a_regime_that_ended_owe_nothing(office: Office) -> None:
    before = find(office).total
    land = office.db.read_now(lambda uow: uow.agencies.by_code(LAND))
    office.db.write_now(lambda uow: uow.agencies.put(replace(land, valid_to=date(2026, 11, 1))))
    assert find(office).total == before - 1
    put(office, replace(known(office, "KTXH-T"), valid_to=date(2026, 10, 31)))
    assert find(office, code="KTXH-T").total == 1, (
        "November's figures close after it ended; only October's is owed"
    )


def test_putting_again_changes_only_what_changed(office: Office) -> None:
    def again(one: object) -> str:
        return office.db.write_now(lambda uow: uow.report_duties.put(one, uow.now))  # type: ignore[no-any-return]

    listed = known(office, "KTTT-6")
    assert again(listed) == "unchanged"
    assert again(replace(listed, listed=(office.ids[COMMUNE],))) == "changed"
    assert known(office, "KTTT-6").listed == (office.ids[COMMUNE],)
    fresh = report(office, "MOI", listed.kind, BUILDING, listed=(office.ids[LAND],), departments=False)
    assert again(fresh) == "created"
