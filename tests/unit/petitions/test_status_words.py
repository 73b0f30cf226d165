"""Every state, every move and both languages have words: a new one must not end in an error in front of a citizen."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from backend.domain.clock import VIETNAM
from backend.domain.petition import PetitionKind, PetitionState
from backend.services.petitions.telling import REASON_TOLD, TOLD
from backend.services.petitions.viewing import PetitionView
from bot.replies.renderer import Replies

ROOT = Path(__file__).resolve().parents[3]
REPLIES = Replies(ROOT / "bot" / "replies")
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=VIETNAM)


def view(state: PetitionState, **more: object) -> PetitionView:
    given = {"agency": "", "due_at": NOW, "late": False, "own": True, "reason": "vì vậy", **more}
    return PetitionView("PA-261201-0001", PetitionKind.FEEDBACK, state, NOW, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("state", PetitionState)
def test_every_state_can_be_told(state: PetitionState, language: str) -> None:
    for more in ({}, {"body": "Sở Xây dựng", "document": "7/PC"}):
        told = REPLIES.render("petition/status", {"petition": view(state, **more)}, language, office="VP")
        assert len(told.splitlines()) > 1
        listed = REPLIES.render("petition/list", {"petitions": [view(state)]}, language, office="VP")
        assert "PA-261201-0001" in listed


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("move", sorted(TOLD))
def test_every_told_move_has_a_sentence_with_what_matters(move: str, language: str) -> None:
    values = {"code": "PA-261201-0001", "move": move, "agency": "Sở Xây dựng", "due_at": NOW.isoformat()}
    values |= {
        "reason": "vì vậy",
        "body": "Bộ Xây dựng",
        "document": "7/PC",
        "skips_level": "",
        "kind": "petition",
    }
    told = REPLIES.render("notices/petition", values, language, office="VP")
    assert "PA-261201-0001" in told
    assert ("vì vậy" in told) is (move in REASON_TOLD)
    assert ("Bộ Xây dựng" in told) is (move in {"guide", "forward", "answered_elsewhere"})
    short = REPLIES.render("notices/short", values, language, office="VP")
    assert "có thay đổi" not in short
    assert not short.endswith("changed.")
