"""An agency tells that it handed in; it counts once the receiving side confirms. Everybody concerned is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.db.tables.people import audit
from backend.db.tables.report_duties import report_submissions
from backend.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backend.domain.messaging import Address, ChannelName
from backend.domain.officer import Delegation
from backend.domain.report_duty import Duty, DutyState, Submission
from backend.services.accounts import binding
from backend.services.report_duties import handing_in
from tests.integration.report_duties.conftest import NOVEMBER, THIRD, key, known, names, put
from tests.integration.tasks.conftest import BUILDING, COMMUNE, LAND, MONEY, TODAY, Office

ON = date(2026, 11, 20)


def bind(office: Office, *people: str) -> None:
    for name in people:
        place = Address(ChannelName.TELEGRAM, "bot", f"tg-{name}")
        office.db.write_now(lambda uow, name=name, place=place: uow.officers.bind(place, name, uow.now))


def hand_in(
    office: Office, name: str, code: str, last: date, agency: str, number: str = "9/BC", on: date = ON
) -> Submission:
    viewer = office.viewer(name)
    wanted = key(office, code, last, agency)
    return office.db.write_now(lambda uow: handing_in.hand_in(uow, viewer, wanted, number, on))  # type: ignore[no-any-return]


def duty(office: Office, code: str, last: date, agency: str) -> Duty:
    wanted = key(office, code, last, agency)
    mine = frozenset({office.ids[agency]})
    found = office.db.read_now(lambda uow: handing_in.duty_of(uow, mine, wanted))
    assert found is not None
    return found  # type: ignore[no-any-return]


def test_it_waits_and_counts_once_it_is_confirmed(office: Office) -> None:
    bind(office, "taichinh", "canbo", "vp")
    made = hand_in(office, "canbo", "KTXH-T", NOVEMBER, BUILDING)
    waits = duty(office, "KTXH-T", NOVEMBER, BUILDING)
    assert (waits.state, waits.waiting, waits.number) == (DutyState.OWED, True, "9/BC")
    assert office.notices("notices/report") == [("notices/report_waiting", "report:KTXH-T", "tg-taichinh")]
    office.do(handing_in.decide, "taichinh", made.id, accepted=True)
    done = duty(office, "KTXH-T", NOVEMBER, BUILDING)
    assert (done.state, done.waiting, done.handed_in_on) == (DutyState.ON_TIME, False, ON)
    assert ("notices/report_accepted", "report:KTXH-T", "tg-canbo") in office.notices("notices/report")
    with pytest.raises(Conflict):
        office.do(handing_in.decide, "taichinh", made.id, accepted=False, note="nghĩ lại")
    with pytest.raises(Conflict):
        hand_in(office, "canbo", "KTXH-T", NOVEMBER, BUILDING)


def test_sent_back_it_is_owed_again_and_can_be_handed_in_anew(office: Office) -> None:
    bind(office, "canbo")
    made = hand_in(office, "canbo", "KTXH-T", NOVEMBER, BUILDING)
    with pytest.raises(Conflict):
        hand_in(office, "dongnghiep", "KTXH-T", NOVEMBER, BUILDING)
    with pytest.raises(InvalidInput):
        office.do(handing_in.decide, "taichinh", made.id, accepted=False, note=" ")
    office.do(handing_in.decide, "taichinh", made.id, accepted=False, note="thiếu biểu số 2")
    again = duty(office, "KTXH-T", NOVEMBER, BUILDING)
    assert (again.state, again.waiting, again.returned) == (DutyState.OWED, False, "thiếu biểu số 2")
    assert office.notices("notices/report")[-1] == ("notices/report_returned", "report:KTXH-T", "tg-canbo")
    late = hand_in(office, "canbo", "KTXH-T", NOVEMBER, BUILDING, "10/BC", TODAY)
    office.do(handing_in.decide, "vp", late.id, accepted=True)
    assert duty(office, "KTXH-T", NOVEMBER, BUILDING).state is DutyState.LATE


@pytest.mark.parametrize(
    ("name", "code", "last", "agency"),
    [
        ("canbo", "KTXH-T", NOVEMBER, LAND),  # another agency's
        ("vp", "KTXH-T", NOVEMBER, BUILDING),  # sees it, but is not of that agency
        ("tongdai", "KTXH-T", NOVEMBER, BUILDING),
        ("nobody", "KTXH-T", NOVEMBER, BUILDING),
        ("canbo", "KTXH-T", date(2026, 11, 29), BUILDING),  # no such period
        ("canbo", "CCHC-Q", date(2026, 6, 30), BUILDING),  # the second quarter is not wanted
        ("canbo", "NO-SUCH", NOVEMBER, BUILDING),
        ("taichinh", "KTXH-T", NOVEMBER, MONEY),  # it receives this report
        ("xa", "KTXH-T", NOVEMBER, COMMUNE),  # communes do not hand it in
    ],
)
def test_nobody_hands_in_what_is_not_theirs(
    office: Office, name: str, code: str, last: date, agency: str
) -> None:
    with pytest.raises(NotFound):
        hand_in(office, name, code, last, agency)


@pytest.mark.parametrize(
    ("number", "on"),
    [(" ", ON), ("x" * 61, ON), ("9/BC", TODAY + timedelta(days=1)), ("9/BC", date(2026, 10, 14))],
)
def test_a_document_that_cannot_be_is_refused(office: Office, number: str, on: date) -> None:
    with pytest.raises(InvalidInput):
        hand_in(office, "canbo", "KTXH-T", NOVEMBER, BUILDING, number, on)
    assert not duty(office, "KTXH-T", NOVEMBER, BUILDING).waiting


def test_who_stands_in_hands_in_for_the_absent(office: Office) -> None:
    days = Delegation("xa", "canbo", TODAY, TODAY, "Quyết định 3")
    office.db.write_now(lambda uow: binding.delegate(uow, "account:quantri", days))
    assert hand_in(office, "canbo", "CCHC-Q", THIRD, COMMUNE).state.value == "waiting"


def test_only_the_receiving_side_decides(office: Office) -> None:
    made = hand_in(office, "canbo", "KTXH-T", NOVEMBER, BUILDING)
    for name, error in (("tongdai", NotAllowed), ("xa", NotFound), ("gd", NotFound), ("theodoi", NotFound)):
        with pytest.raises(error):
            office.do(handing_in.decide, name, made.id, accepted=True)
    with pytest.raises(NotFound):
        office.do(handing_in.decide, "vp", 10_000, accepted=True)
    office.do(handing_in.decide, "vp", made.id, accepted=True)


def test_what_waits_is_listed_for_its_receiver_only(office: Office) -> None:
    hand_in(office, "canbo", "KTXH-T", NOVEMBER, BUILDING)

    def waiting(name: str) -> list[tuple[str, str, str]]:
        viewer, scope = office.viewer(name), office.scope(name)

        def look(uow: Any) -> list[tuple[str, str, str]]:
            receivers = handing_in.deciding(uow, viewer.account, viewer.roles)
            if receivers is None:
                return []
            found = handing_in.waiting_for(uow, scope, receivers, 10)
            assert uow.report_duties.count_waiting(scope, receivers) == len(found)
            return names([one for one, _told in found])

        return office.db.read_now(look)  # type: ignore[no-any-return]

    ktxh, cchc = (
        ("KTXH-T", NOVEMBER.isoformat(), "Sở Xây dựng"),
        ("CCHC-Q", THIRD.isoformat(), "Sở Tài chính"),
    )
    assert waiting("vp") == [cchc, ktxh]
    assert waiting("taichinh") == [ktxh]
    assert waiting("canbo") == waiting("tongdai") == waiting("theodoi") == []


def test_reasons_are_sealed_and_every_step_is_audited(office: Office) -> None:
    made = hand_in(office, "canbo", "KTXH-T", NOVEMBER, BUILDING)
    office.do(handing_in.decide, "taichinh", made.id, accepted=False, note="thiếu biểu số 2")

    def look(uow: Any) -> tuple[list[tuple[str, ...]], bytes]:
        rows = uow.connection.execute(
            select(audit.c.actor, audit.c.action, audit.c.subject, audit.c.outcome).order_by(audit.c.id)
        )
        note = select(report_submissions.c.note).where(report_submissions.c.id == made.id)
        return [tuple(row) for row in rows], uow.connection.execute(note).scalar_one()

    told, note = office.db.read_now(look)
    assert told == [
        ("account:canbo", "report_hand_in", "report:KTXH-T", "waiting"),
        ("account:taichinh", "report_decided", "report:KTXH-T", "returned"),
    ]
    assert "thiếu".encode() not in note


def test_a_receiver_hears_once_a_day_of_a_report(office: Office) -> None:
    bind(office, "taichinh", "vp")
    hand_in(office, "canbo", "KTXH-T", NOVEMBER, BUILDING)
    hand_in(office, "canbo", "KTXH-T", date(2026, 12, 31), BUILDING)
    assert [one[2] for one in office.notices("notices/report_waiting")] == ["tg-taichinh"] * 2
    put(office, replace(known(office, "CCHC-Q"), field=""))
    hand_in(office, "xa", "CCHC-Q", THIRD, COMMUNE)
    assert office.notices("notices/report_waiting")[-1][2] == "tg-vp", "nobody works at the receiving office"
