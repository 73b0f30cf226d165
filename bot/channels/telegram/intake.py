"""One update, however it came: translated, committed, and only then may it be acknowledged."""

from __future__ import annotations

from typing import Any

import structlog

from bot.channels.ports import ConversationDesk
from bot.channels.raw import Unreadable
from bot.channels.telegram.addressed import Me
from bot.channels.telegram.courtesy import Courtesy
from bot.channels.telegram.translate import translate

log = structlog.get_logger(__name__)


class TelegramIntake:
    """``me`` is replaced once Telegram has told the bot's user name."""

    def __init__(self, desk: ConversationDesk, courtesy: Courtesy, me: Me) -> None:
        self._desk = desk
        self._courtesy = courtesy
        self.me = me

    async def take(self, update: Any) -> None:
        """Commit the update's message. Returning means that Telegram may forget it.

        An update that cannot be read is acknowledged, too: Telegram would send it again for ever.

        Raises:
            Exception: whatever kept the message from being stored; the update must come again.
        """
        try:
            incoming = translate(update, self.me)
        except Unreadable as error:
            log.warning("telegram_update_unreadable", field=str(error))
            return
        if incoming is None:
            return
        await self._desk.accept(incoming)
        self._courtesy.received(incoming)
