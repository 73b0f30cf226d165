"""The bench command shows whatever figures a benchmark gives; an hour's work must not end in a traceback."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from bot.cli import bench


def test_nested_figures_are_shown_and_the_last_line_is_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    figures: dict[str, Any] = {
        "ours": {"intent": 0.95211, "registers": {"full": {"intent": 0.94}}},
        "faster": 3.14159,
        "better": True,
        "codes": ["a"],
    }
    monkeypatch.setattr(bench, "names", lambda: ["nlu"])
    monkeypatch.setattr(
        bench.importlib, "import_module", lambda _: SimpleNamespace(run=lambda _file: figures)
    )
    assert bench.bench("nlu", None) == 0
    lines = capsys.readouterr().out.splitlines()
    assert json.loads(lines[-1]) == figures
    assert "3.142" in lines[1]
