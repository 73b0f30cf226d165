"""The committed figures of the language side hold: no register may lose more than a point.

`./motcua nlu evaluate tests/nlu/held_out.csv --save tests/nlu/figures.json` writes them anew, to be committed with the
change that explains them.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.cli.evaluation import Predicted, evaluate
from bot.cli.nlu import coarser, read_rows
from bot.dialogue.understanding import RasaClient, language_session

FOLDER = Path(__file__).resolve().parent.parent / "nlu"
COMMITTED = json.loads((FOLDER / "figures.json").read_text(encoding="utf-8"))
#: Rates; training differs a little from one processor to another.
MAY_LOSE = 0.01

pytestmark = pytest.mark.xdist_group("language")


@pytest.fixture(scope="module")
def figures(rasa_url: str) -> dict[str, dict[str, dict[str, float]]]:
    rows = read_rows(FOLDER / "held_out.csv")

    async def parse() -> list[Predicted]:
        async with language_session() as session:
            client = RasaClient(session, rasa_url, timeout_s=20.0)
            return [Predicted.from_rasa(await client.parse_raw(row.text)) for row in rows]

    return evaluate(rows, asyncio.run(parse()), coarser()).to_json()


@pytest.mark.parametrize("register", sorted(COMMITTED["per_style"]))
@pytest.mark.parametrize("rate", ["intent_accuracy", "entity_f1"])
def test_no_register_got_worse(
    figures: dict[str, dict[str, dict[str, float]]], register: str, rate: str
) -> None:
    assert figures["per_style"][register][rate] >= COMMITTED["per_style"][register][rate] - MAY_LOSE
