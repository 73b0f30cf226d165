"""Dossier lookup with 10,000 and with 1,000,000 dossiers: the medians and their ratio, on both engines.

A lookup is what a question about a dossier does: found by its code, explained with its clock and its children,
in a read transaction of its own. The two stores are asked in turn, so drift of the machine hits both.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from backend.db.engine import Database
from backend.domain.messaging import Address, ChannelName
from backend.domain.viewer import Viewer
from backend.services.dossiers.explain import explain
from benchmarks.stores import code_of, fill, postgres_server, postgres_store, sqlite_store

SMALL, LARGE = 10_000, 1_000_000
LOOKUPS = 3000
VIEWER = Viewer(conversation_id=1, address=Address(ChannelName.REST, "default", "bench"))


def _time(db: Database, number: int) -> float:
    code = code_of(number)
    began = time.perf_counter()
    found = db.read_now(lambda uow: explain(uow, VIEWER, code))
    took = time.perf_counter() - began
    if found is None:
        raise LookupError(code)
    return took


def measure(small: Database, large: Database) -> dict[str, float]:
    rng = random.Random(3)
    times: dict[str, list[float]] = {"small": [], "large": []}
    for turn in range(LOOKUPS + 200):
        for name, db, count in (("small", small, SMALL), ("large", large, LARGE)):
            took = _time(db, rng.randrange(count))
            if turn >= 200:  # the first ones warm the caches
                times[name].append(took)
    medians = {f"{name}_median_ms": 1000 * statistics.median(took) for name, took in times.items()}
    return medians | {"ratio": medians["large_median_ms"] / medians["small_median_ms"]}


def run(_file: Path | None = None) -> dict[str, Any]:
    """The figures of both engines."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder)
        small, _ = stack.enter_context(sqlite_store(place, "small"))
        large, _ = stack.enter_context(sqlite_store(place, "large"))
        fill(small, SMALL)
        fill(large, LARGE)
        figures["sqlite"] = measure(small, large)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        small_uri = stack.enter_context(postgres_server(Path(folder) / "a"))
        large_uri = stack.enter_context(postgres_server(Path(folder) / "b"))
        small, _ = stack.enter_context(postgres_store(small_uri))
        large, _ = stack.enter_context(postgres_store(large_uri))
        fill(small, SMALL)
        fill(large, LARGE)
        for db in (small, large):
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        figures["postgresql"] = measure(small, large)
    return figures
