"""Codes as people dictate them: "hát năm mươi chấm ba tư gạch hai sáu ..." turned into typed characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backend.text.fold import fold_aligned
from backend.text.spans import Traced

_DIGITS = {
    "không": "0", "linh": "0", "lẻ": "0", "một": "1", "mốt": "1", "hai": "2", "ba": "3", "bốn": "4",
    "tư": "4", "năm": "5", "lăm": "5", "nhăm": "5", "sáu": "6", "bảy": "7", "bẩy": "7", "tám": "8", "chín": "9",
}  # fmt: skip
_SIGNS = {
    "chấm": ".", "phẩy": ",", "gạch": "-", "ngang": "-", "nối": "-", "dưới": "-", "trừ": "-",
    "xuyệt": "/", "xoẹt": "/", "xẹt": "/", "suyệt": "/", "chéo": "/", "sẹc": "/", "slash": "/",
}  # fmt: skip
_LETTERS = {
    "h": "H",
    "hát": "H",
    "hắt": "H",
    "hách": "H",
    "hờ": "H",
    "g": "G",
    "giê": "G",
    "gờ": "G",
    "gê": "G",
}
_TEN, _TENS, _SILENT, _HUNDRED = "mười", "mươi", ("nghìn", "ngàn"), "trăm"

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[._/\-]+")
_GAP = re.compile(r"[\s,]*")
_SIGN_HINT = re.compile(r"(?<![^\W_])(?:cham|gach|ngang|tru|xuyet|xoet|xet|suyet|slash)(?![^\W_])")
_DIGIT_HINT = re.compile(
    r"(?<![^\W_])(?:khong|linh|le|mot|hai|ba|bon|tu|nam|lam|nham|sau|bay|tam|chin|muoi)(?![^\W_])"
)
_FEWEST_DIGITS = 9  # the shortest partial code: six of the date, three of the serial
_FEWEST_WORDS = 6  # so many digit words show dictation where no sign ("gạch") was spoken


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # digit, number, sign, mark (a typed sign), letter, ten, tens, either, hundred, silent
    out: str
    start: int
    end: int


class _Dialect:
    """What each word means: as written with marks, or without any."""

    def __init__(self, words: Mapping[str, tuple[str, str]], folded: bool) -> None:
        self._words = words
        self._folded = folded

    def token(self, match: re.Match[str], after_digit: bool) -> _Token | None:
        word = match[0]
        if word[0].isdigit():
            return _Token("number", word, *match.span())
        if word[0] in "._/-":
            return _Token("mark", word, *match.span())
        kind, out = self._words.get(fold_aligned(word) if self._folded else word.lower(), ("", ""))
        if kind == "ten" and self._folded and after_digit:
            kind, out = self._words["+muoi"]
        return _Token(kind, out, *match.span()) if kind else None


def _dialects() -> tuple[_Dialect, ...]:
    marked = {word: ("digit", out) for word, out in _DIGITS.items()}
    marked |= {word: ("sign", out) for word, out in _SIGNS.items()}
    marked |= {word: ("letter", out) for word, out in _LETTERS.items()}
    marked |= {_HUNDRED: ("hundred", ""), **dict.fromkeys(_SILENT, ("silent", ""))}
    bare = {fold_aligned(word): meaning for word, meaning in marked.items()} | {"muoi": ("ten", "1")}
    marked |= {_TEN: ("ten", "1"), _TENS: ("tens", "0")}
    return (
        _Dialect(marked, folded=False),
        _Dialect(bare | {"+muoi": ("tens", "0")}, folded=True),  # "nam muoi": fifty
        _Dialect(
            bare | {"+muoi": ("either", "1")}, folded=True
        ),  # "sau muoi khong tam": six, ten, zero eight
    )


_DIALECTS = _dialects()


def sounds_dictated(text: str) -> bool:
    """Cheap first look: enough words of dictation to be worth reading."""
    folded = fold_aligned(text)
    return bool(_SIGN_HINT.search(folded)) or len(_DIGIT_HINT.findall(folded)) >= _FEWEST_WORDS


def readings(text: str) -> Iterator[Traced]:
    """The NFC text with dictated runs typed out, once for each way to understand them, likeliest first."""
    for dialect in _DIALECTS:
        typed = _typed(text, dialect)
        if typed.text != text:
            yield typed


def _typed(text: str, dialect: _Dialect) -> Traced:
    out: list[str] = []
    spans: list[tuple[int, int]] = []
    done = 0
    for run in _runs(text, dialect):
        if not _is_dictation(run):
            continue
        out.append(text[done : run[0].start])
        spans += [(i, i + 1) for i in range(done, run[0].start)]
        for token, written in zip(run, _written(run), strict=True):
            out.append(written)
            spans += [(token.start, token.end)] * len(written)
        done = run[-1].end
    out.append(text[done:])
    spans += [(i, i + 1) for i in range(done, len(text))]
    return Traced("".join(out), spans)


def _runs(text: str, dialect: _Dialect) -> Iterator[list[_Token]]:
    """Unbroken sequences of tokens; a letter opens a new one unless a sign leads to it (000.21.31.H50)."""
    run: list[_Token] = []
    for match in _TOKEN.finditer(text):
        if run and not _GAP.fullmatch(text, run[-1].end, match.start()):
            yield _trimmed(run)
            run = []
        token = dialect.token(match, bool(run) and run[-1].kind == "digit" and run[-1].out not in "01")
        opens = (
            token is not None and token.kind == "letter" and not (run and run[-1].kind in {"sign", "mark"})
        )
        if run and (token is None or opens):
            yield _trimmed(run)
            run = []
        if token is not None:
            run.append(token)
    yield _trimmed(run)


def _trimmed(run: list[_Token]) -> list[_Token]:
    first, last = 0, len(run)
    while first < last and run[first].kind in {"sign", "mark", "silent", "hundred"}:
        first += 1
    while last > first and run[last - 1].kind in {"sign", "mark", "letter"}:
        last -= 1
    return run[first:last]


def _is_dictation(run: list[_Token]) -> bool:
    digits = sum(
        len(token.out) for token in run if token.kind in {"digit", "number", "ten", "tens", "either"}
    )
    spoken = sum(1 for token in run if token.kind in {"digit", "ten", "tens", "either"})
    signs = any(token.kind in {"sign", "letter"} for token in run)
    return digits >= _FEWEST_DIGITS and (spoken >= _FEWEST_WORDS or signs)


def _written(run: list[_Token]) -> list[str]:
    kinds = [token.kind for token in run] + ["", "", ""]
    return [_write(token, kinds, run, i) for i, token in enumerate(run)]


def _write(token: _Token, kinds: list[str], run: list[_Token], i: int) -> str:
    following = run[i + 1].out if i + 1 < len(run) else ""
    if token.kind == "either" and kinds[i + 1] != "digit":
        return "0"
    if token.kind in {"ten", "either"}:
        return "1" if kinds[i + 1] == "digit" and following != "0" else "10"
    if token.kind == "tens":
        return "" if kinds[i + 1] == "digit" and following != "0" else "0"
    if token.kind == "hundred":
        return "" if kinds[i + 1] in {"digit", "ten", "number"} else "00"
    if token.kind == "sign" and i and run[i - 1].kind == "sign":
        return ""  # "gạch ngang", "gạch nối": one sign
    return token.out
