"""Numbers of official documents: 1234/QĐ-UBND, 118/2025/NĐ-CP, 45/TTr-SXD, 136/2025/QH15."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backend.text.fold import fold

# Kinds and issuers as NĐ 30/2020/NĐ-CP abbreviates them; people type them without marks and in any case.
_KINDS = """
    QĐ NĐ NQ CT CV TB KH TT TTLT BC TTr HD CĐ GM GP GCN PL L QC QyĐ ĐA PA DA BB HĐ CTr PC GT PG VBHN KL TC
"""
_ISSUERS = """
    UBND HĐND TTg CP CTN UBTVQH VPCP VPUBND TTCP BCA BTP BNV BXD BTC BYT BCT BNNMT BNNPTNT BTNMT BTTTT BKHCN
    BGDĐT BVHTTDL BLĐTBXH BKHĐT BGTVT BQP BNG NHNN HĐTP TANDTC VKSNDTC TU ĐU MTTQ BHXH SXD STP SNV STC SYT SCT
    SGDĐT SKHCN SNNMT SNNPTNT SVHTTDL SKHĐT SGTVT STNMT STTTT SLĐTBXH CAT VP TTPVHCC
"""


def _by_folded(names: str) -> dict[str, str]:
    return {fold(name): name for name in names.split()}


_KIND, _ISSUER = _by_folded(_KINDS), _by_folded(_ISSUERS)
_SPELLING = _KIND | _ISSUER

_DOCUMENT = re.compile(
    r"(?<![a-z0-9/.,\-])(\d{1,5})(?P<first>\s{0,2}/\s{0,2}|[\s\-]{1,3})(?:((?:19|20)\d\d)\s{0,2}/\s{0,2})?"
    r"([a-z]{1,8}\d{0,2})((?:\s?-\s?[a-z]{1,12}\d{0,2}(?![a-z0-9])){0,3}|\s[a-z]{2,8})(?![a-z0-9])"
)
_WORD = re.compile(r"[a-z]+\d*")
_PARLIAMENT = re.compile(r"qh\d{1,2}")


def find_documents(text: str, clean: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, canonical number) for each document; `clean` is the folded text of the same length."""
    if "/" not in clean and "-" not in clean:
        return
    for match in _DOCUMENT.finditer(clean):
        kind = match[4]
        issuers = [
            (m[0], m.start() + match.start(5), m.end() + match.start(5)) for m in _WORD.finditer(match[5])
        ]
        if not _believable(text, match, kind, [name for name, _, _ in issuers]):
            continue
        parts = [_spelled(text, kind, *match.span(4)), *(_spelled(text, *issuer) for issuer in issuers)]
        numbers = [match[1], *([match[3]] if match[3] else [])]
        yield match.start(), match.end(), f"{'/'.join(numbers)}/{'-'.join(parts)}"


def _believable(text: str, match: re.Match[str], kind: str, issuers: list[str]) -> bool:
    if _PARLIAMENT.fullmatch(kind):
        return match[3] is not None
    if not issuers:
        return False
    dashed = "-" in match[5]
    if kind in _KIND and issuers[0] in _ISSUER and "/" in match[0]:
        return True
    if "/" not in match["first"] or not dashed:  # a separator is missing: only well-known names
        return kind in _KIND and len(kind) > 1 and issuers[0] in _ISSUER
    known = kind in _KIND or kind in _ISSUER
    return (known and match[3] is not None) or issuers[0] in _ISSUER or text[slice(*match.span(4))].isupper()


def _spelled(text: str, folded: str, start: int, end: int) -> str:
    return _SPELLING.get(folded) or text[start:end].upper()
