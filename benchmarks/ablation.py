"""What each part of the pipeline is worth: the shipped one, then one thing left out or put in its place at a time."""

from __future__ import annotations

import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.pipelines import changed, measured, replaced, shipped, without
from benchmarks.servers import ROOT
from bot.cli.nlu import read_rows

#: Trained side by side: what they find does not depend on it, and how long they take is not told here.
AT_ONCE = 2
_KEPT = ("intent", "entity_f1", "registers", "train_cpu_s")
_COPIES = ["unaccented", "half_accented", "mistyped"]


#: Rasa's own linear classifier needs its features made for it.
_RASA_INTENTS: list[dict[str, Any]] = [
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 2, "max_ngram": 5},
    {"name": "LogisticRegressionClassifier"},
]


def variants() -> dict[str, list[dict[str, Any]]]:
    """Name -> pipeline."""
    found = {"shipped": shipped(), "no copies": changed("VietnameseTokenizer", copies=[])}
    for kind in _COPIES:
        left = [one for one in _COPIES if one != kind]
        found[f"no {kind} copies"] = changed("VietnameseTokenizer", copies=left)
    for part in ("abbreviations", "spelling", "lists", "dates", "segmentation"):
        found[f"no {part}"] = changed("VietnameseTokenizer", leave_out=[part])
    found["no language told"] = without("LanguageGuesser")
    found["no filter by intent"] = without("UsefulEntities")
    found["entities by Rasa's CRF"] = replaced("CrfExtractor", [{"name": "CRFEntityExtractor"}])
    for block in ("written", "folded", "letters", "ideas"):
        found[f"intents without {block}"] = changed("LinearIntentClassifier", leave_out=[block])
    found["every intent weighs the same"] = changed("LinearIntentClassifier", counts_more={})
    found["intents by Rasa's logistic regression"] = replaced("LinearIntentClassifier", _RASA_INTENTS)
    return found


def run(file: Path | None = None) -> dict[str, Any]:
    """``file`` has test sentences; by default the committed ones. About two minutes a variant, two at a time."""
    rows = read_rows(file or ROOT / "tests" / "nlu" / "held_out.csv")
    known = variants()

    def measure(name: str) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            found = measured(known[name], rows, Path(folder))
        kept = {key: found[key] for key in _KEPT}
        print(
            f"{name}: {json.dumps(kept)}", file=sys.stderr, flush=True
        )  # an hour's work is not lost to a Ctrl-C
        return kept

    # What only changes how intents are found is trained without the entities, which take most of the time.
    for name in known:
        if "intent" in name and "filter" not in name:
            known[name] = [one for one in known[name] if not one["name"].startswith("bot.nlu.entities.")]
    with ThreadPoolExecutor(AT_ONCE) as pool:  # each trains in a process of its own
        return dict(zip(known, pool.map(measure, known), strict=True))
