"""Text that was changed on the way, with the places in the original that each character came from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from backend.text.fold import nfc


@dataclass(frozen=True, slots=True)
class Traced:
    """`text` after a change; character i stands for original[spans[i][0]:spans[i][1]] (None: unchanged)."""

    text: str
    spans: list[tuple[int, int]] | None = None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The original's slice for a non-empty slice of this text."""
        if self.spans is None:
            return start, end
        return self.spans[start][0], self.spans[end - 1][1]


def composed(text: str) -> Traced:
    """`nfc` with the original offsets kept."""
    if text.isascii() and text.isprintable() or nfc(text) == text:
        return Traced(text)
    out: list[str] = []
    spans: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.category(text[end]) in {"Mn", "Cf"}:
            end += 1
        cluster = nfc(text[start:end])
        out.append(cluster)
        spans += [(start, end)] * len(cluster)
        start = end
    return Traced("".join(out), spans)
