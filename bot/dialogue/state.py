"""What a conversation remembers between turns: forms being filled, context, the buttons last offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

#: After this long without a word, what was talked about is no longer "it".
CONTEXT_LASTS = timedelta(hours=12)
#: A form left alone for this long is not resumed.
FORM_LASTS = timedelta(hours=24)
#: How many forms may wait on top of each other.
DEEPEST = 3


@dataclass(slots=True)
class FormState:
    """One form being filled; ``asking`` is the field in question, "" while the summary waits for a yes."""

    name: str
    version: int
    instance: str
    values: dict[str, Any] = field(default_factory=dict)
    asking: str = ""
    order: list[str] = field(default_factory=list)  # fields answered by the person, for "quay lại"
    last_text: str = ""  # an answer that was taken for another question

    def as_json(self) -> list[Any]:
        return [self.name, self.version, self.instance, self.values, self.asking, self.order, self.last_text]


@dataclass(slots=True)
class State:
    forms: list[FormState] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)
    offered: list[str] = field(default_factory=list)  # ids of the latest reply's buttons, for a typed "1"
    titles: list[str] = field(default_factory=list)  # theirs, folded, for a title typed instead of pressed
    earlier: dict[str, str] = field(
        default_factory=dict
    )  # title -> id, of the last reply that offered buttons
    misses: int = 0  # sentences not understood in a row
    told_less: bool = False  # was told that the bot understands less for now
    heard: list[Any] | None = None  # what a voice note was taken to mean, until the person has said yes or no
    at: datetime | None = None

    @property
    def form(self) -> FormState | None:
        return self.forms[-1] if self.forms else None

    def offer(self, ids: Sequence[str], titles: Sequence[str]) -> None:
        """The buttons of the reply that goes out now; those before it still go by their whole title."""
        if ids:
            self.earlier = {}
        elif self.offered:
            self.earlier = dict(zip(self.titles, self.offered, strict=True))
        self.offered, self.titles = list(ids), list(titles)

    def remember(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if value is None:
                self.context.pop(name, None)
            else:
                self.context[name] = value

    def as_json(self, now: datetime) -> dict[str, Any]:
        kept: dict[str, Any] = {"at": now.isoformat()}
        if self.forms:
            kept["forms"] = [form.as_json() for form in self.forms]
        if self.context:
            kept["context"] = self.context
        if self.offered:
            kept["offered"] = self.offered
            kept["titles"] = self.titles
        if self.earlier:
            kept["earlier"] = self.earlier
        if self.misses:
            kept["misses"] = self.misses
        if self.heard:
            kept["heard"] = self.heard
        if self.told_less:
            kept["told_less"] = True
        return kept


def read_state(body: Mapping[str, Any], now: datetime) -> State:
    """The state as kept; what has gone stale since is dropped. ``opened`` (second factors) goes with the context."""
    at = datetime.fromisoformat(body["at"]) if "at" in body else now
    state = State(at=at, misses=body.get("misses", 0), told_less=body.get("told_less", False))
    if now - at <= FORM_LASTS:
        state.forms = [FormState(*form) for form in body.get("forms", ())]
        state.offered = list(body.get("offered", ()))
        state.titles = list(body.get("titles", ()))
        state.earlier = dict(body.get("earlier", {}))
    if now - at <= CONTEXT_LASTS:
        state.heard = body.get("heard")
        state.context = dict(body.get("context", {}))
    return state
