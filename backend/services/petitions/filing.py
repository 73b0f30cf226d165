"""Filing a petition, and the two lawful roads that are no filing: help with a complaint, the sealed lane."""

from __future__ import annotations

from datetime import datetime

from backend.domain.petition import BY_CHAT, NewPetition, Petition, PetitionKind, PetitionSource
from backend.domain.ports import UnitOfWork
from backend.domain.viewer import Viewer
from backend.services.petitions import owners, suggesting
from backend.services.petitions.moving import set_alarm
from backend.services.petitions.telling import subject

#: Heads of codes: a petition; a request for help with a complaint, whose code is never called a receipt.
PETITION, HELP = "PA", "HT"


def file(uow: UnitOfWork, actor: str, new: NewPetition, received_at: datetime | None = None) -> Petition:
    """Keep it, with an owner and an alarm from its first moment. ``received_at`` None: it came this moment.

    Raises:
        ValueError: a denunciation, or a complaint that came by chat, is filed as something it is not.
    """
    if new.kind is PetitionKind.DENUNCIATION:
        raise ValueError("a denunciation goes to the sealed lane")
    by_chat = new.source is PetitionSource.CHAT
    if by_chat and new.kind not in BY_CHAT:
        raise ValueError("a complaint is not filed by chat")
    return _keep(uow, actor, new, PETITION, "petition_file", received_at)


def ask_for_help(uow: UnitOfWork, actor: str, new: NewPetition) -> Petition:
    """Record that somebody wants help with a complaint (khiếu nại). It is no complaint: the 90 days still run."""
    return _keep(uow, actor, new, HELP, "complaint_help")


def _keep(
    uow: UnitOfWork,
    actor: str,
    new: NewPetition,
    head: str,
    action: str,
    received_at: datetime | None = None,
) -> Petition:
    phone = new.reporter.phone
    print_ = uow.cipher.fingerprint(phone, "phone") if phone else None
    owner = owners.duty(uow, new.about_agency_id)
    kept = uow.petitions.add(new, head, owner, print_, received_at or uow.now)
    set_alarm(uow, kept, kept.state, kept.kind)
    if head == PETITION:
        suggesting.note(uow, kept)
    detail = {"kind": str(new.kind), "source": str(new.source), "files": len(new.files)}
    uow.audit.record(actor, action, subject(kept.code), "received", detail)
    found = uow.petitions.by_code(kept.code)
    if found is None:
        raise LookupError(kept.code)
    return found


def seal_away(uow: UnitOfWork, viewer: Viewer, words: str) -> None:
    """What was said of a denunciation: into the sealed lane, and out of the conversation it was said in."""
    if words.strip():
        seal(uow, str(viewer.address.channel), words)
    uow.inbox.blank(viewer.conversation_id)
    uow.outbox.blank(viewer.conversation_id)


def seal(
    uow: UnitOfWork, channel: str, words: str, received_at: datetime | None = None, key: str = ""
) -> None:
    """Into the sealed lane; the trace says that something came, not what and from whom.

    ``key``, sealed with the words, lets the same paper be known when it is entered again.
    """
    content = {"words": words, "key": key} if key else {"words": words}
    uow.petitions.seal_report(channel, content, received_at or uow.now)
    uow.audit.record("bot", "report_sealed", "sealed", "ok")
