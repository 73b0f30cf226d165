"""The shipped pipeline against Rasa's default one, on the same sentences, trained, loaded and timed in one run."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.pipelines import RASA_DEFAULT, measured, shipped
from benchmarks.servers import ROOT
from bot.cli.nlu import read_rows


def run(file: Path | None = None) -> dict[str, Any]:
    """``file`` has test sentences; by default the committed ones. Rasa's default trains for half an hour."""
    rows = read_rows(file or ROOT / "tests" / "nlu" / "held_out.csv")
    figures: dict[str, Any] = {}
    for name, pipeline in (("ours", shipped()), ("rasa_default", RASA_DEFAULT)):
        print(f"training and measuring {name} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            figures[name] = measured(pipeline, rows, Path(folder))
        print(f"{name}: {json.dumps(figures[name])}", file=sys.stderr, flush=True)
    ours, theirs = figures["ours"], figures["rasa_default"]
    figures["parse_times_faster"] = theirs["parse_median_ms"] / ours["parse_median_ms"]
    figures["better_in_every_register"] = all(
        ours["registers"][name][rate] > theirs["registers"][name][rate]
        for name in ours["registers"]
        for rate in ("intent", "entity_f1")
    )
    return figures
