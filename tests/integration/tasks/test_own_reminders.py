"""The officer's own morning message: read, asked about, changed on one press, and the digest follows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest

from actions.registry import gather
from backend.domain.clock import VIETNAM
from backend.domain.messaging import Address, ChannelName, Incoming, Kind
from backend.domain.understanding import NOTHING, Entity, Understanding
from backend.services.tasks import reminding
from backend.services.tasks.reminding import wishes_of
from backend.text.codes import find_codes
from tests.integration.dialogue.counter import Counter, Told, desk_of
from tests.integration.tasks.conftest import Office

OFFICER = {"address": Address(ChannelName.TERMINAL, "canbo", "s"), "staff": "canbo"}
YES = frozenset({"ừ", "đúng rồi"})


class Reading(Told):
    """Every sentence is about the own reminders, but for a yes."""

    async def understand(self, incoming: Incoming) -> Understanding:
        if incoming.kind is not Kind.TEXT:
            return NOTHING
        intent = "affirm" if incoming.text in YES else "reminder_settings"
        return Understanding(intent, 0.95, source="model")


@pytest.fixture
def counter(office: Office) -> Counter:
    actions, forms = gather()
    return Counter(office.db, replace(desk_of(actions), forms=forms), Reading())


def wishes(office: Office) -> reminding.Wishes:
    return office.db.read_now(lambda uow: wishes_of(uow, "canbo"))


@pytest.mark.parametrize(
    ("said", "asked", "holds"),
    [
        ("đổi giờ nhắc thành 8h15", "Đổi sang 8 giờ 15", {"at": time(8, 15)}),
        ("bao truoc 3 ngay thoi", "nhìn trước 3 ngày làm việc", {"ahead": 3}),
        ("báo trước một tuần", "", {}),  # five working days, as it is: nothing to change
        (
            "tạm ngưng tới 30/11, tôi đi phép",
            "Tạm ngưng đến hết ngày thứ Hai 30/11/2026",
            {"quiet_until": date(2026, 11, 30)},
        ),
    ],
)
async def test_a_change_is_asked_about_and_holds_after_a_yes(
    counter: Counter, office: Office, said: str, asked: str, holds: dict[str, Any]
) -> None:
    before = wishes(office)
    assert await counter.say(said, "1", **OFFICER) == ["reminders/settings"]
    assert wishes(office) == before, "nothing is changed by a sentence"
    assert asked in counter.said(OFFICER["address"])[-1]
    if holds:
        assert await counter.say("ừ", "2", **OFFICER) == ["reminders/changed"]
    assert wishes(office) == replace(before, **holds)


async def test_of_two_readings_none_is_taken_by_a_yes(counter: Counter, office: Office) -> None:
    before = wishes(office)
    await counter.say("7h tôi chở con đi học, nhắc lúc 8h", "1", **OFFICER)
    shown = counter.said(OFFICER["address"])[-1]
    assert "bấm nút" in shown
    await counter.say("ừ", "2", **OFFICER)
    assert wishes(office) == before
    assert await counter.say("Nhắc lúc 8 giờ", "3", **OFFICER) in (
        ["reminders/settings"],
        ["reminders/changed"],
    )


@pytest.mark.parametrize("hour", ["5h30", "22h"])
async def test_quiet_hours_are_said(counter: Counter, office: Office, hour: str) -> None:
    await counter.say(f"nhắc tôi lúc {hour}", "1", **OFFICER)
    assert "chỉ gửi được từ 7 giờ đến 21 giờ" in counter.said(OFFICER["address"])[-1]


async def test_a_rest_silences_the_digest_until_its_last_day(counter: Counter, office: Office) -> None:
    place = Address(ChannelName.TELEGRAM, "bot", "tg")
    office.db.write_now(lambda uow: uow.officers.bind(place, "canbo", uow.now))
    await counter.say("nghỉ phép tới 25/11 nên đừng nhắc", "1", **OFFICER)
    await counter.say("đúng rồi", "2", **OFFICER)
    told = {}
    for day in (23, 25, 26):
        office.clock.set(datetime(2026, 11, day, 8, 0, tzinfo=VIETNAM))
        told[day] = office.db.write_now(reminding.tell_digests)
    assert told == {23: 0, 25: 0, 26: 1}


async def test_off_and_on_again(counter: Counter, office: Office) -> None:
    await counter.say("tin nhắc của tôi", "1", **OFFICER)
    assert await counter.say("Tắt tin nhắc", "2", **OFFICER) == ["reminders/changed"]
    assert wishes(office).off
    await counter.say("tin nhắc của tôi", "3", **OFFICER)
    assert "đang tắt" in counter.said(OFFICER["address"])[-1]
    assert await counter.say("Bật lại tin nhắc", "4", **OFFICER) == ["reminders/changed"]
    assert not wishes(office).off


class OfTasks(Told):
    """The task code is read as the language side reads it; the rest of the sentence is about reminding."""

    async def understand(self, incoming: Incoming) -> Understanding:
        if incoming.kind is not Kind.TEXT:
            return NOTHING
        codes = tuple(
            Entity("task_code", one.value, one.start, one.end)
            for one in find_codes(incoming.text)
            if one.kind == "task"
        )
        return Understanding("task_remind", 0.95, codes, source="model")


@pytest.fixture
def reminding_counter(office: Office) -> Counter:
    actions, forms = gather()
    return Counter(office.db, replace(desk_of(actions), forms=forms), OfTasks())


def waiting(office: Office) -> list[tuple[str, datetime]]:
    far = office.clock.now().replace(year=2030)
    due = office.db.read_now(lambda uow: uow.notices.due(far, 100))
    return [(one.notice.subject, one.notice.due_at) for one in due if one.notice.kind == "notices/task_own"]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("nhắc tôi NV-2026-0001 thứ tư 25/11", datetime(2026, 11, 25, 7, 30, tzinfo=VIETNAM)),
        ("26/11 lúc 9h nhắc tôi NV-2026-0001", datetime(2026, 11, 26, 9, 0, tzinfo=VIETNAM)),
        ("nhắc NV-2026-0001", datetime(2026, 11, 23, 7, 30, tzinfo=VIETNAM)),  # today is a Saturday
        ("nhắc tôi NV-2026-0001 lúc 23h 26/11", datetime(2026, 11, 27, 7, 0, tzinfo=VIETNAM)),  # not at night
        ("nhắc tôi NV-2026-0001 ngày 1/1/2020", datetime(2026, 11, 23, 7, 30, tzinfo=VIETNAM)),
    ],
)
async def test_one_task_at_a_moment_of_ones_own(
    reminding_counter: Counter, office: Office, said: str, at: datetime
) -> None:
    place = Address(ChannelName.TELEGRAM, "bot", "tg")
    office.db.write_now(lambda uow: uow.officers.bind(place, "canbo", uow.now))
    assert await reminding_counter.say(said, "1", **OFFICER) == ["task/remind_whom"]
    assert waiting(office) == [], "a sentence sets nothing"
    button = reminding_counter.outbox(OFFICER["address"])[-1].body.buttons[0].title
    assert await reminding_counter.say(button, "2", **OFFICER) == ["task/will_remind"]
    assert waiting(office) == [("task:NV-2026-0001", at)]


async def test_without_a_messenger_nothing_is_promised(reminding_counter: Counter, office: Office) -> None:
    await reminding_counter.say("nhắc tôi NV-2026-0001", "1", **OFFICER)
    button = reminding_counter.outbox(OFFICER["address"])[-1].body.buttons[0].title
    assert await reminding_counter.say(button, "2", **OFFICER) == ["task/remind_nowhere"]
    assert waiting(office) == []


async def test_a_task_out_of_reach_is_not_there(reminding_counter: Counter, office: Office) -> None:
    assert await reminding_counter.say("nhắc tôi NV-2026-0006", "1", **OFFICER) == ["task/unknown"]
