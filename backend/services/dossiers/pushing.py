"""Events that a province's system pushes as they happen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from backend.domain.dossier import Applicant, Details, Dossier, DossierEvent, Filing, Stage
from backend.domain.ports import UnitOfWork
from backend.domain.running import Source
from backend.services.dossiers.following import notify_changes
from backend.services.dossiers.owners import owned
from backend.text.codes import check_code_pattern
from backend.text.phones import normalise_phone

#: Events taken in one call.
MOST_EVENTS = 500
_AHEAD = timedelta(minutes=10)  # clocks differ; more is a mistake
_TEXTS = {"title": 1000, "procedure_code": 40, "agency": 300, "holder": 300, "step": 300, "raw_status": 300}
_KNOWN = {"code", "event_id", "stage", "at", "received_at", "due_at", "papers", "reason", "note", "applicant"}


class BadEvent(ValueError):
    """``field`` is what cannot be used; the message says why, in Vietnamese."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True, slots=True)
class Pushed:
    """``errors`` name the item by its place in the call, from 0."""

    accepted: int
    changed: int
    errors: tuple[Mapping[str, Any], ...]


def push_events(uow: UnitOfWork, source: str, payload: Any) -> Pushed:
    """Take ``{"events": [{code, event_id, stage, at, …}]}``; good items are kept even where others are
    refused.

    The same event id may be pushed again without harm. An event older than what is known goes to the
    history only.

    Raises:
        BadEvent: the payload as a whole cannot be used.
    """
    items = payload.get("events") if isinstance(payload, Mapping) else None
    if not isinstance(items, list) or not items:
        raise BadEvent("events", "cần một danh sách “events” có ít nhất một phần tử")
    if len(items) > MOST_EVENTS:
        raise BadEvent("events", f"mỗi lần gửi nhiều nhất {MOST_EVENTS} sự kiện")
    _announce(uow, source)
    errors: list[Mapping[str, Any]] = []
    accepted = changed = 0
    for place, item in enumerate(items):
        try:
            changed += _take(uow, source, item)
            accepted += 1
        except BadEvent as error:
            errors.append({"index": place, "field": error.field, "reason": str(error)})
    if accepted:
        known = uow.sources.get(source)
        uow.sources.put(replace(known or Source(source, "push", None), as_of=uow.now))
    return Pushed(accepted, changed, tuple(errors))


def _take(uow: UnitOfWork, source: str, item: Any) -> bool:
    if not isinstance(item, Mapping):
        raise BadEvent("", "phải là một đối tượng")
    unknown = set(item) - _KNOWN - set(_TEXTS)
    if unknown:
        raise BadEvent(sorted(unknown)[0], "trường không có trong quy cách")
    code = _text(item, "code", 60)
    if not check_code_pattern(code):
        raise BadEvent("code", "không phải mã hồ sơ đầy đủ")
    event = _event(uow, item, code)
    known = uow.dossiers.by_code(code)
    if known is None and not _text(item, "agency", 300):
        raise BadEvent("agency", "hồ sơ mới cần tên cơ quan giải quyết")
    if known is not None and event.at < known.as_of:
        uow.dossiers.add_events(known.id, [event])
        return False
    dossier = _dossier(item, code, source, event, known)
    changes = uow.dossiers.put_many(owned(uow, [Filing(dossier, _applicant(item), (event,))]))
    notify_changes(uow, changes)
    return changes[0].changed


def _event(uow: UnitOfWork, item: Mapping[str, Any], code: str) -> DossierEvent:
    stage = item.get("stage")
    if not isinstance(stage, int) or isinstance(stage, bool) or not 0 <= stage <= 10:
        raise BadEvent("stage", "trạng thái là số từ 0 đến 10")
    at = _moment(item, "at")
    if at is None:
        raise BadEvent("at", "thiếu thời điểm")
    if at > uow.now + _AHEAD:
        raise BadEvent("at", "thời điểm ở tương lai")
    at = min(at, uow.now)
    event_id = _text(item, "event_id", 100)
    if not event_id:
        content = f"{code}|{stage}|{at.isoformat()}|{item.get('step')}|{item.get('holder')}"
        event_id = "p:" + hashlib.blake2b(content.encode(), digest_size=12).hexdigest()
    return DossierEvent(
        event_id,
        Stage(stage),
        at,
        _text(item, "raw_status", 300),
        _text(item, "holder", 300) or None,
        _text(item, "step", 300) or None,
        _text(item, "note", 1000),
    )


def _dossier(
    item: Mapping[str, Any], code: str, source: str, event: DossierEvent, known: Dossier | None
) -> Dossier:
    """What is known, moved on by the event."""
    before = known or Dossier(code, event.stage, source, event.at)
    details = replace(
        before.details if event.stage is before.stage else Details(collect_at=before.details.collect_at),
        reason=_text(item, "reason", 1000),
        note=event.note,
    )
    if event.stage is Stage.SUPPLEMENT:
        asked = details.supplement_asked_at or event.at
        details = replace(details, papers=_papers(item), supplement_asked_at=asked)
    due = _moment(item, "due_at")
    moved = known is not None and known.due_at is not None and due is not None and due != known.due_at
    return replace(
        before,
        stage=event.stage,
        source=source,
        as_of=event.at,
        raw_status=event.raw_status or event.stage.official_name,
        title=_text(item, "title", 1000) or before.title,
        procedure_code=_text(item, "procedure_code", 40) or before.procedure_code,
        agency_name=_text(item, "agency", 300) or before.agency_name,
        holder=event.holder,
        step=event.step,
        received_at=_moment(item, "received_at") or before.received_at,
        due_at=due or before.due_at,
        finished_at=event.at if event.stage.ended and before.finished_at is None else before.finished_at,
        returned_at=event.at if event.stage is Stage.RETURNED else before.returned_at,
        details=replace(details, due_moved=details.due_moved or moved),
    )


def _papers(item: Mapping[str, Any]) -> tuple[str, ...]:
    papers = item.get("papers", ())
    if not isinstance(papers, Sequence) or isinstance(papers, str):
        raise BadEvent("papers", "phải là danh sách tên giấy tờ")
    if not all(isinstance(one, str) and 0 < len(one) <= 300 for one in papers) or len(papers) > 50:
        raise BadEvent("papers", "tên giấy tờ phải là chữ, nhiều nhất 50 mục, mỗi mục không quá 300 ký tự")
    return tuple(papers)


def _applicant(item: Mapping[str, Any]) -> Applicant | None:
    told = item.get("applicant")
    if told is None:
        return None
    if not isinstance(told, Mapping):
        raise BadEvent("applicant", "phải là đối tượng có name, phone")
    phone = _text(told, "phone", 30)
    try:
        number = normalise_phone(phone) if phone else ""
    except ValueError:
        raise BadEvent("applicant.phone", "không phải số điện thoại Việt Nam") from None
    other = told.get("for_other", False)
    if not isinstance(other, bool):
        raise BadEvent("applicant.for_other", "phải là true hoặc false")
    return Applicant(_text(told, "name", 300), number, bool(number) and other)


def _text(item: Mapping[str, Any], name: str, most: int) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise BadEvent(name, f"phải là chữ, không quá {most} ký tự")
    return value.strip()


def _moment(item: Mapping[str, Any], name: str) -> datetime | None:
    value = item.get(name)
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadEvent(name, "phải dạng 2026-11-20T14:05:00+07:00") from None
    if moment.tzinfo is None or not 2000 <= moment.year < 2100:
        raise BadEvent(name, "cần múi giờ, dạng 2026-11-20T14:05:00+07:00")
    return moment


def _announce(uow: UnitOfWork, name: str) -> None:
    """What is pushed is news by itself: a feed of events has no first load that would have to be silent."""
    known = uow.sources.get(name) or Source(name, "push", None)
    if known.loaded_at is None:
        uow.sources.put(replace(known, loaded_at=uow.now))
