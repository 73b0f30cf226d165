"""How well the procedure search finds what was meant: ``FILE`` is a CSV with the columns text and codes.

``codes`` are the procedures that would be right, separated by blanks, commas or semicolons; empty means that nothing
should be found: no procedure of the catalogue, whether or not another body is named instead. The catalogue is that of
MOTCUA_CATALOGUE, else the shipped one. Beside it a plain BM25 on the same titles, names and fields: SQLite's FTS5,
marks folded. It has no notion of "nothing": it refuses when no word is found.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backend.demo.catalogue import read_procedures
from backend.domain.procedure import ProcedureEntry, entry_of
from backend.importers.base import Item
from backend.importers.procedures_catalogue import read_catalogue, state_of
from backend.importers.synonyms import install_search
from backend.services.procedures.search import SearchSettings, Verdict, decide
from backend.settings import read_settings
from backend.text.fold import fold
from benchmarks.servers import ROOT
from bot.cli.errors import CommandError

Case = tuple[str, frozenset[str]]

DEEPEST = 50  # a right procedure further down counts as not found


def catalogue_entries(file: Path | None) -> Sequence[ProcedureEntry]:
    """The procedures of a national catalogue file, or the shipped ones."""
    if file is None:
        return [entry_of(one) for one in read_procedures()]
    return [entry_of(row.value) for row in read_catalogue(file, "", state_of(file)) if isinstance(row, Item)]


def read_cases(file: Path) -> list[Case]:
    """(text, right codes) of each row. Raises CommandError."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened)
            if not {"text", "codes"} <= set(rows.fieldnames or ()):
                raise CommandError(f"{file} needs the columns text and codes")
            return [
                (row["text"], frozenset(re.findall(r"[\w.]+", row["codes"] or "")))
                for row in rows
                if (row["text"] or "").strip()
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error


def run(file: Path | None = None) -> dict[str, Any]:
    """Rates from 0 to 1; a right procedure counts at the place where it stands among procedures."""
    if file is None:
        raise CommandError("bench retrieval needs a CSV file with the columns text and codes")
    cases = read_cases(file)
    if not cases:
        raise CommandError(f"{file} has no rows")
    settings = install_search(ROOT / "nlu_data")
    entries = [settings.named(one) for one in catalogue_entries(read_settings(ROOT).catalogue)]
    return {**_ours(settings, entries, cases), "bm25": _bm25(entries, cases)}


def _ours(
    settings: SearchSettings, entries: Sequence[ProcedureEntry], cases: Sequence[Case]
) -> dict[str, float]:
    index = settings.index(entries)
    places: list[int] = []
    refused: list[bool] = []
    for text, codes in cases:
        hits = index.search(text, limit=DEEPEST)
        own = [hit for hit in hits if settings.outside.matter(hit.entry.code) is None]
        if codes:
            places.append(_place([hit.entry.code for hit in own], codes))
        else:
            best = decide(hits)
            refused.append(best.verdict is Verdict.NOTHING or best.hits[0] not in own)
    return _rates(places, refused)


def _bm25(entries: Sequence[ProcedureEntry], cases: Sequence[Case]) -> dict[str, float]:
    """FTS5's own ranking, with its own constants; a question is the OR of its words."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE found USING fts5(code UNINDEXED, title, names, field)")
    db.executemany(
        "INSERT INTO found VALUES (?, ?, ?, ?)",
        [(one.code, fold(one.title), fold(" . ".join(one.common_names)), fold(one.field)) for one in entries],
    )
    ranking = "SELECT code FROM found WHERE found MATCH ? ORDER BY bm25(found) LIMIT ?"
    places: list[int] = []
    refused: list[bool] = []
    for text, codes in cases:
        words = " OR ".join(f'"{word}"' for word in fold(text).split() if word.isalnum())
        hits = db.execute(ranking, (words, DEEPEST)).fetchall() if words else []
        if codes:
            places.append(_place([code for (code,) in hits], codes))
        else:
            refused.append(not hits)
    return _rates(places, refused)


def _place(found: Sequence[str], right: frozenset[str]) -> int:
    """Where the first right code stands, counted from 1; 0 when it does not."""
    return next((at for at, code in enumerate(found, 1) if code in right), 0)


def _rates(places: Sequence[int], refused: Sequence[bool]) -> dict[str, float]:
    asked = max(1, len(places))
    return {
        "asked": len(places),
        "recall_at_1": sum(at == 1 for at in places) / asked,
        "recall_at_3": sum(1 <= at <= 3 for at in places) / asked,
        "mrr": sum(1 / at for at in places if at) / asked,
        "nothing_expected": len(refused),
        "correct_refusals": sum(refused) / max(1, len(refused)),
    }
