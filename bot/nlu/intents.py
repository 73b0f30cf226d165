"""Which need a sentence states: a linear model over words and letters, with honest probabilities."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.features import BLOCKS, sentence_features
from bot.nlu.linear import LinearModel, fit
from bot.nlu.tokenizer import IDEAS, read_tokens


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Ranks every intent; what is too unsure to act on is the dialogue's decision."""

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
    def required_components() -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "least_sentences": 2,
            "strength": 0.5,
            "counts_more": {},
            "ranking_length": 10,
            "leave_out": [],  # blocks of features, to measure what each is worth
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.read(folder))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        model = fit(
            [self._features(e) for e in examples],
            [e.get(INTENT) for e in examples],
            [e.get("origin", 0) for e in examples],
            least=self._config["least_sentences"],
            strength=self._config["strength"],
            counts_more=self._config["counts_more"],
        )
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._model is None or not message.get("text_tokens"):
                continue  # nothing written, nothing wanted: Rasa's own empty answer stands
            ranking = [
                {"name": name, "confidence": chance}
                for name, chance in self._model.rank(self._features(message))[
                    : self._config["ranking_length"]
                ]
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _features(self, message: Message) -> tuple[set[str], ...]:
        blocks = sentence_features(*read_tokens(message), message.get(IDEAS))
        if not self._config["leave_out"]:
            return blocks
        return tuple(
            set() if name in self._config["leave_out"] else block
            for name, block in zip(BLOCKS, blocks, strict=True)
        )
