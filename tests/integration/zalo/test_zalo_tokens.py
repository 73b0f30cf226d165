"""A refresh token works once: whoever renews, however it fails, the tokens are not lost and never used half-known."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import structlog
from sqlalchemy import text

from backend.db.engine import Database, open_database
from backend.db.unit_of_work import Tools
from backend.domain.tokens import TokenPair
from bot.channels.zalo.answers import NoConsent, Silent
from bot.channels.zalo.oauth import ConsentRefused, ZaloOauth, challenge, new_verifier
from bot.channels.zalo.tokens import TokenKeeper
from tests.conftest import FixedClock
from tests.integration.zalo.conftest import consent, keeper_of, kept
from tests.zalo_stand_in.server import APP_ID, APP_SECRET, OA_ID, ZaloStandIn


@pytest.fixture
def keeper(
    db: Database, session: aiohttp.ClientSession, server: ZaloStandIn, clock: FixedClock
) -> TokenKeeper:
    consent(db, server)
    return keeper_of(db, session, server, clock)


def raw(db: Database) -> bytes:
    row = db.read_now(
        lambda uow: uow.connection.execute(text("SELECT access, refresh FROM channel_tokens")).one()
    )
    return bytes(row[0]) + bytes(row[1])


async def test_the_pair_is_kept_sealed(db: Database, keeper: TokenKeeper, server: ZaloStandIn) -> None:
    assert (await keeper.current()).access == server.consent.access
    assert server.consent.access.encode() not in raw(db)
    assert server.consent.refresh.encode() not in raw(db)
    assert server.consent.access not in repr(kept(db))


async def test_a_renewed_pair_is_committed_before_it_is_used(
    db: Database, keeper: TokenKeeper, server: ZaloStandIn
) -> None:
    renewed = await keeper.renew(1)
    assert (renewed.access, renewed.generation) == (server.consent.access, 2)
    assert kept(db) == renewed
    assert (await keeper.current()) == renewed
    assert server.consent.renewals == 1


async def test_who_asks_for_an_old_generation_gets_the_present_one(
    keeper: TokenKeeper, server: ZaloStandIn
) -> None:
    await keeper.renew(1)
    again = await keeper.renew(1)
    assert (again.generation, server.consent.renewals) == (2, 1)


async def test_it_is_renewed_ahead_of_its_end(
    db: Database, keeper: TokenKeeper, server: ZaloStandIn, clock: FixedClock
) -> None:
    clock.set(clock.now() + timedelta(hours=19))
    assert await keeper._round() > 0
    assert server.consent.renewals == 0
    clock.set(clock.now() + timedelta(hours=1, seconds=1))  # 80 % of 25 hours are over
    await keeper._round()
    assert (server.consent.renewals, kept(db).generation) == (1, 2)
    assert await keeper._round() > 1  # and then it is good for long


async def test_one_that_has_run_out_is_renewed_before_it_is_used(
    keeper: TokenKeeper, server: ZaloStandIn, clock: FixedClock
) -> None:
    await keeper.current()
    clock.set(clock.now() + timedelta(hours=26))
    assert (await keeper.current()).access == server.consent.access
    assert server.consent.renewals == 1


async def test_two_processes_that_renew_at_once_renew_once(
    db: Database,
    database_url: str,
    tools: Tools,
    session: aiohttp.ClientSession,
    server: ZaloStandIn,
    clock: FixedClock,
) -> None:
    """Each with its own connection to the database, many times over."""
    consent(db, server)
    other_db = open_database(database_url, tools, workers=2)
    try:
        one = keeper_of(db, session, server, clock, "one")
        two = keeper_of(other_db, session, server, clock, "two")
        for generation in range(1, 6):
            pairs = await asyncio.gather(*(keeper.renew(generation) for keeper in (one, two, one, two)))
            assert {pair.access for pair in pairs} == {server.consent.access}
            assert {pair.generation for pair in pairs} == {generation + 1}
    finally:
        await asyncio.to_thread(other_db.close)
    assert (server.consent.renewals, server.consent.refused) == (5, 0)


async def test_a_refused_refresh_needs_a_person_and_says_so_once(
    db: Database, keeper: TokenKeeper, server: ZaloStandIn
) -> None:
    server.consent.issue()  # somebody renewed elsewhere: ours is used up
    with structlog.testing.capture_logs() as logs:
        for _ in range(2):
            with pytest.raises(NoConsent, match="-14014"):
                await keeper.renew(1)
        with pytest.raises(NoConsent):
            await keeper.current()
    assert [one["event"] for one in logs] == ["zalo_consent_needed"]
    assert kept(db).refused == "refused (-14014)"
    assert server.consent.refused == 1  # it is not asked for again and again


async def test_a_new_consent_heals_it_in_every_process(
    db: Database, keeper: TokenKeeper, server: ZaloStandIn
) -> None:
    server.consent.issue()
    with pytest.raises(NoConsent):
        await keeper.renew(1)
    consent(db, server)
    healed = await keeper.current()
    assert (healed.access, healed.generation) == (server.consent.access, 2)


async def test_a_rate_limit_is_no_refusal(
    db: Database, session: aiohttp.ClientSession, keeper: TokenKeeper
) -> None:
    async def busy(refresh: str) -> TokenPair:
        raise Silent(asked=False)

    keeper._oauth.by_refresh = busy  # type: ignore[method-assign]
    with pytest.raises(Silent):
        await keeper.renew(1)
    assert not kept(db).needs_consent


async def test_an_answer_lost_on_its_way_is_asked_for_once_with_the_old_token(
    db: Database, keeper: TokenKeeper, server: ZaloStandIn
) -> None:
    """Here Zalo had exchanged the token: the second try is refused, and only a person can help."""
    server.lost_answers["access_token"] = 1
    with pytest.raises(NoConsent):
        await keeper.renew(1)
    assert (server.consent.renewals, server.consent.refused) == (1, 1)
    assert kept(db).needs_consent


async def test_a_request_lost_on_its_way_is_simply_repeated(
    db: Database, keeper: TokenKeeper, server: ZaloStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here Zalo had never seen it: the second try works."""
    tries = []
    asking = keeper._oauth.by_refresh

    async def lost_once(refresh: str) -> TokenPair:
        tries.append(refresh)
        if len(tries) == 1:
            raise Silent(asked=True)
        return await asking(refresh)

    monkeypatch.setattr(keeper._oauth, "by_refresh", lost_once)
    assert (await keeper.renew(1)).generation == 2
    assert len(set(tries)) == 1


async def test_during_an_outage_nothing_is_decided(
    db: Database, keeper: TokenKeeper, server: ZaloStandIn
) -> None:
    server.outage = True
    with pytest.raises(Silent):
        await keeper.renew(1)
    assert not kept(db).needs_consent
    server.outage = False
    assert (await keeper.renew(1)).access == server.consent.access


async def test_a_pair_that_cannot_be_stored_is_held_until_it_can(
    db: Database, keeper: TokenKeeper, server: ZaloStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.db.repositories.tokens import SqlTokens

    rotate, fails = SqlTokens.rotate, [1, 2]

    def away_twice(self: SqlTokens, *given: Any) -> bool:
        if fails:
            fails.pop()
            raise ConnectionError("the database is away")
        return rotate(self, *given)

    monkeypatch.setattr(SqlTokens, "rotate", away_twice)
    assert (await keeper.renew(1)).access == server.consent.access == kept(db).access


async def test_a_renewal_goes_on_when_its_caller_is_cancelled(
    db: Database, keeper: TokenKeeper, server: ZaloStandIn
) -> None:
    """A process that is told to end in the middle must not lose the new pair."""
    asking = asyncio.create_task(keeper.renew(1))
    while not server.consent.renewals:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    asking.cancel()
    await keeper.close()
    assert kept(db).access == server.consent.access


def test_a_late_refusal_does_not_undo_a_renewal(db: Database, server: ZaloStandIn) -> None:
    """A process that slept through its lease speaks of a pair that is gone."""
    consent(db, server)
    rotated: Callable[[Any], bool] = lambda uow: uow.tokens.rotate(  # noqa: E731
        "zalo", OA_ID, 1, TokenPair("a2", "r2", 60), uow.now
    )
    assert db.write_now(rotated)
    assert not db.write_now(lambda uow: uow.tokens.refuse("zalo", OA_ID, 1, "late", uow.now))
    assert not db.write_now(rotated)
    assert (kept(db).access, kept(db).generation, kept(db).refused) == ("a2", 2, "")


async def test_a_code_is_exchanged_with_its_verifier_once(
    session: aiohttp.ClientSession, server: ZaloStandIn
) -> None:
    oauth = ZaloOauth(session, APP_ID, APP_SECRET, server.address)
    verifier = new_verifier()
    code = server.consent.allow(APP_ID, server.consent.redirect, challenge(verifier))
    pair = await oauth.by_code(code, verifier)
    assert (pair.access, pair.refresh, pair.lasts_s) == (
        server.consent.access,
        server.consent.refresh,
        90_000,
    )
    with pytest.raises(ConsentRefused, match="-14003"):
        await oauth.by_code(code, verifier)
    other = server.consent.allow(APP_ID, server.consent.redirect, challenge(verifier))
    with pytest.raises(ConsentRefused, match="-14003"):
        await oauth.by_code(other, new_verifier())


async def test_a_wrong_app_secret_is_a_refusal(session: aiohttp.ClientSession, server: ZaloStandIn) -> None:
    oauth = ZaloOauth(session, APP_ID, "secret of something else", server.address)
    with pytest.raises(ConsentRefused):
        await oauth.by_refresh(server.consent.refresh)
