"""The map in the docs is the map in the code."""

from __future__ import annotations

import re

from backend.domain.petition import ALARM_OF, FINAL, MOVES, OPEN
from tests.architecture.tree import ROOT

_ROW = re.compile(r"^\| `(\w+)` \| ([\w, ]+) \| (\w+) \| ([\w, ]+) \| (yes|) ?\|$", re.MULTILINE)


def test_the_documented_map_is_the_one_in_force() -> None:
    text = (ROOT / "docs" / "petitions.md").read_text(encoding="utf-8")
    told = {row[0]: row[1:] for row in _ROW.findall(text)}
    known = {
        name: (
            ", ".join(sorted(move.frm)),
            str(move.to),
            ", ".join(sorted(move.by)),
            "yes" if move.needs_reason else "",
        )
        for name, move in MOVES.items()
    }
    assert told == known


def test_every_open_state_has_an_alarm_and_a_way_out() -> None:
    assert set(ALARM_OF) == OPEN
    assert {state for move in MOVES.values() for state in move.frm} >= OPEN
    assert {move.to for move in MOVES.values()} >= FINAL
