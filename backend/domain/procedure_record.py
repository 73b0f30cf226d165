"""A procedure's record as plain JSON values and back: the one shape of the YAML files and of the database."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from backend.domain.procedure import (
    Channel,
    Fee,
    FeeRule,
    FilingChannel,
    HandledBy,
    LegalBasis,
    Level,
    Online,
    Paper,
    PaperCase,
    Procedure,
    Result,
    TimeLimit,
    TimeUnit,
)
from backend.text.fold import nfc

T = TypeVar("T")
E = TypeVar("E", bound=enum.StrEnum)

#: Codes as the national catalogue writes them, with an optional province part (1.001193.000.00.00.H29).
CODE = re.compile(r"\d\.\d{6}(?:\.\d{3}(?:\.\d{2}){2}\.[GH]\d{2}(?:\.\d{2,4}){0,3})?", re.ASCII)
_AUDIENCES = frozenset(
    {"citizen", "organisation", "enterprise", "cooperative", "household_business", "foreigner"}
)


class BadRecord(ValueError):
    """``field`` cannot be read; the message says in Vietnamese why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def read_record(body: Mapping[str, Any], *, source: str, as_of: datetime, demo: str = "") -> Procedure:
    """A procedure from a YAML or JSON mapping.

    Raises:
        BadRecord: a field is missing or has a value outside its list.
    """
    code = _text(body, "code")
    if not CODE.fullmatch(code):
        raise BadRecord("code", f"“{code[:40]}” không phải mã thủ tục (ví dụ 1.001193)")
    title = _text(body, "title")
    if not title:
        raise BadRecord("title", "thiếu tên thủ tục")
    return Procedure(
        code=code,
        title=title,
        field=_text(body, "field"),
        levels=tuple(_enum(Level, "levels", one) for one in _many(body, "levels")),
        handled_by=_enum(HandledBy, "handled_by", body.get("handled_by")),
        agency=_text(body, "agency"),
        valid_from=_day("valid_from", body.get("valid_from")),
        valid_to=_day("valid_to", body["valid_to"]) if body.get("valid_to") else None,
        source=source,
        as_of=as_of,
        department=_text(body, "department"),
        audience=tuple(_audience(one) for one in _many(body, "audience")),
        decision=_text(body, "decision"),
        source_url=_url(_text(body, "source_url")),
        online=_enum(Online, "online", body.get("online") or "unknown"),
        channels=_each(body, "channels", _channel),
        papers=_each(body, "papers", _case),
        steps=_texts(body, "steps"),
        conditions=_texts(body, "conditions"),
        results=_each(body, "results", lambda one: Result(_need(one, "results", "name"), _text(one, "code"))),
        legal_basis=_each(
            body, "legal_basis", lambda one: LegalBasis(_text(one, "number"), _text(one, "name"))
        ),
        related=_texts(body, "related"),
        common_names=_texts(body, "common_names"),
        flags=_texts(body, "flags"),
        demo=demo,
    )


def write_record(procedure: Procedure) -> dict[str, Any]:
    """The inverse of :func:`read_record`; ``source``, ``as_of`` and ``demo`` are kept beside it."""
    return {
        "code": procedure.code,
        "title": procedure.title,
        "field": procedure.field,
        "levels": [str(level) for level in procedure.levels],
        "handled_by": str(procedure.handled_by),
        "agency": procedure.agency,
        "valid_from": procedure.valid_from.isoformat(),
        "valid_to": procedure.valid_to.isoformat() if procedure.valid_to else None,
        "department": procedure.department,
        "audience": list(procedure.audience),
        "decision": procedure.decision,
        "source_url": procedure.source_url,
        "online": str(procedure.online),
        "channels": [_channel_json(one) for one in procedure.channels],
        "papers": [_case_json(one) for one in procedure.papers],
        "steps": list(procedure.steps),
        "conditions": list(procedure.conditions),
        "results": [{"name": one.name, "code": one.code} for one in procedure.results],
        "legal_basis": [{"number": one.number, "name": one.name} for one in procedure.legal_basis],
        "related": list(procedure.related),
        "common_names": list(procedure.common_names),
        "flags": list(procedure.flags),
    }


def _channel(body: Mapping[str, Any]) -> Channel:
    time = body.get("time")
    return Channel(
        channel=_enum(FilingChannel, "channel", body.get("channel")),
        time=TimeLimit(_count("time", time.get("amount")), _enum(TimeUnit, "time", time.get("unit")))
        if time
        else None,
        time_note=_text(body, "time_note"),
        fee_rule=_enum(FeeRule, "fee_rule", body.get("fee_rule") or "unknown"),
        fees=_each(body, "fees", lambda one: Fee(_count("fees", one.get("vnd")), _text(one, "note"))),
        note=_text(body, "note"),
    )


def _channel_json(one: Channel) -> dict[str, Any]:
    return {
        "channel": str(one.channel),
        "time": {"amount": one.time.amount, "unit": str(one.time.unit)} if one.time else None,
        "time_note": one.time_note,
        "fee_rule": str(one.fee_rule),
        "fees": [{"vnd": fee.vnd, "note": fee.note} for fee in one.fees],
        "note": one.note,
    }


def _case(body: Mapping[str, Any]) -> PaperCase:
    return PaperCase(_text(body, "case"), _each(body, "items", _paper))


def _paper(body: Mapping[str, Any]) -> Paper:
    return Paper(
        name=_need(body, "papers", "name"),
        form=_text(body, "form"),
        originals=_count("papers", body.get("originals") or 0),
        copies=_count("papers", body.get("copies") or 0),
        note=_text(body, "note"),
    )


def _case_json(one: PaperCase) -> dict[str, Any]:
    papers = [
        {"name": p.name, "form": p.form, "originals": p.originals, "copies": p.copies, "note": p.note}
        for p in one.items
    ]
    return {"case": one.case, "items": papers}


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return "" if value is None else " ".join(nfc(str(value)).split())


def _need(body: Mapping[str, Any], field: str, name: str) -> str:
    text = _text(body, name)
    if not text:
        raise BadRecord(field, "có mục không ghi tên")
    return text


def _many(body: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = body.get(name) or ()
    if isinstance(value, (str, Mapping)) or not isinstance(value, Sequence):
        raise BadRecord(name, "phải là một danh sách")
    return value


def _texts(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = (" ".join(nfc(str(one)).split()) for one in _many(body, name))
    return tuple(one for one in found if one)


def _each(body: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
    items = _many(body, name)
    if not all(isinstance(one, Mapping) for one in items):
        raise BadRecord(name, "mỗi mục phải có tên trường")
    return tuple(read(one) for one in items)


def _enum(kind: type[E], field: str, value: Any) -> E:
    try:
        return kind(str(value))
    except ValueError:
        known = ", ".join(one.value for one in kind)
        raise BadRecord(field, f"“{value}” không có trong: {known}") from None


def _audience(value: Any) -> str:
    if value not in _AUDIENCES:
        raise BadRecord("audience", f"“{value}” không có trong: {', '.join(sorted(_AUDIENCES))}")
    return str(value)


def _url(value: str) -> str:
    if value and not value.startswith(("https://", "http://")):
        raise BadRecord("source_url", "phải là đường dẫn bắt đầu bằng https://")
    return value


def _count(field: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadRecord(field, f"“{value}” phải là số nguyên không âm")
    return value


def _day(field: str, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise BadRecord(field, f"“{value}” không phải ngày dạng 2026-07-01") from None
