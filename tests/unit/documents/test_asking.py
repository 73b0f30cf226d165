"""What a sentence about documents asks for."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from backend.domain.agency import Agency
from backend.domain.understanding import Entity
from backend.services.days_said import coming_span, days_said, part_said, past_span
from backend.services.documents import asking, wording
from backend.services.documents.asking import read_asked, says_own
from backend.text.fold import fold

TODAY = date(2026, 11, 22)  # a Sunday


class Uow:
    today = TODAY


@pytest.fixture(autouse=True)
def agencies(monkeypatch: pytest.MonkeyPatch) -> None:
    class Match:
        agency = Agency("H50.06", "Sở Tài chính", "department")

    monkeypatch.setattr(
        asking, "resolve_agency", lambda _uow, text: [Match()] if fold(text) == "so tai chinh" else []
    )


def said(marked: str, own: str = "", **more: Any) -> dict[str, str]:
    """``marked`` has its entities as [words](name)."""
    text = re.sub(r"\[([^\]]+)\]\(\w+\)", r"\1", marked)
    found = re.findall(r"\[([^\]]+)\]\((\w+)\)", marked)
    entities = [Entity(name, word, text.find(word), text.find(word) + len(word)) for word, name in found]
    return dict(read_asked(Uow(), text, entities, own, **more).said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("tìm quyết định 1234/QĐ-UBND", "1234/QĐ-UBND"),
        ("tìm giùm cv 1502/UBND-NC vs", "1502/UBND-NC"),
        ("qd [2234](doc_code) cua tinh", "2234"),
        ("thong bao ket luan so 203 cua van phong", "thong bao ket luan so 203"),
        ("công văn 412/UBND-KT và 15/CT-UBND", "412/UBND-KT; 15/CT-UBND"),
    ],
)
def test_numbers_are_read(sentence: str, number: str) -> None:
    assert said(sentence)["number"] == number


@pytest.mark.parametrize(
    "sentence", ["có công điện nào về bão số 12 không", "quyết định năm 2026", "chỉ thị tháng 9"]
)
def test_not_every_figure_is_a_number(sentence: str) -> None:
    assert "number" not in said(sentence)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Văn bản chỉ đạo về phòng chống dịch tả lợn ban hành tháng 10 số mấy?", "phòng chống dịch tả lợn"),
        ("Tim quyet đinh về bang gia dat năm 2026", "bang gia dat"),
        ("Kiếm giùm cái chỉ thị nói về cháy rừng năm ngoái hỉ", "cháy rừng"),
        ("vb mảng khoáng sản", "khoáng sản"),
        ("có vb nào về chuyển đổi số năm 2026 k, gửi a link", "chuyển đổi số"),
        ("kh cchc q4 số mấy z", "cải cách hành chính"),
        ("có chỉ thị nào về kỷ luật kỷ cương hành chính không", "kỷ luật kỷ cương hành chính"),
        ("tra van ban ve chuyen doi so", "chuyen doi so"),
        ("tìm văn bản", ""),
    ],
)
def test_the_topic_is_what_is_left(sentence: str, words: str) -> None:
    assert said(sentence).get("words", "") == words


def test_kind_direction_and_what_is_to_be_done() -> None:
    assert wording.kind_said("tìm cái qđ về đất") == "quyết định"
    assert wording.kind_said("văn bản nào cũng được") == ""
    assert wording.direction_said("công văn đến hôm nay") == "in"
    assert wording.direction_said("văn bản đi tháng 10") == "out"
    assert wording.direction_said("số công báo mới") == "gazette"
    assert wording.direction_said("xem tóm tắt 88/TB-UBND đi") == ""
    assert wording.action_said("văn bản cần xử lý")
    assert not wording.action_said("xử lý xe quá tải")


def test_agencies_of_the_province_ministries_and_the_own() -> None:
    assert said("văn bản của [Sở Tài chính](agency)")["agency"] == "H50.06"
    assert said("công văn của [Bộ Nội vụ](agency)")["issuer"] == "Bộ Nội vụ"
    own = said("văn bản gửi sở tôi tuần này", own="H50.04")
    assert own["agency"] == "H50.04"
    assert "words" not in own
    assert not says_own("sở tới đây họp")
    assert says_own("xa minh co van ban gi")


def test_a_follow_up_names_values_only() -> None:
    assert said("còn [Sở Tài chính](agency)?", only_values=True) == {"agency": "H50.06"}


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        ("tháng 12", date(2025, 12, 1), date(2025, 12, 31)),
        ("ban hành từ tháng 9 không", date(2026, 9, 1), TODAY),
        ("từ năm 2019 đến 2024", date(2019, 1, 1), date(2024, 12, 31)),
        ("tbkl giao ban t2", date(2026, 11, 16), date(2026, 11, 16)),
        ("năm ngoái", date(2025, 1, 1), date(2025, 12, 31)),
        ("kế hoạch 2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_documents_lie_in_the_past(sentence: str, first: date, last: date) -> None:
    assert past_span(sentence, days_said(sentence, TODAY), TODAY) == (first, last)


def test_a_boss_is_no_month() -> None:
    assert days_said("sep dang hoi gap", TODAY).mentions == ()


@pytest.mark.parametrize(
    ("sentence", "first", "part"),
    [
        ("lịch chủ tịch sáng mai", date(2026, 11, 23), "morning"),
        ("chieu thu tu hop gi", date(2026, 11, 25), "afternoon"),
        ("tối mai ai trực", date(2026, 11, 23), "evening"),
        ("sở tôi mai ai trực", date(2026, 11, 23), ""),
        ("mai tôi có họp không", date(2026, 11, 23), ""),
        ("tuần tới", date(2026, 11, 23), ""),
    ],
)
def test_parts_of_a_coming_day(sentence: str, first: date, part: str) -> None:
    days = days_said(sentence, TODAY)
    span = coming_span(days)
    assert span is not None
    assert span[0] == first
    assert part_said(sentence, days) == part
