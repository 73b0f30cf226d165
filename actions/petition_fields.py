"""Reading what people answer about a petition: what, where, who. Values are JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.base import Button, Refused, Turn
from backend.domain.messaging import Kind
from backend.domain.petition import BY_CHAT, PetitionFile
from backend.services.agencies.resolve import resolve_agency
from backend.services.petitions.kinds import kinds_meant
from backend.text.fold import fold, nfc
from backend.text.phones import find_phones, mask_phone

LONGEST_STORY, LONGEST_PLACE, LONGEST_NAME = 4000, 300, 80
MOST_FILES = 10
#: Fewer words of its own are a wish to file something, not yet what happened.
STORY_WORDS = 4
_FILING = frozenset({
    "toi", "em", "minh", "tui", "chau", "con", "muon", "can", "xin", "gui", "nop", "lam", "viet", "ghi", "nhan",
    "don", "thu", "phan", "anh", "kien", "nghi", "khieu", "nai", "to", "cao", "gop", "y", "bao", "mot", "cai",
    "viec", "ve", "o", "dau", "the", "nao", "duoc", "khong", "a", "voi", "cho", "giup", "i", "want", "would",
    "like", "file", "report", "an", "complaint", "feedback", "make", "submit", "send", "please", "about",
    "something"
})  # fmt: skip
_ANONYMOUS = re.compile(
    r"\b(?:an danh|giau ten|anonymous(?:ly)?|(?:no|without|not) (?:\w+ ){0,2}name"
    # however somebody says that no name shall stand there: "không cần nêu tên", "khỏi ghi tên", "đừng để lộ danh tính"
    r"|(?:khong|khoi|dung|chang|hong|hok|ko|kg|k|mien) (?:\w+ ){0,3}(?:ten|danh tinh|thong tin))\b"
)
_HIDE = re.compile(r"\b(?:giau ten|giu kin|bi mat|dung cho (?:ho|co quan|nguoi ta) biet|keep .*secret)\b")
_NAME_LEAD = re.compile(
    r"^(?:(?:da|vang|toi|em|chau|con|minh|tui)\s+)*(?:(?:ho )?ten(?: la)?|la)\s*:?\s+|^(?:my name is|i am|name)\s*:?\s+"
)
_PHONE_WORDS = re.compile(
    r"[,;.\-–\s]*(?:\b(?:so|sdt|sđt|đt|dt|điện thoại|dien thoai|số điện thoại|so dien thoai|số|phone|tel)\b\s*:?\s*)*$",
    re.IGNORECASE,
)


def story_in(text: str) -> str | None:
    """What happened, when the sentence tells it and does not only say that something should be filed."""
    own = [word for word in fold(text).split() if word not in _FILING]
    return nfc(text).strip()[:LONGEST_STORY] if len(own) >= STORY_WORDS else None


def read_story(turn: Turn, _values: Mapping[str, Any]) -> str:
    said = nfc(turn.text).strip()
    if len(fold(said).split()) < 2:
        raise Refused("petition/story_short")
    return said[:LONGEST_STORY]


def read_kind(turn: Turn, _values: Mapping[str, Any]) -> str:
    """A kind called by its name; the two that are not filed by chat have buttons that lead out of the form."""
    said = kinds_meant(turn.text).said
    if len(said) != 1 or said[0] not in BY_CHAT:
        raise Refused("petition/kind_unclear")
    return str(said[0])


def read_place(turn: Turn, _values: Mapping[str, Any]) -> dict[str, Any]:
    """The words, and today's commune where one is named by today's or an old name."""
    said = nfc(turn.text).strip()
    place = place_of(turn, said)
    if len(said) < 2 or ("commune" not in place and find_phones(said)):
        raise Refused("petition/place_short")
    return place


def place_of(turn: Turn, said: str) -> dict[str, Any]:
    found = [one for one in resolve_agency(turn.uow, said) if one.agency.kind == "commune"]
    communes = {one.agency.id: one for one in found}
    place: dict[str, Any] = {"text": said[:LONGEST_PLACE]}
    if len(communes) == 1:
        ((number, match),) = communes.items()
        place |= {"commune": number, "name": match.agency.name.removeprefix("Ủy ban nhân dân ")}
        if match.old_name:
            place["old"] = match.matched
    return place


def said_place(turn: Turn) -> dict[str, Any] | None:
    """The place that the first message already names."""
    if turn.location is not None:
        return map_place(turn.location)
    found = place_of(turn, turn.value("agency") or turn.text)
    return {**found, "text": ""} if "commune" in found else None


def map_place(location: tuple[float, float]) -> dict[str, Any]:
    return {"text": "", "latitude": round(location[0], 6), "longitude": round(location[1], 6)}


def shown_place(value: Any) -> str:
    if not value:
        return ""
    parts = [value["text"]] if value["text"] else []
    if "name" in value and fold(value["name"]) not in fold(value["text"]):
        parts.append(value["name"])
    if "latitude" in value:
        parts.append(f"{value['latitude']:.5f}, {value['longitude']:.5f}")
    return ", ".join(parts)


def read_contact(turn: Turn, _values: Mapping[str, Any]) -> dict[str, Any]:
    """Name and number in one answer, or anonymous. A number alone is enough; a name alone is not."""
    folded = fold(turn.text)
    phones = find_phones(turn.text)
    if not phones and _ANONYMOUS.search(folded):
        return {"anonymous": True}
    if len(phones) != 1:
        raise Refused("petition/contact_unclear")
    hidden = bool(_HIDE.search(folded))
    before = turn.text[: phones[0].start]
    name = "" if hidden else _PHONE_WORDS.sub("", before)
    if lead := _NAME_LEAD.match(fold(name)):
        name = " ".join(name.split()[len(lead[0].split()) :])
    return {"name": " ".join(name.split())[:LONGEST_NAME], "phone": phones[0].value, "hidden": hidden}


def offer_contact(turn: Turn, _values: Mapping[str, Any]) -> tuple[Button, ...]:
    anonymous = Button("@petition/button_anonymous", values={"answer": "ẩn danh", "parsed": False})
    phone = turn.recalled("verified_phone")
    if not phone:
        return (anonymous,)
    return (Button("@petition/button_verified", values={"answer": phone, "parsed": False}), anonymous)


def shown_contact(value: Any) -> dict[str, Any] | None:
    if not value:
        return None
    phone = value.get("phone", "")
    return {
        "anonymous": bool(value.get("anonymous")),
        "name": value.get("name", ""),
        "phone": mask_phone(phone) if phone else "",
        "hidden": bool(value.get("hidden")),
    }


def attach(turn: Turn, values: Mapping[str, Any]) -> dict[str, Any]:
    """Photos and files of this message beside those before; a place on the map for the place."""
    found: dict[str, Any] = {}
    files = [*values.get("files", ()), *files_of(turn)][:MOST_FILES]
    if len(files) > len(values.get("files", ())):
        found["files"] = files
    if turn.location is not None:
        found["place"] = {**map_place(turn.location), "text": (values.get("place") or {}).get("text", "")}
    return found


def files_of(turn: Turn) -> list[dict[str, Any]]:
    channel = turn.viewer.address.channel
    return [
        {
            "media_type": one.media_type,
            "channel": str(channel),
            "reference": one.reference,
            "blob": one.blob_id,
        }
        for one in turn.attachments
        if one.kind in (Kind.PHOTO, Kind.FILE, Kind.VOICE)
    ]


def as_files(values: Mapping[str, Any]) -> tuple[PetitionFile, ...]:
    return tuple(
        PetitionFile(one["media_type"], one["channel"], one["reference"], one.get("blob"))
        for one in values.get("files", ())
    )
