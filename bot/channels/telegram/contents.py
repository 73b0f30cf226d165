"""What a message carries besides its words: a contact, a photo, a place, a voice note, a file."""

from __future__ import annotations

from dataclasses import dataclass

from backend.domain.messaging import Attachment, Contact, Kind
from backend.text.phones import normalise_phone
from bot.channels.raw import Raw, number, optional_part, parts, text, whole

#: Larger pictures are not read (bytes).
LARGEST_PHOTO = 8 * 1024 * 1024
_VOICES = ("voice", "audio", "video_note")
#: What a person sent but nobody here can read. Anything else without words is Telegram's own note: not answered.
_OTHERS = ("sticker", "animation", "video", "poll", "dice", "story", "game", "checklist", "paid_media")


@dataclass(frozen=True, slots=True)
class Contents:
    kind: Kind
    contact: Contact | None = None
    attachments: tuple[Attachment, ...] = ()
    location: tuple[float, float] | None = None


def contents_of(message: Raw, sender: int, *, group: bool) -> Contents | None:
    """None when a person said nothing here: somebody joined, a title changed, and so on."""
    if (contact := optional_part(message, "contact")) is not None:
        return _contact(message, contact, sender, group)
    if photo := _photo(message):
        return Contents(Kind.PHOTO, attachments=(photo,))
    for name in _VOICES:
        if (voice := optional_part(message, name)) is not None:
            return Contents(Kind.VOICE, attachments=(_file(Kind.VOICE, voice),))
    if (place := optional_part(message, "location")) is not None:
        return Contents(Kind.LOCATION, location=(number(place, "latitude"), number(place, "longitude")))
    if any(message.get(name) is not None for name in _OTHERS):  # before "document": animations carry both
        return Contents(Kind.OTHER)
    if (document := optional_part(message, "document")) is not None:
        return Contents(Kind.FILE, attachments=(_file(Kind.FILE, document),))
    return Contents(Kind.TEXT) if text(message, "text").strip() else None


def _contact(message: Raw, contact: Raw, sender: int, group: bool) -> Contents:
    """The number is the sender's own only when Telegram says whose it is, in a private chat.

    A forwarded card may be older than the sender's present number: a claim, not proof.
    """
    try:
        phone = normalise_phone(text(contact, "phone_number", 40))
    except ValueError:
        return Contents(Kind.OTHER)
    passed_on = any(message.get(name) is not None for name in ("forward_origin", "forward_date", "via_bot"))
    own = contact.get("user_id") == sender and not passed_on and not group
    return Contents(Kind.CONTACT, contact=Contact(phone, verified=own))


def _photo(message: Raw) -> Attachment | None:
    """The largest size that is small enough, or a picture sent as a file."""
    sizes = [_file(Kind.PHOTO, one, "image/jpeg") for one in parts(message, "photo")]
    if sizes:
        fitting = [one for one in sizes if one.size_bytes <= LARGEST_PHOTO]
        if not fitting:
            return min(sizes, key=lambda one: one.size_bytes)
        area = {text(one, "file_id"): _area(one) for one in parts(message, "photo")}
        return max(fitting, key=lambda one: (area[one.reference], one.size_bytes))
    document = optional_part(message, "document")
    if document is None or message.get("animation") is not None:
        return None
    picture = _file(Kind.PHOTO, document)
    fits = picture.media_type.startswith("image/") and picture.size_bytes <= LARGEST_PHOTO
    return picture if fits else None


def _area(size: Raw) -> int:
    return whole(size, "width", 0) * whole(size, "height", 0)


def _file(kind: Kind, raw: Raw, media_type: str = "") -> Attachment:
    return Attachment(
        kind,
        reference=text(raw, "file_id", 300),
        media_type=text(raw, "mime_type", 100) or media_type,
        size_bytes=whole(raw, "file_size", 0),
    )
