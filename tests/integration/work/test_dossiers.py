"""Dossiers as work: late by their own clock, due soon, waiting, stuck where, whose; never out of scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from backend.domain.dossier_work import DossierCounts, DossierFilter, DossierGroup, Holding
from backend.domain.scope import NO_SCOPE, Scope
from backend.services.dossiers import work
from tests.integration.tasks.conftest import BUILDING, COMMUNE, MONEY
from tests.integration.work.conftest import (
    CITY,
    IGATE,
    LOAN,
    PERMIT,
    PLAIN,
    Given,
    Place,
    code,
    filing_of,
)

EVERYTHING = DossierFilter()


def counts(place: Place, name: str, which: DossierFilter = EVERYTHING, **times: Any) -> DossierCounts:
    scope = place.office.scope(name)
    told = place.ask(lambda uow: work.standing(uow, scope, which, work.times_of(uow, **times)))
    assert sum((one.counts for one in told.agencies), DossierCounts()) == told.counts
    assert sum((one.counts for one in told.procedures), DossierCounts()) == told.counts
    return told.counts  # type: ignore[no-any-return]


def rows(place: Place, name: str, group: DossierGroup, **times: Any) -> list[int]:
    scope = place.office.scope(name)

    def page(uow: Any, offset: int) -> work.Found:
        return work.listed(uow, scope, EVERYTHING, group, work.times_of(uow, **times), offset)

    def pages(uow: Any) -> list[int]:
        found: list[int] = []
        while True:
            shown = page(uow, len(found))
            found += [int(one.dossier.code[-4:]) for one in shown.rows]
            if not shown.left:
                assert len(found) == shown.total
                return found

    return place.ask(pages)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("gd", DossierCounts(open=11, overdue=5, soon=3, waiting=1, registered=1)),
        ("canbo", DossierCounts(open=11, overdue=5, soon=3, waiting=1, registered=1)),
        ("motcua", DossierCounts(open=11, overdue=5, soon=3, waiting=1, registered=1)),
        ("taichinh", DossierCounts(open=2, undated=1)),
        ("xa", DossierCounts(open=1, soon=1)),
        ("vp", DossierCounts(open=17, overdue=7, soon=4, waiting=1, registered=1, undated=1)),
        ("theodoi", DossierCounts(open=1, soon=1)),  # the field alone, in whatever agency
        ("pct", DossierCounts(open=3, soon=1, undated=1)),
        ("tongdai", DossierCounts()),
        ("quantri", DossierCounts()),
    ],
)
def test_each_role_counts_its_own(place: Place, name: str, wanted: DossierCounts) -> None:
    assert counts(place, name) == wanted
    for group in DossierGroup:
        assert len(rows(place, name, group)) == wanted.of(group)


def test_a_dossier_of_nobody_is_for_the_province_alone(place: Place) -> None:
    assert 18 in rows(place, "vp", DossierGroup.OVERDUE)
    by_field = Scope(fields=frozenset({"Xây dựng"}))
    told = place.ask(lambda uow: work.standing(uow, by_field, EVERYTHING, work.times_of(uow)))
    assert [one.name for one in told.agencies if not one.name] == []


def test_time_for_papers_is_not_the_offices(place: Place) -> None:
    assert rows(place, "canbo", DossierGroup.OVERDUE) == [1, 9, 10, 13, 2]
    assert rows(place, "canbo", DossierGroup.SOON) == [8, 3, 4]
    assert rows(place, "canbo", DossierGroup.WAITING) == [6]
    scope = place.office.scope("canbo")
    page = place.ask(
        lambda uow: work.listed(uow, scope, EVERYTHING, DossierGroup.OVERDUE, work.times_of(uow))
    )
    late = {one.dossier.code: (one.clock.working_days, one.clock.paused_working_days) for one in page.rows}
    assert late == {code(1): (9, 0), code(9): (5, 2), code(10): (6, 0), code(13): (3, 0), code(2): (1, 0)}
    assert {one.dossier.phone_print for one in page.rows} == {None}


def test_the_days_that_are_asked_about_count(place: Place) -> None:
    assert rows(place, "canbo", DossierGroup.SOON, days=1) == [3]
    assert rows(place, "canbo", DossierGroup.SOON, days=4) == [8, 3, 4, 5]
    assert rows(place, "canbo", DossierGroup.SOON, span=(date(2026, 11, 26), date(2026, 11, 30))) == [8, 4, 5]
    assert rows(place, "canbo", DossierGroup.OVERDUE, over_days=5) == [1, 10]
    assert rows(place, "canbo", DossierGroup.OVERDUE, over_days=9) == []


def test_due_today_is_not_late_until_the_hour(place: Place) -> None:
    assert rows(place, "xa", DossierGroup.SOON) == [17]
    now = place.office.clock.now()
    place.office.clock.set(now.replace(hour=17, minute=0))
    assert rows(place, "xa", DossierGroup.OVERDUE) == []
    place.office.clock.set(now.replace(hour=17, minute=1))
    assert rows(place, "xa", DossierGroup.OVERDUE) == [17]


def test_a_part_of_an_inter_agency_dossier_has_a_clock_of_its_own(place: Place) -> None:
    part = Given(50, COMMUNE, due="2026-11-20")
    filing = filing_of(part, place.office)
    child = replace(filing, dossier=replace(filing.dossier, parent_code=code(15)))
    place.office.db.write_now(lambda uow: uow.dossiers.put_many([child]))
    assert rows(place, "xa", DossierGroup.OVERDUE) == [50]
    assert 15 not in rows(place, "vp", DossierGroup.OVERDUE), "the whole is in time"


def test_what_a_question_is_narrowed_to(place: Place) -> None:
    permits = DossierFilter(procedures=frozenset({PERMIT}))
    assert counts(place, "canbo", permits).overdue == 4
    named = DossierFilter(procedures=frozenset({"0.0"}), titles=frozenset({PLAIN}))
    assert counts(place, "canbo", named) == DossierCounts(open=1, overdue=1)
    assert counts(place, "vp", DossierFilter(field="Đất đai")).open == 1
    held = DossierFilter(holders=frozenset({"Trần Văn Bình"}))
    assert counts(place, "canbo", held) == DossierCounts(open=1, overdue=1)
    steps = DossierFilter(steps=frozenset({"Trình ký"}))
    assert counts(place, "vp", steps) == DossierCounts(open=2, overdue=2)
    other = DossierFilter(agencies=frozenset({place.office.ids[MONEY]}))
    assert counts(place, "canbo", other) == DossierCounts(), "a filter never widens the scope"


def test_procedures_are_named_and_sources_said_with_their_time(place: Place) -> None:
    scope = place.office.scope("canbo")
    told = place.ask(lambda uow: work.standing(uow, scope, EVERYTHING, work.times_of(uow)))
    assert [(one.name, one.counts.overdue) for one in told.procedures] == [
        (f"Thủ tục {PERMIT}", 4),
        (PLAIN, 1),
        (f"Thủ tục {LOAN}", 0),
    ]
    assert [(one.name, one.counts.overdue) for one in told.agencies] == [
        ("Sở Xây dựng", 4),
        ("Ban Quản lý dự án", 1),
    ]
    assert [(one.name, one.open, one.stale) for one in told.sources] == [(CITY, 10, False), (IGATE, 1, True)]
    assert told.worst is not None
    assert (told.worst.name, told.worst.overdue) == ("Thẩm định", 3)


def test_where_dossiers_are_stuck(place: Place) -> None:
    scope = place.office.scope("canbo")
    found = place.ask(lambda uow: work.stuck(uow, scope, EVERYTHING, work.times_of(uow)))
    assert [(one.name, one.open, one.overdue, one.days) for one in found.lines] == [
        ("Thẩm định", 7, 3, 5),
        ("Trình ký", 1, 1, 15),
    ]
    assert found.longest is not None
    assert found.longest.name == "Thẩm định", "one dossier says nothing about a step"
    assert found.untold == 2
    by_holder = place.ask(lambda uow: work.stuck(uow, scope, EVERYTHING, work.times_of(uow), Holding.HOLDER))
    assert [one.name for one in by_holder.lines] == [
        "Phòng Thẩm định",
        "Trần Văn Bình",
        "Trần Văn Bình - chuyên viên",
    ]


def test_no_step_is_told_and_none_is_invented(place: Place) -> None:
    scope = Scope(agencies=frozenset({place.office.ids["H50.04.01"]}), named=("x",))
    found = place.ask(lambda uow: work.stuck(uow, scope, EVERYTHING, work.times_of(uow)))
    assert (list(found.lines), found.longest, found.untold) == ([], None, 1)
    assert found.sources[0].lacks == ("holder", "step")
    told = place.ask(lambda uow: work.standing(uow, scope, EVERYTHING, work.times_of(uow)))
    assert told.worst is None


@pytest.mark.parametrize(
    ("name", "own", "open_", "untold"),
    [
        ("canbo", work.Own.HOLDER, 2, 2),
        ("dongnghiep", work.Own.UNMATCHED, 11, 2),
        ("motcua", work.Own.AGENCY, 11, 0),
        ("taichinh", work.Own.UNMATCHED, 2, 0),
        ("xa", work.Own.AGENCY, 1, 0),
    ],
)
def test_ones_own_work_as_far_as_the_source_tells(
    place: Place, name: str, own: work.Own, open_: int, untold: int
) -> None:
    scope = place.office.scope(name)

    def look(uow: Any) -> tuple[work.Mine, int]:
        found = work.mine(uow, scope, uow.accounts.by_name(name), EVERYTHING)
        told = work.standing(uow, scope, found.which, work.times_of(uow))
        return found, told.counts.open

    found, counted = place.ask(look)
    assert (found.own, found.untold, counted) == (own, untold, open_)


def test_a_namesake_elsewhere_is_not_ones_own(place: Place) -> None:
    scope = Scope(everything=True)

    def look(uow: Any) -> work.Mine:
        account = uow.accounts.by_name("taichinh")
        return work.mine(uow, scope, replace(account, full_name="Trần Văn Bình"), EVERYTHING)

    found = place.ask(look)
    assert found.own is work.Own.UNMATCHED
    assert found.which.agencies == {place.office.ids[MONEY]}


def test_an_empty_scope_finds_nothing(place: Place) -> None:
    told = place.ask(lambda uow: work.standing(uow, NO_SCOPE, EVERYTHING, work.times_of(uow)))
    assert (told.counts, list(told.sources), told.worst) == (DossierCounts(), [], None)
    found = place.ask(lambda uow: work.stuck(uow, NO_SCOPE, EVERYTHING, work.times_of(uow)))
    assert (list(found.lines), found.untold) == ([], 0)
    assert place.ask(lambda uow: uow.dossier_work.holders(NO_SCOPE, EVERYTHING)) == {}
    assert place.office.ids[BUILDING] in place.office.scope("canbo").agencies
