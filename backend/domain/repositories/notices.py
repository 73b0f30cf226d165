"""Ports: notices with their routes, officers' wordings, apologies for late dossiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from backend.domain.apology import Apology, ApologyStatus
from backend.domain.dossier import Dossier
from backend.domain.notice import DueNotice, Notice, NoticeStatus, Route, Step
from backend.domain.wording import Wording


class Notices(Protocol):
    def add(self, notice: Notice) -> bool:
        """False when a notice with the same ``dedupe_key`` exists."""

    def due(self, now: datetime, limit: int) -> Sequence[DueNotice]:
        """The oldest due, locked: no other replica renders them."""

    def rendered(self, ids: Sequence[int], outbox_id: int, now: datetime) -> None: ...
    def end(self, notice_id: int, status: NoticeStatus, trail: Sequence[Mapping[str, str]] = ()) -> None: ...
    def again(self, notice_id: int, due_at: datetime) -> None:
        """A failed one from the first rung on. Raises NotFound for any other."""

    def move(
        self, notice_id: int, due_at: datetime, rung: int, trail: Sequence[Mapping[str, str]] = ()
    ) -> None:
        """Wait until ``due_at``, then (again) this rung."""

    def lost(self, limit: int) -> Sequence[tuple[DueNotice, str, str, str]]:
        """Rendered ones whose message will not go: (notice, channel, its status, its reason)."""

    def unseen(self, before: datetime, limit: int) -> Sequence[DueNotice]:
        """Rendered before this instant for a channel that people must come to, and not fetched since."""

    def cancel(self, subject: str) -> int: ...
    def cancel_for(self, conversation_id: int) -> int:
        """Drop what waits for this conversation."""

    def cancel_kind(self, subject: str, kind: str) -> int: ...
    def route(self, kind: str) -> Route | None:
        """An administrator's choice; None keeps the default."""

    def put_route(self, route: Route, by: str, now: datetime) -> None: ...
    def drop_route(self, kind: str) -> bool: ...
    def stop(self, conversation_id: int, now: datetime) -> bool:
        """No more notices; False when they were stopped before."""

    def resume(self, conversation_id: int) -> bool: ...
    def stopped(self, conversation_ids: Sequence[int]) -> frozenset[int]: ...
    def steps(self, subject: str | None, statuses: Sequence[str], limit: int) -> Sequence[Step]:
        """How far notices have come, newest first; ``statuses`` filters by the message's or the notice's own."""

    def counts(self) -> Mapping[str, int]: ...


class Wordings(Protocol):
    """Officers' own wordings of replies; every version is kept, the newest of a key counts."""

    def add(self, language: str, key: str, template: str, by: str, now: datetime) -> None:
        """A new version; an empty template gives the key back to the file."""

    def newest(self) -> int:
        """The number of the newest version of any key; 0 when there is none."""

    def present(self) -> Sequence[Wording]: ...
    def history(self, language: str, key: str) -> Sequence[Wording]: ...


class Apologies(Protocol):
    def draft(self, dossier_id: int, due_at: datetime, now: datetime) -> bool:
        """False when this promise has its draft already."""

    def of(self, dossier_id: int, due_at: datetime) -> Apology | None: ...
    def listed(self, status: ApologyStatus, limit: int) -> Sequence[Apology]: ...
    def untold(self, now: datetime, limit: int) -> Sequence[Apology]:
        """Drafted, unsigned, due hour passed, followers not told yet."""

    def change(self, apology_id: int, **values: Any) -> None: ...
    def running_due(self, after: datetime, until: datetime, limit: int) -> Sequence[Dossier]:
        """Unfinished dossiers promised in (after, until] that have no draft for that promise."""
