"""Who leaves is left alone; who withdraws is erased. What the law keeps stays."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, text

from backend.db.engine import Database
from backend.db.tables.dossiers import dossiers
from backend.domain.messaging import Address, ChannelName, Incoming, Kind, Outgoing
from backend.domain.notice import Notice
from backend.domain.petition import NewPetition, PetitionKind, PetitionSource, Reporter, Story
from backend.services import departing
from tests.integration.dialogue.counter import Counter, desk_of
from tests.zalo_stand_in.server import OA_ID

LAN = Address(ChannelName.ZALO, OA_ID, "lan-4242")
MAI = Address(ChannelName.ZALO, OA_ID, "mai-1717")
WORDS = "chuyện riêng của Lan"


@pytest.fixture
def counter(db: Database) -> Counter:
    return Counter(db, desk_of())


def tell(counter: Counter, address: Address, kind: str = "notice") -> None:
    """One notice that waits for its hour, one message that waits to be sent."""

    def add(uow: Any) -> None:
        where = uow.conversations.lock_or_start(address, uow.now)
        uow.notices.add(Notice("notices/x", f"dossier:{where}", where, uow.now, f"k{where}", {"a": WORDS}))
        uow.outbox.add(uow.conversations.get(where), [Outgoing(WORDS)], uow.now, inbox_id=None, kind=kind)

    counter.db.write_now(add)


def statuses(counter: Counter, table: str) -> list[str]:
    return [row[0] for row in counter.rows(f"SELECT status FROM {table} ORDER BY id")]


async def test_who_leaves_gets_no_notices_and_others_do(counter: Counter) -> None:
    for address in (LAN, MAI):
        tell(counter, address)
    assert counter.db.write_now(lambda uow: departing.leave(uow, LAN))
    assert statuses(counter, "notices") == ["cancelled", "waiting"]
    assert statuses(counter, "outbox") == ["cancelled", "queued"]
    where = counter.conversation(LAN).id
    assert counter.db.read_now(lambda uow: uow.notices.stopped([where])) == {where}
    assert await counter.say("echo vẫn trả lời", address=LAN) == ["said/echo"]  # who writes is answered


def test_an_answer_under_way_is_not_a_notice(counter: Counter) -> None:
    tell(counter, LAN, kind="reply")
    counter.db.write_now(lambda uow: departing.leave(uow, LAN))
    assert statuses(counter, "outbox") == ["queued"]


async def test_who_withdraws_is_erased_with_everything_of_theirs(counter: Counter) -> None:
    await counter.say(f"echo {WORDS}", address=LAN)
    await counter.say("echo của Mai", "mai-1", address=MAI)
    tell(counter, LAN)

    def more(uow: Any) -> None:
        where = uow.conversations.lock_or_start(LAN, uow.now)
        uow.accounts.verify_phone(LAN, "0912345678", uow.now)
        uow.blobs.add(where, "image/png", b"anh", uow.now)
        waiting = Incoming(LAN, "waiting", Kind.TEXT, WORDS)
        uow.inbox.add(where, 90, waiting, uow.now, "elsewhere", uow.now)
        row = {"stage": 4, "source": "s", "as_of": uow.now, "tail": "t", "code": "H50-1", "id": 7}
        uow.connection.execute(insert(dossiers), row)
        uow.dossiers.follow(7, where, uow.now)
        new = NewPetition(PetitionKind.FEEDBACK, PetitionSource.CHAT, Story(WORDS), Reporter("Lan"), where)
        uow.petitions.add(new, "PA", "duty", None, uow.now)

    counter.db.write_now(more)
    where = counter.conversation(LAN).id
    assert counter.db.write_now(lambda uow: departing.withdraw_consent(uow, LAN))
    assert counter.db.read_now(lambda uow: uow.conversations.find(LAN)) is None
    mine = {"where": where}
    for table in ("inbox", "outbox", "buttons", "blobs", "dossier_followers"):
        assert counter.rows(f"SELECT count(*) FROM {table} WHERE conversation_id = :where", **mine) == [(0,)]
    assert counter.rows("SELECT count(*) FROM identities") == [(0,)]
    assert counter.rows("SELECT external_id, state FROM conversations WHERE id = :where", **mine) == [
        (f"withdrawn:{where}", None)
    ]
    assert counter.rows("SELECT status FROM notices") == [("cancelled",)]
    assert counter.rows("SELECT count(*) FROM petitions") == [(1,)]  # filed: the law keeps it
    audit = counter.rows("SELECT action FROM audit WHERE actor = :actor", actor=f"conversation:{where}")
    assert {("consent_withdrawn",), ("conversation_erased",)} <= set(audit)
    assert len(counter.inbox(MAI)) == 1


async def test_who_comes_back_is_somebody_new_and_may_go_again(counter: Counter) -> None:
    for number in range(2):
        await counter.say(f"echo lần {number}", f"e{number}", address=LAN)
        assert len(counter.inbox(LAN)) == 1
        counter.db.write_now(lambda uow: departing.withdraw_consent(uow, LAN))
    assert not counter.db.write_now(
        lambda uow: departing.withdraw_consent(uow, LAN)
    )  # repeated: nothing left


async def test_a_message_being_answered_meanwhile_is_not_answered(counter: Counter) -> None:
    held = counter.told.hold("echo chậm")
    await counter.pipeline.accept(Incoming(LAN, "slow", Kind.TEXT, "echo chậm"))
    counter.db.write_now(lambda uow: departing.withdraw_consent(uow, LAN))
    held.set()
    await counter.pipeline.close()
    assert counter.rows("SELECT count(*) FROM outbox") == [(0,)]


def test_strangers_leave_nothing_behind(counter: Counter) -> None:
    for service in (departing.leave, departing.withdraw_consent, departing.person_answered):
        assert not counter.db.write_now(lambda uow, service=service: service(uow, LAN))
    assert counter.rows("SELECT count(*) FROM conversations") == [(0,)]


def test_a_persons_answer_in_zalos_own_tool_is_audited(counter: Counter) -> None:
    tell(counter, LAN)
    assert counter.db.write_now(lambda uow: departing.person_answered(uow, LAN))
    where = counter.conversation(LAN).id
    found = counter.db.read_now(
        lambda uow: uow.connection.execute(text("SELECT actor, action, subject FROM audit")).all()
    )
    assert [tuple(row) for row in found] == [("channel:zalo", "person_answered", f"conversation:{where}")]
