"""Ports: petitions, the sealed lane, deadline rules, the duty roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from backend.domain.petition import (
    DeadlineRule,
    NewPetition,
    Petition,
    PetitionEvent,
    PetitionFile,
    PetitionKind,
    PetitionState,
    Reporter,
    Story,
    UnfetchedFile,
)


class Petitions(Protocol):
    def add(
        self, new: NewPetition, head: str, owner: str, phone_print: str | None, now: datetime
    ) -> Petition:
        """Keep a new one; its code is ``head``, the day and a number."""

    def by_code(self, code: str) -> Petition | None: ...
    def lock(self, code: str) -> Petition:
        """The petition, its row locked until the transaction ends. Raises NotFound."""

    def of(self, conversation_id: int, phone_prints: Sequence[str], limit: int) -> Sequence[Petition]:
        """This conversation's and this number's petitions, the newest first."""

    def listed(
        self, states: Sequence[PetitionState], late_at: datetime | None, limit: int
    ) -> Sequence[Petition]:
        """The most urgent first; with ``late_at`` only those whose alarm is over by then."""

    def alarmed(self, now: datetime, limit: int) -> Sequence[str]:
        """Codes of open petitions whose alarm has rung."""

    def orphans(self) -> Sequence[str]:
        """Codes of open petitions without an owner or an alarm: must be empty."""

    def count_open(self) -> Mapping[str, int]: ...
    def change(self, petition_id: int, **values: Any) -> None:
        """Set columns: state, owner, alarm, alarm_at, due_at, agency_id, about_agency_id, kind, field_name, raised,
        reopened, merged_into_id, and ``answer`` (text)."""

    def merged_in(self, petition_id: int) -> Sequence[Petition]:
        """Those that go on in this one."""

    def all_merged_in(self, petition_id: int) -> Sequence[Petition]:
        """Those, and those that had gone on in one of them."""

    def note(self, petition_id: int, event: PetitionEvent) -> None: ...
    def history(self, petition_id: int) -> Sequence[PetitionEvent]: ...
    def add_file(self, petition_id: int, file: PetitionFile) -> None: ...
    def files(self, petition_id: int) -> Sequence[PetitionFile]: ...
    def take_over_reporter(self, petition_id: int, story: Story | None, reporter: Reporter | None) -> None:
        """Write what was said anew; None erases."""

    def rule(self, kind: PetitionKind, step: str, on: date) -> DeadlineRule | None:
        """The newest rule in force on that day."""

    def rules(self) -> Sequence[DeadlineRule]: ...
    def put_rule(self, rule: DeadlineRule) -> None: ...
    def duty(self, on: date) -> str | None: ...
    def put_duty(self, on: date, account: str) -> None: ...
    def seal_report(self, channel: str, content: Mapping[str, str], now: datetime) -> int: ...
    def sealed_keys(self) -> frozenset[str]:
        """The keys that were sealed with reports, to know one again; no words, and nobody has read them."""

    def sealed(self) -> Sequence[tuple[int, datetime, str]]:
        """Number, instant and reader of each sealed report; no words."""

    def open_report(self, number: int, reader: str, now: datetime) -> Mapping[str, str]:
        """The words, and a trace of who read them. Raises NotFound."""


class PetitionFiles(Protocol):
    """Files of petitions that still lie with a messenger."""

    def unfetched(self, limit: int) -> Sequence[UnfetchedFile]:
        """Those worth another try, the least tried first."""

    def fetched(self, file_id: int, blob_id: int) -> bool:
        """It lies here now; False when it did before."""

    def missed(self, file_id: int) -> None: ...
