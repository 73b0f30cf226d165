"""Runs inside Rasa's environment: trains one pipeline, loads it, parses sentences one by one, and tells what it took.

``python -m benchmarks.nlu_child CONFIG DATA TEXTS OUT``: TEXTS is a JSON list of sentences, OUT receives
{"train_s", "train_cpu_s", "load_s", "parse_ms": [...], "memory_mb", "bodies": [...]}; bodies are Rasa's own answers.
"""

from __future__ import annotations

import asyncio
import json
import logging
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def main(config: str, data: str, texts: str, out: str) -> None:
    sentences = json.loads(Path(texts).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        began, cpu = time.perf_counter(), _children_cpu()
        command = [sys.executable, "-m", "rasa", "train", "nlu", "--config", config, "--nlu", data]
        command += ["--out", folder, "--fixed-model-name", "model"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=sys.stderr)
        figures: dict[str, Any] = {
            "train_s": time.perf_counter() - began,
            "train_cpu_s": _children_cpu() - cpu,
        }
        figures |= asyncio.run(_parse(f"{folder}/model.tar.gz", sentences))
    Path(out).write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _parse(model: str, sentences: list[str]) -> dict[str, Any]:
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)  # else a line a sentence, which would be timed as well
    began = time.perf_counter()
    agent = Agent.load(model)
    load_s = time.perf_counter() - began
    for sentence in sentences[:20]:  # warm
        await agent.parse_message(sentence)
    bodies, took = [], []
    for sentence in sentences:
        began = time.perf_counter()
        body = await agent.parse_message(sentence)
        took.append(1000 * (time.perf_counter() - began))
        kept = ("text", "intent", "entities", "intent_ranking")
        bodies.append({key: body[key] for key in kept if key in body})
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "load_s": load_s,
        "parse_ms": took,
        "memory_mb": peak_mb,
        "bodies": json.loads(json.dumps(bodies, default=float)),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
