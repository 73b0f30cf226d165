"""Reports owed and due in the morning digest; the ladder by lateness. Each hears of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from backend.domain.clock import VIETNAM
from backend.domain.messaging import Address, ChannelName
from backend.services.report_duties import handing_in
from backend.services.tasks import reminding
from backend.services.tasks.reminding import Rung
from tests.integration.report_duties.conftest import NOVEMBER, key
from tests.integration.tasks.conftest import BUILDING, Office

MONDAY = datetime(2026, 11, 23, 7, 31, tzinfo=VIETNAM)


@pytest.fixture
def bound(office: Office) -> Office:
    for name in ("vp", "gd", "canbo", "taichinh", "xa", "tongdai"):
        place = Address(ChannelName.TELEGRAM, "bot", f"tg-{name}")
        office.db.write_now(lambda uow, name=name, place=place: uow.officers.bind(place, name, uow.now))
    office.clock.set(MONDAY)
    return office


def told(office: Office, kind: str) -> dict[str, list[dict[str, Any]]]:
    def read(uow: Any) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for one in uow.notices.due(office.clock.now().replace(year=2030), 1000):
            if one.notice.kind == kind:
                name = uow.conversations.get(one.notice.conversation_id).address.external_id
                found.setdefault(name, []).append(dict(one.notice.values))
        return found

    return office.db.read_now(read)  # type: ignore[no-any-return]


def digests(office: Office) -> dict[str, tuple[int, int, int]]:
    office.db.write_now(reminding.tell_digests)
    return {
        name: (one["reports_owed"], one["reports_due"], one["reports_waiting"])
        for name, (one,) in told(office, "notices/task_digest").items()
    }


def test_the_digest_counts_what_is_owed_due_and_to_be_confirmed(bound: Office) -> None:
    assert digests(bound) == {
        "tg-vp": (5, 0, 1),  # not the one that waits for the receiving side: that is to be confirmed
        "tg-gd": (1, 0, 0),
        "tg-canbo": (1, 0, 0),
        "tg-taichinh": (0, 0, 0),  # what others owe to it is not its own debt
        "tg-xa": (1, 0, 0),
    }


def test_the_digest_looks_as_far_ahead_as_was_wished(bound: Office) -> None:
    wishes = reminding.Wishes(ahead=20)
    bound.db.write_now(lambda uow: reminding.wish(uow, "shell", "xa", wishes))
    assert digests(bound)["tg-xa"] == (1, 2, 0), "CCHC of the year and KTTT are due on 16/12"


def test_a_report_that_was_handed_in_is_not_nagged_about(bound: Office) -> None:
    viewer, wanted = bound.viewer("canbo"), key(bound, "KTXH-T", NOVEMBER, BUILDING)
    bound.db.write_now(lambda uow: handing_in.hand_in(uow, viewer, wanted, "9/BC", uow.today))
    found = digests(bound)
    assert (found["tg-canbo"], found["tg-taichinh"]) == ((0, 0, 0), (0, 0, 1))


def test_the_later_it_is_the_higher_it_goes_once_a_week(bound: Office) -> None:
    ladder = (Rung(1, "agency_head"), Rung(30, "office_leader"))
    bound.db.write_now(lambda uow: reminding.escalate(uow, ladder))
    found = told(bound, "notices/report_escalated")
    assert found["tg-gd"] == [{"agency": "Sở Xây dựng", "total": 1, "days": 1}]
    assert {(one["agency"], one["total"]) for one in found["tg-vp"]} == {
        ("Ủy ban nhân dân xã Hòa Phú", 1),
        ("Sở Nông nghiệp và Môi trường", 1),
        ("Văn phòng Ủy ban nhân dân tỉnh", 1),
    }
    assert set(found) == {"tg-gd", "tg-vp"}
    assert bound.db.write_now(lambda uow: reminding.escalate(uow, ladder)) == 0
    bound.clock.set(MONDAY.replace(day=30))
    assert bound.db.write_now(lambda uow: reminding.escalate(uow, ladder)) > 0
