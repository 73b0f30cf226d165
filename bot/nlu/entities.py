"""Values in a sentence: what a pattern proves, and for the rest the conditional random field."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.crf import Tagger, bio_labels, crf_features, train
from bot.nlu.patterns import as_meant
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
        return {
            "c1": 0.05,
            "c2": 0.05,
            "max_iterations": 80,
            "feature.minfreq": 1,
            "without_copies": [],
            "least_confidence": 0.0,
        }

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
            if syllables and example.get("copied_as") not in self._config["without_copies"]:
                spans = [(e["start"], e["end"], e["entity"]) for e in example.get(ENTITIES, [])]
                rows.append(crf_features(syllables, marks, kinds, read_words(example)))
                labels.append(bio_labels(syllables, spans)[: len(rows[-1])])
        options = {key: self._config[key] for key in ("c1", "c2", "max_iterations", "feature.minfreq")}
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
            | (
                {"value": meant}
                if name == "date" and (meant := as_meant(text, syllables[first : last + 1]))
                else {}
            )
            for first, last, name, chance in self._tagger.spans(features)
            if chance >= self._config["least_confidence"]
        ]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class UsefulEntities(GraphComponent):
    """Of what was found leaves what the understood intent has a use for, according to intents.yml.

    An unsure intent keeps everything: the dialogue then judges by what the sentence names.
    """

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, uses: Mapping[str, list[str]]
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._uses = uses

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "manifest": "nlu_data/intents.yml",
            "certain": 0.7,
            "certain_of_wordless": 0.95,
            "wordless": [],
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> UsefulEntities:
        return cls(config, model_storage, resource, _read_uses(config["manifest"]))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> UsefulEntities:
        with model_storage.read_from(resource) as folder:
            uses = json.loads((folder / "uses.json").read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, uses)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa's training cache must notice an edited manifest."""
        return json.dumps(_read_uses(config.get("manifest", "nlu_data/intents.yml")), sort_keys=True)

    def train(self, training_data: TrainingData) -> Resource:
        with self._storage.write_to(self._resource) as folder:
            (folder / "uses.json").write_text(json.dumps(self._uses), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            intent = message.get(INTENT) or {}
            uses = self._uses.get(intent.get("name") or "")
            wordless = intent.get("name") in self._config["wordless"]
            limit = self._config["certain_of_wordless" if wordless else "certain"]
            if uses is not None and intent.get("confidence", 0.0) >= limit:
                useful = [one for one in message.get(ENTITIES, []) if one["entity"] in uses]
                message.set(ENTITIES, useful, add_to_output=True)
        return messages


def _read_uses(manifest: str) -> dict[str, list[str]]:
    intents = yaml.safe_load(Path(manifest).read_text(encoding="utf-8"))["intents"]
    return {name: list(one["entities"]) for name, one in intents.items()}


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
