"""Moving a petition along its map. Every move leaves an owner, an alarm, an event and an audit row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from backend.domain.agency import Agency
from backend.domain.errors import Conflict, InvalidInput, NotFound
from backend.domain.petition import (
    ALARM_OF,
    FINAL,
    MOVES,
    Alarm,
    Petition,
    PetitionEvent,
    PetitionKind,
    PetitionState,
)
from backend.domain.ports import UnitOfWork
from backend.services.petitions import owners
from backend.services.petitions.deadlines import due
from backend.services.petitions.telling import subject, tell


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves: an account, the reporter's conversation, or the system, with roles as in :data:`MOVES`."""

    actor: str
    roles: frozenset[str]
    agency_id: int | None = None  # of an agency's officer, who moves only what the agency has


SYSTEM = Mover("system", frozenset({"system"}))


def move(
    uow: UnitOfWork,
    by: Mover,
    code: str,
    name: str,
    *,
    reason: str = "",
    agency: Agency | None = None,
    until: datetime | None = None,
    into: Petition | None = None,
    answer: str = "",
    **more: Any,
) -> Petition:
    """Make one move; returns the petition as it is then.

    ``agency`` for ``assign`` and ``reroute``, ``until`` for ``grant_extension``, ``answer`` for ``answer``,
    ``into`` for ``merge``; ``more`` are columns to set (kind, field_name, about_agency_id).

    Raises:
        NotFound: no such petition, or not for this mover.
        Conflict: its state does not allow the move (any more).
        InvalidInput: a reason, agency, date or answer is missing or cannot be.
    """
    petition = uow.petitions.lock(code)
    arrow = MOVES[name]
    _allowed(by, petition, name)
    if petition.state not in arrow.frm:
        raise Conflict()
    if arrow.needs_reason and not reason.strip():
        raise InvalidInput(reason="cần ghi lý do")
    changes: dict[str, Any] = {**more, "state": arrow.to, "raised": 0}
    if name in {"assign", "reroute"}:
        changes["agency_id"] = _fit_to_handle(uow, petition, agency, more.get("about_agency_id")).id
    if name == "return":
        changes["agency_id"] = None
    if name == "answer":
        if not answer.strip():
            raise InvalidInput(reason="cần ghi nội dung trả lời")
        changes["answer"] = answer.strip()
    if name == "merge":
        if into is None or into.id == petition.id or not into.is_open:
            raise InvalidInput(reason="phải chọn một đơn khác, còn đang xử lý, để gộp vào")
        changes["merged_into_id"] = into.id
    if name == "grant_extension":
        changes["due_at"] = _later(petition, until)
    if name == "reopen":
        changes |= {"agency_id": None, "reopened": petition.reopened + 1, "due_at": None}
    _apply(uow, by, petition, name, changes, reason)
    return _again(uow, petition.code)


def _apply(
    uow: UnitOfWork, by: Mover, petition: Petition, name: str, changes: dict[str, Any], reason: str
) -> None:
    to: PetitionState = changes["state"]
    kind = PetitionKind(changes.get("kind", petition.kind))
    changed = replace(petition, agency_id=changes.get("agency_id", petition.agency_id))
    due_at = changes.get("due_at", petition.due_at)
    if to in {PetitionState.ASSIGNED, PetitionState.IN_PROGRESS} and due_at is None:
        due_at = due(uow, kind, Alarm.ANSWER, uow.now, petition.received_at)
        changes["due_at"] = due_at
    changes["owner"] = owners.owner_of(uow, to, changed.agency_id)
    uow.petitions.change(petition.id, **{key: _plain(value) for key, value in changes.items()})
    set_alarm(uow, replace(changed, due_at=due_at), to, kind)
    told = ("agency_id", "due_at", "kind")
    detail: dict[str, Any] = {key: _told(changes[key]) for key in told if key in changes}
    event = PetitionEvent(uow.now, name, petition.state, to, by.actor, reason.strip(), detail)
    uow.petitions.note(petition.id, event)
    uow.audit.record(by.actor, f"petition_{name}", subject(petition.code), str(to), detail)
    number = len(uow.petitions.history(petition.id))
    tell(uow, _again(uow, petition.code), name, number, **_for_notice(uow, changed, name, due_at, reason))


def set_alarm(uow: UnitOfWork, petition: Petition, state: PetitionState, kind: PetitionKind) -> None:
    """What is due next from this state on: the answer at its date, every other step by its rule from now."""
    if state in FINAL:
        uow.petitions.change(petition.id, alarm="", alarm_at=None)
        return
    alarm = ALARM_OF[state]
    at = petition.due_at if alarm is Alarm.ANSWER and petition.due_at else None
    at = at or due(uow, kind, alarm, uow.now, petition.received_at)
    uow.petitions.change(petition.id, alarm=str(alarm), alarm_at=at)


def _allowed(by: Mover, petition: Petition, name: str) -> None:
    """An agency's officer sees and moves what the agency has, and never what is about the agency."""
    if not MOVES[name].by & by.roles:
        raise NotFound()
    if by.agency_id is None or by.roles & {"reporter", "system"}:
        return
    desk = by.roles & {"operator", "reception", "administrator"}
    if petition.about_agency_id == by.agency_id or (not desk and petition.agency_id != by.agency_id):
        raise NotFound()


def _fit_to_handle(
    uow: UnitOfWork, petition: Petition, agency: Agency | None, about_id: int | None
) -> Agency:
    """Nobody judges a petition about themselves or about who stands above them."""
    if agency is None:
        raise InvalidInput(reason="cần chọn cơ quan xử lý")
    about_id = about_id or petition.about_agency_id
    if about_id is None:
        return agency
    about = uow.agencies.get(about_id)
    if agency.id == about.id or agency.parent_code == about.code:
        superior = uow.agencies.by_code(about.parent_code) if about.parent_code else None
        instead = f"; giao cho {superior.name}" if superior else ""
        raise InvalidInput(reason=f"đơn phản ánh chính {about.name}, không giao cho nơi này{instead}")
    return agency


def _later(petition: Petition, until: datetime | None) -> datetime:
    if until is None or (petition.due_at is not None and until <= petition.due_at):
        raise InvalidInput(reason="hạn mới phải sau hạn đang có")
    return until


def _for_notice(
    uow: UnitOfWork, petition: Petition, name: str, due_at: datetime | None, reason: str
) -> dict[str, Any]:
    agency = uow.agencies.get(petition.agency_id).name if petition.agency_id else ""
    told = {"agency": agency, "due_at": due_at.isoformat() if due_at else ""}
    return {**told, "reason": reason.strip() if name in {"decline", "grant_extension"} else ""}


def _again(uow: UnitOfWork, code: str) -> Petition:
    found = uow.petitions.by_code(code)
    if found is None:
        raise NotFound()
    return found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (PetitionState, PetitionKind)) else value


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
