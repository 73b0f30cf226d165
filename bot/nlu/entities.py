"""Values in a sentence: what a pattern proves, and for the rest the conditional random field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.crf import Tagger, bio_labels, crf_features, train
from bot.nlu.tokenizer import PATTERNS, read_tokens, read_words

_MODEL_FILE = "entities.crfsuite"
Found = dict[str, Any]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PatternExtractor(GraphComponent, EntityExtractorMixin):
    """Codes, telephone numbers and addresses of mail: certain, so they stand before anything learnt."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PatternExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            found = [_entity(text, start, end, name, 1.0) for start, end, name in message.get(PATTERNS, [])]
            message.set(ENTITIES, self.add_extractor_name(found), add_to_output=True)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CrfExtractor(GraphComponent, EntityExtractorMixin):
    """Learns on sentences and their copies; serves crfsuite's file, which needs no training to load."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, tagger: Tagger | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._tagger = tagger

    @staticmethod
    def required_components() -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"c1": 0.05, "c2": 0.05, "max_iterations": 80, "least_confidence": 0.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CrfExtractor:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CrfExtractor:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Tagger(folder / _MODEL_FILE))

    def train(self, training_data: TrainingData) -> Resource:
        rows, labels = [], []
        for example in training_data.nlu_examples:
            syllables, marks, kinds = read_tokens(example)
            if syllables:
                spans = [(e["start"], e["end"], e["entity"]) for e in example.get(ENTITIES, [])]
                rows.append(crf_features(syllables, marks, kinds, read_words(example)))
                labels.append(bio_labels(syllables, spans)[: len(rows[-1])])
        options = {key: self._config[key] for key in ("c1", "c2", "max_iterations")}
        with self._storage.write_to(self._resource) as folder:
            train(folder / _MODEL_FILE, rows, labels, options)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            known = message.get(ENTITIES, [])
            learnt = self.add_extractor_name(self._learnt(message))
            free = [entity for entity in learnt if not _overlaps(entity, known)]
            both = sorted([*known, *free], key=lambda entity: entity["start"])
            message.set(ENTITIES, both, add_to_output=True)
        return messages

    def _learnt(self, message: Message) -> list[Found]:
        if self._tagger is None:
            return []
        syllables, marks, kinds = read_tokens(message)
        text = message.get(TEXT)
        features = crf_features(syllables, marks, kinds, read_words(message))
        return [
            _entity(text, syllables[first].start, syllables[last].end, name, chance)
            for first, last, name, chance in self._tagger.spans(features)
            if chance >= self._config["least_confidence"]
        ]


def _entity(text: str, start: int, end: int, name: str, confidence: float) -> Found:
    return {
        "entity": name,
        "start": start,
        "end": end,
        "value": text[start:end],
        "confidence_entity": round(confidence, 4),
    }


def _overlaps(entity: Found, others: Sequence[Found]) -> bool:
    return any(entity["start"] < other["end"] and other["start"] < entity["end"] for other in others)
