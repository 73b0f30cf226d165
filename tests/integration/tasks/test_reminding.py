"""The morning digest, the ladder by lateness, the nudge: once each, in working hours, to whom it concerns."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from backend.domain.clock import VIETNAM
from backend.domain.errors import InvalidInput
from backend.domain.messaging import Address, ChannelName
from backend.services.tasks import reminding
from backend.services.tasks.reminding import Rung, Wishes
from tests.integration.tasks.conftest import BUILDING, MONEY, Office

MONDAY = datetime(2026, 11, 23, 7, 31, tzinfo=VIETNAM)


@pytest.fixture
def bound(office: Office) -> Office:
    for name in ("vp", "gd", "canbo", "taichinh", "tongdai"):
        place = Address(ChannelName.TELEGRAM, "bot", f"tg-{name}")
        office.db.write_now(lambda uow, name=name, place=place: uow.officers.bind(place, name, uow.now))
    office.clock.set(MONDAY)
    return office


def told(office: Office, kind: str) -> dict[str, Any]:
    def read(uow: Any) -> dict[str, Any]:
        due = uow.notices.due(office.clock.now().replace(year=2030), 1000)
        found = [one.notice for one in due if one.notice.kind == kind]
        names = [uow.conversations.get(one.conversation_id).address.external_id for one in found]
        return dict(zip(names, [dict(one.values) for one in found], strict=True))

    return office.db.read_now(read)


def test_each_officer_hears_of_their_own_once_a_day(bound: Office) -> None:
    assert bound.db.write_now(reminding.tell_digests) == 4, "an operator has no tasks to hear of"
    assert bound.db.write_now(reminding.tell_digests) == 0
    digests = told(bound, "notices/task_digest")
    assert {name: one["overdue"] for name, one in digests.items()} == {
        "tg-vp": 4,
        "tg-gd": 2,
        "tg-canbo": 2,
        "tg-taichinh": 1,
    }
    assert digests["tg-canbo"]["soon"] == 1
    bound.clock.set(MONDAY.replace(day=25))
    assert bound.db.write_now(reminding.tell_digests) == 4


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 22, 8, 0, tzinfo=VIETNAM),  # Sunday
        datetime(2026, 11, 24, 8, 0, tzinfo=VIETNAM),  # a holiday since 2026
        datetime(2026, 11, 23, 7, 15, tzinfo=VIETNAM),  # not yet
    ],
)
def test_nobody_is_told_on_days_off_or_too_early(bound: Office, moment: datetime) -> None:
    bound.clock.set(moment)
    assert bound.db.write_now(reminding.tell_digests) == 0


def test_own_hours_and_rest_are_kept(bound: Office) -> None:
    def choose(name: str, wishes: Wishes) -> None:
        bound.db.write_now(lambda uow: reminding.wish(uow, "shell", name, wishes))

    choose("canbo", Wishes(at=time(9, 0)))
    choose("gd", Wishes(quiet_until=date(2026, 11, 25)))
    choose("vp", Wishes(off=True))
    assert bound.db.write_now(reminding.tell_digests) == 1
    bound.clock.set(MONDAY.replace(hour=9))
    assert bound.db.write_now(reminding.tell_digests) == 1
    assert set(told(bound, "notices/task_digest")) == {"tg-taichinh", "tg-canbo"}
    for wrong in (Wishes(at=time(5, 0)), Wishes(at=time(22, 0)), Wishes(ahead=0), Wishes(ahead=365)):
        with pytest.raises(InvalidInput):
            choose("canbo", wrong)


def test_the_later_it_is_the_higher_it_goes(bound: Office) -> None:
    ladder = (Rung(1, "agency_head"), Rung(20, "office_leader"))
    count = bound.db.write_now(lambda uow: reminding.escalate(uow, ladder))
    assert bound.db.write_now(lambda uow: reminding.escalate(uow, ladder)) == 0
    found = told(bound, "notices/task_escalated")
    assert found["tg-gd"]["days"] == 1
    assert found["tg-vp"]["days"] == 20
    # the head hears of both agencies that stand under them, the leader of those twenty days late: 3 and 5
    assert count == 4


def test_a_nudge_reaches_the_agencys_people(bound: Office) -> None:
    assert bound.db.write_now(lambda uow: reminding.urge(uow, "account:vp", BUILDING, "Chánh Văn phòng")) == (
        2,
        2,
        22,
    )
    assert set(told(bound, "notices/task_urged")) == {"tg-gd", "tg-canbo"}
    bound.db.write_now(lambda uow: uow.officers.unbind_all("taichinh"))
    assert bound.db.write_now(lambda uow: reminding.urge(uow, "account:vp", MONEY, "CVP"))[0] == 0
