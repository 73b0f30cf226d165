"""Events in Zalo's shape: one function for each thing that can happen."""

from __future__ import annotations

import itertools
import time
from typing import Any

_numbers = itertools.count(1)


def stamp() -> str:
    return str(int(time.time() * 1000))


def message_id() -> str:
    return f"msg{next(_numbers):08d}{time.time_ns() % 10**9:09d}"


class Events:
    def __init__(self, app_id: str, oa: str) -> None:
        self._app_id = app_id
        self._oa = oa

    def said(self, user: str, name: str = "user_send_text", **message: Any) -> dict[str, Any]:
        """What a person sends; ``message`` beside the id."""
        return {
            **self._head(name, user),
            "sender": {"id": user},
            "recipient": {"id": self._oa},
            "message": {"msg_id": message_id(), **message},
        }

    def attached(self, user: str, kind: str, payload: dict[str, Any], text: str = "") -> dict[str, Any]:
        words = {"text": text} if text else {}
        return self.said(user, f"user_send_{kind}", attachments=[{"type": kind, "payload": payload}], **words)

    def place(self, user: str, latitude: str, longitude: str) -> dict[str, Any]:
        return self.attached(
            user, "location", {"coordinates": {"latitude": latitude, "longitude": longitude}}
        )

    def followed(self, user: str, name: str = "follow") -> dict[str, Any]:
        """Neither sender nor recipient here."""
        return {**self._head(name, user), "oa_id": self._oa, "follower": {"id": user}, "source": "oa_profile"}

    def withdrew(self, user: str) -> dict[str, Any]:
        return {**self._head("user_withdraw", user), "user_id": user}

    def submitted(self, user: str, phone: Any, name: str = "Nguyễn Thị Lan") -> dict[str, Any]:
        told = {"name": name, "phone": phone, "full_address": "1 Lê Lợi", "gender": "female", "user_dob": ""}
        return {
            **self._head("user_submit_info", user),
            "sender": {"id": user},
            "recipient": {"id": self._oa},
            "info": told,
        }

    def received(self, user: str, message: str) -> dict[str, Any]:
        return self._receipt(user, "user_received_message", {"msg_id": message})

    def seen(self, user: str, *messages: str) -> dict[str, Any]:
        return self._receipt(user, "user_seen_message", {"msg_ids": list(messages)})

    def delivered(self, phone: str, message: str, tracking: str) -> dict[str, Any]:
        """The report of a template message."""
        told = {"msg_id": message, "tracking_id": tracking, "delivery_time": stamp()}
        return self._receipt(phone, "user_received_message", told)

    def answered(self, user: str, text: str, admin: str = "") -> dict[str, Any]:
        """What the account said: by us, or by an officer in Zalo's own tool."""
        sender = {"id": self._oa, "admin_id": admin} if admin else {"id": self._oa}
        return {
            **self._head("oa_send_text", user),
            "sender": sender,
            "recipient": {"id": user},
            "message": {"msg_id": message_id(), "text": text},
        }

    def _receipt(self, user: str, name: str, message: dict[str, Any]) -> dict[str, Any]:
        return {
            **self._head(name, user),
            "sender": {"id": self._oa},
            "recipient": {"id": user},
            "message": message,
        }

    def _head(self, name: str, user: str) -> dict[str, Any]:
        return {
            "app_id": self._app_id,
            "user_id_by_app": f"app-{user}",
            "event_name": name,
            "timestamp": stamp(),
        }
