"""From a raw update of the Bot API to ``Incoming``.

Event ids. A message's is ``m<chat>:<message>``, since an edit names its original only by these two; Telegram's
message id is unique in its chat, so with the chat in front it is unique for the bot, and a repeated update of the
same message has the same one: the inbox has it already and nothing changes. A pressed button's is ``c<callback id>``,
an edit's ``u<update id>``: both come again unchanged when Telegram repeats an update.

Each photo of an album is a message of its own, with the album's id in ``metadata``: nothing waits in memory for the
rest of an album, so nothing is lost when the process dies.
"""

from __future__ import annotations

from typing import Any

from backend.domain.messaging import Address, ChannelName, Incoming, Kind
from bot.channels.raw import Raw, Unreadable, moment, optional_part, part, parts, text, whole
from bot.channels.telegram.addressed import Me, Words, words_for
from bot.channels.telegram.contents import contents_of

_GROUPS = ("group", "supergroup")


def translate(update: Any, me: Me) -> Incoming | None:
    """None for what is not ours to answer: channel posts, other bots, talk in a group not meant for us.

    Raises:
        Unreadable: not a shape of the Bot API.
    """
    if not isinstance(update, dict):
        raise Unreadable("update")
    update_id = whole(update, "update_id")
    if (message := optional_part(update, "message")) is not None:
        return _message(message, me)
    if (message := optional_part(update, "edited_message")) is not None:
        return _edited(message, me, update_id)
    if (callback := optional_part(update, "callback_query")) is not None:
        return _pressed(callback, me)
    return None


def _message(message: Raw, me: Me) -> Incoming | None:
    address, group = _place(message, me)
    sender = _person(message)
    if address is None or sender is None or message.get("is_automatic_forward"):
        return None
    contents = contents_of(message, sender, group=group)
    words = words_for(message, me, group=group)
    if contents is None or words is None:
        return None
    return Incoming(
        address=address,
        event_id=_event_id(message),
        kind=contents.kind,
        text=words.text,
        contact=contents.contact,
        attachments=contents.attachments,
        location=contents.location,
        group=group,
        sent_at=moment(message, "date"),
        metadata=_metadata(message, words),
    )


def _edited(message: Raw, me: Me, update_id: int) -> Incoming | None:
    """Only a new wording counts; a live location also arrives as an edit, every few seconds."""
    address, group = _place(message, me)
    words = words_for(message, me, group=group)
    if address is None or _person(message) is None or words is None or not words.text.strip():
        return None
    return Incoming(
        address=address,
        event_id=f"u{update_id}",
        kind=Kind.EDITED,
        text=words.text,
        group=group,
        edits=_event_id(message),
        sent_at=moment(message, "edit_date"),
    )


def _pressed(callback: Raw, me: Me) -> Incoming | None:
    message = optional_part(callback, "message")
    button = text(callback, "data", 64)
    event = text(callback, "id", 150)
    if message is None or not button or not event or _person(callback) is None:
        return None  # of an inline message or a game: we send neither
    address, group = _place(message, me)
    if address is None:
        return None
    return Incoming(
        address=address,
        event_id=f"c{event}",
        kind=Kind.BUTTON,
        text=_title(message, button),
        button=button,
        group=group,
        metadata={"callback": event},
    )


def _place(message: Raw, me: Me) -> tuple[Address | None, bool]:
    chat = part(message, "chat")
    kind = text(chat, "type", 20)
    group = kind in _GROUPS
    if kind != "private" and not group:
        return None, False
    return Address(ChannelName.TELEGRAM, str(me.id), str(whole(chat, "id"))), group


def _person(sent: Raw) -> int | None:
    """Who sent it; None when that was a bot or nobody in particular."""
    sender = optional_part(sent, "from")
    return None if sender is None or sender.get("is_bot") else whole(sender, "id")


def _event_id(message: Raw) -> str:
    return f"m{whole(part(message, 'chat'), 'id')}:{whole(message, 'message_id')}"


def _metadata(message: Raw, words: Words) -> dict[str, str]:
    found = {
        "command": words.command,
        "argument": words.argument,
        "album": text(message, "media_group_id", 100),
    }
    return {name: value for name, value in found.items() if value}


def _title(message: Raw, button: str) -> str:
    """What the pressed button said, for whoever reads the conversation later."""
    rows = (optional_part(message, "reply_markup") or {}).get("inline_keyboard")
    for row in rows if isinstance(rows, list) else ():
        for one in parts({"row": row}, "row"):
            if one.get("callback_data") == button:
                return text(one, "text", 200)
    return ""
