"""What a sentence about documents names: the kind, the direction, and the words of the subject that are left when
everything else is taken out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backend.domain.document import Word
from backend.domain.document_number import KINDS
from backend.domain.document_words import split
from backend.text.fold import fold, fold_aligned, nfc

#: What officers write short, written out as subjects have it.
SHORT = {
    "cchc": "cải cách hành chính", "cđs": "chuyển đổi số", "cds": "chuyển đổi số", "gpmb": "giải phóng mặt bằng",
    "attp": "an toàn thực phẩm", "ntm": "nông thôn mới", "đtc": "đầu tư công", "dtc": "đầu tư công",
    "pccc": "phòng cháy chữa cháy", "bhyt": "bảo hiểm y tế", "bhxh": "bảo hiểm xã hội", "tthc": "thủ tục hành chính",
    "qlđđ": "quản lý đất đai", "atgt": "an toàn giao thông", "gtvt": "giao thông vận tải", "gd": "giáo dục",
    "pctt": "phòng chống thiên tai", "dvc": "dịch vụ công", "ktxh": "kinh tế - xã hội", "anqp": "an ninh quốc phòng",
}  # fmt: skip
#: Ways of asking; none of them says what a document is about. Longer ones first.
_ASKING = (
    "van ban chi dao", "van ban", "ban hanh", "so hieu", "so may", "so bao nhieu", "so nhieu", "so nhiu", "bao nhieu",
    "o dau", "nam o dau", "o mo", "de mo", "lien quan den", "lien quan toi", "lien quan", "toan van", "nguyen van",
    "noi dung", "ban goc", "ban giay", "ban chinh", "ban da ky", "ban ky so", "ban co dau", "ban day du", "ban scan",
    "ban word", "ban pdf", "file pdf", "moi nhat", "moi ban hanh", "gan day", "con hieu luc", "hieu luc", "tom tat",
    "gui link", "duong link", "cho xin", "cho xem", "cho doc", "cho em", "cho anh", "cho chi", "cho toi", "cho minh",
    "tim giup", "kiem giup", "kiem gium", "tim gium", "lay giup", "lay gium", "mo xem", "mo ra", "tra cuu", "tra ho",
    "ha anh", "phat hanh", "da phat hanh", "chi dao", "cua tinh", "co khong", "phai khong", "khan cap", "hoa toc",
    "can xu ly", "can giai quyet", "phai xu ly", "cong bao", "thong bao ket luan", "ai ky", "ngay nao", "noi gi",
)  # fmt: skip
_STOPS = """
    tìm kiếm tra xin cho tôi em anh chị tui mình bạn ad giúp giùm dùm hộ với nhé nha nhỉ ạ à hả hỉ hè nghen vs z
    cái các những mấy một có không ko k kg chưa nào gì chi số của về việc vụ là thì mà để được đã đang sẽ rồi đâu mô
    xem đọc gửi lấy mở bật cần muốn hỏi sếp ông ổng ở từ tới đến trong ngoài theo như này đó ấy kia nọ đi ra vào lên
    vb file link pdf word bản mới cũ nhất ngày tháng năm quý tuần hôm nay qua hồi bữa nói tê răng rứa hổng hông nớ
    mảng lĩnh vực văn đt luôn ngay gấp và cùng còn lại nữa thêm ac sao vậy đấy ai do bao tỉnh coi nhớ lục hoài thấy
    mang máng phần hình e t a ơi má dạ vâng thôi nên giờ chứ người ta
"""
_STOP_MARKED = frozenset(_STOPS.split())
_STOP_FOLDED = frozenset(map(fold, _STOP_MARKED)) - {
    "ra",
    "can",
    "so",
    "cu",
    "ho",
    "ban",
    "qua",
    "nam",
    "mang",
    "do",
}
#: Pairs of syllables that name a thing, though one of them alone is a word of asking.
_KEPT_PAIRS = frozenset(
    tuple(fold(one).split())
    for one in (
        "đổi số", "dân số", "số hóa", "số liệu", "hộ tịch", "hộ nghèo", "hộ khẩu", "hộ gia", "bảo hộ", "hỗ trợ",
        "công an", "quý hiếm", "di tích", "người có", "có công", "việc làm", "văn hóa", "văn bằng", "vụ án",
        "nội vụ", "công vụ", "nghĩa vụ", "nhiệm vụ", "dịch vụ", "mùa vụ", "phục vụ", "cần thơ", "bản đồ", "mở rộng",
        "vực nước", "lưu vực", "khu vực", "đô thị", "thực phẩm", "tuần tra", "kiểm tra", "thanh tra", "điều tra",
        "sự cố", "thu hồi", "trật tự", "nông thôn", "thôn mới", "mở thầu", "chi ngân", "chi tiêu", "chi trả", "bội chi",
    )
)  # fmt: skip
#: What these name is as often what a document is about.
_NAMED_KINDS = KINDS.keys() - {"luat", "de an", "chuong trinh"}
_KIND = re.compile(
    r"\b(?:"
    + "|".join(sorted(_NAMED_KINDS, key=len, reverse=True))
    + r"|qd|cv|nq|nd|kh|tbkl|tb kl)\b(?!\s*[/\-])"
)
_KIND_SHORT = {"qd": "quyết định", "cv": "công văn", "nq": "nghị quyết", "nd": "nghị định", "kh": "kế hoạch"}
_KIND_FULL = {
    "quyet dinh": "quyết định", "nghi quyet": "nghị quyết", "nghi dinh": "nghị định", "thong bao": "thông báo",
    "thong bao ket luan": "thông báo", "thong tu": "thông tư", "chi thi": "chỉ thị", "cong van": "công văn",
    "cong dien": "công điện", "ke hoach": "kế hoạch", "to trinh": "tờ trình", "bao cao": "báo cáo",
    "huong dan": "hướng dẫn", "giay moi": "giấy mời", "quy che": "quy chế", "thong tri": "thông tri",
    "ket luan": "kết luận", "tbkl": "thông báo", "tb kl": "thông báo",
}  # fmt: skip
_ABOUT = re.compile(r"\b(?:noi ve|lien quan(?: den| toi)?|ve(?: viec| vu)?|vu|mang)\b")
_ABOUT_SAID = {"ve": {"ve", "về"}, "vu": {"vu", "vụ"}, "mang": {"mảng"}}
_CLAUSE = re.compile(r"[,.;:!?\n]")
_IN = re.compile(r"\b(?:van ban|cong van|vb|cv) den\b(?! (?:ngay|thang|nam|nay|gio|het))")
_OUT = re.compile(r"\b(?:van ban|cong van|vb|cv) di\b")
_GAZETTE = re.compile(r"\bcong bao\b")
_TO_DO = re.compile(r"\b(?:can|phai|chua) (?:xu ly|giai quyet)\b")


def kind_said(text: str) -> str:
    """The first kind that is named, in lower case with its marks; "" when none is."""
    found = _KIND.search(fold_aligned(nfc(text)))
    if found is None:
        return ""
    return _KIND_SHORT.get(found[0]) or _KIND_FULL.get(found[0], "")


def direction_said(text: str) -> str:
    """ "in", "out", "gazette" or ""."""
    folded = fold_aligned(nfc(text))
    for name, pattern in (("gazette", _GAZETTE), ("in", _IN), ("out", _OUT)):
        if pattern.search(folded):
            return name
    return ""


def action_said(text: str) -> bool:
    return _TO_DO.search(fold_aligned(nfc(text))) is not None


def topic(text: str) -> str:
    """The words that say what the document is about, in order; "" when nothing but asking is left.

    What follows "về" up to the next comma says it; without such a word, whatever is no word of asking.
    """
    text = nfc(text)
    folded = fold_aligned(text)
    for match in _ABOUT.finditer(folded):
        typed = text[match.start() : match.end()].lower()
        last = match[0].split()[-1]
        if last in _ABOUT_SAID and typed.split()[-1] not in _ABOUT_SAID[last]:
            continue
        rest = text[match.end() :]
        clause = _CLAUSE.split(rest, 1)[0]
        if found := content(clause):
            return " ".join(found)
    return " ".join(content(text))


def content(text: str) -> list[str]:
    """The words that are left when ways of asking and the kind are taken out; short forms are written out."""
    text = _blanked(_blanked(nfc(text), _KIND, 1), _ASKED)
    found = split(text)
    marked = any(one.marked for one in found)
    left: list[str] = []
    for at, word in enumerate(found):
        typed = word.marked or word.folded
        if typed in SHORT:
            left += SHORT[typed].split()
        elif word.folded.isdigit() and len(word.folded) > 2:
            continue  # a year, or a number that no pattern knew: subjects rarely have one
        elif _names_something(found, at) or not (
            typed in _STOP_MARKED or (not marked and word.folded in _STOP_FOLDED)
        ):
            left.append(typed)
    return left


def written_out(text: str) -> list[str]:
    """Every word, short forms written out."""
    words = (one.marked or one.folded for one in split(nfc(text)))
    return [part for one in words for part in SHORT.get(one, one).split()]


def _names_something(found: Sequence[Word], at: int) -> bool:
    before = (found[at - 1].folded, found[at].folded) if at else ()
    behind = (found[at].folded, found[at + 1].folded) if at + 1 < len(found) else ()
    return before in _KEPT_PAIRS or behind in _KEPT_PAIRS


def as_words(said: str) -> tuple[Word, ...]:
    """The words to look for."""
    return tuple(dict.fromkeys(split(said)))


def without_marks(wanted: Sequence[Word]) -> tuple[Word, ...]:
    """The same words in any marking: for somebody who typed other marks than are printed."""
    return tuple(dict.fromkeys(Word(one.folded) for one in wanted))


def _blanked(text: str, pattern: re.Pattern[str], most: int = 0) -> str:
    """The text with what the pattern finds (in its folded form) replaced by spaces; 0: every time."""
    for number, match in enumerate(pattern.finditer(fold_aligned(text)), 1):
        text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
        if number == most:
            break
    return text


_ASKED = re.compile(r"\b(?:" + "|".join(sorted(_ASKING, key=len, reverse=True)) + r")\b")
