"""Keeps the access token alive. The refresh token works once, and using it ends the old pair.

So: one refresher among all processes (lease and generation), and the new pair is committed before anybody uses it. An
answer that was lost on its way is asked for once more with the old token; when that is refused, only a person's new
consent helps. Until then sending waits and loses nothing.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import structlog

from backend.domain.clock import Clock
from backend.domain.messaging import ChannelName
from backend.domain.ports import Transactions, UnitOfWork
from backend.domain.tokens import TokenPair, Tokens
from bot.channels.zalo.answers import NoConsent, Silent
from bot.channels.zalo.oauth import ConsentRefused, ZaloOauth

log = structlog.get_logger(__name__)

CHANNEL = ChannelName.ZALO
#: Longer than two requests and their storing: whoever holds it is done or dead afterwards.
LEASE_S = 60.0
#: How long one waits for somebody else's renewal, and how often one looks.
PATIENCE_S, LOOK_S = 12.0, 0.2
#: How often one looks whether it is time to renew.
CHECK_S = 30.0
#: A process that ends lets a renewal under way finish for so long.
FAREWELL_S = 4.0


class TokenKeeper:
    """Tokens of one Official Account; ``holder`` names this process in the lease."""

    def __init__(self, db: Transactions, oauth: ZaloOauth, account: str, holder: str, clock: Clock) -> None:
        self._db = db
        self._oauth = oauth
        self._account = account
        self._holder = holder
        self._clock = clock
        self._known: Tokens | None = None
        self._renewing: asyncio.Task[Tokens] | None = None
        self._said = ""

    async def current(self) -> Tokens:
        """A token to send with.

        Raises:
            NoConsent: there is none, until a person consents.
            Silent: it has run out and Zalo does not answer.
        """
        kept = self._known
        if kept is None or kept.needs_consent:
            kept = self._known = await self._kept()
        if kept is None or kept.needs_consent:
            raise NoConsent(self._say_needed(kept))
        if kept.expires_at is not None and kept.expires_at <= self._clock.now():
            return await self.renew(kept.generation)
        return kept

    async def renew(self, generation: int) -> Tokens:
        """The pair after this generation's; the present one when somebody else renewed meanwhile. Raises as above.

        The work goes on when the caller is cancelled: half a renewal would lose the tokens.
        """
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew(generation))
            self._renewing.add_done_callback(_heard)
        return await asyncio.shield(self._renewing)

    async def run(self) -> None:
        """Renew ahead of the end, until cancelled."""
        while True:
            wait_s = await self._round()
            await asyncio.sleep(wait_s)

    async def close(self) -> None:
        if self._renewing is not None and not self._renewing.done():
            await asyncio.wait([self._renewing], timeout=FAREWELL_S)

    async def _round(self) -> float:
        """Renew if it is time; returns how long to wait, in seconds."""
        kept = self._known = await self._kept()
        if kept is None or kept.needs_consent:
            self._say_needed(kept)
            return CHECK_S
        self._said = ""
        due = kept.renew_at
        left = (due - self._clock.now()).total_seconds() if due else CHECK_S
        if left > 0:
            return min(CHECK_S, left)
        try:
            await self.renew(kept.generation)
        except (NoConsent, Silent):  # said where it happened
            return CHECK_S
        return LOOK_S

    async def _renew(self, generation: int) -> Tokens:
        until = time.monotonic() + PATIENCE_S
        while True:
            held, kept = await self._db.write(self._take)
            if kept is None or kept.needs_consent or kept.generation != generation:
                if held:
                    await self._release()
                self._known = kept
                if kept is None or kept.needs_consent:
                    raise NoConsent(self._say_needed(kept))
                return kept
            if held:
                break
            if time.monotonic() >= until:
                raise Silent(asked=False)
            await asyncio.sleep(LOOK_S)
        try:
            return await self._exchange(kept)
        finally:
            await self._release()

    def _take(self, uow: UnitOfWork) -> tuple[bool, Tokens | None]:
        until = uow.now + timedelta(seconds=LEASE_S)
        held = uow.leases.take(self._lease, self._holder, uow.now, until) is not None
        return held, uow.tokens.get(CHANNEL, self._account)

    async def _release(self) -> None:
        await self._db.write(lambda uow: uow.leases.release(self._lease, self._holder))

    async def _exchange(self, kept: Tokens) -> Tokens:
        try:
            pair = await self._ask(kept)
        except ConsentRefused as refusal:
            reason = refusal.reason
            await self._db.write(
                lambda uow: uow.tokens.refuse(CHANNEL, self._account, kept.generation, reason, uow.now)
            )
        else:
            await self._store(kept, pair)
        now = self._known = await self._kept()
        if now is None or now.needs_consent:
            raise NoConsent(self._say_needed(now))
        return now

    async def _ask(self, kept: Tokens) -> TokenPair:
        """Asked once more when the answer was lost: Zalo may have given a new pair that nobody has, or not."""
        try:
            return await self._oauth.by_refresh(kept.refresh)
        except Silent as silence:
            if not silence.asked:
                raise
            log.warning("zalo_renewal_unanswered", generation=kept.generation)
        return await self._oauth.by_refresh(kept.refresh)

    async def _store(self, kept: Tokens, pair: TokenPair) -> None:
        """Until it is committed: the pair exists nowhere else."""
        wait_s = 0.2
        while True:
            try:
                await self._db.write(
                    lambda uow: uow.tokens.rotate(CHANNEL, self._account, kept.generation, pair, uow.now)
                )
            except Exception as error:  # the database is away
                log.error("zalo_tokens_not_stored", error=type(error).__name__, again_in_s=wait_s)
                await asyncio.sleep(wait_s)
                wait_s = min(5.0, wait_s * 2)
                continue
            log.info("zalo_tokens_renewed", generation=kept.generation + 1)
            return

    async def _kept(self) -> Tokens | None:
        kept: Tokens | None = await self._db.read(lambda uow: uow.tokens.get(CHANNEL, self._account))
        return kept

    def _say_needed(self, kept: Tokens | None) -> str:
        """Log once that a person has to consent; returns why."""
        reason = (kept.refused if kept else "") or "never consented"
        if self._said != reason:
            log.error("zalo_consent_needed", reason=reason, advice="./motcua admin zalo authorise")
        self._said = reason
        return reason

    @property
    def _lease(self) -> str:
        return f"zalo-tokens:{self._account}"


def _heard(task: asyncio.Task[Tokens]) -> None:
    """Whoever asked may be gone by now; what went wrong was logged where it happened."""
    if not task.cancelled():
        task.exception()
