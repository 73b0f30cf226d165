"""What a person sent: words, a pressed button, a picture, a place, a file, a voice note, a number."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.domain.messaging import Attachment, Contact, Kind
from backend.text.codes import dossier_code_from_link
from backend.text.phones import find_phones, normalise_phone
from bot.channels.raw import Raw, Unreadable, optional_part, parts, text

LONGEST_ADDRESS = 2000
#: A button's payload is this and the id of its row: nothing that a person would type by accident. Anybody may type it
#: on purpose; the row decides what it is worth.
PAYLOAD = re.compile(r"#([A-Za-z0-9_-]{16})")
_PICTURES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Contents:
    kind: Kind
    text: str = ""
    button: str = ""
    contact: Contact | None = None
    attachments: tuple[Attachment, ...] = ()
    location: tuple[float, float] | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


def contents_of(event: str, message: Raw) -> Contents:
    """What this event's ``message`` carries; Kind.OTHER for what nobody here can read.

    Raises:
        Unreadable: a field is not of the type that it should have.
    """
    said = text(message, "text")
    payloads = [optional_part(one, "payload") or {} for one in parts(message, "attachments")]
    first: Raw = payloads[0] if payloads else {}
    if event in ("user_send_text", "user_click_button"):
        return _words(said, message)
    if event == "user_send_image":
        pictures = tuple(_attachment(Kind.PHOTO, one, "image/jpeg") for one in payloads)
        return Contents(Kind.PHOTO, said, attachments=pictures) if pictures else Contents(Kind.OTHER, said)
    if event == "user_send_location":
        return _place(said, first)
    if event == "user_send_file" and first:
        return _file(said, first)
    if event == "user_send_audio" and first:
        return Contents(Kind.VOICE, said, attachments=(_attachment(Kind.VOICE, first, "audio/amr"),))
    if event == "user_send_link":
        return _link(said, text(first, "url", LONGEST_ADDRESS))
    if event == "user_send_business_card":
        return _card(text(first, "description", 20_000))
    return Contents(Kind.OTHER, said)


def submitted(info: Raw) -> Contents:
    """What was typed into the form that asks for a person's number. Only the number is kept."""
    given = info.get("phone")
    return _claim(str(given) if isinstance(given, str | int) else "")


def _words(said: str, message: Raw) -> Contents:
    pressed = PAYLOAD.fullmatch(said.strip())
    if pressed:
        return Contents(Kind.BUTTON, button=pressed[1])
    quoted = text(message, "quote_msg_id", 190)
    metadata = {"quoted": quoted} if quoted else {}
    return Contents(Kind.TEXT if said.strip() else Kind.OTHER, said, metadata=metadata)


def _place(name: str, payload: Raw) -> Contents:
    found = payload.get("coordinates")
    if not isinstance(found, dict):
        raise Unreadable("coordinates")
    latitude, longitude = (_degrees(found, name) for name in ("latitude", "longitude"))
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Unreadable("coordinates")
    metadata = {"place": name} if name else {}  # not as words: the place on the map is what was said
    return Contents(Kind.LOCATION, location=(latitude, longitude), metadata=metadata)


def _degrees(of: Raw, name: str) -> float:
    """Zalo writes them as text."""
    try:
        found = float(str(of.get(name)))
    except ValueError:
        raise Unreadable(name) from None
    if not math.isfinite(found):
        raise Unreadable(name)
    return found


def _file(said: str, payload: Raw) -> Contents:
    """A picture sent as a file is a picture."""
    told, ending = text(payload, "type", 100).lower(), text(payload, "name", 500).rpartition(".")[2].lower()
    picture = told if told.startswith("image/") else _PICTURES.get(told) or _PICTURES.get(ending, "")
    kind = Kind.PHOTO if picture else Kind.FILE
    return Contents(kind, said, attachments=(_attachment(kind, payload, picture or told),))


def _attachment(kind: Kind, payload: Raw, media_type: str) -> Attachment:
    url = text(payload, "url", LONGEST_ADDRESS)
    if not url:
        raise Unreadable("url")
    size = str(payload.get("size", ""))
    return Attachment(
        kind, url, media_type, int(size) if size.isascii() and size.isdigit() and len(size) < 12 else 0
    )


def _link(said: str, url: str) -> Contents:
    code = dossier_code_from_link(url) if url else None
    if code:
        return Contents(Kind.TEXT, code)
    return Contents(Kind.TEXT, said) if said.strip() else Contents(Kind.OTHER)


def _card(description: str) -> Contents:
    """JSON inside a text; whatever it is, only a number is looked for."""
    try:
        card = json.loads(description)
    except (ValueError, RecursionError):
        card = None
    phone = card.get("phone") if isinstance(card, dict) else None
    if isinstance(phone, str | int):
        return _claim(str(phone))
    found = find_phones(description[:2000])
    return _claim(found[0].value if found else "")


def _claim(phone: str) -> Contents:
    """Zalo does not say whose number it is: never verified."""
    try:
        return Contents(Kind.CONTACT, contact=Contact(normalise_phone(phone), verified=False))
    except ValueError:
        return Contents(Kind.OTHER)
