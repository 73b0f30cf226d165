"""Sentences that were written before the code, each in a fresh conversation, answered through the real path."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.demo.showcase import ALL
from backend.text.fold import fold
from bot.app import Application
from tests.language import Person

pytestmark = pytest.mark.xdist_group("language")

_FOLDER = Path(__file__).parent / "paraphrases"
_PLACE = re.compile(r"\{code:(\w+)(?:\|(\w+))?\}")


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}-{number}")
        for path in sorted(_FOLDER.glob("*.yml"))
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1)
    ]


def typed(match: re.Match[str]) -> str:
    """A demonstration dossier's code, as well or as badly typed as the case says."""
    code, shape = ALL[match[1]].code, match[2]
    if shape == "lower":
        return code.lower()
    if shape == "spaces":
        return code.replace("-", " ").replace(".", " ")
    if shape == "letter_o":
        head, _, rest = code.partition("-")
        return f"{head}-{rest.replace('0', 'O')}"
    if shape == "partial":
        return code.partition("-")[2]
    return code


@pytest.mark.parametrize("case", cases())
async def test_is_answered_rightly(counter: Application, case: dict[str, Any]) -> None:
    words = _PLACE.sub(typed, case["say"])
    replies = await Person(counter, "someone").says(words)
    assert {one.key for one in replies} & set(case["bot"]), [one.key for one in replies]
    heard = fold(" ".join(one.text for one in replies))
    for words in case["mentions"]:
        assert fold(_PLACE.sub(typed, words)) in heard, heard
