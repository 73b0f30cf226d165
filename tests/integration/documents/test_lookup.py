"""Looking documents up, on both engines: by number, by words, by days; scope and secrecy in every query."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backend.domain.messaging import ChannelName
from backend.domain.scope import Scope
from tests.integration.documents.conftest import ROWS, Registry, found

EVERYTHING = Scope(everything=True)
_LONG = "Quy định chung " * 12 + "về giá và bảng lương ở xã có đất"


@pytest.mark.parametrize(
    "typed", ["1234/QĐ-UBND", "1234/qd-ubnd", "1234 QĐ-UBND", "1234-QĐ/UBND", "quyết định 1234/UBND", "1234"]
)
def test_every_spelling_finds_the_number(filled: Registry, typed: str) -> None:
    answer = filled.look(EVERYTHING, number=typed)
    assert [one.number for one in answer.rows] == ["1234/QĐ-UBND"]
    assert answer.verdict == "one"


def test_a_number_without_its_year_finds_all_years_the_newest_first(filled: Registry) -> None:
    answer = filled.look(EVERYTHING, number="77/QĐ-UBND")
    assert [one.number for one in answer.rows] == ["77/2026/QĐ-UBND", "77/2025/QĐ-UBND"]
    assert filled.look(EVERYTHING, number="77/2024/QĐ-UBND").verdict == "nothing"


@pytest.mark.parametrize("words", ["nhà ở xã hội", "nha o xa hoi", "xã hội nhà", "nhà o xa hội"])
def test_words_are_found_with_marks_and_without(filled: Registry, words: str) -> None:
    answer = filled.look(EVERYTHING, words=words)
    assert {one.number for one in answer.rows} == {"1234/QĐ-UBND", "88/BXD-QLN"}
    assert answer.total == 2


def test_marks_that_were_typed_count(registry: Registry) -> None:
    registry.load(
        ("Công báo", "1/QĐ-UBND", "", "01/10/2026", "UBND tỉnh", "Thu hồi đất"),
        ("Công báo", "2/QĐ-UBND", "", "02/10/2026", "UBND tỉnh", "Mức đạt chuẩn"),
    )
    assert [one.number for one in registry.look(EVERYTHING, words="đất").rows] == ["1/QĐ-UBND"]
    assert registry.look(EVERYTHING, words="dat").total == 2
    # other marks than are printed: better than nothing
    answer = registry.look(EVERYTHING, words="thu hối đất")
    assert [one.number for one in answer.rows] == ["1/QĐ-UBND"]


def test_the_best_and_among_equals_the_newest_come_first(registry: Registry) -> None:
    registry.load(
        ("Công báo", "1/QĐ-UBND", "", "01/10/2024", "UBND tỉnh", "Bảng giá đất"),
        ("Công báo", "2/QĐ-UBND", "", "01/10/2026", "UBND tỉnh", "Bảng giá đất"),
        ("Công báo", "3/QĐ-UBND", "", "01/10/2025", "UBND tỉnh", _LONG),
    )
    rows = registry.look(EVERYTHING, words="bảng giá đất").rows
    assert [one.number for one in rows][:2] == ["2/QĐ-UBND", "1/QĐ-UBND"]


def test_what_comes_near_is_offered_but_not_counted(filled: Registry) -> None:
    answer = filled.look(EVERYTHING, words="giải ngân vốn đầu tư công trung hạn")
    assert answer.verdict == "near"
    assert answer.rows[0].number == "1502/UBND-KT"
    assert answer.total == 0
    assert filled.look(EVERYTHING, words="du lịch biển").verdict == "nothing"


def test_days_agencies_and_issuers_narrow(filled: Registry) -> None:
    of_month = filled.look(EVERYTHING, first="2026-10-01", last="2026-10-31")
    assert of_month.total == 4
    assert dict(of_month.counts) == {"in": 2, "out": 2}
    assert filled.look(EVERYTHING, agency="H50.06").total == 2  # in its hands, and sent to it
    assert [one.number for one in filled.look(EVERYTHING, issuer="bo xay dung").rows] == ["88/BXD-QLN"]
    assert filled.look(EVERYTHING, kind="quyết định", words="nhà ở").total == 1


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("lanhdao", {row[1] for row in ROWS}),
        ("xaydung", {"1234/QĐ-UBND", "88/BXD-QLN", "77/2026/QĐ-UBND", "77/2025/QĐ-UBND"}),
        ("taichinh", {"1234/QĐ-UBND", "1502/UBND-KT", "77/2026/QĐ-UBND", "77/2025/QĐ-UBND"}),
        ("chuyenvien", {"45/SYT-NVY", "77/2026/QĐ-UBND", "77/2025/QĐ-UBND"}),
        ("tongdai", {"77/2026/QĐ-UBND", "77/2025/QĐ-UBND"}),
        ("", {"77/2026/QĐ-UBND", "77/2025/QĐ-UBND"}),
    ],
)
def test_each_sees_their_own_reach_and_the_gazette(filled: Registry, who: str, seen: set[str]) -> None:
    span: Any = {"first": "2025-01-01", "last": "2026-12-31", "after": 0}
    first = filled.ask(who, "", given=span)
    rest = filled.ask(who, "", given={**span, "after": 5})
    assert {*found(first), *found(rest)} == seen
    assert first.values["total"] == len(seen)
    for row in ROWS:
        alone = filled.ask(who, row[1], doc_code=row[1])
        assert found(alone) == ([row[1]] if row[1] in seen else []), row[1]


def test_in_a_group_even_an_office_leader_sees_the_gazette_only(filled: Registry) -> None:
    reply = filled.ask("lanhdao", "văn bản về nhà ở xã hội", group=True)
    assert reply.key == "documents/nothing"
    assert filled.ask("lanhdao", "bảng giá đất", group=True).values["total"] == 2


def test_a_messenger_gets_counts_of_what_is_internal(filled: Registry) -> None:
    reply = filled.ask("lanhdao", "văn bản năm 2026", channel=ChannelName.TELEGRAM)
    assert (reply.values["total"], reply.values["withheld"]) == (5, 4)
    assert found(reply) == ["77/2026/QĐ-UBND"]
    assert "1234" not in filled.text(reply)
    number = next(row.id for row in filled.look(EVERYTHING, number="1234/QĐ-UBND").rows)
    assert filled.ask("lanhdao", "", given={"document": number}).key == "documents/one"
    there = filled.ask("lanhdao", "", given={"document": number}, channel=ChannelName.TELEGRAM)
    assert there.key == "documents/nothing"


def test_a_button_opens_only_what_may_be_seen(filled: Registry) -> None:
    number = next(row.id for row in filled.look(EVERYTHING, number="45/SYT-NVY").rows)
    assert filled.ask("xaydung", "", given={"document": number}).key == "documents/nothing"
    assert "Phương án trực cấp cứu" in filled.text(filled.ask("lanhdao", "", given={"document": number}))


def test_a_classified_row_in_the_table_itself_is_in_no_answer_and_no_count(filled: Registry) -> None:
    filled.db.write_now(
        lambda uow: uow.connection.exec_driver_sql(
            "UPDATE documents SET secrecy = 'mat' WHERE number IN ('1234/QĐ-UBND', '77/2026/QĐ-UBND')"
        )
    )
    assert filled.look(EVERYTHING, number="1234/QĐ-UBND").verdict == "nothing"
    assert filled.look(EVERYTHING, words="nhà ở xã hội").total == 1
    answer = filled.look(EVERYTHING, first="2026-01-01", last="2026-12-31")
    assert (answer.total, sum(answer.counts.values())) == (3, 3)
    assert "1234" not in filled.text(filled.ask("lanhdao", "giao chỉ tiêu nhà ở xã hội"))


def test_what_is_printed_in_the_gazette_is_told_once(filled: Registry) -> None:
    filled.load(
        (
            "Đi",
            "77/2026/QĐ-UBND",
            "Quyết định",
            "02/11/2026",
            "UBND tỉnh",
            "Ban hành Bảng giá các loại đất",
            "Sở Tài chính",
        )
    )
    answer = filled.look(EVERYTHING, number="77/2026/QĐ-UBND")
    assert [one.direction for one in answer.rows] == ["gazette"]
    assert dict(filled.look(EVERYTHING, words="bảng giá").counts) == {"gazette": 2, "out": 1}
    assert filled.look(EVERYTHING, direction="out", words="bảng giá").total == 1


def test_lists_are_five_with_more(registry: Registry) -> None:
    registry.load(
        *(
            ("Công báo", f"{n}/CT-UBND", "", f"{n:02d}/10/2026", "UBND tỉnh", "Cháy rừng")
            for n in range(1, 13)
        )
    )
    first = registry.ask("", "chỉ thị về cháy rừng")
    assert len(found(first)) == 5
    assert (first.values["total"], first.values["left"]) == (12, 7)
    seen = found(first)
    reply = first
    while reply.values["left"]:
        more = reply.buttons[-1]
        assert more.title == "@documents/button_more"
        reply = registry.ask("", "", given=dict(more.values))
        seen += found(reply)
        assert registry.text(reply)
    assert sorted(seen) == sorted(registry.numbers())


def test_talking_goes_on_from_the_last_question(filled: Registry) -> None:
    first = filled.ask("lanhdao", "văn bản của Sở Tài chính tháng 10", agency="Sở Tài chính")
    assert first.values["total"] == 2
    again = filled.ask("lanhdao", "còn Sở Y tế?", agency="Sở Y tế", again=True, context=first.remember)
    assert found(again) == ["45/SYT-NVY"]
    assert again.values["criteria"]["issued"] == (date(2026, 10, 1), date(2026, 10, 31))
    open_ = filled.ask("lanhdao", "ai ký vậy", context=again.remember)
    assert found(open_) == ["45/SYT-NVY"]


def test_every_answer_renders_with_its_scope_and_source(filled: Registry) -> None:
    told = filled.text(filled.ask("xaydung", "văn bản về nhà ở xã hội"))
    assert "Có 2 văn bản" in told
    assert "Phạm vi: Sở Xây dựng." in told
    assert "(Theo Sổ văn bản, cập nhật 09:30 ngày 21/11/2026.)" in told
    assert "Công báo" in filled.text(filled.ask("", "quyết định 1234/QĐ-UBND"))
    assert filled.text(filled.ask("", "tìm văn bản")).startswith("Anh/chị cho tôi số")
