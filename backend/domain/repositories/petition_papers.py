"""Ports: the paper side of petitions, their fields, what was learnt, candidates for duplicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from backend.domain.petition_field import (
    DuplicateRule,
    Learnt,
    PetitionField,
    Search,
    Sighting,
    Suggestion,
)
from backend.domain.petition_paper import Origin, Paper, SealedOutcome


class PetitionPapers(Protocol):
    def of(self, petition_id: int) -> Paper:
        """An empty one for a petition without a paper side."""

    def put(self, petition_id: int, paper: Paper) -> None: ...
    def known(self, place: str, number: str) -> str | None:
        """Code of the petition that has this number from this place."""

    def add_origin(self, petition_id: int, origin: Origin) -> None:
        """Raises Conflict where a petition has that number from that place."""

    def origins(self, petition_id: int) -> Sequence[Origin]: ...
    def to_report(self, limit: int) -> Sequence[tuple[str, Origin]]:
        """Codes and forwarders that still have to hear, the most urgent first."""

    def report_by(self, origin_id: int, at: datetime) -> None: ...
    def reported(self, origin_id: int, document: str) -> None: ...
    def close_sealed(self, number: int, outcome: SealedOutcome) -> None: ...
    def sealed_outcomes(self) -> Mapping[int, SealedOutcome]: ...


class PetitionFields(Protocol):
    def all(self) -> Sequence[PetitionField]: ...
    def get(self, code: str) -> PetitionField | None: ...
    def rule(self, field: str) -> DuplicateRule:
        """The field's own rule, else that of any field."""

    def put_rule(self, rule: DuplicateRule) -> None: ...
    def suggest(self, petition_id: int, made: Suggestion) -> None: ...
    def suggested(self, petition_id: int) -> Suggestion | None: ...
    def decide(self, petition_id: int, field: str) -> None: ...
    def agreement(self) -> Mapping[str, tuple[int, int]]:
        """By decided field: how many had a suggestion, and how many of those were right."""

    def decided_agencies(self, field: str, commune_id: int | None, newest: int) -> Sequence[int]: ...
    def learn(self, field: str, grams: Sequence[str]) -> None:
        """Count one petition's distinct n-grams for the field that a person settled."""

    def learnt(self, grams: Sequence[str]) -> Learnt: ...
    def sighting(self, code: str) -> Sighting | None: ...
    def near(self, search: Search, limit: int) -> Sequence[Sighting]:
        """The newest that stand where ``search`` says; merged and erased ones left out. Opens their sealed words."""
