"""The officers' file of what figures are called and mean."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from backend.importers.base import FileRefused
from backend.services.figures.definitions import FIGURES, TOPICS
from backend.services.figures.words import FigureWords, Named, use_figure_words
from backend.text.fold import nfc

SHIPPED = Path(__file__).with_name("figures.yml")


def install_figures(path: Path = SHIPPED) -> None:
    """Read the file and let every later reading of this process use it. Raises FileRefused."""
    use_figure_words(load_figures(path))


def load_figures(path: Path) -> FigureWords:
    try:
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise FileRefused(f"Không đọc được {path.name}: {error}") from error
    if not isinstance(body, dict) or not isinstance(body.get("topics"), dict):
        raise FileRefused(f"{path.name} phải có mục topics.")
    topics: dict[str, Named] = {}
    figures: dict[str, Named] = {}
    for key, one in body["topics"].items():
        topics[key] = _named(path, key, one)
        for name, figure in (one.get("figures") or {}).items():
            figures[f"{key}/{name}"] = _named(path, f"{key}/{name}", figure)
    _all_there(path, set(TOPICS), set(topics))
    _all_there(path, set(FIGURES), set(figures))
    givers = {key: _named(path, key, one) for key, one in (body.get("givers") or {}).items()}
    return FigureWords(topics, figures, givers, _list(body.get("by_agency")))


def _all_there(path: Path, wanted: set[str], found: set[str]) -> None:
    if wrong := sorted(wanted ^ found):
        raise FileRefused(f"{path.name}: thiếu hoặc thừa {', '.join(wrong[:5])}.")


def _named(path: Path, key: str, body: Any) -> Named:
    if not isinstance(body, Mapping) or not isinstance(body.get("name"), str):
        raise FileRefused(f"{path.name}: “{key}” thiếu tên.")
    return Named(
        nfc(body["name"]).strip(), _list(body.get("said")), nfc(str(body.get("meaning") or "")).strip()
    )


def _list(body: Any) -> tuple[str, ...]:
    return tuple(nfc(str(one)).strip() for one in body or ())
