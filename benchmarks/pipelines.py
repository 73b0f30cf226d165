"""Pipelines to compare: config.yml as shipped, Rasa's own default, and ours with one thing left out."""

from __future__ import annotations

import copy
import json
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from backend.settings import read_settings
from benchmarks.servers import ROOT
from bot.cli.evaluation import Evaluation, Expected, Predicted, evaluate
from bot.cli.language import nlu_python, rasa_environment
from bot.cli.nlu import coarser

Component = dict[str, Any]

#: What `rasa init` writes as its suggestion, Rasa 3.6. Its ResponseSelector and EntitySynonymMapper have nothing to do
#: here: there are no response intents and no synonyms in the sentences.
RASA_DEFAULT: list[Component] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
]


def shipped() -> list[Component]:
    pipeline: list[Component] = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return pipeline


def changed(component: str, **options: Any) -> list[Component]:
    """The shipped pipeline with other options for the component whose name ends so."""
    pipeline = copy.deepcopy(shipped())
    for one in pipeline:
        if one["name"].endswith(f".{component}"):
            one.update(options)
            return pipeline
    raise LookupError(component)


def without(component: str) -> list[Component]:
    """The shipped pipeline without the component whose name ends so."""
    left = [one for one in shipped() if not one["name"].endswith(f".{component}")]
    if len(left) == len(shipped()):
        raise LookupError(component)
    return left


def replaced(component: str, others: Sequence[Component]) -> list[Component]:
    """The shipped pipeline with ``others`` where the component stood whose name ends so."""
    pipeline: list[Component] = []
    for one in shipped():
        pipeline += others if one["name"].endswith(f".{component}") else [one]
    return pipeline


def measured(pipeline: Sequence[Component], rows: Sequence[Expected], work: Path) -> dict[str, Any]:
    """Train, load and parse in a process of their own; rates from 0 to 1, seconds, milliseconds, MB."""
    settings = read_settings(ROOT)
    config, texts, out = (work / name for name in ("config.yml", "texts.json", "out.json"))
    body = {
        "recipe": "default.v1",
        "language": "vi",
        "assistant_id": "bench",
        "pipeline": list(pipeline),
        "policies": [],
    }
    config.write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")
    texts.write_text(json.dumps([row.text for row in rows], ensure_ascii=False), encoding="utf-8")
    environment = {**rasa_environment(settings), "RASA_CACHE_DIRECTORY": str(work / "cache")}
    environment |= {"TF_NUM_INTRAOP_THREADS": "2", "OMP_NUM_THREADS": "2"}
    command = [
        nlu_python(settings),
        "-m",
        "benchmarks.nlu_child",
        config,
        ROOT / "nlu_data" / "nlu",
        texts,
        out,
    ]
    with (work / "train.log").open("w") as log:
        subprocess.run([str(one) for one in command], cwd=ROOT, env=environment, stderr=log, check=True)
    figures = json.loads(out.read_text(encoding="utf-8"))
    result = evaluate(rows, [Predicted.from_rasa(one) for one in figures["bodies"]], coarser())
    return {**rates(result), **costs(figures)}


def rates(result: Evaluation) -> dict[str, Any]:
    return {
        "intent": result.overall.intent_accuracy,
        "entity_f1": result.overall.entity_f1,
        "registers": {
            name: {"intent": score.intent_accuracy, "entity_f1": score.entity_f1}
            for name, score in sorted(result.per_style.items())
        },
    }


def costs(figures: Mapping[str, Any]) -> dict[str, float]:
    took = sorted(figures["parse_ms"])
    return {
        "train_s": figures["train_s"],
        "train_cpu_s": figures["train_cpu_s"],
        "load_s": figures["load_s"],
        "parse_median_ms": statistics.median(took),
        "parse_p95_ms": took[int(0.95 * len(took))],
        "memory_mb": figures["memory_mb"],
    }
