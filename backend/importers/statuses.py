"""Each source's own statuses in ours. The tables are data (``status_maps``): officers may add names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from backend.domain.dossier import Stage
from backend.text.fold import words

_FOLDER = Path(__file__).with_name("status_maps")


class StatusMap:
    """``stage_of`` an unlisted status is UNKNOWN: it is reported, never guessed."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._stages = {_key(name): Stage[stage] for name, stage in names.items()}
        self._seen: dict[Any, Stage] = {}

    def stage_of(self, raw: Any) -> Stage:
        known = self._seen.get(raw) if isinstance(raw, (str, int)) else None
        if known is None:
            known = self._stages.get(_key(str(raw)), Stage.UNKNOWN)
            if isinstance(raw, (str, int)) and len(self._seen) < 1000:
                self._seen[raw] = known
        return known


def _key(name: str) -> str:
    return " ".join(words(name))


@lru_cache(maxsize=8)
def status_map(source_kind: str) -> StatusMap:
    """The shipped table of this kind of source: table, national, igate."""
    text = (_FOLDER / f"{source_kind}.yml").read_text(encoding="utf-8")
    return StatusMap(yaml.safe_load(text))
