"""Codes in what people type or dictate: dossiers, complaints, tasks, documents, procedures, links of channels.

Forms and their sources: the dossier code is {agency}-{YYMMDD}-{serial}, the agency old (QCVN 102:2016/BTTTT)
or new (QĐ 20/2020/QĐ-TTg, QĐ 09/2025/QĐ-TTg); both circulate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote, urlsplit

from backend.text.documents import find_documents
from backend.text.dossier_code import (
    GAP_NONE,
    GAP_SIGN,
    GAP_SPACE,
    CodeParts,
    check_code_pattern,
    is_code_date,
    read_parts,
)
from backend.text.fold import LATIN_OF, fold_aligned
from backend.text.spans import Traced, composed
from backend.text.spoken import readings, sounds_dictated

__all__ = [
    "CodeMention",
    "check_code_pattern",
    "dossier_code_from_link",
    "find_codes",
    "find_dossier_codes",
    "is_wholly_code",
    "spoken_to_typed",
    "the_whole",
]


@dataclass(frozen=True, slots=True)
class CodeMention:
    """A code at text[start:end]; `kind` is dossier, complaint, task, document, procedure or link.

    `value` is canonical. `partial`: a dossier code without its agency (261008-0975), so perhaps not unique.
    """

    kind: str
    start: int
    end: int
    value: str
    partial: bool = False


_SEP: Final = r"[\s._\-/\\,:]"
_DIGIT = re.compile(r"\d")
_NEW = re.compile(rf"(?<![a-z])[hg](?:{_SEP}{{0,4}}[0-9]){{11,44}}")
_OLD_HEAD = re.compile(
    rf"(?<![a-z0-9])(\d{{3}}){_SEP}{{0,4}}(\d\d){_SEP}{{0,4}}(\d\d){_SEP}{{0,4}}$", re.ASCII
)
_CUT_HEAD = re.compile(
    r"(?<![a-z0-9])\d\d\.(?:\d\d\.)?$", re.ASCII
)  # 21.31.H50: the level in front was left out
_PARTIAL = re.compile(
    r"(?<![a-z0-9])(\d{6}|\d{8})(?:(?P<sign>\s{0,2}[._\-/]{1,3}\s{0,2})|\s{1,3})(\d{3,7})(?![0-9])",
    re.ASCII,
)
_FOREIGN_HEAD = re.compile(r"\+\d{1,3}[\s.\-]*$|[a-z]{2,}-$", re.ASCII)
_CLOCK_OR_MORE = re.compile(r"-\d|/\w|[.,:]\d", re.ASCII)
_COMPLAINT = re.compile(
    rf"(?<![a-z0-9])(pa|kn|ht){_SEP}{{0,4}}(\d{{6}}){_SEP}{{0,4}}(\d{{1,6}})(?![0-9])", re.ASCII
)
_TASK = re.compile(rf"(?<![a-z0-9])nv{_SEP}{{0,4}}(20\d\d){_SEP}{{0,4}}(\d{{1,6}})(?![0-9])", re.ASCII)
# What backend/domain/person.py makes: in one piece or two halves, with a letter ("lô LK 22-23" is a plot of land).
_LINK_HALF: Final = "([23456789cfhjkmnpqrtvx]{4})"
_LINK = re.compile(
    rf"(?<![a-z0-9])lk{_SEP}{{0,3}}(?=[0-9\s\-]{{0,9}}[a-z]){_LINK_HALF}[\s.\-]?{_LINK_HALF}(?![a-z0-9])",
    re.ASCII,
)
_PROCEDURE = re.compile(
    r"(?<![a-z0-9.,/\-])([1-9])[.,](\d{6})(?:[.,]\d{3}\.\d\d\.\d\d\.[hg]\d\d(?:\.\d{2,4}){0,3})?(?![0-9])(?!\s?[\-_/.,]\d)",
    re.ASCII,
)

# Letters typed for digits: only in tokens of digits and such letters, with a digit among them ("h5o").
_DIGIT_LIKE = re.compile(r"(?<![a-z0-9])(?P<head>[hg]?)(?P<body>[0-9]*[oil][0-9oil]*)(?![a-z0-9])")
_NEXT_TO_DIGIT = re.compile(r"[._\-/\s]{1,3}[0-9hg]")
_AS_DIGITS = str.maketrans("oil", "011")
_SIGNS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－﹘⁃ー", "-")
    | dict.fromkeys("．。·•∙⋅‧・。", ".")
    | {"＿": "_", "／": "/", "，": ",", "：": ":", "∕": "/", "⁄": "/"}
    | {letter: latin.lower() for letter, latin in LATIN_OF.items()}
)


def find_codes(text: str) -> list[CodeMention]:
    """Every code, in order, without overlaps; offsets are those of the text as given."""
    found = _scan(composed(text)) if _DIGIT.search(text) else []
    if sounds_dictated(text):
        found = max([found, *(_scan(typed) for typed in _dictations(text))], key=_wealth)
    return found


def find_dossier_codes(text: str) -> list[CodeMention]:
    """The dossier codes among `find_codes`, full and partial."""
    return [mention for mention in find_codes(text) if mention.kind == "dossier"]


def is_wholly_code(text: str) -> CodeMention | None:
    """The one code that the message consists of, but for white space and punctuation."""
    return the_whole(text, find_codes(text))


def the_whole(text: str, found: Sequence[CodeMention]) -> CodeMention | None:
    """`is_wholly_code` for who has the codes found in the text already."""
    if len(found) != 1:
        return None
    around = text[: found[0].start] + text[found[0].end :]
    return None if any(char.isalnum() for char in around) else found[0]


def spoken_to_typed(text: str) -> str:
    """NFC text with dictated codes and numbers of nine digits or more typed out; other words stay."""
    base = composed(text)
    if not sounds_dictated(text):
        return base.text
    choices = list(readings(base.text))
    if not choices:
        return base.text
    return max(choices, key=lambda typed: _wealth(_scan(typed))).text


def dossier_code_from_link(url: str) -> str | None:
    """The first full dossier code in the path, query or fragment of a link (percent-decoded)."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    for piece in re.split(r"[/?&=#;]", unquote("/".join((parts.path, parts.query, parts.fragment)))):
        for mention in _scan(composed(unquote(piece).replace("+", " "))) if _DIGIT.search(piece) else ():
            if mention.kind == "dossier" and not mention.partial:
                return mention.value
    return None


def _dictations(text: str) -> Iterator[Traced]:
    base = composed(text)
    for typed in readings(base.text):
        assert typed.spans is not None
        yield replace(typed, spans=[base.origin(start, end) for start, end in typed.spans])


def _wealth(found: list[CodeMention]) -> tuple[int, int]:
    """Orders readings of one message: more full codes first, then more codes."""
    return sum(not mention.partial for mention in found), len(found)


def _scan(traced: Traced) -> list[CodeMention]:
    clean = _clean(traced.text)
    claimed: list[CodeMention] = []
    for finder in (_links, _complaints, _tasks, _full_dossiers, _procedures, _partial_dossiers):
        claimed += (m for m in finder(clean) if not _overlaps(m, claimed))
    for document in find_documents(traced.text, clean):
        mention = CodeMention("document", *document)
        if not _overlaps(mention, claimed):
            claimed.append(mention)
    claimed.sort(key=lambda mention: mention.start)
    if traced.spans is None:
        return claimed
    places = (traced.origin(mention.start, mention.end) for mention in claimed)
    return [replace(m, start=start, end=end) for m, (start, end) in zip(claimed, places, strict=True)]


def _overlaps(mention: CodeMention, others: list[CodeMention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)


def _clean(text: str) -> str:
    """Same length: folded, one sort of dash and dot, Latin letters, digits where letters stand for them."""
    clean = fold_aligned(text.translate(_SIGNS))
    return _DIGIT_LIKE.sub(_with_digits, clean)


def _with_digits(match: re.Match[str]) -> str:
    body = match["body"]
    digits = sum(char.isdigit() for char in body)
    zeros = len(body) >= 2 and set(body) == {"o"} and not match["head"]
    near = zeros and _NEXT_TO_DIGIT.match(match.string, match.end())
    after = zeros and match.start() >= 2 and match.string[match.start() - 2].isdigit()
    if near or after or (digits and digits * 2 >= len(body)):
        return match["head"] + body.translate(_AS_DIGITS)
    return match[0]


def _full_dossiers(clean: str) -> Iterator[CodeMention]:
    place = 0
    while match := _NEW.search(clean, place):
        place = match.start() + 1
        read = _read_dossier(clean, match)
        if read is not None:
            yield read
            place = read.end


def _read_dossier(clean: str, match: re.Match[str]) -> CodeMention | None:
    places = [i for i in range(match.start() + 1, match.end()) if clean[i].isdigit()]
    gaps = [GAP_NONE, *(_gap(clean[a + 1 : b]) for a, b in zip(places, places[1:], strict=False)), GAP_SIGN]
    parts = read_parts("".join(clean[i] for i in places), gaps)
    if parts is None or parts.province == "00":
        return None
    end = places[parts.used - 1] + 1
    head = clean[max(0, match.start() - 24) : match.start()]
    if old := _OLD_HEAD.search(head):
        start = match.start() - len(head) + old.start()
        if not parts.sub_codes:
            agency = f"{'.'.join(old.groups())}.{clean[match.start()].upper()}{parts.province}"
            return CodeMention("dossier", start, end, f"{agency}-{parts.day}-{parts.serial}")
    elif cut := _CUT_HEAD.search(head):
        start = match.start() - len(head) + cut.start()
        return CodeMention("dossier", start, end, f"{parts.day}-{parts.serial}", partial=True)
    elif head[-1:].isdigit():
        return None
    return CodeMention("dossier", match.start(), end, _new_form(clean[match.start()], parts))


def _new_form(letter: str, parts: CodeParts) -> str:
    agency = ".".join((letter.upper() + parts.province, *parts.sub_codes))
    return f"{agency}-{parts.day}-{parts.serial}"


def _gap(between: str) -> int:
    if not between:
        return GAP_NONE
    return GAP_SPACE if between.isspace() else GAP_SIGN


def _partial_dossiers(clean: str) -> Iterator[CodeMention]:
    for match in _PARTIAL.finditer(clean):
        day, serial = match[1], match[3]
        if not match["sign"] and len(serial) != 4:
            continue  # with only a space between, other numbers are likelier
        head = clean[max(0, match.start() - 8) : match.start()]
        if not is_code_date(day) or _FOREIGN_HEAD.search(head) or _CLOCK_OR_MORE.match(clean, match.end()):
            continue
        yield CodeMention("dossier", match.start(), match.end(), f"{day}-{serial}", partial=True)


def _complaints(clean: str) -> Iterator[CodeMention]:
    for match in _COMPLAINT.finditer(clean):
        if is_code_date(match[2]):
            yield CodeMention("complaint", *match.span(), f"{match[1].upper()}-{match[2]}-{match[3]:0>4}")


def _tasks(clean: str) -> Iterator[CodeMention]:
    for match in _TASK.finditer(clean):
        yield CodeMention("task", *match.span(), f"NV-{match[1]}-{match[2]:0>4}")


def _links(clean: str) -> Iterator[CodeMention]:
    for match in _LINK.finditer(clean):
        yield CodeMention("link", *match.span(), f"LK-{match[1]}{match[2]}".upper())


def _procedures(clean: str) -> Iterator[CodeMention]:
    for match in _PROCEDURE.finditer(clean):
        yield CodeMention("procedure", *match.span(), f"{match[1]}.{match[2]}")
