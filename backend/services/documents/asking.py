"""From a sentence to what is asked for: numbers, words, kind, agency, days. Kept as plain values, so that buttons and
the next sentence can go on from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.domain.document import Direction, DocumentFilter
from backend.domain.document_number import DocumentNumber, read_number
from backend.domain.ports import UnitOfWork
from backend.domain.understanding import Entity
from backend.services.agencies.resolve import resolve_agency
from backend.services.days_said import days_said, past_span, without
from backend.services.documents import wording
from backend.text.codes import find_codes
from backend.text.fold import fold_aligned, nfc

#: Numbers that one sentence can ask for.
MOST_NUMBERS = 5
_BARE = re.compile(
    r"\b(?:quyet dinh|cong van|chi thi|ke hoach|nghi quyet|thong bao(?: ket luan)?|ket luan|bao cao|to trinh|"
    r"nghi dinh|thong tu|cong dien|huong dan|qd|cv|nq|nd|kh|tb|ct)\s+(?P<number>(?:so\s+)?\d{1,5}(?:/(?:19|20)\d\d)?)"
    r"(?!\d|\s?[/.]\s?\d|\s*(?:thang|ngay|nam|%))"
)
_OWN = re.compile(
    r"\b(?:so|co quan|don vi|xa|phuong|ubnd|uy ban|van phong|chi cuc|trung tam|phong|ben|nganh|ban)\s+"
    r"(?:toi|minh|em|ta|tui|chung toi|chung minh|bon em|ben minh)\b"
)
_OWN_SAID = frozenset({"tôi", "mình", "em", "ta", "tui", "toi", "minh"})


@dataclass(frozen=True, slots=True)
class Asked:
    """``said`` holds plain values: number (several by "; "), words, field (part of the words), kind, direction, to_do,
    agency (code), issuer, first and last (ISO days)."""

    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def numbers(self) -> tuple[DocumentNumber, ...]:
        found = (read_number(one) for one in self.said.get("number", "").split("; ") if one)
        return tuple(one for one in found if one is not None)[:MOST_NUMBERS]

    @property
    def issued(self) -> tuple[date, date] | None:
        if "first" not in self.said:
            return None
        return date.fromisoformat(self.said["first"]), date.fromisoformat(self.said["last"])

    def filter(self, agency_id: int | None) -> DocumentFilter:
        """Everything but the numbers."""
        return DocumentFilter(
            direction=Direction(self.said["direction"]) if self.said.get("direction") else None,
            kind=self.said.get("kind", ""),
            words=wording.as_words(self.said.get("words", "")),
            issuer_words=wording.as_words(self.said.get("issuer", "")),
            agency=agency_id,
            issued=self.issued,
            needs_action=bool(self.said.get("to_do")),
        )


def given_values(given: Mapping[str, Any]) -> Asked:
    """What a button carries."""
    names = ("number", "words", "field", "kind", "direction", "to_do", "agency", "issuer", "first", "last")
    return Asked({name: str(given[name]) for name in names if given.get(name)})


def read_asked(
    uow: UnitOfWork, text: str, entities: Sequence[Entity], own_agency: str = "", *, only_values: bool = False
) -> Asked:
    """What this sentence asks for. ``own_agency``: the code of the asker's, for "sở tôi". ``only_values``: a follow-up
    ("còn Sở Tài chính?") names values and nothing else, so its other words are no topic."""
    text = nfc(text)
    numbers, text = _numbers(text, entities)
    said: dict[str, str] = {"number": "; ".join(numbers)} if numbers else {}
    days = days_said(text, uow.today)
    if span := past_span(text, days, uow.today):
        said |= {"first": span[0].isoformat(), "last": span[1].isoformat()}
    said |= _agency(uow, text, entities, own_agency)
    fields = [one.value for one in entities if one.name == "field"]
    rest = without(text, [*days.places, *_spans(text, entities, {"agency", "date"})])
    said |= _named(rest)
    if fields:
        said["field"] = " ".join(" ".join(wording.written_out(one)) for one in fields)
    if not only_values and not numbers:
        said["words"] = wording.topic(without(rest, _own_places(rest)))
    said["words"] = said.get("words") or said.get("field", "")
    return Asked({name: value for name, value in said.items() if value})


def _named(text: str) -> dict[str, str]:
    return {
        "kind": wording.kind_said(text),
        "direction": wording.direction_said(text),
        "to_do": "1" if wording.action_said(text) else "",
    }


def _numbers(text: str, entities: Sequence[Entity]) -> tuple[list[str], str]:
    """Every number of a document, and the text with spaces in their places."""
    codes = [one for one in find_codes(text) if one.kind == "document"]
    found = [one.value for one in codes]
    spans = [(one.start, one.end) for one in codes]
    for one in entities:
        apart = not any(one.start < end and start < one.end for start, end in spans)
        if one.name == "doc_code" and apart and read_number(one.value) is not None:
            found.append(one.value)
            spans += _spans(text, [one], {"doc_code"})
    if not found:
        for match in _BARE.finditer(fold_aligned(text)):
            found.append(text[match.start() : match.end()])
            spans.append((match.start("number"), match.end("number")))
    return list(dict.fromkeys(found))[:MOST_NUMBERS], without(text, spans)


def _agency(uow: UnitOfWork, text: str, entities: Sequence[Entity], own_agency: str) -> dict[str, str]:
    if own_agency and says_own(text):
        return {"agency": own_agency}
    for one in entities:
        if one.name != "agency":
            continue
        matches = resolve_agency(uow, one.value)
        if len(matches) == 1:
            return {"agency": matches[0].agency.code}
        if not matches:  # a ministry, or whoever else writes to the province
            return {"issuer": one.value}
    return {}


def says_own(text: str) -> bool:
    """Whether "sở tôi", "xã mình", "cơ quan em" is named; "sở tới" is not."""
    return bool(_own_places(nfc(text)))


def _own_places(text: str) -> list[tuple[int, int]]:
    folded = fold_aligned(text)
    if len(folded) != len(text):
        return []
    places = [match.span() for match in _OWN.finditer(folded)]
    return [(start, end) for start, end in places if text[start:end].lower().split()[-1] in _OWN_SAID]


def _spans(text: str, entities: Iterable[Entity], names: set[str]) -> list[tuple[int, int]]:
    """Where these entities stand; offsets that do not fit the text (it was put into one form) are looked for again."""
    found = []
    for one in entities:
        if one.name not in names or not one.value:
            continue
        start, end = one.start, one.end
        if text[start:end] != one.value and (at := text.find(one.value)) >= 0:
            start, end = at, at + len(one.value)
        found.append((start, end))
    return found
