"""A made-up form and a table to fill it at: the forms engine between two turns, without a database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from actions.base import Button, Field, Form, Outcome, Refused, Reply, StartForm, Turn
from backend.domain.clock import VIETNAM
from backend.domain.errors import Conflict
from backend.domain.messaging import Address, ChannelName
from backend.domain.understanding import Entity, Understanding
from backend.domain.viewer import Viewer
from bot.dialogue.forms import FormEngine
from bot.dialogue.state import State, read_state

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=VIETNAM)
VIEWER = Viewer(1, Address(ChannelName.WEB, "default", "a"))


class TableOfRows:
    """The piece of a unit of work that the forms engine touches; counts what was undone."""

    now = NOW
    today = NOW.date()

    def __init__(self) -> None:
        self.undone = 0

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.undone += 1
            raise


def read_what(turn: Turn, _values: Mapping[str, Any]) -> str:
    if len(turn.text.strip()) < 3:
        raise Refused("booth/what_too_short")
    return turn.text.strip()


def read_day(turn: Turn, _values: Mapping[str, Any]) -> str:
    try:
        return date.fromisoformat(turn.text.strip()).isoformat()
    except ValueError:
        raise Refused("booth/day_unclear") from None


def read_people(turn: Turn, _values: Mapping[str, Any]) -> int:
    text = turn.text.strip()
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 3):
        raise Refused("booth/people_unclear")
    return int(text)


def complete(turn: Turn, values: Mapping[str, Any]) -> Outcome:
    if values["day"] == "2026-12-31":  # this one is always taken: another day can be named
        raise Refused("booth/day_full", field="day")
    if values["what"] == "bị cấm":
        raise Conflict()
    if values["what"] == "chuyển":
        return StartForm("parking")  # moved on
    return Reply("booth/done", dict(values), remember={"booth": values["what"]})


BOOTH = Form(
    "booth",
    version=2,
    fields=(
        Field("what", "booth/ask_what", read_what, free_text=True, words=("mặt hàng",)),
        Field("day", "booth/ask_day", read_day, entity="date", words=("ngày",)),
        Field(
            "people",
            "booth/ask_people",
            read_people,
            offer=lambda _turn, _values: (Button("Một", values={"answer": 1}),),
            words=("số người",),
        ),
        Field(
            "leader", "booth/ask_leader", read_what, when=lambda values: int(values.get("people") or 1) > 1
        ),
        Field("note", "booth/ask_note", read_what, optional=True),
    ),
    summary="booth/summary",
    complete=complete,
    left="booth/left",
)
PARKING = Form(
    "parking",
    version=1,
    fields=(Field("plate", "parking/ask_plate", read_what),),
    summary="",
    complete=lambda turn, values: Reply("parking/done", dict(values)),
)
CALLBACK = Form(
    "callback",
    version=1,
    fields=(Field("phone", "callback/ask_phone", read_what, entity="phone"),),
    summary="",
    complete=lambda turn, values: Reply("callback/done", dict(values)),
)
FORMS = {"booth": BOOTH, "parking": PARKING, "callback": CALLBACK}


class Booth:
    """Says messages to the engine as turns do; the state goes through JSON between any two of them."""

    def __init__(self, forms: Mapping[str, Form] = FORMS) -> None:
        self.forms = forms
        self.rows = TableOfRows()
        self.kept: dict[str, Any] = {}
        self.acted: list[str] = []
        self.replies: tuple[Reply, ...] = ()

    @property
    def state(self) -> State:
        return read_state(self.kept, NOW)

    @property
    def keys(self) -> list[str]:
        return [reply.key for reply in self.replies]

    @property
    def values(self) -> dict[str, Any]:
        form = self.state.form
        assert form is not None
        return form.values

    def act(self, intent: str, turn: Turn) -> Outcome:
        self.acted.append(intent)
        wanted = intent.removeprefix("start_")
        return StartForm(wanted) if wanted != intent and wanted in self.forms else Reply(f"said/{intent}")

    def start(self, form: str = "booth", *, said: Understanding | None = None, **values: Any) -> list[str]:
        return self._turn(lambda engine, turn: engine.start(turn, StartForm(form, values)), "", said, {})

    def say(self, text: str, intent: str = "", sure: float = 0.9, **entities: str) -> list[str]:
        """A typed message, as the model read it."""
        found = tuple(Entity(name, value, 0, 0) for name, value in entities.items())
        return self._message(text, Understanding(intent, sure, found, source="model"), {})

    def press(self, intent: str, text: str = "", **values: Any) -> list[str]:
        return self._message(text, Understanding(intent, 1.0), values)

    def _message(self, text: str, read: Understanding, given: Mapping[str, Any]) -> list[str]:
        def work(engine: FormEngine, turn: Turn) -> tuple[Reply, ...]:
            if self._now.form and (answered := engine.answer(turn)) is not None:
                return answered
            outcome = self.act(read.intent or "out_of_scope", turn)
            if isinstance(outcome, StartForm):
                return engine.start(turn, outcome)
            return (*((outcome,) if isinstance(outcome, Reply) else outcome), *engine.resume(turn))

        return self._turn(work, text, read, given)

    def _turn(self, work: Any, text: str, read: Understanding | None, given: Mapping[str, Any]) -> list[str]:
        self._now = self.state
        turn = Turn(self.rows, VIEWER, text, read or Understanding("", 0.0), self._now.context, given)  # type: ignore[arg-type]
        self.replies = work(FormEngine(self.forms, self._now, self.act), turn)
        self.kept = json.loads(json.dumps(self._now.as_json(NOW), ensure_ascii=False))
        return self.keys
