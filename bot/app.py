"""The composition root: settings become a database, services, actions, channels, routes and jobs."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
import yaml

from actions.registry import gather
from backend.clocks import SetClock, SystemClock
from backend.db.calendars import FreshCalendar
from backend.db.crypto import read_keys
from backend.db.engine import Database, open_database
from backend.db.migrate import migrate
from backend.db.unit_of_work import Tools
from backend.domain.clock import Clock
from backend.domain.messaging import Attachment, ChannelName
from backend.importers.figure_words import install_figures
from backend.importers.holiday_library import LibraryHolidays, shipped_overrides
from backend.importers.petition_fields import install_fields
from backend.importers.petition_kinds import install_kinds
from backend.importers.qr_codes import read_qr_codes
from backend.importers.synonyms import install_search
from backend.services.notices.ladder import Reach
from backend.settings import Settings
from backend.speech.recogniser import Recogniser
from bot.dialogue.chat_desk import ChatDesk
from bot.dialogue.desk import Desk
from bot.dialogue.hub import Hub
from bot.dialogue.pipeline import Pipeline
from bot.dialogue.prepare import Fetch, Hear, Preparation
from bot.dialogue.understanding import RasaClient, language_session
from bot.replies.renderer import Replies
from bot.work import Workshop

log = structlog.get_logger(__name__)

ROOT = Path(__file__).resolve().parent.parent
#: Rasa is asked for a sign of life when nobody has needed it for this long, so that /readyz tells the truth at night.
QUIET_S = 3.0


@dataclass
class Application:
    """Everything that runs in one process. ``fetch`` is filled by the channels that carry files."""

    settings: Settings
    db: Database
    desk: Desk
    hub: Hub
    rasa: RasaClient
    pipeline: Pipeline
    chat: ChatDesk
    fetch: dict[ChannelName, Fetch]
    work: Workshop
    reach: Reach = field(default_factory=Reach)  # what notices can use beyond chats; channels fill it
    ready: asyncio.Event = field(default_factory=asyncio.Event)  # after the warm-up
    loops: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)

    @property
    def holder(self) -> str:
        return self.desk.holder


def clock_of(settings: Settings) -> Clock:
    return SetClock(settings.now) if settings.now else SystemClock()


def open_store(settings: Settings) -> Database:
    """The migrated database with its tools; reads the key file, which it makes when there is none."""
    settings.home.mkdir(parents=True, exist_ok=True)
    migrate(settings.database_url)
    install_search(ROOT / "nlu_data")
    install_kinds(ROOT / "nlu_data")
    install_fields(ROOT / "nlu_data")
    install_figures()
    calendar = FreshCalendar(LibraryHolidays(), shipped_overrides())
    tools = Tools(read_keys(settings.key_file), clock_of(settings), calendar)
    db = open_database(settings.database_url, tools, settings.workers)
    calendar.read_from(db.engine)
    return db


def make_desk(settings: Settings) -> Desk:
    actions, forms = gather()
    manifest = ROOT / "nlu_data" / "intents.yml"
    intents: Mapping[str, Mapping[str, Any]] = yaml.safe_load(manifest.read_text("utf-8"))["intents"]
    return Desk(
        replies=Replies(ROOT / "bot" / "replies"),
        actions=actions,
        forms=forms,
        office=settings.office_name,
        uses={name: frozenset(one["entities"]) for name, one in intents.items()},
        officers_only=frozenset(name for name, one in intents.items() if one["audience"] == "officer"),
        holder=uuid.uuid4().hex[:16],
        lease_s=settings.lease_s,
        late_hour=settings.late_hour,
        officers_page=f"{settings.public_url}/officer/" if settings.public_url else "",
        rows_on=settings.staff_rows_on | {ChannelName.TERMINAL},
    )


def _hearing(settings: Settings) -> Hear | None:
    """The recogniser that MOTCUA_SPEECH names; None when it names none."""
    if not settings.speech:
        return None
    return Recogniser(settings.home / "env" / "speech" / "bin" / "python", settings.speech, ROOT).hear


@asynccontextmanager
async def application(settings: Settings) -> AsyncIterator[Application]:
    """Open everything, hand it over, close it in order. The loops are started by ``running``."""
    db = await asyncio.to_thread(open_store, settings)
    hub = Hub()
    desk = make_desk(settings)
    fetch: dict[ChannelName, Fetch] = {ChannelName.WEB: _blob_reader(db)}
    session = language_session()
    url = settings.rasa_url or f"http://127.0.0.1:{settings.rasa_port}"
    rasa = RasaClient(session, url, settings.rasa_timeout_s)
    pipeline = Pipeline(db, desk, Preparation(rasa, fetch, read_qr_codes, _hearing(settings)), hub)
    work = Workshop(db, desk, pipeline, hub)
    app = Application(settings, db, desk, hub, rasa, pipeline, ChatDesk(db, pipeline, hub), fetch, work)
    try:
        yield app
    finally:
        await pipeline.close()
        await app.chat.flush()
        await session.close()
        await asyncio.to_thread(db.close)


@asynccontextmanager
async def running(app: Application) -> AsyncIterator[None]:
    """The loops of a serving process: recovery, marking, jobs, deliveries. Each survives its own errors."""
    app.loops.setdefault("mark_read", app.chat.mark_read)
    app.loops.setdefault("work", app.work.run)
    app.loops.setdefault("recovery", lambda: _recovery(app))
    app.loops.setdefault("language", lambda: _watch_language(app))
    tasks = [asyncio.create_task(_forever(name, loop)) for name, loop in app.loops.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _forever(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    wait_s = 0.5
    while True:
        try:
            await loop()
        except Exception as error:
            log.error("loop_failed", loop=name, error=type(error).__name__, exc_info=error)
        await asyncio.sleep(wait_s)
        wait_s = min(30.0, wait_s * 2)


async def _recovery(app: Application) -> None:
    """Messages of workers that are gone. With SQLite this process is the only one, so all that is left is its."""
    taken = await app.pipeline.recover(alone=app.settings.is_sqlite)
    if taken:
        log.info("messages_taken_up", count=taken)
    while True:
        await asyncio.sleep(app.settings.lease_s / 3)
        await app.pipeline.recover()


async def _watch_language(app: Application) -> None:
    """Warm-up first; later, find out early that Rasa is gone, or back."""
    await app.rasa.wait_until_ready(60.0)
    app.ready.set()  # even without Rasa codes, buttons and menus get their answers: ready, but degraded
    while True:
        await asyncio.sleep(1.0)
        if not app.rasa.healthy or app.rasa.silent_s > QUIET_S:
            await app.rasa.probe()


def _blob_reader(db: Database) -> Fetch:
    async def fetch(attachment: Attachment) -> bytes:
        blob = attachment.blob_id
        if blob is None:
            raise OSError("no blob")
        content: bytes = await db.read(lambda uow: uow.blobs.read(blob))
        return content

    return fetch
