"""Rasa's tokens for Vietnamese: one a syllable, offsets exact, and unaccented copies while training."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.augmentation import copies_of
from bot.nlu.languages import is_foreign
from bot.nlu.lexicon import Lexicon
from bot.nlu.patterns import find_date_words, find_patterns, kind_of_each
from bot.nlu.segmentation import positions
from bot.nlu.spelling import Speller
from bot.nlu.syllables import Syllable, split

SYLLABLE = "syllable"  # Token.data: the Syllable
MARK = "mark"  # Token.data: the lexicon's list, B-…, I-… or "-"
WORD = "word"  # Token.data: pyvi's position in a word, or ""
KIND = "kind"  # Token.data: the entity whose pattern covers the token, or ""
_DIVISION_SLASH = "\u2215"
IDEAS = "ideas"  # Message.data: what the lexicon's cues hint at
PATTERNS = "patterns"  # Message.data: what patterns proved


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class VietnameseTokenizer(Tokenizer):
    """Marks syllables of the message as it came; the message's own text stays untouched."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        lexicon: Lexicon,
        speller: Speller | None = None,
    ) -> None:
        super().__init__(config)
        self._copies = config["copies"]
        self._left_out = frozenset(config["leave_out"])
        self._storage = storage
        self._resource = resource
        self._lexicon = lexicon
        self._speller = speller or Speller({})

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "lexicon": "nlu_data",
            "copies": ["unaccented"],
            "leave_out": [],  # abbreviations, spelling, lists, dates, segmentation: to measure what each is worth
        }

    @staticmethod
    def supported_languages() -> list[str]:
        return ["vi"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VietnameseTokenizer:
        return cls(config, model_storage, resource, Lexicon.read(Path(config["lexicon"])))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> VietnameseTokenizer:
        """With the lexicon of the day of training: a model answers alike wherever it is copied."""
        with model_storage.read_from(resource) as folder:
            lexicon = Lexicon.from_json((folder / "lexicon.json").read_text(encoding="utf-8"))
            known = json.loads((folder / "syllables.json").read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, lexicon, Speller(known))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa's training cache must notice an edited word list."""
        return Lexicon.read(Path(config.get("lexicon", "nlu_data"))).digest()

    def train(self, training_data: TrainingData) -> Resource:
        typed = (
            word
            for example in training_data.nlu_examples
            if not is_foreign(example)
            for syllable in split(example.get(TEXT), self._lexicon.abbreviations)
            for word in syllable.folded.split()
        )
        known = Speller.learn(typed, self._lexicon.words()).known
        with self._storage.write_to(self._resource) as folder:
            (folder / "syllables.json").write_text(json.dumps(known), encoding="utf-8")
            (folder / "lexicon.json").write_text(self._lexicon.to_json(), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the copies, then marks tokens of everything."""
        examples = list(training_data.training_examples)
        for number, example in enumerate(training_data.training_examples):
            example.set("origin", number)
            if not is_foreign(example):
                examples += copies_of(example, self._copies)
        more = TrainingData(training_examples=examples)
        return super().process_training_data(more)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(TEXT, without_command(message.get(TEXT) or ""))
        return super().process(messages)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text = message.get(attribute)
        foreign = is_foreign(message)
        abbreviations = {} if foreign or "abbreviations" in self._left_out else self._lexicon.abbreviations
        correct = str if foreign or "spelling" in self._left_out else self._speller.correct
        syllables = split(text, abbreviations, correct)
        patterns = find_patterns(text) if attribute == TEXT else []
        message.set(PATTERNS, patterns)
        message.set(IDEAS, self._lexicon.ideas(syllables))
        dated = [] if "dates" in self._left_out else find_date_words(text, syllables)
        marks = self._lexicon.mark(syllables, dated, listed="lists" not in self._left_out)
        kinds = kind_of_each(syllables, patterns)
        surfaces = [] if "segmentation" in self._left_out else [s.surface for s in syllables]
        words = positions(surfaces) or [""] * len(syllables)
        return [
            Token(
                text[s.start : s.end],
                s.start,
                s.end,
                {SYLLABLE: s, MARK: mark, KIND: kind, WORD: word},
                lemma=s.surface,
            )
            for s, mark, kind, word in zip(syllables, marks, kinds, words, strict=True)
        ]


def without_command(text: str) -> str:
    """The text with another sign, just as long, for a slash in front.

    Rasa's last node, which no configuration removes, reads "/name{...}" as a command: it would let anyone name
    the intent with full confidence, and it prints what it cannot read, that is what people write, as a warning.
    """
    at = len(text) - len(text.lstrip())
    return f"{text[:at]}{_DIVISION_SLASH}{text[at + 1 :]}" if text.startswith("/", at) else text


def read_tokens(message: Message) -> tuple[list[Syllable], list[str], list[str]]:
    """Syllables, lexicon marks and kinds of pattern of a tokenized message."""
    data = [token.data for token in message.get(TOKENS_NAMES[TEXT], [])]
    return [d[SYLLABLE] for d in data], [d[MARK] for d in data], [d[KIND] for d in data]


def read_words(message: Message) -> list[str]:
    """pyvi's position of each syllable in a word."""
    return [token.data[WORD] for token in message.get(TOKENS_NAMES[TEXT], [])]
