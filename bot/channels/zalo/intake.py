"""One event: translated, committed, and only then may it be acknowledged."""

from __future__ import annotations

from typing import Any

import structlog

from bot.channels.ports import ConversationDesk
from bot.channels.raw import Unreadable
from bot.channels.zalo.translate import Left, PersonAnswered, Said, Sighted, Withdrew, translate

log = structlog.get_logger(__name__)


class ZaloIntake:
    """``oa``: the id of the office's Official Account; what was meant for another is not taken."""

    def __init__(self, desk: ConversationDesk, oa: str) -> None:
        self._desk = desk
        self._oa = oa

    async def take(self, event: Any, raw: bytes) -> None:
        """Commit what the event says. Returning means that Zalo may forget it.

        An event that cannot be read is acknowledged, too: Zalo would send it again and then stop for good.

        Raises:
            Exception: whatever kept it from being stored; the event must come again.
        """
        try:
            happened = translate(event, raw, self._oa)
        except Unreadable as error:
            log.warning("zalo_event_unreadable", field=str(error))
            return
        match happened:
            case Said(incoming):
                await self._desk.accept(incoming)
            case Sighted(receipt):
                await self._desk.sighted(receipt)
            case Left(address):
                await self._desk.left(address)
            case Withdrew(address):
                await self._desk.withdrawn(address)
            case PersonAnswered(address):
                await self._desk.person_answered(address)
