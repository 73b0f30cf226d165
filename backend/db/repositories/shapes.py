"""Messages to JSON and back, for the sealed columns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.domain.messaging import (
    Address,
    Attachment,
    Contact,
    Incoming,
    Kind,
    Outgoing,
    OutgoingButton,
    OutgoingFile,
    Template,
)


def incoming_to_json(message: Incoming) -> dict[str, Any]:
    """Only what differs from the default; the address and event id stand in columns of their own."""
    body: dict[str, Any] = {}
    for name in ("text", "button", "group", "edits", "staff"):
        if value := getattr(message, name):
            body[name] = value
    if message.contact:
        body["contact"] = [message.contact.phone, message.contact.verified]
    if message.attachments:
        body["attachments"] = [
            [one.kind, one.reference, one.media_type, one.size_bytes, one.blob_id]
            for one in message.attachments
        ]
    if message.location:
        body["location"] = list(message.location)
    if message.sent_at:
        body["sent_at"] = message.sent_at.isoformat()
    if message.metadata:
        body["metadata"] = dict(message.metadata)
    return body


def incoming_from_json(body: dict[str, Any], address: Address, event_id: str, kind: str) -> Incoming:
    contact, place, sent_at = body.get("contact"), body.get("location"), body.get("sent_at")
    return Incoming(
        address=address,
        event_id=event_id,
        kind=Kind(kind),
        text=body.get("text", ""),
        button=body.get("button", ""),
        contact=Contact(contact[0], contact[1]) if contact else None,
        attachments=tuple(
            Attachment(Kind(one[0]), one[1], one[2], one[3], one[4]) for one in body.get("attachments", ())
        ),
        location=(place[0], place[1]) if place else None,
        group=body.get("group", False),
        edits=body.get("edits", ""),
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        staff=body.get("staff", ""),
        metadata=body.get("metadata", {}),
    )


def outgoing_to_json(message: Outgoing) -> list[Any]:
    """Text, buttons, key; files and template follow only where there are any: most messages are plain."""
    body: list[Any] = [
        message.text,
        [[b.title, b.id, b.url, b.asks_contact] for b in message.buttons],
        message.key,
    ]
    if message.files or message.template or message.phone:
        body.append([[one.blob_id, one.name, one.media_type] for one in message.files])
    if message.template or message.phone:
        body.append([message.template.id, dict(message.template.values)] if message.template else None)
    if message.phone:
        body.append(message.phone)
    return body


def outgoing_from_json(body: list[Any]) -> Outgoing:
    text, buttons, key, *more = body
    return Outgoing(
        text,
        tuple(OutgoingButton(*one) for one in buttons),
        key,
        files=tuple(OutgoingFile(*one) for one in more[0]) if more else (),
        template=Template(*more[1]) if len(more) > 1 and more[1] else None,
        phone=more[2] if len(more) > 2 else "",
    )
