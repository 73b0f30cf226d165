"""Officers at the counter: a code binds a messenger, answers say their scope, chat prepares and the giver decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from actions.registry import gather
from backend.db.tables.people import audit
from backend.domain.messaging import Address, ChannelName, Incoming, Kind
from backend.domain.understanding import NOTHING, Entity, Understanding
from backend.services.accounts import binding
from bot.dialogue.understanding import RasaClient
from tests.integration.dialogue.counter import Counter, Told, desk_of
from tests.integration.tasks.conftest import Office

TELEGRAM = Address(ChannelName.TELEGRAM, "bot", "tg-1")
BROWSER = Address(ChannelName.WEB, "default", "page")
ONE = "NV-2026-0001"


class Reading(Told):
    """Codes are read as the language side reads them; of other sentences the first word is the intent."""

    async def understand(self, incoming: Incoming) -> Understanding:
        if incoming.kind is not Kind.TEXT:
            return NOTHING
        read = await RasaClient.understand(_DEAF, incoming)
        if read.source == "code":
            return read
        intent, _, rest = incoming.text.partition(" ")
        if not intent.startswith(("task_", "unlink_")):
            return Understanding(
                "insult", 0.9, source="model"
            )  # whatever a sentence of work may be taken for
        named = (
            (Entity("agency", rest, len(intent) + 1, len(incoming.text)),) if rest.startswith("Sở") else ()
        )
        return Understanding(intent, 0.95, named, source="model")


_DEAF = RasaClient.__new__(RasaClient)
_DEAF._failures, _DEAF._open_until = 99, float("inf")


@pytest.fixture
def counter(office: Office) -> Counter:
    actions, forms = gather()
    desk = replace(desk_of(actions), forms=forms, rows_on=frozenset({ChannelName.TERMINAL}))
    return Counter(office.db, desk, Reading())


def terminal(name: str) -> dict[str, Any]:
    return {"address": Address(ChannelName.TERMINAL, name, "s"), "staff": name}


async def test_a_code_of_the_administrator_binds_a_messenger_once(counter: Counter, office: Office) -> None:
    code = office.db.write_now(lambda uow: binding.give_code(uow, "shell", "canbo")).code
    assert await counter.say("task_overdue", "t0", address=TELEGRAM) == ["social/staff_only"]
    assert await counter.say(code, "w1", address=BROWSER) == ["linking/wrong_code"], "a browser is shared"
    assert await counter.say(code.lower(), "t1", address=TELEGRAM) == ["linking/officer_linked"]
    assert "Trần Văn Bình" in counter.said(TELEGRAM)[-1]
    other = Address(ChannelName.TELEGRAM, "bot", "tg-2")
    assert await counter.say(code, "o1", address=other) == ["linking/wrong_code"]
    assert await counter.say("task_overdue", "t2", address=TELEGRAM) == ["task/overdue"]
    said = counter.said(TELEGRAM)[-1]
    assert said.startswith("2 nhiệm vụ đã quá hạn")
    assert "Phạm vi: Sở Xây dựng." in said
    assert ONE not in said, "a messenger gets counts"
    assert await counter.say("unlink_channel", "t3", address=TELEGRAM) == ["linking/officer_unlinked"]
    assert await counter.say("task_overdue", "t4", address=TELEGRAM) == ["social/staff_only"]


async def test_a_messenger_gets_counts_and_the_way_to_the_rows(office: Office) -> None:
    actions, forms = gather()
    page = "https://motcua.example.vn/officer/"
    desk = replace(desk_of(actions), forms=forms, officers_page=page)
    counter = Counter(office.db, desk, Reading())
    office.db.write_now(lambda uow: uow.officers.bind(TELEGRAM, "canbo", uow.now))
    await counter.say("task_overdue", "t1", address=TELEGRAM)
    assert [one.url for one in counter.outbox(TELEGRAM)[-1].body.buttons] == [page]
    await counter.say("task_overdue", "t2", **terminal("canbo"))
    assert page not in {one.url for one in counter.outbox(terminal("canbo")["address"])[-1].body.buttons}


async def test_a_locked_account_opens_nothing_on_its_messenger(counter: Counter, office: Office) -> None:
    code = office.db.write_now(lambda uow: binding.give_code(uow, "shell", "canbo")).code
    await counter.say(code, "t1", address=TELEGRAM)
    office.db.write_now(lambda uow: uow.accounts.set_active("canbo", False))
    assert await counter.say("task_overdue", "t2", address=TELEGRAM) == ["social/staff_only"]


async def test_refusals_say_why_and_are_kept(counter: Counter, office: Office) -> None:
    assert await counter.say("task_overdue", "a", **terminal("tongdai")) == ["staff/no_reach"]
    assert await counter.say("task_overdue Sở Tài chính", "b", **terminal("canbo")) == ["staff/out_of_reach"]
    assert await counter.say("task_remind Sở Xây dựng", "c", **terminal("canbo")) == ["task/givers_only"]
    assert await counter.say("NV-2026-0006", "d", **terminal("canbo")) == ["task/unknown"]

    def kept(uow: Any) -> list[tuple[str, str]]:
        rows = uow.connection.execute(select(audit.c.actor, audit.c.outcome).order_by(audit.c.id))
        return [tuple(row) for row in rows]

    assert office.db.read_now(kept) == [
        ("account:tongdai", "refused"),
        ("account:canbo", "refused"),
        ("account:canbo", "refused"),
        ("account:canbo", "not_found"),
    ]


async def test_a_report_is_prepared_confirmed_and_then_counts(counter: Counter, office: Office) -> None:
    officer, leader = terminal("canbo"), terminal("vp")
    assert await counter.say(ONE, "1", **officer) == ["task/detail"]
    assert await counter.say("task_update", "2", **officer) == ["task/ask_text"]
    assert await counter.say("đã bàn giao 9 trên 12 hộ", "3", **officer) == ["task/ask_finishes"]
    assert await counter.say("chưa xong", "4", **officer) == ["task/summary_report"]
    assert "Chưa xong" in counter.said(officer["address"])[-1]
    assert office.task(ONE).state.value == "open"
    assert await counter.say("đồng ý", "5", **officer) == ["task/report_waits"]
    assert office.task(ONE).state.value == "open"
    assert await counter.say("task_summary", "6", **leader) == ["task/summary"]
    assert await counter.say("Việc chờ xác nhận", "7", **leader) == ["task/waiting"]
    assert await counter.say("Xác nhận báo cáo", "8", **leader) == ["task/confirmed"]
    assert office.task(ONE).state.value == "working"


async def test_more_time_is_asked_for_and_granted_with_its_document(counter: Counter, office: Office) -> None:
    officer, leader = terminal("canbo"), terminal("vp")
    await counter.say(ONE, "1", **officer)
    assert await counter.say("task_extension đến 15/12/2026", "2", **officer) == ["task/ask_reason"]
    assert await counter.say("chờ đo đạc lại", "3", **officer) == ["task/summary_extension"]
    assert await counter.say("đồng ý", "4", **officer) == ["task/extension_waits"]
    await counter.say("task_summary", "5", **leader)
    await counter.say("Việc chờ xác nhận", "6", **leader)
    assert await counter.say("Cho gia hạn", "7", **leader) == ["task/ask_number"]
    assert await counter.say("345/UBND-KT", "8", **leader) == ["task/ask_on"]
    assert await counter.say("hôm nay", "9", **leader) == ["task/ask_signer"]
    assert await counter.say("Lê Văn Tám", "10", **leader) == ["task/summary_grant"]
    assert office.task(ONE).extensions == 0
    assert await counter.say("đồng ý", "11", **leader) == ["task/granted"]
    assert (office.task(ONE).extensions, f"{office.task(ONE).due_on}") == (1, "2026-12-15")
    assert await counter.say(ONE, "12", **officer) == ["task/detail"]
    assert "đã gia hạn 1 lần; hạn đầu 10/11/2026" in counter.said(officer["address"])[-1]


async def test_the_second_of_a_list_is_opened_by_saying_so(counter: Counter) -> None:
    leader = terminal("vp")
    assert await counter.say("task_overdue", "1", **leader) == ["task/overdue"]
    assert await counter.say("việc thứ hai", "2", **leader) == ["task/detail"]
    assert counter.said(leader["address"])[-1].startswith("NV-2026-0003")
