"""The components as Rasa runs them: a small model trained here, loaded from its file, and asked."""

from __future__ import annotations

import json
import unicodedata
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from backend.text.fold import fold_aligned
from bot.nlu import crf
from bot.nlu.augmentation import copies_of
from bot.nlu.crf import bio_labels
from bot.nlu.entities import CrfExtractor, PatternExtractor, UsefulEntities
from bot.nlu.intents import LinearIntentClassifier
from bot.nlu.patterns import as_meant, find_date_words
from bot.nlu.spelling import Speller
from bot.nlu.syllables import split
from bot.nlu.tokenizer import VietnameseTokenizer, without_command

ROOT = Path(__file__).resolve().parents[2]
CONTEXT = ExecutionContext(GraphSchema({}), "test")
TRAINABLE = (VietnameseTokenizer, LinearIntentClassifier, CrfExtractor)
SMALL = ("dossier/dossier_status", "procedure/fee", "reception/reception_booking", "social/greeting")
VIETNAMESE = st.text(
    alphabet=st.sampled_from("aăâđêoôơuưáàảãạấềộừỹ hsưHỒƠ0123/-.,\n\u0300\u0309\u200b🙂"), max_size=60
)


def config_of(component: type[Any]) -> dict[str, Any]:
    config = component.get_default_config()
    if component is VietnameseTokenizer:
        config = {**config, "lexicon": str(ROOT / "nlu_data")}
    return config | ({"max_iterations": 25} if component is CrfExtractor else {})


def train(folder: Path) -> None:
    storage = LocalModelStorage.create(folder)
    data = TrainingData().merge(
        *[load_data(str(ROOT / "nlu_data" / "nlu" / f"{name}.yml")) for name in SMALL]
    )
    for component in TRAINABLE:
        resource = Resource(component.__name__)
        component.create(config_of(component), storage, resource, CONTEXT).train(data)
        if component is VietnameseTokenizer:
            data = component.load(config_of(component), storage, resource, CONTEXT).process_training_data(
                data
            )


def pipeline(folder: Path) -> list[Any]:
    storage = LocalModelStorage(folder)
    tokenizer, intents, learnt = (
        component.load(config_of(component), storage, Resource(component.__name__), CONTEXT)
        for component in TRAINABLE
    )
    found = PatternExtractor.create({}, storage, Resource("patterns"), CONTEXT)
    return [tokenizer, intents, found, learnt, RegexMessageHandler()]  # the last is Rasa's, always there


def ask(steps: list[Any], text: str) -> Message:
    messages = [Message({"text": text})]
    for step in steps:
        messages = step.process(messages)
    return messages[0]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("model")
    train(made)
    return made


@pytest.fixture(scope="session")
def steps(folder: Path) -> list[Any]:
    return pipeline(folder)


@given(st.one_of(st.text(max_size=80), VIETNAMESE))
def test_tokens_lie_in_the_text_in_order_and_lose_no_letter(text: str) -> None:
    found = split(text, {})
    ends = [0, *(syllable.end for syllable in found)]
    assert all(end <= syllable.start < syllable.end for end, syllable in zip(ends, found, strict=False))
    covered = {at for syllable in found for at in range(syllable.start, syllable.end)}
    assert all(at in covered for at, char in enumerate(text) if char.isalnum())


@settings(max_examples=60, deadline=None)
@given(text=st.one_of(st.text(max_size=80), VIETNAMESE))
def test_entities_quote_the_text_as_received(steps: list[Any], text: str) -> None:
    message = ask(steps, text)
    assert len(message.get("text")) == len(text)
    for entity in message.get("entities"):
        assert entity["value"] == message.get("text")[entity["start"] : entity["end"]] != ""


def test_offsets_count_characters_of_decomposed_text(steps: list[Any]) -> None:
    text = unicodedata.normalize("NFD", "hồ sơ của tôi mã H50.34-261008-0975 tới đâu rồi")
    found = [e for e in ask(steps, text).get("entities") if e["entity"] == "dossier_code"]
    assert [text[e["start"] : e["end"]] for e in found] == ["H50.34-261008-0975"]


@pytest.mark.parametrize(
    "text", ["", "   ", "🙂" * 4000, "ơ" * 4000, "hồ sơ tới đâu rồi " * 220, "\x00\u200b"]
)
def test_any_text_is_answered(steps: list[Any], text: str) -> None:
    ranking = ask(steps, text).get("intent_ranking", [])
    assert all(0.0 <= one["confidence"] <= 1.0 for one in ranking)


def test_crf_loads_its_file_without_training(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("loading must not train")

    monkeypatch.setattr(crf.pycrfsuite, "Trainer", refuse)
    found = ask(pipeline(folder), "lệ phí cấp lại sổ đỏ bị mất bao nhiêu").get("entities")
    assert "procedure" in {entity["entity"] for entity in found}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hồ sơ của tôi tới đâu rồi", "dossier_status"),
        ("lệ phí cấp đổi sổ đỏ hết bao nhiêu tiền", "fee"),
        ("tôi muốn đăng ký gặp chủ tịch tỉnh", "reception_booking"),
        ("em chào anh chị ạ", "greeting"),
    ],
)
def test_unaccented_twin_has_the_same_intent(steps: list[Any], text: str, intent: str) -> None:
    answers = [ask(steps, text), ask(steps, fold_aligned(text))]
    assert [answer.get("intent")["name"] for answer in answers] == [intent, intent]


def test_code_wins_over_what_was_learnt(steps: list[Any]) -> None:
    found = ask(steps, "hồ sơ H50.34-261008-0975 tới đâu, gọi 0912345678 hoặc a.b@c.vn").get("entities")
    kinds = {e["entity"]: e["extractor"] for e in found}
    assert kinds.keys() >= {"dossier_code", "phone", "email"}
    assert {kinds[name] for name in ("dossier_code", "phone", "email")} == {"PatternExtractor"}
    spans = sorted((e["start"], e["end"]) for e in found)
    assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))


def test_nonsense_gets_less_confidence_than_a_plain_question(steps: list[Any]) -> None:
    nonsense, question = (
        ask(steps, t).get("intent")["confidence"] for t in ("qzx wvf jjk pqr", "lệ phí khai sinh bao nhiêu")
    )
    assert nonsense < 0.6 < question


@pytest.mark.parametrize(
    "text", ["/fee", ' /dossier_status@1.0{"dossier_code": "x"}', "/secret{broken", "/ chào"]
)
def test_a_slash_is_no_command_and_is_not_printed(steps: list[Any], text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        message = ask(steps, text)
    assert len(message.get("intent_ranking")) > 1
    assert "RegexMessageHandler" not in {e["extractor"] for e in message.get("entities")}
    assert len(without_command(text)) == len(text)


def test_training_twice_gives_the_same_answers(folder: Path, tmp_path: Path, steps: list[Any]) -> None:
    train(tmp_path)
    again = pipeline(tmp_path)
    for text in ("hs cua toi toi dau r", "phí bao nhiêu vậy", "đặt lịch gặp giám đốc sở sáng mai"):
        one, other = (ask(way, text).as_dict(only_output_properties=True) for way in (steps, again))
        assert json.dumps(one, default=repr) == json.dumps(other, default=repr)


@pytest.mark.parametrize("kind", ["unaccented", "half_accented", "mistyped"])
def test_copies_carry_their_entities_along(kind: str) -> None:
    text = "lệ phí cấp đổi sổ đỏ tại phường Tân An hết bao nhiêu tiền vậy"
    spans = [("cấp đổi sổ đỏ", "procedure"), ("phường Tân An", "agency")]
    entities = [
        {"start": text.index(s), "end": text.index(s) + len(s), "entity": name, "value": s}
        for s, name in spans
    ]
    (copy,) = copies_of(Message({"text": text, "intent": "fee", "entities": entities}), [kind])
    assert copy.get("text") != text
    for entity, (span, name) in zip(copy.get("entities"), spans, strict=True):
        moved = copy.get("text")[entity["start"] : entity["end"]]
        assert (entity["entity"], entity["value"]) == (name, moved)
        assert len(moved.split()) == len(span.split())
        assert f" {moved} " in copy.get("text")


def test_labels_start_anew_for_neighbouring_entities() -> None:
    syllables = split("sở y tế sở nội vụ", {})
    assert bio_labels(syllables, [(0, 7, "agency"), (8, 17, "agency")]) == [
        "B-agency", "I-agency", "I-agency", "B-agency", "I-agency", "I-agency",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("phuongf", "phuong"),
        ("kgai", "khai"),
        ("sinhh", "sinh"),
        ("hsoo", "hsoo"),
        ("khai", "khai"),
        ("tuyen", "tuyen"),
    ],
)
def test_speller_mends_slips_and_leaves_well_formed_words(typed: str, meant: str) -> None:
    assert Speller.learn([], ["phuong", "khai", "sinh"]).correct(typed) == meant


def useful(folder: Path, intent: str, confidence: float, *names: str) -> list[str]:
    manifest = str(ROOT / "nlu_data" / "intents.yml")
    config = UsefulEntities.get_default_config() | {"manifest": manifest, "wordless": ["affirm"]}
    storage = LocalModelStorage.create(folder)
    resource = Resource("useful")
    UsefulEntities.create(config, storage, resource, CONTEXT).train(TrainingData())
    step = UsefulEntities.load(config, storage, resource, CONTEXT)
    found = [{"entity": name, "start": 0, "end": 1} for name in names]
    message = Message({"text": "…", "intent": {"name": intent, "confidence": confidence}, "entities": found})
    return [one["entity"] for one in step.process([message])[0].get("entities")]


@pytest.mark.parametrize(
    ("intent", "confidence", "left"),
    [
        ("fee", 0.9, ["procedure"]),
        ("fee", 0.5, ["procedure", "date"]),  # unsure: the dialogue judges by what is named
        ("affirm", 0.9, ["procedure", "date"]),  # a "yes" that names a procedure may be none
        ("affirm", 0.97, []),
        ("no_such_intent", 0.99, ["procedure", "date"]),
    ],
)
def test_a_sure_intent_keeps_what_it_has_a_use_for(
    tmp_path: Path, intent: str, confidence: float, left: list[str]
) -> None:
    assert useful(tmp_path, intent, confidence, "procedure", "date") == left


def test_dates_are_found_behind_abbreviations_and_slips() -> None:
    text = "hs e nộp hqua, hẹn thnág 12"
    syllables = split(
        text, {"hqua": "hôm qua", "hs": "hồ sơ"}, lambda word: {"thnag": "thang"}.get(word, word)
    )
    assert [text[start:end] for start, end in find_date_words(text, syllables)] == ["hqua", "thnág 12"]
    assert as_meant(text, syllables[-2:]) == "thang 12"
    assert as_meant(text, syllables[1:3]) == ""
