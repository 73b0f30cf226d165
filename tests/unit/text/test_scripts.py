"""Which texts are surely in another language, by their letters."""

from __future__ import annotations

import pytest

from backend.text.scripts import HIGHLANDS, other_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("សួស្តី ខ្ញុំចង់សួរអំពីឯកសារ", "km"),
        ("ສະບາຍດີ ຂ້ອຍຢາກຖາມ", "lo"),
        ("我想问一下我的档案", "zh"),
        ("書類について聞きたいです", "ja"),
        ("제 서류는 어디에 있습니까", "ko"),
        ("ꨀꨇꩉ ꨌꩌ", "cjm"),
        ("Кâu này là gì? Где моё заявление", "ru"),
        ("Kâo hiu̯ čiăng êmuh kơ hră mơar ƀuôn", HIGHLANDS),
        ("Kuv tsis paub lus Nyab Laj, koj puas paub lus Hmoob", "hmn"),
    ],
)
def test_another_script_is_recognised(text: str, language: str) -> None:
    assert other_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "Hồ sơ của tôi đến đâu rồi?",
        "ho so cua toi toi dau roi",
        "where is my dossier",
        "tôi tên 김민수, hỏi thủ tục tạm trú cho người nước ngoài",
        "giấy khai sinh của Nguyễn Ŏ",
        "H50.34-261008-0975",
        "👍🙏",
        "",
        "ﬁle đính kèm №5",
    ],
)
def test_vietnamese_with_a_strange_word_stays_vietnamese(text: str) -> None:
    assert other_language(text) == ""
