"""Which of the languages that the sentences are written in a text is in: Vietnamese unless it is surely another.

Learnt from the sentences themselves: general detectors take "cap lai so do bi mat" or "alo ad oi" for English,
since they know Vietnamese with marks only.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.features import language_features
from bot.nlu.linear import LinearModel, fit
from bot.nlu.syllables import split

HOME = "vi"
LANGUAGE = "language"  # Message.data: {"name": "en", "confidence": 0.98}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageGuesser(GraphComponent):
    """Stands before the tokenizer, which mends slips and writes out abbreviations of Vietnamese only."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"certain": 0.8, "every": 4, "strength": 1.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageGuesser:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageGuesser:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.read(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """On all sentences of other languages and every n-th Vietnamese one: there are plenty of those."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        home = [one for one in examples if written_in(one) == HOME][:: self._config["every"]]
        examples = home + [one for one in examples if written_in(one) != HOME]
        names = [written_in(one) for one in examples]
        if len(set(names)) < 2:  # nothing to tell apart
            return self._resource
        documents = [_features(one.get(TEXT)) for one in examples]
        strength = self._config["strength"]
        model = fit(documents, names, range(len(names)), least=2, strength=strength)
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for example in training_data.training_examples:
            example.set(LANGUAGE, {"name": written_in(example), "confidence": 1.0})
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._model is None or not (text := message.get(TEXT)):
                continue
            name, confidence = self._model.rank(_features(text))[0]
            message.set(LANGUAGE, {"name": name, "confidence": confidence}, add_to_output=True)
        return messages


def written_in(example: Message) -> str:
    """What the file of a training sentence says: ``metadata: {language: en}`` beside its intent."""
    told = (example.get("metadata") or {}).get("intent") or {}
    return str(told.get("language", HOME)) if isinstance(told, dict) else HOME


def is_foreign(message: Message, certain: float = 0.8) -> bool:
    guess = message.get(LANGUAGE) or {}
    return guess.get("name", HOME) != HOME and guess.get("confidence", 0.0) >= certain


def _features(text: str) -> tuple[set[str], ...]:
    return language_features([one.surface for one in split(text, {})])
