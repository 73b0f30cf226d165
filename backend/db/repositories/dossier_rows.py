"""Dossiers to rows and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from backend.db.crypto import Cipher
from backend.db.types import instant_text
from backend.domain.dossier import (
    Applicant,
    Channel,
    Details,
    Dossier,
    DossierEvent,
    FeeDue,
    Stage,
    code_tail,
)

_STAGES = {int(stage): stage for stage in Stage}
_NO_DETAILS = Details()


#: The columns of :func:`dossier_values`, in its order.
DOSSIER_COLUMNS = (
    "parent_id",
    "phone_print",
    "applicant",
    "code",
    "tail",
    "procedure_code",
    "procedure_from",
    "title",
    "agency_name",
    "stage",
    "raw_status",
    "holder",
    "step",
    "received_at",
    "due_at",
    "finished_at",
    "returned_at",
    "channel",
    "details",
    "source",
    "as_of",
    "demo",
    "agency_id",
    "result_channel",
)
EVENT_COLUMNS = ("dossier_id", "event_id", "stage", "raw_status", "at", "holder", "step", "note")


class Plain:
    """Values as the bare driver wants them, for statements of many rows: SQLAlchemy's own way costs three times
    as much per row there. Must agree with ``backend.db.types`` (a test compares the two)."""

    def __init__(self, *, sqlite: bool) -> None:
        self._sqlite = sqlite

    def instant(self, moment: datetime | None) -> Any:
        return moment if moment is None or not self._sqlite else instant_text(moment)

    def day(self, day: date | None) -> Any:
        return day.isoformat() if day is not None and self._sqlite else day

    def dossier(
        self, one: Dossier, parent_id: int | None, phone_print: str | None, sealed: bytes | None
    ) -> tuple[Any, ...]:
        instant = self.instant
        return (
            parent_id,
            phone_print,
            sealed,
            one.code,
            code_tail(one.code),
            one.procedure_code,
            self.day(one.procedure_from),
            one.title,
            one.agency_name,
            int(one.stage),
            one.raw_status,
            one.holder,
            one.step,
            instant(one.received_at),
            instant(one.due_at),
            instant(one.finished_at),
            instant(one.returned_at),
            one.channel.value,
            details_to_text(one.details),
            one.source,
            instant(one.as_of),
            one.demo,
            one.agency_id,
            one.result_channel.value,
        )

    def event(self, dossier_id: int, event: DossierEvent) -> tuple[Any, ...]:
        return (
            dossier_id,
            event.event_id,
            int(event.stage),
            event.raw_status,
            self.instant(event.at),
            event.holder,
            event.step,
            event.note,
        )


def dossier_from_row(row: Any) -> Dossier:
    return Dossier(
        code=row.code,
        stage=_STAGES.get(row.stage, Stage.UNKNOWN),
        source=row.source,
        as_of=row.as_of,
        raw_status=row.raw_status,
        title=row.title,
        procedure_code=row.procedure_code,
        procedure_from=row.procedure_from,
        agency_name=row.agency_name,
        holder=row.holder,
        step=row.step,
        received_at=row.received_at,
        due_at=row.due_at,
        finished_at=row.finished_at,
        returned_at=row.returned_at,
        channel=Channel(row.channel),
        details=details_from_json(row.details),
        parent_code=row.parent_code,
        phone_print=row.phone_print,
        demo=row.demo,
        id=row.id,
        parent_id=row.parent_id,
        agency_id=row.agency_id,
        result_channel=Channel(row.result_channel),
    )


def details_to_text(details: Details) -> str:
    """Only what was told: most dossiers of most sources have nothing here."""
    if details == _NO_DETAILS:
        return "{}"
    asked, until = details.supplement_asked_at, details.supplement_by
    told = {
        "papers": list(details.papers),
        "asked_at": asked.isoformat() if asked else None,
        "by": until.isoformat() if until else None,
        "fees": [[fee.name, fee.amount_vnd, fee.paid] for fee in details.fees],
        "pay_at": details.pay_at,
        "collect_at": details.collect_at,
        "reason": details.reason,
        "note": details.note,
        "due_moved": details.due_moved,
    }
    kept = {name: value for name, value in told.items() if value}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def details_from_json(told: Mapping[str, Any]) -> Details:
    if not told:
        return _NO_DETAILS
    asked, until = told.get("asked_at"), told.get("by")
    return Details(
        papers=tuple(told.get("papers", ())),
        supplement_asked_at=datetime.fromisoformat(asked) if asked else None,
        supplement_by=date.fromisoformat(until) if until else None,
        fees=tuple(FeeDue(*fee) for fee in told.get("fees", ())),
        pay_at=told.get("pay_at", ""),
        collect_at=told.get("collect_at", ""),
        reason=told.get("reason", ""),
        note=told.get("note", ""),
        due_moved=told.get("due_moved", False),
    )


def event_from_row(row: Any) -> DossierEvent:
    stage = _STAGES.get(row.stage, Stage.UNKNOWN)
    return DossierEvent(row.event_id, stage, row.at, row.raw_status, row.holder, row.step, row.note)


def _told_time(one: Dossier) -> datetime | None:
    stage = one.stage
    if stage is Stage.ACCEPTED:
        return one.received_at
    if stage is Stage.SUPPLEMENT:
        return one.details.supplement_asked_at
    if stage is Stage.DONE:
        return one.finished_at
    return one.returned_at if stage is Stage.RETURNED else None


@lru_cache(maxsize=4096)  # a source has some dozens of these triples
def _content(raw_status: str, holder: str | None, step: str | None) -> str:
    return f"{zlib.crc32(f'{raw_status}|{holder}|{step}'.encode()):08x}"


def snapshot_event(one: Dossier) -> DossierEvent:
    """The event that a source without events of its own has let us see. Its time is the best one told."""
    at = _told_time(one) or one.as_of
    event_id = f"s:{int(one.stage)}:{at.timestamp():.0f}:{_content(one.raw_status, one.holder, one.step)}"
    return DossierEvent(event_id, one.stage, at, one.raw_status, one.holder, one.step)


#: Behind the sealed phone of somebody who filed for the owner.
_FOR_OTHER = "\tfor other"


def seal_applicant(one: Applicant, cipher: Cipher) -> bytes:
    mark = _FOR_OTHER if one.for_other else ""
    return cipher.seal(f"{one.name}\n{one.phone}{mark}".encode(), "dossiers.applicant")


def open_applicant(sealed: bytes, cipher: Cipher) -> Applicant:
    name, _, phone = cipher.open(sealed, "dossiers.applicant").decode().rpartition("\n")
    return Applicant(name, phone.removesuffix(_FOR_OTHER), phone.endswith(_FOR_OTHER))
