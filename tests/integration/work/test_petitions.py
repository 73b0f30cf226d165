"""Petitions as work: overdue, due soon, unassigned, mine; nothing about oneself, nothing sealed, nobody's name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from backend.domain.petition_work import PetitionCounts, PetitionFilter, PetitionGroup, PetitionReach
from backend.services.petitions import work
from tests.integration.work.conftest import NOW, SECRET, Place, at

EVERYTHING = PetitionFilter()


def counts(place: Place, name: str, which: PetitionFilter = EVERYTHING) -> PetitionCounts:
    viewer, scope = place.office.viewer(name), place.office.scope(name)

    def look(uow: Any) -> work.Standing:
        return work.standing(uow, work.reach_of(uow, viewer, scope), which, work.times_of(uow))

    told = place.ask(look)
    for lines in (told.agencies, told.fields):
        assert sum((one.counts for one in lines), PetitionCounts()) == told.counts
    return told.counts  # type: ignore[no-any-return]


def listed(
    place: Place, name: str, group: PetitionGroup, which: PetitionFilter = EVERYTHING
) -> list[work.WorkRow]:
    viewer, scope = place.office.viewer(name), place.office.scope(name)

    def look(uow: Any) -> work.Found:
        reach = work.reach_of(uow, viewer, scope)
        return work.listed(uow, reach, which, group, work.times_of(uow))

    return list(place.ask(look).rows)


def named(place: Place, rows: list[work.WorkRow]) -> list[str]:
    by_code = {code: name for name, code in place.petitions.items()}
    return [by_code[one.petition.code] for one in rows]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("vp", PetitionCounts(7, overdue=2, soon=2, unassigned=2, untaken=3, slow=3, elsewhere=1)),
        ("canbo", PetitionCounts(2, overdue=1, untaken=1, slow=1)),
        ("gd", PetitionCounts(2, overdue=1, untaken=1, slow=1)),
        ("taichinh", PetitionCounts(1, untaken=1, slow=1)),
        # no account of the land department: what it was given is owned by whoever is on duty
        ("tongdai", PetitionCounts(4, overdue=1, soon=2, unassigned=2, untaken=1, slow=1, elsewhere=1)),
        ("tiepdan", PetitionCounts(3, overdue=1, soon=1, unassigned=2, elsewhere=1)),
        ("quantri", PetitionCounts()),
        ("thanhtra", PetitionCounts()),
        ("nobody", PetitionCounts()),
    ],
)
def test_each_role_counts_its_own(place: Place, name: str, wanted: PetitionCounts) -> None:
    assert counts(place, name) == wanted
    for group in PetitionGroup:
        assert len(listed(place, name, group)) == min(wanted.of(group), work.PAGE)


def test_late_by_the_answer_and_by_the_step_while_no_answer_is_due(place: Place) -> None:
    rows = listed(place, "vp", PetitionGroup.OVERDUE)
    assert named(place, rows) == ["late", "old_unassigned"]
    assert [(one.due_at, one.late_days) for one in rows] == [(at("2026-11-16"), 5), (at("2026-11-19"), 2)]


def test_an_alarm_that_went_up_moves_no_deadline(place: Place) -> None:
    from backend.services.petitions import alarms

    before = listed(place, "tongdai", PetitionGroup.OVERDUE)
    place.office.db.write_now(alarms.ring)
    after = listed(place, "tongdai", PetitionGroup.OVERDUE)
    assert [one.petition.raised for one in after] == [1]
    assert [(one.due_at, one.late_days) for one in after] == [(one.due_at, one.late_days) for one in before]


def test_rows_carry_no_words_and_no_person(place: Place) -> None:
    for group in PetitionGroup:
        for one in listed(place, "vp", group):
            assert (one.petition.story, one.petition.reporter, one.petition.answer) == (None, None, "")
            assert SECRET not in repr(one)


def test_nobody_sees_what_is_about_themselves(place: Place) -> None:
    """The petition about the construction department lies with the finance department."""
    code = place.petitions["about"]
    assert code in {one.petition.code for one in listed(place, "taichinh", PetitionGroup.OPEN)}
    office = place.office
    from backend.domain.officer import Delegation
    from backend.services.accounts import binding

    days = Delegation("taichinh", "canbo", NOW.date(), NOW.date(), "giấy")
    office.db.write_now(lambda uow: binding.delegate(uow, "account:quantri", days))
    assert {"Cán bộ Sở Tài chính"} == set(office.scope("canbo").instead_of)
    assert code not in {one.petition.code for one in listed(place, "canbo", PetitionGroup.OPEN)}
    with_home = replace(
        office.db.read_now(lambda uow: uow.accounts.by_name("vp")), name="vpx", agency_id=office.ids["H50.04"]
    )
    office.db.write_now(lambda uow: uow.accounts.add(with_home, "", uow.now))
    assert counts(place, "vpx").open == counts(place, "vp").open - 1


def test_mine_is_what_the_account_holds_and_the_queue_for_the_desk(place: Place) -> None:
    def own(name: str) -> set[str]:
        which = work.mine(place.ask(lambda uow: uow.accounts.by_name(name)))
        return set(named(place, listed(place, name, PetitionGroup.OPEN, which)))

    assert own("canbo") == {"late", "untaken"}
    assert own("gd") == set()
    queue = {"old_unassigned", "new_unassigned", "forwarded"}
    assert own("tiepdan") == queue
    assert own("tongdai") == queue | {"soon"}, "whoever is on duty owns what no account of the agency can"


def test_a_filter_never_widens_the_reach(place: Place) -> None:
    ids = place.office.ids
    assert counts(place, "canbo", PetitionFilter(agencies=frozenset({ids["H50.05"]}))) == PetitionCounts()
    assert counts(place, "canbo", PetitionFilter(owner="tongdai")) == PetitionCounts()
    assert counts(place, "canbo", PetitionFilter(queue=True)) == PetitionCounts()
    assert counts(place, "vp", PetitionFilter(field="land")).open == 1
    assert counts(place, "vp", PetitionFilter(agencies=frozenset({ids["H50.05"]}))).soon == 1


def test_the_sealed_lane_is_counted_for_its_reader_alone(place: Place) -> None:
    def told(name: str, *, group: bool = False) -> work.Sealed | None:
        viewer = place.office.viewer(name, group=group)
        return place.office.db.write_now(lambda uow: work.sealed(uow, viewer))

    found = told("thanhtra")
    assert found is not None
    assert (found.counts.open, found.counts.unread, found.late) == (1, 1, True)
    assert told("thanhtra", group=True) is None
    for name in ("vp", "chutich", "tongdai", "quantri", "nobody"):
        assert told(name) is None
    place.office.db.write_now(lambda uow: uow.accounts.set_active("thanhtra", False))
    assert told("thanhtra") is None


def test_a_locked_account_and_a_group_reach_nothing(place: Place) -> None:
    viewer, scope = place.office.viewer("tongdai", group=True), place.office.scope("tongdai", group=True)
    assert place.ask(lambda uow: work.reach_of(uow, viewer, scope)) == PetitionReach()
    place.office.db.write_now(lambda uow: uow.accounts.set_active("tongdai", False))
    assert counts(place, "tongdai") == PetitionCounts()
