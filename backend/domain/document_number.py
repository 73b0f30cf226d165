"""Numbers of official documents as things to compare: 1234/QĐ-UBND, 77/2024/QĐ-UBND, 1234-QĐ/TU, QĐ số 1234/UBND."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.text.fold import fold

#: Kinds written out, the longer first, with what stands for them in a number.
KINDS = {
    "quyet dinh": "qd", "nghi quyet": "nq", "nghi dinh": "nd", "thong bao ket luan": "tb", "thong bao": "tb",
    "thong tu": "tt", "chi thi": "ct", "cong van": "", "cong dien": "cd", "ke hoach": "kh", "to trinh": "ttr",
    "bao cao": "bc", "huong dan": "hd", "giay moi": "gm", "quy che": "qc", "chuong trinh": "ctr", "de an": "da",
    "thong tri": "tt", "ket luan": "kl", "luat": "l",
}  # fmt: skip
#: The kind that each abbreviation of a number stands for, in lower case with its marks.
KIND_NAMES = {
    "qd": "quyết định", "nq": "nghị quyết", "nd": "nghị định", "tb": "thông báo", "tt": "thông tư", "ct": "chỉ thị",
    "cd": "công điện", "kh": "kế hoạch", "ttr": "tờ trình", "bc": "báo cáo", "hd": "hướng dẫn", "gm": "giấy mời",
    "qc": "quy chế", "ctr": "chương trình", "da": "đề án", "kl": "kết luận", "cv": "công văn",
}  # fmt: skip
_SERIAL = re.compile(r"(?<![0-9])(\d{1,6})([a-z]?)(?![0-9a-z])")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)\d\d)(?![0-9])")
_LETTERS = re.compile(r"[a-z][a-z0-9]*")
_NOT_PARTS = frozenset({"so", "v", "vb", "cv", "van", "ban", "cua", "ngay", "nam"})


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """``year`` 0 when the number has none; ``letters`` without signs ("qdubnd"), "" when only the serial is known."""

    serial: int
    year: int = 0
    letters: str = ""
    tail: str = ""  # the letter of "12a/QĐ-UBND"

    @property
    def key(self) -> str:
        """The same for every spelling of one number."""
        return f"{self.serial}{self.tail}/{self.year or ''}/{self.letters}"

    def like(self, other: DocumentNumber) -> bool:
        """Whether what was typed (self) can mean the other: a year or some letters may have been left out."""
        if self.serial != other.serial or self.tail not in ("", other.tail):
            return False
        if self.year and other.year and self.year != other.year:
            return False
        return self.letters in ("", other.letters) or _is_part(self.letters, other.letters)


def read_number(text: str) -> DocumentNumber | None:
    """The number in a cell or in what somebody typed as one; None when there is no digit to begin with.

    The first whole number is the serial, a year right behind it belongs to the number, letters are compared without
    signs and marks, whatever their order of signs: "1234-QĐ/UBND" is 1234/QĐ-UBND.
    """
    clean = fold(text)
    for name, short in KINDS.items():
        clean = clean.replace(name, f" {short} ")
    found = _SERIAL.search(clean)
    if found is None:
        return None
    rest = clean[found.end() :]
    year = _YEAR.match(rest.lstrip(" /-."))
    letters = [*_LETTERS.findall(clean[: found.start()]), *_LETTERS.findall(rest)]
    kept = [one for one in letters if one not in _NOT_PARTS]
    if len(kept) > 1 and kept[0] == kept[1]:  # "quyết định số 1234/QĐ-UBND" says it twice
        kept = kept[1:]
    return DocumentNumber(int(found[1]), int(year[1]) if year else 0, "".join(kept), found[2])


def number_key(text: str) -> str:
    """The key of a printed number; the folded text itself where it has no digits."""
    read = read_number(text)
    return read.key if read else fold(text)[:60]


def kind_of(number: str) -> str:
    """What kind a printed number says that the document is; "công văn" for a bare issuer (1502/UBND-KT)."""
    parts = _LETTERS.findall(fold(number))
    found = next((KIND_NAMES[one] for one in parts if one in KIND_NAMES), "")
    return found or ("công văn" if parts else "")


def _is_part(typed: str, printed: str) -> bool:
    """ "ubnd" of "qdubnd", "qd" of "qdubnd": one end of it, long enough to say something."""
    return len(typed) >= 2 and (printed.startswith(typed) or printed.endswith(typed))
