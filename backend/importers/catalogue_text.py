"""The national catalogue's texts taken apart: its tables come flattened, without separators between cells."""

from __future__ import annotations

import re
from collections.abc import Iterable

from backend.domain.procedure import LegalBasis, Paper, PaperCase, Result
from backend.text.fold import nfc

#: What the portal writes where it has nothing.
_EMPTY = frozenset({"", "không có thông tin", "không", "không có", "-", "--", "---"})
_PAPER_HEAD = re.compile(r"Tên giấy tờ\s*Mẫu đơn, tờ khai\s*Số lượng")
# Ranges such as À-Ỹ hold both cases, so the letters are listed.
_LATIN = [chr(code) for code in (*range(0x41, 0x250), *range(0x1EA0, 0x1EFA))]
_UP = "".join(char for char in _LATIN if char.isupper())
_LOW = "".join(char for char in _LATIN if char.islower())
# "1 bản chính,1 bản sao" closes a row; the same words inside a name stand in brackets or before punctuation.
_QUANTITY = re.compile(
    r"(?<![\d(/])(?:(\d{1,2}) bản chính(?:,\s?(\d{1,2}) bản sao)?|(\d{1,2}) bản sao)"
    rf"(?!\s*[.;:)\],]| [{_LOW}])"
)
_FORM = re.compile(r"\.(?:docx?|pdf|xlsx?|odt|rar|zip|jpg|png)$", re.IGNORECASE)
_FORM_START = re.compile(rf"[{_LOW}\d;.)”\"](?=[{_UP}][^;.]{{0,70}}$)|(?<=[{_UP}]-CP)(?=[{_UP}])")
_LEGAL_HEAD = re.compile(r"^Tên văn bản pháp lý\s*Mã văn bản")
# The issuers end a number: without them, the first letter of the name that follows cannot be told from it.
_ISSUERS = (
    "UBTVQH\\d\\d QH\\d\\d BLĐTBXH BVHTTDL BNNPTNT TANDTC BNN&PTNT BNN-PTNT BKHĐT BTNMT BNNMT BGTVT BKHCN"
    " BTTTT BGDĐT VKSTC NHNN VPCP HĐND UBND BHXH TTCP BTC BTP BCA BXD BNV BYT BCT BQP BNG BTS BNN BKH TTg CTN CP"
)
_NUMBER = re.compile(
    rf"(?:[Ss]ố\s)?(\d{{1,4}}(?:\.\d{{1,2}})?/\d{{4}}/(?:[A-ZĐ]+-)*(?:{'|'.join(_ISSUERS.split())}))"
    rf"(?=\s*$|[{_LOW}{_UP}]|\s[{_UP}])"
)
_CUT_NUMBER = re.compile(r"\s*(?:số )?\d{1,4}/\d{4}/QH$")
_LAW_AFTER_YEAR = re.compile(r"^\d\d(?=\d\d/\d{4}/QH)")
_RESULT = re.compile(r"Mã:\s*((?:\d{2,3}\.)*(?:KQ\.)?[GH]\d{2}[.\-](?:KQ)?\d{3,9})")
_BULLET = re.compile(r"^[\s\-–+*•·o]*(?=\S)")
_STEP = re.compile(r"(?<=[\w.;:)])\s*(?=(?:[-–+*]\s*)?Bước\s*\d{1,2}\s*[:.])")
_FILE_AT_DISTRICT = re.compile(r"(?:nộp|gửi|đến|tại)[^.;\n]{0,90}\b(?:cấp\s+)?huyện\b", re.IGNORECASE)
_DISTRICT = re.compile(r"\b(?:cấp huyện|huyện)\b", re.IGNORECASE)


def clean(text: str | None) -> str:
    """NFC, one space between words; the portal's empty value becomes an empty string."""
    tidy = " ".join(nfc(text or "").split())
    return "" if tidy.lower().rstrip(".") in _EMPTY else tidy


def names_district(*texts: str) -> bool:
    return any(_DISTRICT.search(text) for text in texts)


def paper_cases(text: str) -> tuple[PaperCase, ...]:
    """Papers by case; what cannot be told apart stays together in one paper."""
    parts = _PAPER_HEAD.split(nfc(text))
    if len(parts) == 1:
        whole = clean(text)
        return (PaperCase("", (Paper(whole),)),) if whole else ()
    cases: list[PaperCase] = []
    heading = parts[0]
    for body in parts[1:]:
        papers, rest = _rows(body)
        if not papers and clean(rest):
            papers, rest = (Paper(_name(rest)),), ""
        if papers:
            cases.append(PaperCase(_name(heading), papers))
        heading = rest
    return tuple(cases)


def _rows(body: str) -> tuple[tuple[Paper, ...], str]:
    papers: list[Paper] = []
    at = 0
    for match in _QUANTITY.finditer(body):
        originals, with_copies, copies = match.groups()
        name, form = _split_form(_name(body[at : match.start()]))
        at = match.end()
        if name:
            papers.append(Paper(name, form, int(originals or 0), int(with_copies or copies or 0)))
    return tuple(papers), body[at:]


def _split_form(text: str) -> tuple[str, str]:
    """A file name runs on at the end of the paper's name: "… Nghị định 175/2024/NĐ-CPMẫu số 01.docx"."""
    whole = _FORM.search(text)
    if whole is None:
        return text, ""
    stem = text[: whole.start()].strip()
    starts = [match.end() for match in _FORM_START.finditer(stem)]
    if not starts:
        return (stem, stem) if len(stem) <= 80 else (stem, "")
    return stem[: starts[-1]].strip(), stem[starts[-1] :].strip()


def _name(text: str) -> str:
    return clean(_BULLET.sub("", clean(text)).rstrip(" ;,"))


def legal_texts(text: str) -> tuple[LegalBasis, ...]:
    """Laws and decrees: each name is followed by its number, which often stands in the name too."""
    body = _LEGAL_HEAD.sub("", clean(text))
    found: list[LegalBasis] = []
    at = 0
    for match in _NUMBER.finditer(body):
        name = _CUT_NUMBER.sub("", body[at : match.start()]).strip(" ;,.")
        number = _LAW_AFTER_YEAR.sub("", match[1])  # "Luật Cư trú 2068/2020/QH14"
        at = match.end()
        if name or not any(one.number == number for one in found):
            found.append(LegalBasis(number, name or number))
    if len(rest := body[at:].strip(" ;,.")) > 5:
        found.append(LegalBasis("", rest))
    return tuple({one.number or one.name: one for one in found}.values())


def results(text: str) -> tuple[Result, ...]:
    body = clean(text)
    found: list[Result] = []
    at = 0
    for match in _RESULT.finditer(body):
        if name := _name(body[at : match.start()]).rstrip(". "):
            found.append(Result(name, match[1]))
        at = match.end()
    if rest := _name(body[at:]).rstrip(". "):
        found.append(Result(rest))
    return tuple(found)


def lines(text: str) -> tuple[str, ...]:
    """Steps or conditions, one a line; lines that send people to a district are left out."""
    if not clean(text):
        return ()
    parts = (part for line in nfc(text).split("\n") for part in _STEP.split(line))
    tidy = (clean(_BULLET.sub("", part)) for part in parts)
    return tuple(one for one in tidy if one and not _FILE_AT_DISTRICT.search(one))


def agencies(text: str) -> str:
    """Agencies without those of abolished districts."""
    parts = [clean(part) for part in re.split(r"[,;\n]", clean(text))]
    kept = [part for part in parts if part and not _DISTRICT.search(part)]
    return ", ".join(_once(kept)).replace("xã, phường, thị trấn", "xã, phường")


def _once(parts: Iterable[str]) -> list[str]:
    return list({part.lower(): part for part in parts}.values())
