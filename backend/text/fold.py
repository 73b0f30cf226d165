"""One form for Vietnamese text: NFC, folding without marks, tone-mark placement, look-alike letters."""

from __future__ import annotations

import re
import unicodedata

_SPACES = "\t\x0b\x0c\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_LINE_ENDS = "\x85\u2028\u2029"
# Letters that Unicode does not take apart; Eth is what old converters write for Đ.
_BARRED = {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ɖ": "d", "Ɖ": "d"}
_ODD = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
)
_WORD = re.compile(r"[^\W_]+")


def _plain(char: str) -> str:
    """The folded form of one character: possibly empty, possibly the character itself."""
    if char in _BARRED:
        return _BARRED[char]
    if char in "\n\r" or char in _SPACES or char in _LINE_ENDS:
        return " "
    if unicodedata.category(char) in {"Mn", "Mc", "Me", "Cc", "Cf"}:
        return ""
    compatible = _without_marks("NFKD", char)
    # Full-width, circled and mathematical letters become plain ones; other signs keep their shape.
    if len(compatible) == 1 and compatible.isascii() and compatible.isalnum():
        return compatible
    return _without_marks("NFD", char)


def _without_marks(form: str, char: str) -> str:
    lowered = unicodedata.normalize(form, char).lower()  # type: ignore[arg-type,unused-ignore]
    kept = [
        _BARRED.get(c, c) for c in unicodedata.normalize("NFD", lowered) if unicodedata.category(c)[0] != "M"
    ]
    return unicodedata.normalize("NFC", "".join(kept))


def _one_for_one(char: str) -> str:
    """The folded form of one character where that is one character, else the nearest that is."""
    plain = " " if char in _SPACES else char if char == "\n" else _plain(char)
    if len(plain) == 1:
        return plain
    lowered = char.lower()
    return lowered if len(lowered) == 1 else char


class _FoldTable(dict[int, str]):
    """Answers for common code points are ready; the rest are worked out and not kept, so it cannot grow."""

    def __missing__(self, code: int) -> str:
        return _plain(chr(code))


class _AlignedTable(dict[int, str]):
    def __missing__(self, code: int) -> str:
        return _one_for_one(chr(code))


_COMMON = (*range(0x530), *range(0x1E00, 0x2070), *range(0xFF00, 0xFFF0))
_FOLD = _FoldTable({code: _plain(chr(code)) for code in _COMMON})
_ALIGNED = _AlignedTable({code: _one_for_one(chr(code)) for code in _COMMON})
_TIDY: dict[int, str | None] = {
    code: None for code in range(0x10000) if _ODD.match(chr(code)) and unicodedata.category(chr(code)) != "Cn"
}
_TIDY.update({ord(c): " " for c in _SPACES} | {ord(c): "\n" for c in _LINE_ENDS})


def nfc(text: str) -> str:
    """NFC, without zero-width and control characters; line ends become \\n, odd spaces a space."""
    if _ODD.search(text) is not None:
        text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TIDY)
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower case, no marks, đ as d, white space collapsed and stripped: the form for comparing."""
    folded = " ".join(text.translate(_FOLD).split())
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


def fold_aligned(text: str) -> str:
    """As `fold`, character by character: for NFC text the same length, so offsets stay valid."""
    return text.translate(_ALIGNED)


def words(text: str) -> list[str]:
    """Folded runs of letters and digits, in order."""
    return _WORD.findall(fold(text))


# Tone placement. In the open rhymes oa, oe, uy the old style marks the first vowel (hòa, thủy), the new
# style the second (hoà, thuỷ). Closed by a letter (hoàn, khoẻo) both mark the second.
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_GROUPS = (("o", "a"), ("o", "e"), ("u", "y"))


def _pairs() -> tuple[dict[str, str], dict[str, str]]:
    to_first: dict[str, str] = {}
    to_second: dict[str, str] = {}
    for lower_first, lower_second in _GROUPS:
        for first in (lower_first, lower_first.upper()):
            for second in (lower_second, lower_second.upper()):
                for tone in _TONES:
                    old = unicodedata.normalize("NFC", first + tone) + second
                    new = first + unicodedata.normalize("NFC", second + tone)
                    to_first[new] = old
                    if lower_first == "o":
                        to_second[old] = new
    return to_first, to_second


_TO_FIRST, _TO_SECOND = _pairs()
_OPEN = re.compile(f"(?<![qQ])(?:{'|'.join(_TO_FIRST)})(?![^\\W\\d_])")
_CLOSED = re.compile(f"(?:{'|'.join(_TO_SECOND)})(?=[a-zA-Z])")


def place_tones(text: str) -> str:
    """NFC text with old-style tone marks: hoà -> hòa, thuỷ -> thủy, mistyped hòan -> hoàn; case kept."""
    text = unicodedata.normalize("NFC", text)
    text = _OPEN.sub(lambda m: _TO_FIRST[m[0]], text)
    return _CLOSED.sub(lambda m: _TO_SECOND[m[0]], text)


_LOOKALIKE_PAIRS = (
    # Cyrillic
    "аa вb еe кk мm нh оo рp сc тt уy хx іi јj ѕs һh ԁd ԛq ԝw ӏl "
    "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS ҺH ԚQ ԜW ԌG "
    # Greek
    "αa εe ιi κk νv οo ρp τt υu χx ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX "
    # Armenian, Cherokee, Latin letters of other scripts' shape
    "օo սu ոn հh ցg ᎪA ᏴB ᏟC ᎬE ᏀG ᎻH ᎫJ ᏦK ᏞL ᎷM ᏢP ᏒR ᏚS ᎢT ᏙV ᎳW ᏃZ ɡg ɑa ıi"
)
LATIN_OF = {pair[0]: pair[1] for pair in _LOOKALIKE_PAIRS.split()}
_LOOKALIKE = re.compile(f"[{''.join(LATIN_OF)}]")


def lookalikes(text: str) -> list[str]:
    """Letters of other scripts that look Latin, each once, in order of appearance; `LATIN_OF` says which."""
    return list(dict.fromkeys(_LOOKALIKE.findall(text)))
