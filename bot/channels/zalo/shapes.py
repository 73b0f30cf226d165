"""Messages in Zalo's shape. Each shape is one function: to be confirmed with a real account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.domain.messaging import Outgoing, OutgoingButton, OutgoingFile
from bot.channels.splitting import split

#: Zalo's limit is 2,000 characters, of which kind is not known.
LONGEST = 1900
#: Where even that was too long: so that 2,000 bytes are kept, too.
SHORTER = 600
MOST_BUTTONS = 5
LONGEST_TITLE = 100
LARGEST_PICTURE = 1024 * 1024  # bytes
LARGEST_FILE = 5 * 1024 * 1024  # bytes
PICTURES = ("image/jpeg", "image/png")
FILES = (
    "application/pdf",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences of ours that the shape of Zalo's messages makes necessary."""

    numbers: str  # below a numbered list of choices
    contact: str  # below the title of the form that asks for a number


@dataclass(frozen=True, slots=True)
class Piece:
    """One physical message: a text with buttons, the form that asks for a number, or a file."""

    text: str = ""
    buttons: tuple[OutgoingButton, ...] = ()
    asks: str = ""
    file: OutgoingFile | None = None


def pieces_of(body: Outgoing, words: Words, *, plain: bool, longest: int = LONGEST) -> Sequence[Piece]:
    """The text in pieces, buttons below the last one; then the form for the number; then the files.

    ``plain``: choices are numbered in the text instead. So are more choices than there may be buttons; a number that
    is typed means the same as the button. The pieces before the last text are the same either way.
    """
    asking = next((one.title for one in body.buttons if one.asks_contact), "")
    buttons = tuple(one for one in body.buttons if one.id or one.url.startswith("https://"))
    numbered = plain or len(buttons) > MOST_BUTTONS
    unshown = [one for one in body.buttons if one.url and (numbered or one not in buttons)]
    text = body.text
    if numbered:
        text = with_numbers(text, [one for one in buttons if one.id], words)
    if unshown:
        text = "\n".join([text, *(f"{one.title}: {one.url}" for one in unshown)])
    texts = split(text, longest)
    pieces = [Piece(one) for one in texts]
    if pieces and not numbered:
        pieces[-1] = Piece(texts[-1], buttons)
    if asking:
        pieces.append(Piece(asks=asking))
    return [*pieces, *(Piece(file=one) for one in body.files)]


def with_numbers(text: str, choices: Sequence[OutgoingButton], words: Words) -> str:
    if not choices:
        return text
    lines = [f"{number}. {one.title}" for number, one in enumerate(choices, 1)]
    return "\n".join([text, *lines, words.numbers])


def text_message(person: str, piece: Piece) -> dict[str, Any]:
    message: dict[str, Any] = {"text": piece.text}
    if piece.buttons:
        message["attachment"] = _template({"buttons": [_button(one) for one in piece.buttons]})
    return _to(person, message)


def form_message(person: str, title: str, words: Words) -> dict[str, Any]:
    """The form in which a person submits their number."""
    element = {"title": title[:LONGEST_TITLE], "subtitle": words.contact[:LONGEST_TITLE]}
    return _to(
        person, {"attachment": _template({"template_type": "request_user_info", "elements": [element]})}
    )


def picture_message(person: str, name: str, attachment_id: str) -> dict[str, Any]:
    element = {"media_type": "image", "attachment_id": attachment_id}
    return _to(
        person, {"text": name, "attachment": _template({"template_type": "media", "elements": [element]})}
    )


def file_message(person: str, token: str) -> dict[str, Any]:
    return _to(person, {"attachment": {"type": "file", "payload": {"token": token}}})


def _button(button: OutgoingButton) -> dict[str, Any]:
    """``hide``: the payload is not shown in the chat."""
    title = button.title[:LONGEST_TITLE]
    if button.url:
        return {"title": title, "type": "oa.open.url", "payload": {"url": button.url}}
    return {"title": title, "type": "oa.query.hide", "payload": f"#{button.id}"}


def _template(payload: dict[str, Any]) -> dict[str, Any]:
    return {"type": "template", "payload": payload}


def _to(person: str, message: dict[str, Any]) -> dict[str, Any]:
    return {"recipient": {"user_id": person}, "message": message}
