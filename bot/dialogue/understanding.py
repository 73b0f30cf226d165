"""Asking Rasa what a sentence means, and what to do while it is out of reach.

A timeout, one retry on a dropped keep-alive connection, and a circuit breaker: after three failures in a row Rasa
is left alone for a few seconds and the fallback answers, so a dead language side never makes people wait.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

import aiohttp
import msgspec
import structlog

from backend.domain.messaging import Incoming, Kind
from backend.domain.understanding import NOTHING, Entity, Understanding
from backend.text.codes import find_codes, the_whole
from backend.text.scripts import other_language
from bot.dialogue.fallback import read_without_model

log = structlog.get_logger(__name__)

#: Characters that are read for their meaning; the rest of a very long story adds nothing.
READ_CHARACTERS = 1500
FAILURES_TO_OPEN = 3
#: From here on a text is taken to be in the language that it looks like.
SURE_OF_LANGUAGE = 0.85
RANKED = 5  # runners-up that are kept
OPEN_S = 5.0
_CODE_ENTITIES = ("dossier_code", "complaint_code", "task_code", "doc_code", "proc_code_mention")
_INTENT_OF_CODE = {
    "dossier": "dossier_status",
    "complaint": "complaint_status",
    "task": "task_detail",
    "document": "document_lookup",
    "procedure": "procedure_guide",
    "link": "link_channel",
}
#: Entities that are written the same whatever language stands around them.
_WRITTEN_ALIKE = frozenset({"phone", "email", "link_code", *_CODE_ENTITIES})
_OUT_OF_REACH = (TimeoutError, aiohttp.ClientError, msgspec.DecodeError)
#: Commands of a messenger's menu.
_COMMANDS = {"start": "greeting", "help": "help", "huy": "cancel"}


class _Intent(msgspec.Struct):
    name: str | None = None
    confidence: float | None = None


class _Language(msgspec.Struct, frozen=True):
    name: str = ""
    confidence: float = 0.0


class _Entity(msgspec.Struct):
    entity: str
    value: str | int | float | bool | None
    start: int
    end: int


class _Parse(msgspec.Struct):
    """What is read of Rasa's answer; the rest of it (tokens, a rank for every intent) is skipped unread."""

    intent: _Intent
    entities: list[_Entity]
    intent_ranking: list[_Intent] = []
    language: _Language = _Language()
    model_id: str | None = None


_decoder = msgspec.json.Decoder(_Parse)


def language_session() -> aiohttp.ClientSession:
    """A session for Rasa alone: cookies, compression and guessing headers are a quarter of a small request's work."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=10),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        headers={"Content-Type": "application/json"},
        skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
    )


class RasaClient:
    """``POST /model/parse`` of Rasa's own server. ``session`` comes from :func:`language_session`."""

    def __init__(self, session: aiohttp.ClientSession, url: str, timeout_s: float = 3.0) -> None:
        self._session = session
        self.url = url
        self._parse_url = f"{url}/model/parse"
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, connect=min(1.0, timeout_s))
        self._failures = 0
        self._open_until = 0.0
        self._heard_at = 0.0  # when it last answered
        self.parse_s = 0.0  # seconds spent parsing, for /metrics
        self.parses = 0

    @property
    def available(self) -> bool:
        """False while the breaker is open: Rasa failed lately and is left alone."""
        return self._failures < FAILURES_TO_OPEN or time.monotonic() >= self._open_until

    @property
    def healthy(self) -> bool:
        return self._failures == 0

    @property
    def silent_s(self) -> float:
        """Seconds since it last answered."""
        return time.monotonic() - self._heard_at

    async def understand(self, incoming: Incoming) -> Understanding:
        """What the message means; never raises and never takes longer than the timeout allows."""
        text = incoming.text.strip()
        if incoming.kind is Kind.BUTTON or not text:
            return NOTHING
        read = await self._read(incoming, text)
        strange = other_language(text)
        if not strange:
            return read
        # What the model makes of letters that it never saw is chance; a code is a code in any language.
        kept = tuple(one for one in read.entities if one.name in _WRITTEN_ALIKE)
        return replace(read, language=strange, entities=kept)

    async def _read(self, incoming: Incoming, text: str) -> Understanding:
        if intent := _COMMANDS.get(str(incoming.metadata.get("command", ""))):
            return Understanding(intent, 1.0, source="code")
        codes = find_codes(text)
        if any(one.kind == "link" for one in codes):  # whatever is said around it
            return Understanding("link_channel", 1.0, source="code")
        if code := the_whole(text, codes):
            name = f"{code.kind}_code" if code.kind not in ("document", "procedure") else code.kind
            name = {"document": "doc_code", "procedure": "proc_code_mention"}.get(name, name)
            entity = Entity(name, code.value, code.start, code.end)
            return Understanding(_INTENT_OF_CODE[code.kind], 1.0, (entity,), source="code")
        if self.available:
            try:
                return await self._parse(text[:READ_CHARACTERS])
            except _OUT_OF_REACH as error:
                self._failed(error)
        return read_without_model(text)

    async def probe(self) -> bool:
        """A parse to see whether Rasa answers; closes the breaker when it does."""
        try:
            await self._parse("xin chào")
        except _OUT_OF_REACH as error:
            self._failed(error)
            return False
        return True

    async def parse_raw(self, text: str) -> dict[str, Any]:
        """Rasa's own answer, for evaluation. Raises aiohttp.ClientError, TimeoutError or msgspec.DecodeError."""
        body: dict[str, Any] = msgspec.json.decode(await self._post(text))
        return body

    async def _parse(self, text: str) -> Understanding:
        began = time.perf_counter()
        try:
            body = await self._post(text)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            body = await self._post(text)  # a kept connection that the server had closed meanwhile
        read = _read(body)
        self.parse_s += time.perf_counter() - began
        self.parses += 1
        self._failures = 0
        self._heard_at = time.monotonic()
        return read

    async def _post(self, text: str) -> bytes:
        body = msgspec.json.encode({"text": text})
        async with self._session.post(self._parse_url, data=body, timeout=self._timeout) as answer:
            if answer.status != 200:
                raise aiohttp.ClientResponseError(answer.request_info, (), status=answer.status)
            return await answer.read()

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self._open_until = time.monotonic() + OPEN_S
        if self._failures <= FAILURES_TO_OPEN:  # then once per recovery, not per message
            log.warning("rasa_out_of_reach", error=type(error).__name__, failures=self._failures)

    async def wait_until_ready(self, patience_s: float) -> bool:
        """Warm-up: parse until it works, or until patience ends."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            try:
                await self._parse("xin chào")
            except _OUT_OF_REACH:  # it is still loading: not worth a line in the log
                await asyncio.sleep(0.2)
                continue
            return True
        return False


def _read(body: bytes) -> Understanding:
    """Raises msgspec.DecodeError when the answer is not what Rasa gives."""
    parse = _decoder.decode(body)
    return Understanding(
        intent=parse.intent.name or "",
        confidence=parse.intent.confidence or 0.0,
        entities=tuple(Entity(one.entity, str(one.value), one.start, one.end) for one in parse.entities),
        ranking=tuple((one.name or "", one.confidence or 0.0) for one in parse.intent_ranking[:RANKED]),
        source="model",
        model_id=(parse.model_id or "")[:80],
        language=parse.language.name if parse.language.confidence >= SURE_OF_LANGUAGE else "",
    )
