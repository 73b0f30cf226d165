"""Vietnamese telephone numbers: found, normalised, masked, compared."""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass

# Mobile 0 + [35789] + 8 digits, land line 02 + 9 digits (since the renumbering of 2017-2018).
_HEAD = r"(?:(?:\+|\b00)[ .\-]?84[ .\-]{0,2}(?:\(?0\)?)?|\b84|(?<!\d)\(?0)"
_GAP = r"[ \u00a0.\-()]{0,2}"
_PHONE = re.compile(
    rf"(?<!\d)(?<!\d[.\-/+]){_HEAD}{_GAP}(?:[35789](?:{_GAP}\d){{8}}|2(?:{_GAP}\d){{9}})(?!\d)(?!{_GAP}[\-/]\d)"
)
_WIDE = str.maketrans("０１２３４５６７８９＋", "0123456789+")
_FEWEST_LAST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class PhoneMention:
    """A number at text[start:end]; `value` is the domestic form, 0xxxxxxxxx."""

    start: int
    end: int
    value: str


def find_phones(text: str) -> list[PhoneMention]:
    """Vietnamese mobile and land-line numbers, with or without +84, spaces, dots, dashes, brackets."""
    return [
        PhoneMention(*match.span(), _domestic(match[0])) for match in _PHONE.finditer(text.translate(_WIDE))
    ]


def normalise_phone(text: str) -> str:
    """The number as 0xxxxxxxxx.

    Raises:
        ValueError: the text is not exactly one Vietnamese telephone number.
    """
    match = _PHONE.fullmatch(text.strip().translate(_WIDE))
    if match is None:
        raise ValueError("not a Vietnamese telephone number")
    return _domestic(match[0])


def mask_phone(phone: str) -> str:
    """First three and last two digits: 091*****78. What is no phone number keeps its last two only."""
    try:
        digits = normalise_phone(phone)
    except ValueError:
        shown = phone.strip()
        return "*" * max(len(shown) - 2, 3) + (shown[-2:] if len(shown) > 4 else "")
    return digits[:3] + "*" * (len(digits) - 5) + digits[-2:]


def last_digits_match(phone: str, digits: str) -> bool:
    """Whether the number ends with these digits (three at least), compared in constant time."""
    own, given = _digits(phone), _digits(digits)
    if len(given) < _FEWEST_LAST_DIGITS or len(own) < len(given):
        return False
    return hmac.compare_digest(own[-len(given) :], given)


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())


def _domestic(matched: str) -> str:
    digits = _digits(matched)
    for head in ("0084", "84"):
        if digits.startswith(head):
            digits = digits[len(head) :]
            break
    return "0" + digits.lstrip("0")
