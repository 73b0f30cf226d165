"""What the domain needs from the outside, declared here and plugged in by ``bot/app.py``."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from backend.domain.calendar import WorkingCalendar
from backend.domain.repositories import (
    Accounts,
    Agencies,
    Apologies,
    Audit,
    Blobs,
    Buttons,
    Callbacks,
    Conversations,
    DemoRows,
    Documents,
    Dossiers,
    DossierWork,
    DutyShifts,
    Figures,
    Guesses,
    Inbox,
    Leaders,
    Leases,
    Notices,
    Officers,
    Outbox,
    People,
    PetitionFields,
    PetitionFiles,
    PetitionPapers,
    Petitions,
    PetitionWork,
    Procedures,
    Ratings,
    Reception,
    ReportDuties,
    Retention,
    SignIns,
    Sources,
    Tasks,
    TokenStore,
    Wordings,
    Works,
)

T = TypeVar("T")


class Sealer(Protocol):
    """Encryption of what people write; ``purpose`` binds a value to its column."""

    def seal(self, plain: bytes, purpose: str) -> bytes: ...
    def open(self, sealed: bytes, purpose: str) -> bytes: ...
    def seal_json(self, value: Any, purpose: str) -> bytes: ...
    def open_json(self, sealed: bytes, purpose: str) -> Any: ...
    def fingerprint(self, text: str, purpose: str) -> str: ...


class UnitOfWork(Protocol):
    """One transaction. It belongs to the turn, request or job that opened it: services never commit."""

    @property
    def now(self) -> datetime: ...
    @property
    def today(self) -> date: ...
    @property
    def cipher(self) -> Sealer: ...
    @property
    def calendar(self) -> WorkingCalendar: ...
    def savepoint(self) -> AbstractContextManager[None]: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def buttons(self) -> Buttons: ...
    @property
    def blobs(self) -> Blobs: ...
    @property
    def callbacks(self) -> Callbacks: ...
    @property
    def people(self) -> People: ...
    @property
    def petitions(self) -> Petitions: ...
    @property
    def petition_files(self) -> PetitionFiles: ...
    @property
    def petition_papers(self) -> PetitionPapers: ...
    @property
    def petition_fields(self) -> PetitionFields: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def officers(self) -> Officers: ...
    @property
    def sign_ins(self) -> SignIns: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def figures(self) -> Figures: ...
    @property
    def guesses(self) -> Guesses: ...
    @property
    def leases(self) -> Leases: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def apologies(self) -> Apologies: ...
    @property
    def wordings(self) -> Wordings: ...
    @property
    def report_duties(self) -> ReportDuties: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def tokens(self) -> TokenStore: ...
    @property
    def sources(self) -> Sources: ...
    @property
    def agencies(self) -> Agencies: ...
    @property
    def procedures(self) -> Procedures: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def leaders(self) -> Leaders: ...
    @property
    def duty(self) -> DutyShifts: ...
    @property
    def dossiers(self) -> Dossiers: ...
    @property
    def dossier_work(self) -> DossierWork: ...
    @property
    def petition_work(self) -> PetitionWork: ...
    @property
    def ratings(self) -> Ratings: ...
    @property
    def reception(self) -> Reception: ...
    @property
    def demo_rows(self) -> DemoRows: ...
    @property
    def retention(self) -> Retention: ...
    @property
    def work(self) -> Works: ...


class Transactions(Protocol):
    """Runs a job in one transaction: it commits as a whole or not at all."""

    async def write(self, job: Callable[[Any], T]) -> T: ...
    async def read(self, job: Callable[[Any], T]) -> T: ...


class MessageSender(Protocol):
    """A channel's way out."""

    async def send(self, external_id: str, body: Any) -> str:
        """Send one message; returns the channel's own message id.

        Raises:
            backend.domain.delivery.SendFailed: with what the deliverer should do next.
        """
