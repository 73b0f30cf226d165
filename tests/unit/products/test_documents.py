"""Drafts in Word: what stands in them, and that nobody takes them for the signed paper."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest

from backend.domain.brief import UrgingLetter
from backend.domain.task import Giver, SourceDocument, Task
from backend.products.report_section import report_section
from backend.products.urging_letter import urging_letter
from backend.products.week_document import week_document
from tests.unit.products.texts import WORDS, brief, figures

DAY = date(2026, 11, 22)


def read(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def words_of(document: Any) -> str:
    """Everything that is printed, in order."""
    found = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            found += [cell.text for row in block.rows for cell in row.cells]
        else:
            found.append(block.text)
    return "\n".join(found)


def overdue(content: str, due_on: date) -> Task:
    source = SourceDocument("1234/UBND-KT", date(2026, 9, 1))
    return Task("NV-2026-0001", content, Giver.CHAIRMAN, 1, date(2026, 9, 1), source, due_on=due_on)


def test_a_section_has_sentences_a_table_and_its_sources() -> None:
    document = read(report_section(figures(), WORDS))
    text = words_of(document)
    assert document.sections[0].header.paragraphs[0].text == "DỰ THẢO"
    for printed in (
        "DỰ THẢO",
        "Giải quyết hồ sơ thủ tục hành chính",
        "Hồ sơ tiếp nhận: 128.063; kỳ so sánh 121.000 (tăng 5,84%).",
        "Hồ sơ trả quá hạn: 1.063 (1,62% của 65.761).",
        "Phạm vi: toàn tỉnh.",
        "- Nguồn: hệ thống một cửa, cập nhật 09:00 ngày 22/11/2026",
        "- Lập lúc 09:00 ngày 22/11/2026",
    ):
        assert printed in text
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["Đơn vị", "Hồ sơ tiếp nhận", "Hồ sơ trả quá hạn"]
    assert [row.cells[1].text for row in table.rows[1:]] == ["128.063", "1", "0", "chưa có"]


def test_a_letter_is_laid_out_for_signature_with_its_number_open() -> None:
    tasks = [
        overdue("Tham mưu kế hoạch thi hành Luật Đất đai", date(2026, 11, 2)),
        overdue("Báo cáo", date(2026, 11, 21)),
    ]
    document = read(urging_letter(UrgingLetter("Sở Xây dựng", "H50.05", DAY, tasks, 2), WORDS.say))
    text = words_of(document)
    for printed in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN TỈNH",
        "Số: /VP-……",
        "V/v đôn đốc thực hiện nhiệm vụ quá hạn",
        "Kính gửi: Sở Xây dựng",
        "Sở Xây dựng còn 2 nhiệm vụ",
        "Nơi nhận:",
        "CHÁNH VĂN PHÒNG",
        "DỰ THẢO",
    ):
        assert printed in text + document.sections[0].header.paragraphs[0].text
    head, *rows = document.tables[2].rows
    assert [cell.text for cell in head.cells] == [
        "TT",
        "Nội dung nhiệm vụ",
        "Văn bản giao",
        "Thời hạn",
        "Số ngày quá hạn",
    ]
    assert [[cell.text for cell in row.cells] for row in rows] == [
        ["1", "Tham mưu kế hoạch thi hành Luật Đất đai", "1234/UBND-KT ngày 01/09/2026", "02/11/2026", "20"],
        ["2", "Báo cáo", "1234/UBND-KT ngày 01/09/2026", "21/11/2026", "1"],
    ]
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert (round(page.left_margin.mm), round(page.right_margin.mm)) == (30, 20)


def test_a_letter_that_lists_only_the_longest_overdue_says_so() -> None:
    letter = UrgingLetter("Sở Xây dựng", "H50.05", DAY, [overdue("A", date(2026, 11, 2))], 140)
    assert "(Liệt kê 1 nhiệm vụ quá hạn lâu nhất trong tổng số 140.)" in words_of(
        read(urging_letter(letter, WORDS.say))
    )


def test_the_brief_in_word_has_every_agency_and_what_waits() -> None:
    text = words_of(read(week_document(brief(), WORDS.say)))
    for printed in (
        "NHIỆM VỤ TRONG TUẦN",
        "Giao mới: 8.",
        "Đã xong: 6 (trong đó 1 việc xong muộn).",
        "Đang quá hạn: 10 (giảm 2 so với tuần trước).",
        "Sở Tư pháp",
        "1 đề nghị gia hạn, 2 báo cáo kết quả chờ xác nhận.",
        "Gia hạn NV-2026-0113, Sở Xây dựng: Tham mưu quy định phân cấp",
    ):
        assert printed in text


@pytest.mark.parametrize("name", ["a\x00b\x0bc", "<w:p>&amp;</w:p>", "\ud800", "😀" * 5, "x" * 3000])
def test_hostile_names_are_only_text(name: str) -> None:
    document = read(report_section(figures((1,), [name]), WORDS))
    shown = "".join(one for one in name if ord(one) >= 32 and one != "\ud800")
    assert document.tables[0].rows[1].cells[0].text == shown
    letter = UrgingLetter(name, "X", DAY, [overdue(name, date(2026, 1, 1))], 1)
    assert shown in words_of(read(urging_letter(letter, WORDS.say)))
