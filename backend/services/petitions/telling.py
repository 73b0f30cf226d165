"""What reporters are told when their petition moves: in polite hours, once."""

from __future__ import annotations

from typing import Any

from backend.domain.notice import Notice
from backend.domain.petition import Petition
from backend.domain.ports import UnitOfWork
from backend.services.quiet import polite

#: Moves that a reporter hears of; the rest is inner work.
TOLD = frozenset({
    "assign", "reroute", "decline", "grant_extension", "answer", "lapse", "merge", "unmerge", "guide", "forward",
    "send_back", "file_away", "answered_elsewhere", "take_back"
})  # fmt: skip
#: Of these, what those hear whose petitions were merged into this one. What ends without an answer gives them back.
TOLD_MERGED = frozenset({"answer", "lapse", "grant_extension", "forward", "answered_elsewhere", "take_back"})
#: Whose reason the reporter is told; the others' stays inside.
REASON_TOLD = frozenset({"decline", "grant_extension", "guide", "send_back", "file_away"})


def subject(code: str) -> str:
    return f"petition:{code}"


def tell(uow: UnitOfWork, petition: Petition, move: str, number: int, **values: Any) -> None:
    """Queue the notice of a move for the reporter and for those whose petitions were merged into this one.

    ``number`` is how many events the petition has: a move that comes again is told again.
    """
    if move not in TOLD:
        return
    told = [petition]
    if move in TOLD_MERGED:
        told += uow.petitions.all_merged_in(petition.id)
    for one in told:
        if one.conversation_id is None:
            continue
        body = {"code": one.code, "move": move, **values}
        key = f"petition:{petition.code}:{one.code}:{move}:{number}"
        uow.notices.add(
            Notice("notices/petition", subject(one.code), one.conversation_id, polite(uow.now), key, body)
        )
