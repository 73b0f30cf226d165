"""Careful reading of JSON that came from outside: every field has the type it should have, or ``Unreadable``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from backend.text.fold import nfc

Raw = Mapping[str, Any]
_LARGEST = 2**63


class Unreadable(ValueError):
    """Not a shape that the channel sends. The message names the field, never its content."""


def part(of: Raw, name: str) -> Raw:
    """A required object."""
    found = of.get(name)
    if not isinstance(found, dict):
        raise Unreadable(name)
    return found


def optional_part(of: Raw, name: str) -> Raw | None:
    return None if of.get(name) is None else part(of, name)


def parts(of: Raw, name: str) -> Sequence[Raw]:
    """A list of objects; empty when the field is missing."""
    found = of.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Unreadable(name)
    return found


def whole(of: Raw, name: str, default: int | None = None) -> int:
    found = of.get(name, default)
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) >= _LARGEST:
        raise Unreadable(name)
    return found


def number(of: Raw, name: str) -> float:
    found = of.get(name)
    if not isinstance(found, int | float) or isinstance(found, bool):
        raise Unreadable(name)
    return float(found)


def text(of: Raw, name: str, longest: int | None = None) -> str:
    """A string in NFC, half surrogate pairs replaced (they cannot be stored); empty when the field is missing."""
    found = of.get(name, "")
    if not isinstance(found, str) or (longest is not None and len(found) > longest):
        raise Unreadable(name)
    return nfc(whole_characters(found))


def whole_characters(raw: str) -> str:
    return raw.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def moment(of: Raw, name: str) -> datetime | None:
    """Seconds since 1970 as an aware instant."""
    if of.get(name) is None:
        return None
    try:
        return datetime.fromtimestamp(whole(of, name), UTC)
    except (OverflowError, OSError, ValueError):
        raise Unreadable(name) from None
