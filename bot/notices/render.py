"""Due notices become messages: rendered when due, queued in the outbox of the person's own channel."""

from __future__ import annotations

from actions.base import Reply
from backend.domain.messaging import Outgoing
from backend.domain.ports import UnitOfWork
from bot.dialogue.desk import Desk

#: Rendered in one transaction at the most; the next round takes the rest.
AT_ONCE = 200


def render_due(uow: UnitOfWork, desk: Desk) -> int:
    """Queue the notices that are due; returns how many. One transaction."""
    count = 0
    for notice_id, notice in uow.notices.due(uow.now, AT_ONCE):
        conversation = uow.conversations.get(notice.conversation_id)
        reply = Reply(notice.kind, notice.values)
        body = _words(desk, reply, conversation.language)
        uow.outbox.add(conversation, body, uow.now, inbox_id=None, kind="notice")
        uow.notices.rendered(notice_id, uow.now)
        count += 1
    return count


def _words(desk: Desk, reply: Reply, language: str) -> list[Outgoing]:
    text = desk.replies.render(reply.key, reply.values, language, office=desk.office)
    return [Outgoing(text, key=reply.key)]
