"""Port: dossiers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from backend.domain.dossier import Applicant, Change, Dossier, DossierEvent, Filing


class Dossiers(Protocol):
    def put_many(self, filings: Sequence[Filing]) -> Sequence[Change]:
        """Insert or update by code, events by (dossier, event id); one change per filing, in order.

        What is older than the known ``as_of`` leaves the dossier as it is. A filing without events gets one of its
        own when stage, step or holder changed. A parent must be known or stand in the same call, before or after.
        """

    def add_events(self, dossier_id: int, events: Sequence[DossierEvent]) -> int:
        """Add those not known yet; returns how many."""

    def by_code(self, code: str) -> Dossier | None: ...
    def by_codes(self, codes: Collection[str]) -> Mapping[str, Dossier]: ...
    def children(self, dossier_id: int) -> Sequence[Dossier]: ...
    def by_tail(self, tail: str, phone_prints: Collection[str]) -> Sequence[Dossier]:
        """Dossiers of these phones whose code ends in day and serial ``tail``."""

    def by_phone(self, phone_prints: Collection[str], limit: int) -> Sequence[Dossier]:
        """Dossiers of these phones, newest receipt first; parts of inter-agency dossiers are left out."""

    def events(self, dossier_ids: Collection[int]) -> Mapping[int, Sequence[DossierEvent]]:
        """Events by dossier id, oldest first."""

    def applicant(self, dossier_id: int) -> Applicant | None:
        """The unsealed person. Call only behind the second factor, or to check it."""

    def follow(self, dossier_id: int, conversation_id: int, since: datetime) -> bool:
        """False when this conversation already follows."""

    def unfollow(self, dossier_id: int, conversation_id: int) -> bool: ...
    def followed(self, conversation_id: int) -> Sequence[Dossier]: ...
    def followers(self, dossier_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Conversation ids by dossier id."""

    def count(self) -> int: ...
