"""The operator's commands, typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli.admin import admin


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Type a command; gives back what it printed. A refusal is raised, as ``main`` would catch it."""
    monkeypatch.setenv("MOTCUA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MOTCUA_DATABASE_URL", database_url)
    monkeypatch.setenv("MOTCUA_NOW", "2026-11-21T09:30")

    def typed(*words: str, say: str = "") -> Result:
        result = CliRunner().invoke(admin, words, input=say)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return typed
