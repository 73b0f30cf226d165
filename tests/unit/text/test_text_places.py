from __future__ import annotations

import unicodedata

import pytest

from backend.text.places import Gazetteer

PLACES = Gazetteer(
    [
        ("hai-lang", "Xã Hải Lăng", []),
        ("hai-lang-phuong", "Phường Hải Lăng", []),
        ("hai-lang-dong", "Xã Hải Lăng Đông", []),
        ("dong-ha", "Phường Đông Hà", ["thành phố Đông Hà"]),
        ("hoa-xuan", "Phường Hòa Xuân", []),
        ("ba", "Xã Ba", []),
        ("p1", "Phường 1", []),
        ("sxd", "Sở Xây dựng", ["SXD"]),
        ("cam-lo", "Xã Cam Lộ", []),
        ("cam-lo-2", "Xã Cẩm Lô", []),
    ]
)


@pytest.mark.parametrize(
    ("text", "surface", "ids", "exact"),
    [
        ("ở xã hải lăng ạ", "xã hải lăng", ("hai-lang",), True),
        ("P. Hải Lăng", "P. Hải Lăng", ("hai-lang-phuong",), True),
        ("o hai lang", "hai lang", ("hai-lang", "hai-lang-phuong"), False),
        ("UBND xã Hải Lăng Đông", "UBND xã Hải Lăng Đông", ("hai-lang-dong",), True),
        ("huyện Hải Lăng", "huyện Hải Lăng", ("hai-lang", "hai-lang-phuong"), False),
        ("TP.Đông Hà", "TP.Đông Hà", ("dong-ha",), True),
        ("phường hoà xuân", "phường hoà xuân", ("hoa-xuan",), True),
        ("nộp ở sxd", "sxd", ("sxd",), True),
        ("sở xây dựng", "sở xây dựng", ("sxd",), True),
        ("ba người ở xã Ba", "xã Ba", ("ba",), True),
        ("phường 1", "phường 1", ("p1",), True),
        ("xã Cam Lộ", "xã Cam Lộ", ("cam-lo",), True),
        ("xa cam lo", "xa cam lo", ("cam-lo", "cam-lo-2"), False),
    ],
)
def test_find(text: str, surface: str, ids: tuple[str, ...], exact: bool) -> None:
    (mention,) = PLACES.find(text)
    assert (text[mention.start : mention.end], mention.ids, mention.exact) == (surface, ids, exact)


@pytest.mark.parametrize("text", ["xây dựng nhà", "có 1 hồ sơ và ba tờ khai", "Hải, Lăng", "xã", "UBND", ""])
def test_not_a_place(text: str) -> None:
    assert PLACES.find(text) == []


def test_offsets_of_decomposed_text() -> None:
    text = unicodedata.normalize("NFD", "ở xã Hải Lăng, gần Đông Hà")
    assert [unicodedata.normalize("NFC", text[m.start : m.end]) for m in PLACES.find(text)] == [
        "xã Hải Lăng",
        "Đông Hà",
    ]


def test_closest() -> None:
    found = PLACES.closest("xã hải lanh", cutoff=0.8)
    assert [place for place, _ in found] == ["hai-lang", "hai-lang-phuong"]
    assert all(0.8 <= score < 1 for _, score in found)
    assert PLACES.closest("Đông Hà", cutoff=1.0) == [("dong-ha", 1.0)]
    assert PLACES.closest("Bắc Kinh", cutoff=0.8) == []
