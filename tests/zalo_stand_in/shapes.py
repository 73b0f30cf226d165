"""Which bodies are accepted, to the last field; everything else is -201."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

LONGEST_TEXT = 2000
MOST_BUTTONS = 5
BAD, TOO_LONG, EXPIRED, UNSUPPORTED = -201, -210, -100, -233


class Bad(Exception):
    """``code`` is the error to answer with."""

    def __init__(self, code: int, field: str) -> None:
        super().__init__(f"{field} ({code})")
        self.code = code


def exactly(found: Any, field: str, required: set[str], optional: set[str] | None = None) -> dict[str, Any]:
    """An object with these fields and no others."""
    if not isinstance(found, dict) or not required <= set(found) <= required | (optional or set()):
        raise Bad(BAD, field)
    return found


def word(found: Any, field: str, longest: int, code: int = BAD) -> str:
    if not isinstance(found, str) or not found.strip():
        raise Bad(BAD, field)
    if len(found) > longest:
        raise Bad(code, field)
    return found


class CsMessage:
    """A message to somebody who wrote lately. ``uploads``: what was uploaded, id -> kind."""

    def __init__(self, body: Any, uploads: dict[str, str], *, buttons_work: bool) -> None:
        self._uploads = uploads
        self._buttons_work = buttons_work
        whole = exactly(body, "body", {"recipient", "message"})
        self.user = word(exactly(whole["recipient"], "recipient", {"user_id"})["user_id"], "user_id", 60)
        self.message = exactly(whole["message"], "message", set(), {"text", "attachment", "quote_message_id"})
        self.text = (
            word(self.message["text"], "text", LONGEST_TEXT, TOO_LONG) if "text" in self.message else ""
        )
        self.kind = self._attachment() if "attachment" in self.message else "text"
        if self.kind == "text" and not self.text:
            raise Bad(BAD, "text")

    def _attachment(self) -> str:
        attachment = exactly(self.message["attachment"], "attachment", {"type", "payload"})
        if attachment["type"] == "file":
            token = word(exactly(attachment["payload"], "payload", {"token"})["token"], "token", 500)
            self._uploaded(token, "file")
            return "file"
        if attachment["type"] != "template":  # {"type": "image"} too is refused
            raise Bad(BAD, "type")
        payload = attachment["payload"]
        if isinstance(payload, dict) and "template_type" not in payload:
            return self._buttons(exactly(payload, "payload", {"buttons"})["buttons"])
        kinds: dict[str, Callable[[dict[str, Any]], None]] = {
            "media": self._media,
            "request_user_info": _form,
        }
        payload = exactly(payload, "payload", {"template_type", "elements"})
        if payload["template_type"] not in kinds:
            raise Bad(BAD, "template_type")
        elements = payload["elements"]
        if not isinstance(elements, list) or len(elements) != 1:
            raise Bad(BAD, "elements")
        kinds[payload["template_type"]](elements[0])
        return str(payload["template_type"])

    def _buttons(self, buttons: Any) -> str:
        if not self.text or not isinstance(buttons, list) or not 1 <= len(buttons) <= MOST_BUTTONS:
            raise Bad(BAD, "buttons")
        for one in buttons:
            _button(one)
        if not self._buttons_work:
            raise Bad(UNSUPPORTED, "buttons")
        return "buttons"

    def _media(self, element: Any) -> None:
        found = exactly(element, "element", {"media_type", "attachment_id"})
        if found["media_type"] != "image":
            raise Bad(BAD, "media_type")
        self._uploaded(word(found["attachment_id"], "attachment_id", 500), "image")

    def _uploaded(self, given: str, kind: str) -> None:
        if self._uploads.get(given) == "expired":
            raise Bad(EXPIRED, "attachment")
        if self._uploads.get(given) != kind:
            raise Bad(BAD, "attachment")


def _button(button: Any) -> None:
    found = exactly(button, "button", {"title", "type", "payload"}, {"image_icon"})
    word(found["title"], "title", 100)
    if found["type"] in ("oa.query.show", "oa.query.hide"):
        word(found["payload"], "payload", 1000)
    elif found["type"] == "oa.open.url":
        url = word(exactly(found["payload"], "payload", {"url"})["url"], "url", 2000)
        if not url.startswith("https://"):
            raise Bad(BAD, "url")
    elif found["type"] == "oa.open.phone":
        word(exactly(found["payload"], "payload", {"phone_code"})["phone_code"], "phone_code", 20)
    else:
        raise Bad(BAD, "type")


def _form(element: Any) -> None:
    found = exactly(element, "element", {"title", "subtitle"}, {"image_url"})
    for name in ("title", "subtitle"):
        word(found[name], name, 100)


class ZnsMessage:
    """A template message to a phone. ``templates``: id -> the parameters that it wants."""

    def __init__(self, body: Any, templates: dict[str, set[str]]) -> None:
        wanted = {"phone", "template_id", "template_data", "tracking_id"}
        whole = exactly(body, "body", wanted, {"mode", "sending_mode"})
        if not isinstance(whole["phone"], str) or not re.fullmatch(r"84[1-9]\d{8,9}", whole["phone"]):
            raise Bad(-108, "phone")
        self.phone: str = whole["phone"]
        if whole["template_id"] not in templates:
            raise Bad(-109, "template_id")
        self.template: str = whole["template_id"]
        self.data = whole["template_data"]
        if not isinstance(self.data, dict) or not self.data:
            raise Bad(-111, "template_data")
        if missing := templates[self.template] ^ set(self.data):
            raise Bad(-1122 if missing & templates[self.template] else -112, "template_data")
        for one in self.data.values():
            if not isinstance(one, str):
                raise Bad(-1124, "template_data")
            if len(one) > 400:
                raise Bad(-1121, "template_data")
        self.tracking: str = word(whole["tracking_id"], "tracking_id", 48, -132)


_ENDINGS = {"image": ("jpg", "jpeg", "png"), "file": ("pdf", "doc", "docx")}
_LARGEST = {"image": 1024 * 1024, "file": 5 * 1024 * 1024}


def check_upload(kind: str, filename: str, content: bytes) -> None:
    """The file's name needs an ending that fits."""
    if "." not in filename or filename.rpartition(".")[2].lower() not in _ENDINGS[kind] or not content:
        raise Bad(BAD, "file")
    if len(content) > _LARGEST[kind]:
        raise Bad(TOO_LONG, "file")
