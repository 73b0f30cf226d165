"""How well sentences are understood: counting only, from what was expected and what was predicted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

from backend.domain.understanding import Understanding
from bot.dialogue.clearness import Clearness, how_clear

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Expected:
    """One row of a test file: entity name -> the spans of text that it should cover."""

    text: str
    need: str
    entities: Mapping[str, Sequence[str]]
    style: str


@dataclass(frozen=True, slots=True)
class Predicted:
    """What the model said: the first intent, None when it named none, and (name, span) of each entity.

    ``confidence`` is that of the first intent, 0 to 1; ``asks_back`` tells that the dialogue would not act on it
    but offer two readings or say that it did not understand.
    """

    intent: str | None
    entities: Sequence[tuple[str, str]]
    confidence: float = 1.0
    asks_back: bool = False

    @classmethod
    def from_rasa(cls, body: Mapping[str, Any]) -> Predicted:
        """From an answer of Rasa's `/model/parse`; spans are cut from the text, values may be normalised."""
        text = body["text"]
        spans = [(entity["entity"], text[entity["start"] : entity["end"]]) for entity in body["entities"]]
        ranking = tuple((one["name"], one["confidence"]) for one in body.get("intent_ranking", ()))
        first = body.get("intent") or {}
        confidence = first.get("confidence") or 0.0
        read = Understanding(first.get("name") or "", confidence, ranking=ranking, source="model")
        return cls(first.get("name"), spans, confidence, how_clear(read) is not Clearness.CLEAR)


@dataclass(slots=True)
class Score:
    """Counts over some sentences. Rates of nothing are 1.0: nothing was got wrong."""

    sentences: int = 0
    intents_right: int = 0
    spans_right: int = 0
    spans_predicted: int = 0
    spans_expected: int = 0

    @property
    def intent_accuracy(self) -> float:
        return _rate(self.intents_right, self.sentences)

    @property
    def entity_precision(self) -> float:
        return _rate(self.spans_right, self.spans_predicted)

    @property
    def entity_recall(self) -> float:
        return _rate(self.spans_right, self.spans_expected)

    @property
    def entity_f1(self) -> float:
        return _rate(2 * self.spans_right, self.spans_predicted + self.spans_expected)

    def to_json(self) -> dict[str, float]:
        return {
            "intent_accuracy": round(self.intent_accuracy, 4),
            "entity_precision": round(self.entity_precision, 4),
            "entity_recall": round(self.entity_recall, 4),
            "entity_f1": round(self.entity_f1, 4),
        }


@dataclass(slots=True)
class Bin:
    """Sentences whose confidence lies in one tenth of the scale; a calibrated model is right as often as it says."""

    sentences: int = 0
    confidence_sum: float = 0.0
    right: int = 0

    @property
    def confidence(self) -> float:
        return self.confidence_sum / self.sentences

    @property
    def accuracy(self) -> float:
        return self.right / self.sentences


@dataclass(slots=True)
class Evaluation:
    """Scores overall and by group, which intent was taken for which other one, and how well it knows when it errs."""

    overall: Score = field(default_factory=Score)
    per_style: dict[str, Score] = field(default_factory=dict)
    per_intent: dict[str, Score] = field(default_factory=dict)
    per_entity: dict[str, Score] = field(default_factory=dict)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    mistaken: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    bins: dict[int, Bin] = field(default_factory=dict)  # tenths of confidence
    asked_back: int = 0
    asked_back_wrong: int = 0  # of those, the first reading would have been wrong
    refused: int = 0  # of the sentences within scope

    @property
    def calibration_error(self) -> float:
        """Expected calibration error, 0 to 1: the mean gap between confidence and accuracy over ten bins."""
        gaps = sum(abs(one.confidence_sum - one.right) for one in self.bins.values())
        return gaps / max(1, self.overall.sentences)

    @property
    def scope(self) -> dict[str, float]:
        """How many sentences out of scope are seen as such, and how many others are taken for one."""
        outside = self.per_intent.get(OUT_OF_SCOPE, Score())
        inside = self.overall.sentences - outside.sentences
        return {
            "out_of_scope_recall": round(outside.intent_accuracy, 4),
            "false_refusals": round(self.refused / max(1, inside), 4),
        }

    @property
    def asking(self) -> dict[str, float]:
        """The share of turns that ask back, and the share of all turns that act on a wrong reading."""
        wrong = self.overall.sentences - self.overall.intents_right
        every = max(1, self.overall.sentences)
        return {
            "asks_back": round(self.asked_back / every, 4),
            "acts_wrongly": round((wrong - self.asked_back_wrong) / every, 4),
        }

    def to_json(self) -> dict[str, Any]:
        """The shape that other programs read: rates from 0 to 1."""
        return {
            "overall": self.overall.to_json(),
            "per_style": {name: score.to_json() for name, score in sorted(self.per_style.items())},
            "per_intent": {name: score.to_json() for name, score in sorted(self.per_intent.items())},
            "per_entity": {name: score.to_json() for name, score in sorted(self.per_entity.items())},
            "calibration_error": round(self.calibration_error, 4),
            **self.scope,
            **self.asking,
        }


def evaluate(
    rows: Sequence[Expected], predicted: Sequence[Predicted], coarser: Mapping[str, str]
) -> Evaluation:
    """Compare row by row. An intent and the coarser one that it evaluates as count the same.

    An entity is right when its name and its exact span of text are expected, as often as expected.

    Raises:
        ValueError: not as many predictions as rows.
    """
    result = Evaluation()
    for row, answer in zip(rows, predicted, strict=True):
        right = _same(row.need, answer.intent, coarser)
        _note(result, row, answer, right)
        wanted = Counter((name, span) for name, spans in row.entities.items() for span in spans)
        given = Counter(answer.entities)
        groups = (
            result.per_style.setdefault(row.style, Score()),
            result.per_intent.setdefault(row.need, Score()),
        )
        for score in (result.overall, *groups):
            score.sentences += 1
            score.intents_right += right
            _count(score, wanted, given)
        for name in {name for name, _ in (*wanted, *given)}:
            _count(result.per_entity.setdefault(name, Score()), _named(wanted, name), _named(given, name))
    return result


def _note(result: Evaluation, row: Expected, answer: Predicted, right: bool) -> None:
    """What is counted beside the scores: confusions with their sentences, confidence, asking back."""
    if not right:
        pair = row.need, answer.intent or "-"
        result.confusions[pair] += 1
        result.mistaken.setdefault(pair, []).append(row.text)
    tenth = result.bins.setdefault(min(9, int(answer.confidence * 10)), Bin())
    tenth.sentences += 1
    tenth.confidence_sum += answer.confidence
    tenth.right += right
    result.asked_back += answer.asks_back
    result.asked_back_wrong += answer.asks_back and not right
    result.refused += answer.intent == OUT_OF_SCOPE != row.need


def show(result: Evaluation, out: TextIO) -> None:
    """Tables for people: groups with their rates, confidence, then confusions with their sentences."""
    print(f"{'':28}{'rows':>6}{'intent':>9}{'prec.':>8}{'recall':>8}{'F1':>8}", file=out)
    _lines([("overall", result.overall)], out)
    for title, scores in (
        ("style", result.per_style),
        ("intent", result.per_intent),
        ("entity", result.per_entity),
    ):
        print(f"-- by {title}", file=out)
        _lines(sorted(scores.items()), out)
    _confidence(result, out)
    print("-- taken for another (expected -> understood)", file=out)
    for (need, intent), count in result.confusions.most_common():
        print(f"{count:4}  {need} -> {intent}", file=out)
        for text in result.mistaken[need, intent]:
            print(f"        {text}", file=out)


def _confidence(result: Evaluation, out: TextIO) -> None:
    print("-- by confidence: how sure it was, how often it was right", file=out)
    for tenth, one in sorted(result.bins.items()):
        label = f"{tenth / 10:.1f} to {tenth / 10 + 0.1:.1f}"
        print(f"{label:28}{one.sentences:6}{one.confidence:9.3f}{one.accuracy:8.3f}", file=out)
    shares = {"calibration_error": round(result.calibration_error, 4), **result.scope, **result.asking}
    for name, share in shares.items():
        print(f"{name:28}{'':6}{share:9.3f}", file=out)


def _lines(scores: Iterable[tuple[str, Score]], out: TextIO) -> None:
    for name, score in scores:
        intent = f"{score.intent_accuracy:9.3f}" if score.sentences else f"{'':9}"
        spans = "".join(
            f"{rate:8.3f}" for rate in (score.entity_precision, score.entity_recall, score.entity_f1)
        )
        print(f"{name:28}{score.sentences or score.spans_expected:6}{intent}{spans}", file=out)


def _same(need: str, intent: str | None, coarser: Mapping[str, str]) -> bool:
    # Two finer intents of one coarser are still two answers: only a step up or down the ladder is forgiven.
    return intent is not None and (
        need == intent or coarser.get(need) == intent or coarser.get(intent) == need
    )


def _named(spans: Counter[tuple[str, str]], name: str) -> Counter[tuple[str, str]]:
    return Counter({key: count for key, count in spans.items() if key[0] == name})


def _count(score: Score, wanted: Counter[tuple[str, str]], given: Counter[tuple[str, str]]) -> None:
    score.spans_right += (wanted & given).total()
    score.spans_predicted += given.total()
    score.spans_expected += wanted.total()


def _rate(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
