"""What people answer about a petition: story, contact, the kind they call it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions.base import Refused, Turn
from actions.petition_fields import read_contact, read_kind, shown_place, story_in
from backend.domain.petition import PetitionKind
from backend.domain.understanding import NOTHING
from backend.importers.base import FileRefused
from backend.importers.petition_kinds import install_kinds, load_kinds
from backend.services.petitions.kinds import kinds_meant

ROOT = Path(__file__).resolve().parents[3]
K = PetitionKind


@pytest.fixture(autouse=True, scope="module")
def _words() -> None:
    install_kinds(ROOT / "nlu_data")


def turn(text: str) -> Turn:
    nothing: Any = None
    return Turn(nothing, nothing, text, NOTHING, {})


@pytest.mark.parametrize(
    "text", ["tôi muốn gửi phản ánh", "cho em gửi đơn kiến nghị với ạ", "to file a complaint", "khiếu nại"]
)
def test_a_wish_to_file_is_no_story(text: str) -> None:
    assert story_in(text) is None


@pytest.mark.parametrize("text", ["Đèn đường hẻm 12 hỏng cả tuần", "rac do day kenh hoi qua troi"])
def test_what_happened_is_one(text: str) -> None:
    assert story_in(text) == text


@pytest.mark.parametrize(
    ("said", "name", "phone", "hidden"),
    [
        ("Nguyễn Văn An 0912 345 678", "Nguyễn Văn An", "0912345678", False),
        ("tôi tên là Lê Thị Bé, sđt 0912.345.678", "Lê Thị Bé", "0912345678", False),
        ("0912345678", "", "0912345678", False),
        ("0987654321 giấu tên giùm tôi", "", "0987654321", True),
        ("my name is John Smith, phone 0912345678", "John Smith", "0912345678", False),
    ],
)
def test_name_and_number_in_one_answer(said: str, name: str, phone: str, hidden: bool) -> None:
    assert read_contact(turn(said), {}) == {"name": name, "phone": phone, "hidden": hidden}


@pytest.mark.parametrize(
    "said",
    [
        *(
            "ẩn danh",
            "an danh nhe",
            "cho tôi giấu tên",
            "anonymous please",
            "không cần nêu tên",
            "khoi ghi ten",
        ),
        *("đừng để lộ danh tính tui", "k muốn để tên", "thôi miễn nêu tên nha", "không cho thông tin đâu"),
        "I'd rather not give my name",
    ],
)
def test_anonymous(said: str) -> None:
    assert read_contact(turn(said), {}) == {"anonymous": True}


@pytest.mark.parametrize("said", ["Nguyễn Văn An", "đồng ý", "0912 345 678 hoặc 0987 654 321", ""])
def test_without_one_number_it_is_asked_again(said: str) -> None:
    with pytest.raises(Refused):
        read_contact(turn(said), {})


@pytest.mark.parametrize(
    ("text", "said", "hinted", "mixed"),
    [
        ("tôi muốn tố cáo ông A", (K.DENUNCIATION,), (), False),
        ("toi muon to cao ong A", (K.DENUNCIATION,), (), False),
        ("khiếu nại quyết định xử phạt", (K.COMPLAINT,), (), False),
        ("cán bộ vòi tiền bà con", (), (K.DENUNCIATION,), False),
        ("vừa phản ánh rác vừa kiến nghị lắp đèn", (K.FEEDBACK, K.PROPOSAL), (), False),
        ("vừa tố cáo vừa phản ánh", (K.FEEDBACK, K.DENUNCIATION), (), True),
        ("đèn đường hỏng", (), (), False),
        ("tờ cáo phó bị rách", (), (), False),
    ],
)
def test_a_name_is_believed_and_a_hint_is_only_a_hint(
    text: str, said: tuple[K, ...], hinted: tuple[K, ...], mixed: bool
) -> None:
    meant = kinds_meant(text)
    assert (meant.said, meant.hinted, meant.mixed) == (said, hinted, mixed)


@pytest.mark.parametrize("text", ["tố cáo", "khiếu nại", "gì cũng được"])
def test_only_what_a_chat_may_file_can_be_typed_as_the_kind(text: str) -> None:
    with pytest.raises(Refused):
        read_kind(turn(text), {})


def test_a_place_is_shown_once() -> None:
    assert shown_place({"text": "hẻm 3 xã Hòa Phú", "commune": 1, "name": "xã Hòa Phú"}) == "hẻm 3 xã Hòa Phú"
    assert (
        shown_place({"text": "ở xã Hòa Xuân cũ", "commune": 1, "name": "xã Hòa Phú"})
        == "ở xã Hòa Xuân cũ, xã Hòa Phú"
    )
    assert shown_place({"text": "", "latitude": 10.5, "longitude": 106.25}) == "10.50000, 106.25000"


@pytest.mark.parametrize("body", ["", "denunciation: {}", "just text", "a: [b"])
def test_a_broken_file_is_refused_with_a_reason(tmp_path: Path, body: str) -> None:
    path = tmp_path / "petition_kinds.yml"
    path.write_text(body, encoding="utf-8")
    with pytest.raises(FileRefused, match="petition_kinds.yml"):
        load_kinds(path)
