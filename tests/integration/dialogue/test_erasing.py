"""Deleting one's data, from within the conversation that is deleted."""

from __future__ import annotations

import pytest

from actions.registry import gather
from backend.db.engine import Database
from tests.integration.dialogue.counter import Counter, desk_of


@pytest.fixture
def real(db: Database) -> Counter:
    """The counter with the real actions behind it."""
    actions, _ = gather()
    return Counter(db, desk_of(actions))


async def test_a_conversation_is_erased_when_its_person_confirms(real: Counter) -> None:
    await real.say("xin chào, tôi là Nguyễn Văn A", "m1")
    real.told.understand = _delete  # type: ignore[method-assign,assignment]
    assert await real.say("xóa dữ liệu của tôi", "m2") == ["social/delete_ask"]
    confirm = real.offered()[0]
    assert await real.press(confirm, "m3") == ["social/deleted"]
    assert all("Nguyễn Văn A" not in row.incoming.text for row in real.inbox())
    assert [row.body.key for row in real.outbox()] == ["social/deleted"]
    assert real.rows("SELECT count(*) FROM buttons") == [(0,)]
    assert real.rows("SELECT count(*) FROM audit WHERE action = 'conversation_erased'") == [(1,)]
    assert await real.press(confirm, "m4") == ["button/expired"]


async def test_saying_it_is_not_enough(real: Counter) -> None:
    real.told.understand = _confirmed  # type: ignore[method-assign,assignment]
    assert await real.say("delete_my_data_confirmed", "m1") == ["errors/invalid_input"]
    assert len(real.inbox()) == 1


async def _delete(_incoming: object) -> object:
    from backend.domain.understanding import Understanding

    return Understanding("delete_my_data", 0.95, source="model")


async def _confirmed(_incoming: object) -> object:
    from backend.domain.understanding import Understanding

    return Understanding("delete_my_data_confirmed", 0.95, source="model")
