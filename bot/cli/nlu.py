"""``nlu parse`` and ``nlu evaluate``: what the language side makes of sentences, measured through Rasa's server."""

from __future__ import annotations

import asyncio
import csv
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from backend.settings import Settings, read_settings
from bot.app import ROOT
from bot.cli.errors import CommandError
from bot.cli.evaluation import Expected, Predicted, evaluate, show
from bot.cli.linger import lingering_rasa
from bot.dialogue.understanding import RasaClient, language_session

nlu = typer.Typer(no_args_is_help=True, help="The language side: parse a sentence, evaluate a file.")

_COLUMNS = ("text", "need", "entities", "style")
_AT_ONCE = 8


@asynccontextmanager
async def rasa(settings: Settings) -> AsyncIterator[RasaClient]:
    """A client of a Rasa that answers; starts one that lingers when there is none."""
    await lingering_rasa(settings)
    async with language_session() as session:
        url = settings.rasa_url or f"http://127.0.0.1:{settings.rasa_port}"
        client = RasaClient(session, url, timeout_s=20.0)
        if not await client.wait_until_ready(60.0):
            raise CommandError(f"Rasa does not answer at {url}; see {settings.home / 'log' / 'rasa.log'}")
        yield client


async def parse_all(settings: Settings, texts: Sequence[str]) -> list[Mapping[str, Any]]:
    """Rasa's own answers, in order."""
    async with rasa(settings) as client:
        room = asyncio.Semaphore(_AT_ONCE)

        async def one(text: str) -> Mapping[str, Any]:
            async with room:
                return await client.parse_raw(text)

        return await asyncio.gather(*(one(text) for text in texts))


@nlu.command("parse")
def parse(text: str, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """What one sentence is understood as."""
    body = asyncio.run(parse_all(read_settings(ROOT), [text]))[0]
    if as_json:
        print(json.dumps(body, ensure_ascii=False))
        return
    for one in body["intent_ranking"][:3]:
        print(f"{one['confidence']:.2f}  {one['name']}")
    for entity in body["entities"]:
        print(f"  {entity['entity']}: {entity['value']} [{entity['start']}:{entity['end']}]")


@nlu.command("evaluate")
def evaluate_file(
    file: Path,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    save: Annotated[
        Path | None, typer.Option(help="Write the rates to this file, to be compared with later.")
    ] = None,
) -> None:
    """Intent accuracy and entity precision, recall, F1 of a CSV with columns text, need, entities, style."""
    rows = read_rows(file)
    bodies = asyncio.run(parse_all(read_settings(ROOT), [row.text for row in rows]))
    predicted = [Predicted.from_rasa(body) for body in bodies]
    result = evaluate(rows, predicted, coarser())
    show(result, sys.stderr if as_json else sys.stdout)
    if save:
        save.write_text(json.dumps(result.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if as_json:
        print(json.dumps(result.to_json(), ensure_ascii=False))


def coarser() -> dict[str, str]:
    """Intent -> the coarser one that evaluation counts as the same."""
    manifest = yaml.safe_load((ROOT / "nlu_data" / "intents.yml").read_text(encoding="utf-8"))
    intents = manifest["intents"]
    return {name: one["evaluates_as"] for name, one in intents.items() if one.get("evaluates_as")}


def read_rows(file: Path) -> list[Expected]:
    """The sentences of a test file. Raises CommandError with the line that cannot be read."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source)
            if not reader.fieldnames or not set(_COLUMNS) <= set(reader.fieldnames):
                raise CommandError(f"{file}: expected the columns {', '.join(_COLUMNS)}")
            return [_row(row, file, number) for number, row in enumerate(reader, 2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{file}: {error}") from None


def _row(row: Mapping[str, str], file: Path, number: int) -> Expected:
    try:
        entities = json.loads(row["entities"] or "{}")
        spans = {name: [said] if isinstance(said, str) else list(said) for name, said in entities.items()}
    except (ValueError, AttributeError, TypeError):
        raise CommandError(f"{file}, line {number}: entities must be a JSON object") from None
    return Expected(row["text"], row["need"], spans, row["style"])
