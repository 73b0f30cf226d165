"""Port: many rows of a demonstration at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol


class DemoRows(Protocol):
    """Each returns how many rows were written."""

    def petitions(self, rows: Sequence[Mapping[str, Any]]) -> int: ...
    def ratings(self, rows: Sequence[tuple[str, str, int, datetime, str]]) -> int: ...
    def visits(self, rows: Sequence[tuple[int, datetime, int, bool]]) -> int: ...
    def tasks(self, rows: Sequence[Mapping[str, Any]]) -> int: ...
