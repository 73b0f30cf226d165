"""What was said of a denunciation is in the sealed lane and nowhere else, and in clear nowhere at all."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from actions.registry import gather
from backend.db.engine import Database
from backend.domain.messaging import Incoming
from backend.domain.running import Account
from backend.domain.understanding import Understanding
from backend.importers.petition_kinds import install_kinds
from backend.services.petitions.sealed import read_sealed
from bot.dialogue.pipeline import Pipeline
from bot.dialogue.prepare import Preparation
from tests.integration.dialogue.counter import ADDRESS, Counter, desk_of, message

SAID = "tôi tố cáo ông Trần Văn Kín giám đốc sở nhận hối lộ 70 triệu"
HINTED = "ông Trần Văn Kín nhận hối lộ của bà con làm sổ đỏ"
SECRETS = ("Trần Văn Kín", "70 triệu", "hối lộ của bà con")


class Reader:
    async def understand(self, incoming: Incoming) -> Understanding:
        return Understanding("complaint_file", 0.95, source="model")


class Office(Counter):
    def worker(self) -> Pipeline:
        async def nothing(_: Any) -> tuple[str, ...]:
            return ()

        return Pipeline(self.db, self.desk, Preparation(Reader(), {}, nothing), self.hub)  # type: ignore[arg-type]

    def everything_kept(self) -> str:
        """All that can be read of the conversation with the key in hand, but for the sealed lane."""
        where = self.conversation()
        buttons = self.db.read_now(
            lambda uow: [uow.buttons.get(where.id, one) for one in where.state.get("offered", ())]
        )
        audit = self.rows("SELECT actor, action, subject, outcome, detail FROM audit")
        rows = [(row.incoming, row.understood) for row in self.inbox()]
        return repr((rows, self.said(), where.state, buttons, audit))


@pytest.fixture
def counter(db: Database) -> Office:
    install_kinds(Path(__file__).resolve().parents[3] / "nlu_data")
    actions, forms = gather()
    return Office(db, dataclasses.replace(desk_of(actions), forms=forms))


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def denounce_at_once(counter: Office) -> None:
    assert await counter.say(SAID, "m1") == ["petition/denunciation"]


async def denounce_after_asking_back(counter: Office) -> None:
    assert await counter.say(HINTED, "m1") == ["petition/ask_kind"]
    assert await counter.press(counter.offered()[2]) == ["petition/denunciation"]


async def denounce_inside_the_form(counter: Office) -> None:
    assert await counter.say("phản ánh", "m1") == ["petition/ask_story"]
    assert await counter.say(SAID, "m2") == ["petition/ask_kind"]
    assert await counter.press(counter.offered()[2]) == ["petition/denunciation"]


@pytest.mark.parametrize("denounce", [denounce_at_once, denounce_after_asking_back, denounce_inside_the_form])
async def test_nothing_is_left_of_it_but_in_the_sealed_lane(
    counter: Office, denounce: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    await denounce(counter)
    kept = counter.everything_kept()
    assert [secret for secret in SECRETS if secret in kept or secret in caplog.text] == []
    assert counter.rows("SELECT count(*) FROM petitions") == [(0,)]
    (report,) = counter.db.read_now(lambda uow: uow.petitions.sealed())
    words = counter.db.write_now(lambda uow: uow.petitions.open_report(report[0], "x", uow.now))
    assert "Trần Văn Kín" in words["words"]
    assert [secret for secret in SECRETS if secret.encode() in on_disk(tmp_path)] == []


async def test_only_a_named_reader_opens_it_and_every_try_is_recorded(counter: Office) -> None:
    await counter.say(SAID, "m1")
    ((number, _, _),) = counter.db.read_now(lambda uow: uow.petitions.sealed())

    def add(uow: Any) -> None:
        uow.accounts.add(Account("tt", "Thanh tra", frozenset({"inspector"})), "", uow.now)
        uow.accounts.add(Account("qt", "Quản trị", frozenset({"administrator"})), "", uow.now)

    counter.db.write_now(add)
    assert counter.db.write_now(lambda uow: read_sealed(uow, number, "qt")) is None
    assert counter.db.write_now(lambda uow: read_sealed(uow, number, "nobody")) is None
    words = counter.db.write_now(lambda uow: read_sealed(uow, number, "tt"))
    assert words is not None
    assert words["words"] == SAID
    tries = counter.rows("SELECT actor, outcome FROM audit WHERE action = 'sealed_read' ORDER BY id")
    assert tries == [("account:qt", "refused"), ("account:nobody", "refused"), ("account:tt", "ok")]


async def test_what_was_sent_right_after_it_is_not_lost(counter: Office) -> None:
    """The next message may wait already while the denunciation is being answered."""
    await counter.say("xin chào", "m0")
    where = counter.conversation().id

    def two_waiting(uow: Any) -> list[str]:
        for event, text in (("m1", SAID), ("m2", "còn hồ sơ của tôi")):
            number, seq = uow.conversations.number(ADDRESS, uow.now)
            uow.inbox.add(number, seq, message(text, event), uow.now, "one", uow.now)
        uow.inbox.blank(where)
        return [row.incoming.text for row in uow.inbox.recent(where, 0, 10)]

    assert counter.db.write_now(two_waiting) == ["", "", "còn hồ sơ của tôi"]
