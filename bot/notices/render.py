"""Due notices become messages: planned below, put into words here, queued for the channel of their rung."""

from __future__ import annotations

from typing import Any

import structlog

from actions.base import Button
from actions.rating import rating_buttons
from backend.domain.callback import CallbackRequest
from backend.domain.messaging import ChannelName, Outgoing, Template
from backend.domain.notice import Notice, NoticeStatus, Rung
from backend.domain.ports import UnitOfWork
from backend.services.notices.ladder import Reach
from backend.services.notices.planning import Speech, plan
from bot.dialogue.desk import Desk
from bot.dialogue.speak import with_rows

log = structlog.get_logger(__name__)

#: Looked at in one transaction at the most; the next round takes the rest.
AT_ONCE = 200
#: Notices that follow from a wish of the person, who is told each time how to stop them.
_WITH_FOOTER = ("dossier", "petition")
_CALLS = "notice"


def render_due(uow: UnitOfWork, desk: Desk, reach: Reach | None = None, most: int = AT_ONCE) -> int:
    """Queue the notices that are due; returns how many were looked at. One transaction."""
    speeches, looked_at = plan(uow, reach or Reach(), most)
    for speech in speeches:
        try:
            with uow.savepoint():
                _say(uow, desk, reach or Reach(), speech)
        except Exception as error:  # one text that an officer broke must not silence the others
            log.error("notice_without_words", kind=speech.notices[0].notice.kind, error=type(error).__name__)
            for one in speech.notices:
                uow.notices.end(one.id, NoticeStatus.FAILED, (*one.trail, _no_words(uow, error)))
    return looked_at


def _no_words(uow: UnitOfWork, error: Exception) -> dict[str, str]:
    return {"by": "text", "at": uow.now.isoformat(timespec="seconds"), "reason": type(error).__name__}


def _say(uow: UnitOfWork, desk: Desk, reach: Reach, speech: Speech) -> None:
    way = speech.way
    if way.by is Rung.CALL:
        about = " ".join(_short(desk, one.notice, way.conversation.language) for one in speech.notices)
        uow.callbacks.add(way.conversation.id, _CALLS, CallbackRequest(way.phone, "", about), uow.now)
        for one in speech.notices:
            uow.notices.end(one.id, NoticeStatus.CALLED, one.trail)
        return
    body, via = _message(uow, desk, reach, speech)
    (row,) = uow.outbox.add(way.conversation, [body], uow.now, inbox_id=None, kind="notice", via=via)
    uow.notices.rendered([one.id for one in speech.notices], row, uow.now)


def _message(
    uow: UnitOfWork, desk: Desk, reach: Reach, speech: Speech
) -> tuple[Outgoing, tuple[ChannelName, str] | None]:
    language = speech.way.conversation.language
    first = speech.notices[0].notice
    if speech.way.by is Rung.CHAT:
        buttons = () if speech.is_digest else _buttons(first)
        shown, rows = with_rows(desk, speech.way.conversation, buttons, uow.now)
        uow.buttons.add(rows)
        return Outgoing(_words(desk, speech, language), shown, key=first.kind), None
    text = _short(desk, first, language)
    if speech.way.by is Rung.SMS:
        return Outgoing(text, key=first.kind, phone=speech.way.phone), (ChannelName.SMS, reach.sms)
    template = Template(speech.route.zns_template, _filled(speech, text))
    body = Outgoing(text, key=first.kind, phone=speech.way.phone, template=template)
    return body, (ChannelName.ZNS, reach.zns)


def _buttons(notice: Notice) -> tuple[Button, ...]:
    """A result or an answer may be rated."""
    answered = notice.kind == "notices/petition" and notice.values.get("move") == "answer"
    if answered or notice.kind == "notices/dossier_returned":
        return rating_buttons(notice.subject)
    return ()


def _words(desk: Desk, speech: Speech, language: str) -> str:
    kinds = [one.notice.kind for one in speech.notices]
    if speech.is_digest:
        lines = [_short(desk, one.notice, language) for one in speech.notices]
        text = desk.replies.render("notices/digest", {"lines": lines}, language, office=desk.office)
    else:
        text = desk.replies.render(kinds[0], speech.notices[0].notice.values, language, office=desk.office)
    if any(kind.partition("/")[2].startswith(_WITH_FOOTER) for kind in kinds):
        text += "\n" + desk.replies.render("notices/footer", None, language)
    return text


def _short(desk: Desk, notice: Notice, language: str) -> str:
    values: dict[str, Any] = {"code": notice.subject.partition(":")[2], **notice.values}
    values["kind"] = notice.kind.partition("/")[2]
    return desk.replies.render("notices/short", values, language, office=desk.office)


def _filled(speech: Speech, text: str) -> dict[str, str]:
    """The template's parameters; ``text`` stands for the whole sentence, the rest for the notice's values."""
    known = {**speech.notices[0].notice.values, "text": text}
    return {name: str(known.get(value, "")) for name, value in speech.route.zns_values.items()}
