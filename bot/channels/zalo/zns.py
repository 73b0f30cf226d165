"""Notices of approved wording to a phone number (ZNS, now "ZBS Template Message"). Nobody can answer there."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientError

from backend.domain.delivery import Next, SendFailed
from backend.domain.messaging import Outgoing, Template
from backend.text.phones import normalise_phone
from bot.channels.zalo.answers import NoConsent, Silent
from bot.channels.zalo.api import Refused, ZaloApi
from bot.channels.zalo.errors import RATE_LIMIT_S
from bot.channels.zalo.outage import Outage
from bot.channels.zalo.sender import SEND_S

#: A person's number by its print; None when it is not kept any more.
PhoneOf = Callable[[str], Awaitable[str | None]]


class ZnsSender:
    """``MessageSender`` for template messages, to the number that the message names.

    Where it names none, ``external_id`` is the print of a phone and ``phone_of`` finds the number.
    """

    def __init__(
        self, api: ZaloApi, phone_of: PhoneOf | None = None, longest_wait_s: float = RATE_LIMIT_S
    ) -> None:
        self._api = api
        self._phone_of = phone_of
        self._outage = Outage(longest_wait_s)

    async def send(self, external_id: str, body: Outgoing) -> str:
        """The id that the delivery report carries: Zalo's own, else ours.

        Raises:
            SendFailed: with what the deliverer should do next.
        """
        if body.template is None:
            raise SendFailed("no template for this notice", Next.GIVE_UP)
        tracking = tracking_id(external_id, body.template)
        try:
            async with asyncio.timeout(SEND_S):
                answer = await self._api.template(
                    await self._message(external_id, body, body.template, tracking)
                )
        except (Silent, TimeoutError, ClientError):
            raise self._outage.silence(tracking) from None
        except NoConsent as needed:
            raise SendFailed(f"no consent: {needed.reason}", Next.PAUSE, RATE_LIMIT_S) from None
        except Refused as refusal:
            self._outage.answered(tracking)
            meaning = refusal.meaning
            raise SendFailed(meaning.reason, meaning.next, meaning.after_s) from None
        self._outage.answered(tracking)
        return answer.word("msg_id") or tracking

    async def _message(
        self, print_: str, body: Outgoing, template: Template, tracking: str
    ) -> dict[str, Any]:
        return {
            "phone": await self._number(print_, body.phone),
            "template_id": template.id,
            "template_data": dict(template.values),
            "tracking_id": tracking,
        }

    async def _number(self, print_: str, named: str) -> str:
        """As Zalo wants it: 84…"""
        phone = named or (await self._phone_of(print_) if self._phone_of else None)
        if not phone:
            raise SendFailed("the number is not kept any more", Next.GIVE_UP)
        try:
            return "84" + normalise_phone(phone)[1:]
        except ValueError:
            raise SendFailed("not a number of Vietnam", Next.GIVE_UP) from None


def tracking_id(print_: str, template: Template) -> str:
    """The same for the same notice, however often it is tried; tells nothing of it."""
    told = json.dumps([print_, template.id, sorted(template.values.items())], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
