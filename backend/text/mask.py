"""What may be shown of names, numbers and addresses of persons: in answers, lists and logs."""

from __future__ import annotations

import re

from backend.text.phones import find_phones, mask_phone

_EMAIL = re.compile(r"(?<![\w.+\-])([^\W_])[\w.+\-]{0,63}@((?:[\w\-]{1,63}\.){1,8}[^\W\d_]{2,24})(?![\w\-])")
# 9 digits: old identity card; 12: citizen identity. Dots inside only where a leading 0 tells it from money.
_ID_NUMBER = re.compile(
    r"(?<!\d)(?<!\d[.,\-/])(?:0\d{2}(?:[ .]?\d{3}){3}|\d{3}(?: ?\d{3}){2}(?: ?\d{3})?)(?![.,\-/]?\d)"
)
_SHOWN_OF_ID = 3


def mask_name(name: str) -> str:
    """Initials and the given name: "Nguyễn Văn An" -> "N*** V*** An"; of a single word the initial."""
    parts = name.split()
    hidden = [part[0] + "***" for part in parts]
    return " ".join(hidden if len(parts) < 2 else [*hidden[:-1], parts[-1]])


def mask_id_number(number: str) -> str:
    """The last three digits: *********345; short ones not at all."""
    compact = "".join(char for char in number if char.isalnum())
    if len(compact) <= 2 * _SHOWN_OF_ID:
        return "*" * len(compact)
    return "*" * (len(compact) - _SHOWN_OF_ID) + compact[-_SHOWN_OF_ID:]


def mask_text(text: str) -> str:
    """Free text with e-mail addresses, telephone and identity numbers masked; for logs. Names stay."""
    text = _EMAIL.sub(r"\1***@\2", text)
    for phone in reversed(find_phones(text)):
        text = text[: phone.start] + mask_phone(phone.value) + text[phone.end :]
    return _ID_NUMBER.sub(lambda match: mask_id_number(match[0]), text)
