"""What a sentence was understood as, whoever understood it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entity:
    """A piece of the text with a name; ``start`` and ``end`` are character offsets into the text."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Understanding:
    """An intent with its confidence (0 to 1), the runners-up and the entities.

    ``source`` is ``model`` (Rasa), ``code`` (the message is nothing but a code), ``fallback`` (Rasa was
    out of reach) or ``none`` (nothing to understand: a photo, a button). ``model_id`` names the model.
    ``language`` is the ISO 639 code of the language it is surely written in, "" when nothing says so.
    ``heard`` are the words that a recogniser made of a voice note; they are read back before they count.
    """

    intent: str
    confidence: float
    entities: tuple[Entity, ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    source: str = "none"
    model_id: str = ""
    language: str = ""
    heard: str = ""

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(entity.value for entity in self.entities if entity.name == name)

    def first(self, name: str) -> str | None:
        return next((entity.value for entity in self.entities if entity.name == name), None)

    def as_json(self) -> list[Any]:
        """A list for the row of its message, or for the state of its conversation."""
        return [
            self.intent,
            self.confidence,
            [[one.name, one.value, one.start, one.end] for one in self.entities],
            [list(pair) for pair in self.ranking],
            self.source,
            self.model_id,
            self.language,
            self.heard,
        ]

    @classmethod
    def from_json(cls, body: list[Any]) -> Understanding:
        """Of what ``as_json`` gave; the last two are missing in older rows."""
        intent, confidence, entities, ranking, source, model_id, *later = body
        return cls(
            intent,
            confidence,
            tuple(Entity(*one) for one in entities),
            tuple((name, value) for name, value in ranking),
            source,
            model_id,
            *later,
        )


NOTHING = Understanding(intent="", confidence=0.0)
