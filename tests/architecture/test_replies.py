"""Every reply that the code names exists, every reply that exists is named, every placeholder is given."""

from __future__ import annotations

import ast
import re
import unicodedata
from functools import cache
from pathlib import Path

from actions.base import Field
from actions.registry import gather
from bot.replies.renderer import Replies
from tests.architecture.reply_keys import (
    ALWAYS,
    Use,
    lacking,
    patterns,
    required,
    template_environment,
    uses,
)
from tests.architecture.tree import ROOT, Module, modules

ENV = template_environment()
REPLIES = Replies(ROOT / "bot" / "replies")
VIETNAMESE = REPLIES.sources["vi"]
TOPICS = frozenset(key.split("/")[0] for key in VIETNAMESE)
_DEFAULT_PROMPT_VALUES = Field.__dataclass_fields__["prompt_values"].default


@cache
def all_uses() -> list[Use]:
    return [use for module in modules() for use in uses(module, TOPICS)]


def test_every_key_in_the_code_exists() -> None:
    wrong = {f"{use.where} {use.key}" for use in all_uses() if not REPLIES.knows(use.key)}
    assert sorted(wrong) == []


def test_every_existing_key_is_used() -> None:
    named = {use.key for use in all_uses()}
    shapes = [shape for module in modules() for shape in patterns(module)]
    idle = [
        key
        for key in sorted(VIETNAMESE)
        if key not in named and not any(shape.fullmatch(key) for shape in shapes)
    ]
    assert idle == []


def test_literal_values_fill_every_placeholder() -> None:
    wrong = [
        f"{use.where} {use.key} lacks {sorted(names)}"
        for use in all_uses()
        if (names := lacking(use, ENV, VIETNAMESE))
    ]
    assert wrong == []


def test_forms_ask_with_what_their_fields_give() -> None:
    _, forms = gather()
    wrong = []
    for form in forms.values():
        for field in form.fields:
            if field.prompt_values is _DEFAULT_PROMPT_VALUES and (
                needs := required(ENV, VIETNAMESE[field.prompt])
            ):
                wrong.append(f"{form.name}.{field.name}: {field.prompt} needs {sorted(needs)}")
        names = {field.name for field in form.fields}
        if form.summary and (needs := required(ENV, VIETNAMESE[form.summary]) - names):
            wrong.append(f"{form.name}: {form.summary} needs {sorted(needs)}")
        if needs := required(ENV, VIETNAMESE[form.left]):
            wrong.append(f"{form.name}: {form.left} needs {sorted(needs)}")
    assert wrong == []


def test_fields_that_can_be_corrected_have_a_name_on_the_screen() -> None:
    _, forms = gather()
    wanted = {
        f"{form.labels or form.name}/field_{field.name}"
        for form in forms.values()
        if form.summary
        for field in form.fields
        if field.words
    }
    assert sorted(wanted - set(VIETNAMESE)) == []


def test_other_languages_translate_what_exists_with_the_same_placeholders() -> None:
    assert "vi" in REPLIES.sources
    for texts in REPLIES.sources.values():  # the rest falls back to Vietnamese
        assert sorted(set(texts) - set(VIETNAMESE)) == []
        extra = {key: required(ENV, text) - required(ENV, VIETNAMESE[key]) for key, text in texts.items()}
        assert {key: names for key, names in extra.items() if names} == {}


def test_a_topic_is_translated_wholly_or_not_at_all() -> None:
    """Half an answer in another language is worse than one in Vietnamese."""
    for language, texts in REPLIES.sources.items():
        topics = {key.split("/")[0] for key in texts}
        lacking_keys = {key for key in VIETNAMESE if key.split("/")[0] in topics} - set(texts)
        assert sorted(lacking_keys) == [], language


def test_sentences_are_composed_unicode_and_not_empty() -> None:
    wrong = [
        key
        for texts in REPLIES.sources.values()
        for key, text in texts.items()
        if text != unicodedata.normalize("NFC", text) or not text.strip()
    ]
    assert wrong == []


def test_no_sentence_has_an_emoji_or_a_leftover() -> None:
    odd = re.compile("[\U0001f000-\U0001faff\u2600-\u26ff]|TODO|FIXME|XXX|Lorem")
    assert [key for key, text in VIETNAMESE.items() if odd.search(text)] == []


def test_the_scan_sees_what_it_should() -> None:
    source = """
Reply("dossier/asked", {"code": 1})
Refused("dossier/wrong", why=2)
Button("@dossier/button_go", "dossier_status")
Field("a", "dossier/ask_a", parse)
key = "errors/x"
f"@intent/{name}"
"""
    module = Module("made_up", Path(ROOT / "made_up.py"), ast.parse(source))
    found = {use.key: use.given for use in uses(module, frozenset()) if use.certain}
    assert found == {
        "dossier/asked": frozenset({"code"}),
        "dossier/wrong": frozenset({"why"}),
        "dossier/button_go": frozenset(),
        "dossier/ask_a": None,
        "errors/x": None,
    }
    assert [shape.pattern for shape in patterns(module)] == ["intent/[a-z0-9_]+"]
    assert required(ENV, "{% if a is defined %}{{ a }}{% endif %}{{ b|day }}{{ office }}") == {"b"}
    assert lacking(Use("x", "k/k", frozenset({"a"})), ENV, {"k/k": "{{ a }} {{ b }}"}) == {"b"}
    assert "office" in ALWAYS
