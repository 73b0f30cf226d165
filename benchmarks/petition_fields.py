"""The field of a petition guessed from its words: how often it is right, and how far its confidence can be trusted.

``FILE`` is a CSV with the columns text, field and style (default: tests/petitions_fields/held_out.csv, sentences that
the model never sees). ``calibration_error`` is the mean distance between confidence and share of right guesses, in ten
classes of confidence; ``cross_validated`` is the accuracy on the training sentences, each fifth left out in turn.
"""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backend.importers.petition_fields import load_examples
from backend.services.petitions.field_model import Example, FieldModel, Guess, fit
from backend.services.petitions.suggesting import LEAST_CONFIDENCE
from benchmarks.servers import ROOT
from bot.cli.errors import CommandError

HELD_OUT = ROOT / "tests" / "petitions_fields" / "held_out.csv"
SENTENCES = ROOT / "nlu_data" / "petitions" / "fields.yml"
_CLASSES, _PARTS = 10, 5

Case = tuple[str, str, str]  # text, field, style


def read_cases(file: Path) -> list[Case]:
    """Raises CommandError."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened)
            if not {"text", "field"} <= set(rows.fieldnames or ()):
                raise CommandError(f"{file} needs the columns text and field")
            found = [(row["text"], row["field"], row.get("style") or "") for row in rows if row["text"]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    if not found:
        raise CommandError(f"{file} has no rows")
    return found


def measure(model: FieldModel, cases: Sequence[Case]) -> dict[str, Any]:
    """Rates from 0 to 1."""
    guessed = [(model.guess(text), field, style) for text, field, style in cases]
    best = [(found[0] if found else Guess("", 0.0), field) for found, field, _style in guessed]
    known = [(one, field) for one, field in best if one.confidence >= LEAST_CONFIDENCE]
    styles = sorted({style for _found, _field, style in guessed if style})
    return {
        "sentences": len(cases),
        "accuracy": _share(one.field == field for one, field in best),
        "top_2_accuracy": _share(field in {one.field for one in found[:2]} for found, field, _ in guessed),
        "known": len(known) / len(cases),
        "accuracy_when_known": _share(one.field == field for one, field in known),
        "calibration_error": _calibration_error(best),
        "by_style": {
            wanted: _share(
                bool(found) and found[0].field == field for found, field, style in guessed if style == wanted
            )
            for wanted in styles
        },
    }


def cross_validated(examples: Sequence[Example], phrases: Sequence[Example]) -> float:
    right = 0
    for part in range(_PARTS):
        model = fit([one for at, one in enumerate(examples) if at % _PARTS != part], phrases)
        left_out = [one for at, one in enumerate(examples) if at % _PARTS == part]
        right += sum(bool(found := model.guess(text)) and found[0].field == field for field, text in left_out)
    return right / len(examples)


def run(file: Path | None = None) -> dict[str, Any]:
    examples, phrases = load_examples(SENTENCES)
    began = time.perf_counter()
    model = fit(examples, phrases)
    fitted = time.perf_counter() - began
    cases = read_cases(file or HELD_OUT)
    took = []
    for text, _field, _style in cases:
        began = time.perf_counter()
        model.guess(text)
        took.append(time.perf_counter() - began)
    return {
        "model": model.name,
        "fields": len(model.fields),
        **measure(model, cases),
        "cross_validated": cross_validated(examples, phrases),
        "temperature": model.temperature,
        "fit_s": fitted,
        "guess_median_ms": 1000 * statistics.median(took),
    }


def _calibration_error(best: Sequence[tuple[Guess, str]]) -> float:
    classes: list[list[tuple[float, bool]]] = [[] for _ in range(_CLASSES)]
    for one, field in best:
        classes[min(_CLASSES - 1, int(one.confidence * _CLASSES))].append(
            (one.confidence, one.field == field)
        )
    apart = [
        len(held) * abs(statistics.fmean(sure for sure, _ in held) - _share(right for _, right in held))
        for held in classes
        if held
    ]
    return sum(apart) / max(1, len(best))


def _share(right: Any) -> float:
    found = [bool(one) for one in right]
    return sum(found) / max(1, len(found))
