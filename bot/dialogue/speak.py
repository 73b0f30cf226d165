"""From the replies of a turn to rows: messages to send and the buttons behind them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.base import Button, Reply
from backend.domain.conversation import ButtonRow, Conversation
from backend.domain.messaging import Outgoing, OutgoingButton
from backend.domain.ports import UnitOfWork
from backend.text.fold import fold
from bot.dialogue.desk import Desk

#: A button answers for this long; afterwards it says that the choice has expired.
BUTTON_LASTS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said: the messages, their outbox rows, and the last message's quick replies in order."""

    messages: tuple[Outgoing, ...]
    outbox_ids: tuple[int, ...]
    offered: tuple[str, ...]
    titles: tuple[str, ...] = ()  # of the offered, folded


def speak(
    uow: UnitOfWork,
    desk: Desk,
    conversation: Conversation,
    replies: Sequence[Reply],
    *,
    inbox_id: int | None,
    form_instance: str = "",
) -> Spoken:
    """Render and keep the replies; their rows commit with the turn."""
    messages: list[Outgoing] = []
    rows: list[ButtonRow] = []
    offered: tuple[OutgoingButton, ...] = ()
    for reply in replies:
        parts = [one for one in (reply, reply.foot) if one is not None]
        render, language = desk.replies.render, conversation.language
        text = "\n\n".join(render(one.key, one.values, language, office=desk.office) for one in parts)
        if not text:
            continue
        shown, made = with_rows(
            desk,
            conversation,
            reply.buttons,
            uow.now,
            inbox_id=inbox_id,
            after=len(rows),
            instance=form_instance,
        )
        rows += made
        messages.append(Outgoing(text, shown, reply.key, reply.files))
        offered = tuple(one for one in shown if one.id) or offered
    uow.buttons.add(rows)
    sent = uow.outbox.add(conversation, messages, uow.now, inbox_id=inbox_id)
    ids, titles = tuple(one.id for one in offered), tuple(fold(one.title) for one in offered)
    return Spoken(tuple(messages), tuple(sent), ids, titles)


def with_rows(
    desk: Desk,
    conversation: Conversation,
    buttons: Sequence[Button],
    now: datetime,
    *,
    inbox_id: int | None = None,
    after: int = 0,
    instance: str = "",
) -> tuple[tuple[OutgoingButton, ...], list[ButtonRow]]:
    """Buttons as they are shown, and the rows behind them, still to be kept; ``after`` others of the same turn."""
    shown: list[OutgoingButton] = []
    rows: list[ButtonRow] = []
    for button in buttons:
        title = _title(desk, button, conversation.language)
        if button.url or button.asks_contact:
            shown.append(OutgoingButton(title, url=button.url, asks_contact=button.asks_contact))
            continue
        row = _row(conversation, button, inbox_id, after + len(rows) + 1, instance, now)
        rows.append(row)
        shown.append(OutgoingButton(title, id=row.id))
    return tuple(shown), rows


def _title(desk: Desk, button: Button, language: str) -> str:
    if button.title.startswith("@"):
        return desk.replies.render(button.title[1:], button.values, language)
    return button.title


def _row(
    conversation: Conversation,
    button: Button,
    inbox_id: int | None,
    position: int,
    instance: str,
    now: datetime,
) -> ButtonRow:
    return ButtonRow(
        id=secrets.token_urlsafe(12),
        conversation_id=conversation.id,
        inbox_id=inbox_id,
        position=position,
        epoch=conversation.epoch,
        form_instance=instance if button.intent.startswith("form:") else "",
        payload={"intent": button.intent, "values": dict(button.values)},
        single_use=button.changes,
        expires_at=now + BUTTON_LASTS,
    )
