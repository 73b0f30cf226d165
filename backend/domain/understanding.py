"""What a sentence was understood as, whoever understood it."""

from __future__ import annotations

from dataclasses import dataclass


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
    """

    intent: str
    confidence: float
    entities: tuple[Entity, ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    source: str = "none"
    model_id: str = ""

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(entity.value for entity in self.entities if entity.name == name)

    def first(self, name: str) -> str | None:
        return next((entity.value for entity in self.entities if entity.name == name), None)


NOTHING = Understanding(intent="", confidence=0.0)
