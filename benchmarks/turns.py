"""Turns per second through the REST channel, beside Rasa's ``/model/parse`` alone in the same run.

Messages are free sentences (at least 70% without a code) of new senders; then one long conversation. The load
comes from a process of its own, bounded in count, to this machine only.
"""

from __future__ import annotations

import multiprocessing
import random
import statistics
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from benchmarks.load import BadAnswer, Target, alternate, drive
from benchmarks.servers import ROOT, app_server, rasa_server

WARM_UP = 100
REQUESTS = {1: 400, 16: 2000}
ROUNDS = 5
LONG = 200
CODE = "H99.01-261001-{:04d}"


def sentences() -> list[str]:
    """What people typed in the committed paraphrases, without those that hold a code's placeholder."""
    said: list[str] = []
    for path in sorted((ROOT / "tests" / "dialogue" / "paraphrases").glob("*.yml")):
        said += [one["say"] for one in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return [one for one in said if "{" not in one]


def messages(count: int, seed: int = 7) -> list[str]:
    """75% free sentences, 25% sentences with a code."""
    rng = random.Random(seed)
    free = sentences()
    return [
        rng.choice(free) if rng.random() < 0.75 else f"hồ sơ {CODE.format(rng.randrange(10_000))} tới đâu rồi"
        for _ in range(count)
    ]


def parse_load(port: int, callers: int, count: int) -> dict[str, Any]:
    bodies = [{"text": text} for text in messages(count)]
    figures = drive(port, "/model/parse", callers, bodies, _understood)
    del figures["times"]
    return figures


def alternating_load(rasa: int, app: int, count: int) -> dict[str, Any]:
    """One caller: a parse alone, then a turn with another message, and so on."""
    texts = messages(2 * count, seed=5)
    parses = Target(rasa, "/model/parse", [{"text": text} for text in texts[:count]], _understood)
    bodies = [{"sender": f"beside-{n}", "message": text} for n, text in enumerate(texts[count:])]
    first, second = alternate(parses, Target(app, "/webhooks/rest/webhook", bodies, _replied))
    return {"parse": first, "turns": second}


def _understood(answer: bytes) -> None:
    if b'"intent"' not in answer:
        raise BadAnswer("no intent")


def turn_load(port: int, callers: int, count: int, one_sender: bool = False, part: int = 0) -> dict[str, Any]:
    texts = messages(count, seed=100 * callers + part)
    bodies = [
        {"sender": "long" if one_sender else f"bench-{callers}-{part}-{number}", "message": text}
        for number, text in enumerate(texts)
    ]
    figures = drive(port, "/webhooks/rest/webhook", callers, bodies, _replied)
    times = figures.pop("times")
    if one_sender:
        figures["early_ms"] = 1000 * statistics.median(times[1:31])
        figures["late_ms"] = 1000 * statistics.median(times[-30:])
    return figures


def _replied(answer: bytes) -> None:
    if b'"text"' not in answer:
        raise BadAnswer("no reply")


def _apart(work: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
    """Run the load in a process of its own, so that it does not share the app's interpreter."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def parse_seconds(port: int) -> tuple[float, float]:
    """Seconds spent waiting for Rasa and the number of parses, from /metrics."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    values = {line.split()[0]: float(line.split()[1]) for line in lines if line and not line.startswith("#")}
    return values["motcua_parse_seconds_total"], values["motcua_parses_total"]


def run(_file: Path | None = None, database_url: str = "") -> dict[str, Any]:
    """Measure; prints a table, returns the figures."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, rasa_server(Path(folder)) as rasa:
        changes = {"MOTCUA_DATABASE_URL": database_url} if database_url else {}
        with app_server(Path(folder), rasa, **changes) as (port, _settings):
            _apart(parse_load, rasa, 4, WARM_UP)
            _apart(turn_load, port, 4, WARM_UP)
            for callers, count in REQUESTS.items():
                rounds = [_round(rasa, port, callers, count, number) for number in range(ROUNDS)]
                figures |= {name: _median([one[name] for one in rounds]) for name in rounds[0]}
            beside = [_apart(alternating_load, rasa, port, REQUESTS[1]) for _ in range(ROUNDS)]
            figures |= {
                f"{name}_beside": _median([one[name] for one in beside]) for name in ("parse", "turns")
            }
            figures["long"] = _apart(turn_load, port, 1, LONG, True)
    return figures | _verdict(figures)


def _round(rasa: int, port: int, callers: int, count: int, number: int) -> dict[str, dict[str, float]]:
    """Parses alone, then turns, and their ratio: the machine's ups and downs hit both."""
    parses = _apart(parse_load, rasa, callers, count)
    before = parse_seconds(port)
    turns = _apart(turn_load, port, callers, count, False, number)
    after = parse_seconds(port)
    waited_ms = 1000 * (after[0] - before[0]) / max(1.0, after[1] - before[1])
    return {
        f"parse_{callers}": parses,
        f"turns_{callers}": turns,
        f"of_{callers}": {
            "rate_ratio": turns["per_s"] / parses["per_s"],
            "p99_over_p50": turns["p99_ms"] / turns["p50_ms"],
            "parse_share": waited_ms / turns["p50_ms"],
        },
    }


def _median(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def _verdict(figures: dict[str, Any]) -> dict[str, float]:
    return {
        # A parse asked for now and then, as a turn asks for it, takes longer than one of a row without a gap.
        "rate_ratio_beside": figures["turns_beside"]["per_s"] / figures["parse_beside"]["per_s"],
        "turn_200_over_turn_2": figures["long"]["late_ms"] / figures["long"]["early_ms"],
    }
