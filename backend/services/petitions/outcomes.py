"""How the desk disposes of what it received, as the law names it: accepted, guided, passed on, sent back, filed.

Which outcome is lawful for which kind, and which needs the number of a written notice, stands in
``backend/domain/petition_paper.py``. Here it is checked, and what was settled is written on the petition's paper.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from backend.domain.agency import Agency
from backend.domain.errors import InvalidInput
from backend.domain.petition import IN_PERSON, Petition
from backend.domain.petition_paper import TOLD_BACK, Outcome, Paper, lawful
from backend.domain.ports import UnitOfWork
from backend.services.agencies.resolve import resolve_agency
from backend.services.petitions.deadlines import decision_step, due, is_complaint
from backend.services.petitions.owners import about_all, fit_to_handle

_OUTCOMES = frozenset(str(one) for one in Outcome)
#: Moves that end it for now: who forwarded it to us must hear of them.
_REPORTED = frozenset(
    {"answer", "answered_elsewhere", "decline", "guide", "send_back", "file_away", "forward"}
)
_NAMES = {
    Outcome.ACCEPT: "thụ lý",
    Outcome.GUIDE: "hướng dẫn",
    Outcome.FORWARD: "chuyển",
    Outcome.SEND_BACK: "trả đơn",
    Outcome.FILE_AWAY: "lưu",
    Outcome.DECLINE: "không thụ lý",
}
_LONGEST_DOCUMENT, _LONGEST_BODY = 60, 200


@dataclass(frozen=True, slots=True)
class Given:
    """What a mover hands over with a move."""

    reason: str = ""
    agency: Agency | None = None  # who handles it, or the competent body
    until: datetime | None = None
    into: Petition | None = None
    answer: str = ""
    document: str = ""  # number of our notice, or of the other body's answer
    body: str = ""  # the competent body where it is none of our agencies
    skips_level: bool = False
    complex_case: bool = False
    remote: bool = False
    more: dict[str, Any] = field(default_factory=dict)  # columns to set


def paper_after(uow: UnitOfWork, petition: Petition, name: str, given: Given) -> Paper | None:
    """The petition's paper as the move leaves it; None where it says nothing new.

    Raises:
        InvalidInput: the law does not know this outcome for this kind, or a number or body is missing.
    """
    document = _short(given.document, _LONGEST_DOCUMENT, "số văn bản")
    if given.skips_level and name not in {"guide", "forward"}:
        raise InvalidInput(reason="đơn gửi vượt cấp thì hướng dẫn hoặc chuyển")
    if name in _OUTCOMES:
        _check(petition, Outcome(name), given, document)
    paper = uow.petition_papers.of(petition.id)
    if name in {"guide", "forward"}:
        body = _competent(uow, petition, name, given)
        agency_id = given.agency.id if given.agency else None
        return replace(
            paper, document=document, body=body, body_agency_id=agency_id, skips_level=given.skips_level
        )
    if name == "answered_elsewhere":
        if not document:
            raise InvalidInput(reason="cần số văn bản trả lời của nơi đã chuyển đến")
        return replace(paper, answer_number=document)
    if name == "take_back":
        return replace(paper, body="", body_agency_id=None, skips_level=False)
    if name == "accept":
        return _accepted(uow, petition, paper, given, document)
    return replace(paper, document=document) if document else None


def _accepted(uow: UnitOfWork, petition: Petition, paper: Paper, given: Given, document: str) -> Paper | None:
    if not is_complaint(petition, petition.kind):
        return replace(paper, document=document) if document else None
    return replace(
        paper,
        document=document,
        accepted_at=uow.now,
        complex_case=given.complex_case,
        remote=given.remote or paper.remote,
    )


def _check(petition: Petition, outcome: Outcome, given: Given, document: str) -> None:
    if petition.code.startswith("HT-"):  # a request for help is no complaint: nothing of it is passed on
        if outcome in {Outcome.FORWARD, Outcome.SEND_BACK}:
            raise InvalidInput(reason="yêu cầu hỗ trợ không phải là đơn nên không chuyển, không trả")
        return
    rule = lawful(petition.kind, outcome, petition.source, skips_level=given.skips_level)
    if rule is None:
        raise InvalidInput(reason=f"pháp luật không cho {_NAMES[outcome]} loại đơn này ở trường hợp này")
    spoken = rule.unless_in_person and petition.source in IN_PERSON
    if rule.document and not spoken and not document:
        raise InvalidInput(reason=f"{_NAMES[outcome]} phải có văn bản, cần ghi số ({rule.law})")


def _competent(uow: UnitOfWork, petition: Petition, name: str, given: Given) -> str:
    """The name of the body that the sender, or the petition, is sent to."""
    body = _short(given.body, _LONGEST_BODY, "tên cơ quan")
    if given.agency is None and not body:
        raise InvalidInput(reason="cần ghi cơ quan có thẩm quyền")
    if given.skips_level and (given.agency is None or given.agency.parent_code is None):
        raise InvalidInput(reason="đơn vượt cấp: cần chọn cơ quan có thẩm quyền ở cấp dưới")
    if (
        name == "forward"
    ):  # a sender may be guided to whom it is about; the petition itself is never given to them
        about = about_all(uow, petition, given.more.get("about_agency_id"))
        named = [given.agency] if given.agency else [one.agency for one in resolve_agency(uow, body)]
        for agency in named:
            fit_to_handle(uow, agency, about)
    return body or (given.agency.name if given.agency else "")


def longest_extension(uow: UnitOfWork, petition: Petition) -> datetime | None:
    """Beyond it no decision on a complaint may be put off (Luật Khiếu nại Đ28); None where no law says so."""
    if not is_complaint(petition, petition.kind):
        return None
    paper = uow.petition_papers.of(petition.id)
    step = decision_step(remote=paper.remote, complex_case=True)
    return due(uow, petition.kind, step, paper.accepted_at or uow.now, petition.received_at)


def owe_reports(uow: UnitOfWork, petition: Petition, name: str) -> None:
    """From now on the time runs in which who forwarded it must hear of it, for merged ones as well."""
    if name not in _REPORTED:
        return
    for one in (petition, *uow.petitions.all_merged_in(petition.id)):
        for origin in uow.petition_papers.origins(one.id):
            if origin.kind in TOLD_BACK and origin.report_by is None:
                at = due(uow, one.kind, "report_back", uow.now, one.received_at)
                uow.petition_papers.report_by(origin.id, at)


def _short(text: str, most: int, what: str) -> str:
    text = " ".join(text.split())
    if len(text) > most:
        raise InvalidInput(reason=f"{what} dài quá {most} ký tự")
    return text
