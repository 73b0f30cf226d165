"""Telling people of changes: those who follow a dossier and, where the office wants it, the phone on the dossier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backend.domain.clock import VIETNAM, local_date
from backend.domain.dossier import Change, Dossier, Stage
from backend.domain.messaging import Address, ChannelName
from backend.domain.notice import Notice
from backend.domain.ports import UnitOfWork
from backend.domain.viewer import Viewer
from backend.services.dossiers.access import is_open
from backend.services.dossiers.listing import summaries
from backend.services.dossiers.places import place_of
from backend.services.dossiers.views import NotEnough, Summary
from backend.services.notices.ladder import PHONE_ACCOUNT
from backend.services.notices.routes import route_of
from backend.services.notices.stopping import resume
from backend.services.people import conversations_of, is_followed, preferred_conversation
from backend.services.quiet import settled

_KINDS = {
    Stage.ACCEPTED: "notices/dossier_accepted",
    Stage.REFUSED: "notices/dossier_refused",
    Stage.PROCESSING: "notices/dossier_processing",
    Stage.SUPPLEMENT: "notices/dossier_supplement",
    Stage.FEE_DUE: "notices/dossier_fee_due",
    Stage.WITHDRAWN: "notices/dossier_withdrawn",
    Stage.STOPPED: "notices/dossier_stopped",
    Stage.DONE: "notices/dossier_ready",
    Stage.RETURNED: "notices/dossier_returned",
}


def kind_of(stage: Stage) -> str:
    """The notice that tells of this stage."""
    return _KINDS.get(stage, "notices/dossier_other")


def follow(uow: UnitOfWork, viewer: Viewer, code: str) -> Summary | NotEnough:
    """Tell this person of every later change of stage; asking twice, on whatever channel, changes nothing.

    ``NotEnough`` when the dossier is not open to the viewer, whether it exists or not.
    """
    dossier = uow.dossiers.by_code(code)
    if dossier is None or not is_open(viewer, dossier):
        return NotEnough()
    if not is_followed(uow, viewer, dossier.id):
        uow.dossiers.follow(dossier.id, viewer.conversation_id, uow.now)
    resume(uow, viewer)
    uow.audit.record(viewer.actor, "dossier.follow", f"dossier:{code}", "done")
    return summaries(uow, [dossier])[0]


def unfollow(uow: UnitOfWork, viewer: Viewer, code: str | None) -> tuple[str, ...]:
    """Stop for one dossier, or for all when ``code`` is None; at once, on every channel of this person.

    Returns the codes it stopped for.
    """
    stopped: dict[str, None] = {}
    for number in conversations_of(uow, viewer):
        for one in uow.dossiers.followed(number):
            if code is None or one.code == code:
                uow.dossiers.unfollow(one.id, number)
                uow.audit.record(viewer.actor, "dossier.unfollow", f"dossier:{one.code}", "done")
                stopped[one.code] = None
    return tuple(stopped)


def followed(uow: UnitOfWork, viewer: Viewer) -> tuple[Summary, ...]:
    """What this person is told of, on whatever channel it was asked for."""
    if viewer.group:
        return ()
    found = [one for number in conversations_of(uow, viewer) for one in uow.dossiers.followed(number)]
    return summaries(uow, list({one.id: one for one in found}.values()))


def notify_changes(uow: UnitOfWork, changes: Iterable[Change]) -> int:
    """Write notices of dossiers whose stage changed; a part's change goes to the whole's followers, too.

    Not for a source's first load (``Source.loaded_at`` is None): history is no news.
    """
    news = [change.dossier for change in changes if change.stage_changed]
    loading = {name for name in {one.source for one in news} if _first_load(uow, name)}
    news = [one for one in news if one.source not in loading]
    return sum(
        notify(uow, one, kind_of(one.stage), f"{int(one.stage)}:{one.as_of.isoformat()}") for one in news
    )


def notify(uow: UnitOfWork, one: Dossier, kind: str, event: str, **more: Any) -> int:
    """Write one notice to everybody who is to know; returns how many were new.

    ``event`` names what happened: the same event is told once.
    """
    followers = uow.dossiers.followers({i for i in (one.id, one.parent_id) if i})
    told = [(conversation, False) for conversation in _people(uow, _told(one, followers))]
    if not told and route_of(uow, kind).applicants:
        told = _applicant(uow, one)
    values = {**_facts(uow, one), **more} if told else {}
    return sum(
        uow.notices.add(
            Notice(
                kind=kind,
                subject=f"dossier:{one.code}",
                conversation_id=conversation,
                due_at=settled(uow.now),
                dedupe_key=f"dossier:{one.code}:{conversation}:{event}"[:200],
                values={**values, "for_other": other},
            )
        )
        for conversation, other in told
    )


def _first_load(uow: UnitOfWork, name: str) -> bool:
    source = uow.sources.get(name)
    return source is None or source.loaded_at is None


def _told(one: Dossier, followers: Mapping[int, Sequence[int]]) -> Sequence[int]:
    own, whole = followers.get(one.id, ()), followers.get(one.parent_id or 0, ())
    return sorted({*own, *whole})


def _people(uow: UnitOfWork, conversations: Sequence[int]) -> Sequence[int]:
    """One conversation for each person: who follows the whole here and a part there is told once."""
    first: dict[int, int] = {}
    for number in conversations:
        first.setdefault(preferred_conversation(uow, number), number)
    return list(first.values())


def _applicant(uow: UnitOfWork, one: Dossier) -> list[tuple[int, bool]]:
    """The conversation of the phone on the dossier; it may belong to somebody who filed for the owner."""
    person = uow.dossiers.applicant(one.id)
    if person is None or not person.phone:
        return []
    place = Address(ChannelName.SMS, PHONE_ACCOUNT, uow.cipher.fingerprint(person.phone, "phone"))
    if uow.accounts.identity(place) is None:
        uow.accounts.note_phone(place, person.phone)
    return [(uow.conversations.lock_or_start(place, uow.now), person.for_other)]


def _facts(uow: UnitOfWork, one: Dossier) -> dict[str, Any]:
    """What the sentences need, as JSON values. Only people behind the second factor read them."""
    details = one.details
    place = place_of(uow, one) if one.stage is Stage.DONE else None
    early = _early_days(uow, one)
    return {
        "code": one.code,
        "title": one.title,
        "agency": one.agency_name,
        "stage": int(one.stage),
        "whole_code": one.parent_code or "",
        "due_at": one.due_at.isoformat() if one.due_at else "",
        "papers": list(details.papers),
        "supplement_by": details.supplement_by.isoformat() if details.supplement_by else "",
        "fees": [[fee.name, fee.amount_vnd] for fee in details.fees if not fee.paid],
        "pay_at": details.pay_at,
        "reason": details.reason,
        "early_days": early,
        "place": [place.name, place.address, place.phone, place.hours] if place else [],
        "source": one.source,
        "as_of": f"{one.as_of.astimezone(VIETNAM):%H:%M %d/%m/%Y}",
    }


def _early_days(uow: UnitOfWork, one: Dossier) -> int:
    """Whole working days before the promise; 0 where it was not early."""
    if one.stage is not Stage.DONE or one.due_at is None or one.finished_at is None:
        return 0
    return max(0, uow.calendar.working_days_between(local_date(one.finished_at), local_date(one.due_at)))
