"""The committed figures of the language side hold: no register may lose more than a point.

`./motcua nlu evaluate tests/nlu/held_out.csv --save tests/nlu/figures.json` writes them anew, to be committed with the
change that explains them.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from backend.domain.messaging import Address, ChannelName, Incoming, Kind
from bot.cli.evaluation import Predicted, evaluate
from bot.cli.nlu import coarser, read_rows
from bot.dialogue.tongue import WORDS_TO_CHANGE
from bot.dialogue.understanding import RasaClient, language_session

FOLDER = Path(__file__).resolve().parent.parent / "nlu"
#: Test sentences and the committed figures of each.
FILES = {"held_out.csv": "figures.json", "english.csv": "english_figures.json"}
COMMITTED = {
    file: json.loads((FOLDER / figures).read_text(encoding="utf-8")) for file, figures in FILES.items()
}
REGISTERS = [(file, name) for file, figures in COMMITTED.items() for name in sorted(figures["per_style"])]
#: Rates; training differs a little from one processor to another.
MAY_LOSE = 0.01

#: Held-out sentences that are English for the most part ("Can you reply in English please").
MIXED = 4
SOMEBODY = Address(ChannelName.WEB, "main", "somebody")

pytestmark = pytest.mark.xdist_group("language")


@pytest.fixture(scope="module")
def figures(rasa_url: str) -> dict[str, dict[str, dict[str, float]]]:
    """Per file and register: the rates of today's model."""
    rows = {file: read_rows(FOLDER / file) for file in FILES}

    async def parse(file: str) -> list[Predicted]:
        async with language_session() as session:
            client = RasaClient(session, rasa_url, timeout_s=20.0)
            return [Predicted.from_rasa(await client.parse_raw(row.text)) for row in rows[file]]

    known = coarser()
    return {
        file: evaluate(rows[file], asyncio.run(parse(file)), known).to_json()["per_style"] for file in FILES
    }


@pytest.mark.parametrize(("file", "register"), REGISTERS)
@pytest.mark.parametrize("rate", ["intent_accuracy", "entity_f1"])
def test_no_register_got_worse(
    figures: dict[str, dict[str, dict[str, float]]], file: str, register: str, rate: str
) -> None:
    assert figures[file][register][rate] >= COMMITTED[file]["per_style"][register][rate] - MAY_LOSE


async def test_languages_are_told_apart(rasa_url: str) -> None:
    """Nobody who writes Vietnamese, however badly, is answered in English; who writes English nearly always is."""
    told: dict[str, list[str]] = {}
    async with language_session() as session:
        client = RasaClient(session, rasa_url, timeout_s=20.0)
        for file in FILES:
            rows = [row for row in read_rows(FOLDER / file) if len(row.text.split()) >= WORDS_TO_CHANGE]
            read = [await client.understand(Incoming(SOMEBODY, "e", Kind.TEXT, row.text)) for row in rows]
            told[file] = [one.language for one in read]
    assert told["held_out.csv"].count("en") <= MIXED
    assert told["english.csv"].count("en") >= 0.9 * len(told["english.csv"])
