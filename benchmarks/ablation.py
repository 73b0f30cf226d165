"""What each part of the pipeline is worth: the shipped one, then one thing left out or put in its place at a time."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.pipelines import changed, measured, shipped, without
from benchmarks.servers import ROOT
from bot.cli.nlu import read_rows

_COPIES = ["unaccented", "half_accented", "mistyped"]


def variants() -> dict[str, list[dict[str, Any]]]:
    """Name -> pipeline."""
    found = {"shipped": shipped(), "no copies": changed("VietnameseTokenizer", copies=[])}
    for kind in _COPIES:
        left = [one for one in _COPIES if one != kind]
        found[f"no {kind} copies"] = changed("VietnameseTokenizer", copies=left)
    for part in ("abbreviations", "spelling", "lists", "dates", "segmentation"):
        found[f"no {part}"] = changed("VietnameseTokenizer", leave_out=[part])
    for block in ("written", "folded", "letters", "ideas"):
        found[f"intents without {block}"] = changed("LinearIntentClassifier", leave_out=[block])
    found["every intent weighs the same"] = changed("LinearIntentClassifier", counts_more={})
    found["no filter by intent"] = without("UsefulEntities")
    return found


def run(file: Path | None = None) -> dict[str, Any]:
    """``file`` has test sentences; by default the committed ones. About two minutes a variant."""
    rows = read_rows(file or ROOT / "tests" / "nlu" / "held_out.csv")
    figures: dict[str, Any] = {}
    for name, pipeline in variants().items():
        print(f"training and measuring: {name} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            figures[name] = measured(pipeline, rows, Path(folder))
    return figures
