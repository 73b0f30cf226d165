"""Moving a petition along its map. Every move leaves an owner, an alarm, an event and an audit row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from backend.domain.agency import Agency
from backend.domain.clock import local_date
from backend.domain.errors import Conflict, InvalidInput, NotFound
from backend.domain.petition import (
    ALARM_OF,
    FINAL,
    MOVES,
    Petition,
    PetitionEvent,
    PetitionKind,
    PetitionSource,
    PetitionState,
)
from backend.domain.petition_paper import Paper
from backend.domain.ports import UnitOfWork
from backend.services.petitions import owners
from backend.services.petitions.deadlines import alarm_time, answer_by
from backend.services.petitions.outcomes import Given, longest_extension, owe_reports, paper_after
from backend.services.petitions.owners import about_all, concerned, fit_to_handle
from backend.services.petitions.suggesting import learn
from backend.services.petitions.telling import REASON_TOLD, subject, tell


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves: an account, the reporter's conversation, or the system, with roles as in :data:`MOVES`."""

    actor: str
    roles: frozenset[str]
    agency_id: int | None = None  # of an agency's officer, who moves only what the agency has


SYSTEM = Mover("system", frozenset({"system"}))
#: Ends without an answer: what was merged into it comes back to the desk, so that nobody waits for nothing.
GIVES_BACK = frozenset({"decline", "guide", "send_back", "file_away", "withdraw"})


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
    document: str = "",
    body: str = "",
    skips_level: bool = False,
    complex_case: bool = False,
    remote: bool = False,
    **more: Any,
) -> Petition:
    """Make one move; returns the petition as it is then.

    ``agency`` for ``assign`` and ``reroute``, and as the competent body (else ``body``, a name) for ``guide`` and
    ``forward``; ``until`` for ``grant_extension``, ``answer`` for ``answer``, ``into`` for ``merge``; ``document`` the
    number of our notice, or of the other body's answer; ``complex_case`` and ``remote`` for accepting a complaint;
    ``more`` are columns to set (kind, field_name, about_agency_id).

    Raises:
        NotFound: no such petition, or not for this mover.
        Conflict: its state does not allow the move (any more).
        InvalidInput: a reason, agency, date, number or answer is missing or cannot be, or the law does not allow it.
    """
    given = Given(
        reason.strip(), agency, until, into, answer, document, body, skips_level, complex_case, remote, more
    )
    petition = _locked(uow, code, into)
    _make(uow, by, petition, name, given)
    return _again(uow, petition.code)


def _make(uow: UnitOfWork, by: Mover, petition: Petition, name: str, given: Given) -> None:
    arrow = MOVES[name]
    _allowed(uow, by, petition, name)
    if petition.state not in arrow.frm:
        raise Conflict()
    if arrow.needs_reason and not given.reason:
        raise InvalidInput(reason="cần ghi lý do")
    paper = paper_after(uow, petition, name, given)
    changes = {**_columns(uow, petition, given.more), "state": arrow.to, "raised": 0}
    changes |= _changes(uow, petition, name, given, paper)
    about_id = changes.get("about_agency_id", petition.about_agency_id)
    if concerned(uow, about_id, changes.get("agency_id", petition.agency_id)):
        raise InvalidInput(reason="đơn phản ánh chính cơ quan đang xử lý; giao cho nơi khác trước")
    if paper is not None:
        uow.petition_papers.put(petition.id, paper)
    _apply(uow, by, petition, name, changes, given)
    _settle(uow, petition, name, changes)


def _locked(uow: UnitOfWork, code: str, into: Petition | None) -> Petition:
    """The petition, locked; with the one it goes on in, always in the same order, so that two merges cannot cross."""
    if into is None:
        return uow.petitions.lock(code)
    found = {one: uow.petitions.lock(one) for one in sorted({code, into.code})}
    return found[code]


def _columns(uow: UnitOfWork, petition: Petition, more: dict[str, Any]) -> dict[str, Any]:
    """The columns given with the move, once they can be."""
    if (kind := more.get("kind")) is not None:
        if PetitionKind(kind) is PetitionKind.DENUNCIATION:
            raise InvalidInput(reason="tố cáo không ở đây; chuyển vào ngăn kín")
        changed = {PetitionKind(kind), petition.kind}
        if petition.source is PetitionSource.CHAT and len(changed) > 1 and PetitionKind.COMPLAINT in changed:
            raise InvalidInput(reason="khiếu nại không nhận qua tin nhắn")
    if (field_name := more.get("field_name")) and uow.petition_fields.get(field_name) is None:
        raise InvalidInput(reason=f"không có lĩnh vực “{field_name}”")
    return dict(more)


def _changes(
    uow: UnitOfWork, petition: Petition, name: str, given: Given, paper: Paper | None
) -> dict[str, Any]:
    """What the move itself changes, beside the state."""
    if name in {"assign", "reroute"}:
        if given.agency is None:
            raise InvalidInput(reason="cần chọn cơ quan xử lý")
        about = about_all(uow, petition, given.more.get("about_agency_id"))
        return {"agency_id": fit_to_handle(uow, given.agency, about).id}
    if name == "return":
        return {"agency_id": None}
    if name in {"answer", "answered_elsewhere"}:
        if not given.answer.strip() and name == "answer":
            raise InvalidInput(reason="cần ghi nội dung trả lời")
        return {"answer": given.answer.strip()}
    if name == "merge":
        return {"merged_into_id": _fit_to_take_in(uow, petition, given).id}
    if name == "accept" and paper is not None and paper.accepted_at is not None:
        return {"due_at": answer_by(uow, petition, petition.kind, paper)}
    if name == "grant_extension":
        return {"due_at": _later(uow, petition, given.until)}
    if name in {"reopen", "unmerge"}:
        again = {"reopened": petition.reopened + 1} if name == "reopen" else {"merged_into_id": None}
        return {"agency_id": None, "due_at": None, **again}
    return {}


def _fit_to_take_in(uow: UnitOfWork, petition: Petition, given: Given) -> Petition:
    """The petition that this one goes on in; it must stay true that nobody handles what is about them."""
    into = uow.petitions.by_code(given.into.code) if given.into else None
    if into is None or into.id == petition.id or not into.is_open:
        raise InvalidInput(reason="phải chọn một đơn khác, còn đang xử lý, để gộp vào")
    about = {petition.about_agency_id, into.about_agency_id} - {None}
    if len(about) > 1:
        raise InvalidInput(reason="hai đơn phản ánh hai cơ quan khác nhau, không gộp được")
    if concerned(uow, petition.about_agency_id, into.agency_id):
        raise InvalidInput(reason="đơn này phản ánh chính nơi đang xử lý đơn kia, không gộp được")
    if about and into.about_agency_id is None:
        about_id = petition.about_agency_id
        owner = owners.owner_of(uow, into.state, into.agency_id, about_id)
        uow.petitions.change(into.id, about_agency_id=about_id, owner=owner)
    return into


def _apply(
    uow: UnitOfWork, by: Mover, petition: Petition, name: str, changes: dict[str, Any], given: Given
) -> None:
    to: PetitionState = changes["state"]
    kind = PetitionKind(changes.get("kind", petition.kind))
    changed = replace(
        petition,
        agency_id=changes.get("agency_id", petition.agency_id),
        about_agency_id=changes.get("about_agency_id", petition.about_agency_id),
        reopened=changes.get("reopened", petition.reopened),
    )
    due_at = changes.get("due_at", petition.due_at)
    if to in {PetitionState.ASSIGNED, PetitionState.IN_PROGRESS} and due_at is None:
        due_at = answer_by(uow, changed, kind, uow.petition_papers.of(petition.id))
        changes["due_at"] = due_at
    changes["owner"] = owners.owner_of(uow, to, changed.agency_id, changed.about_agency_id)
    uow.petitions.change(petition.id, **{key: _plain(value) for key, value in changes.items()})
    set_alarm(uow, replace(changed, due_at=due_at), to, kind)
    told = ("agency_id", "due_at", "kind", "field_name")
    detail: dict[str, Any] = {key: _told(changes[key]) for key in told if key in changes}
    if given.document.strip():
        detail["document"] = " ".join(given.document.split())
    event = PetitionEvent(uow.now, name, petition.state, to, by.actor, given.reason, detail)
    uow.petitions.note(petition.id, event)
    uow.audit.record(by.actor, f"petition_{name}", subject(petition.code), str(to), detail)
    number = len(uow.petitions.history(petition.id))
    tell(uow, _again(uow, petition.code), name, number, **_for_notice(uow, changed, name, due_at, given))


def _settle(uow: UnitOfWork, petition: Petition, name: str, changes: dict[str, Any]) -> None:
    """What a move brings with it: reports owed, merged ones given back, a person's decision learnt from."""
    owe_reports(uow, petition, name)
    if name == "classify" and (field_name := changes.get("field_name")):
        learn(uow, petition, field_name)
    if name in GIVES_BACK:
        for one in uow.petitions.merged_in(petition.id):
            move(uow, SYSTEM, one.code, "unmerge", reason=f"{petition.code} đã kết thúc mà không có trả lời")


def set_alarm(uow: UnitOfWork, petition: Petition, state: PetitionState, kind: PetitionKind) -> None:
    """What is due next from this state on: the answer at its date, every other step by its rule."""
    if state in FINAL:
        uow.petitions.change(petition.id, alarm="", alarm_at=None)
        return
    alarm = ALARM_OF[state]
    uow.petitions.change(
        petition.id, alarm=str(alarm), alarm_at=alarm_time(uow, petition, state, alarm, kind)
    )


def _allowed(uow: UnitOfWork, by: Mover, petition: Petition, name: str) -> None:
    """An agency's officer sees and moves what the agency has, and never what is about the agency."""
    if not MOVES[name].by & by.roles:
        raise NotFound()
    if by.agency_id is None or by.roles & {"reporter", "system"}:
        return
    desk = by.roles & {"operator", "reception", "administrator"}
    about_own = concerned(uow, petition.about_agency_id, by.agency_id)
    if about_own or (not desk and petition.agency_id != by.agency_id):
        raise NotFound()


def _later(uow: UnitOfWork, petition: Petition, until: datetime | None) -> datetime:
    latest = longest_extension(uow, petition)
    until = until or latest  # the law's own longest time, where it has one
    if until is None or (petition.due_at is not None and until <= petition.due_at):
        raise InvalidInput(reason="hạn mới phải sau hạn đang có")
    if latest is not None and until > latest:
        raise InvalidInput(reason=f"khiếu nại phức tạp cũng chỉ được đến {local_date(latest):%d/%m/%Y}")
    return until


def _for_notice(
    uow: UnitOfWork, petition: Petition, name: str, due_at: datetime | None, given: Given
) -> dict[str, Any]:
    agency = uow.agencies.get(petition.agency_id).name if petition.agency_id else ""
    paper = uow.petition_papers.of(petition.id)
    return {
        "agency": agency,
        "due_at": due_at.isoformat() if due_at else "",
        "reason": given.reason if name in REASON_TOLD else "",
        "body": paper.body,
        "document": paper.answer_number if name == "answered_elsewhere" else paper.document,
        "skips_level": paper.skips_level,
    }


def _again(uow: UnitOfWork, code: str) -> Petition:
    found = uow.petitions.by_code(code)
    if found is None:
        raise NotFound()
    return found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (PetitionState, PetitionKind)) else value


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
