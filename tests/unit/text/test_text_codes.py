from __future__ import annotations

import pytest

from backend.text.codes import (
    check_code_pattern,
    dossier_code_from_link,
    find_codes,
    find_dossier_codes,
    is_wholly_code,
    spoken_to_typed,
)

NEW = "H50.34.02-261008-0975"
OLD = "000.21.31.H50-230712-0012"
MINISTRY = "G09.20-20260609-0092637"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (NEW, NEW),
        (OLD, OLD),
        (MINISTRY, MINISTRY),
        ("H15.50.05.13-261008-0975", "H15.50.05.13-261008-0975"),
        ("000.00.01.H29-240115-0001", "000.00.01.H29-240115-0001"),
        ("H55.242-261008-0975", "H55.242-261008-0975"),
        ("h50.34.02-261008-0975", NEW),
        ("h50 34 02 261008 0975", NEW),
        ("H50_34_02_261008_0975", NEW),
        ("H50..34--02 - 261008–0975", NEW),
        ("H50.34.02.261008.0975", NEW),
        ("H50,34,02-261008-0975", NEW),
        ("H50/34/02/261008/0975", NEW),
        ("h5o.34.o2-261oo8-o975", NEW),
        ("H50.34.02-26l008-0975", "H50.34.02-261008-0975"),
        ("H5034022610080975", NEW),
        ("H5034.02261008-0975", NEW),
        ("H50.34.02-2610080975", NEW),
        ("H50.34.02-26 10 08-0975", NEW),
        ("H50.34.02-26/10/08-0975", NEW),
        ("h50 34 02 26 10 08 09 75", NEW),
        ("H 50 . 34 . 02 - 261008 - 0975", NEW),
        ("Ｈ５０．３４．０２－２６１００８－０９７５", NEW),
        ("Н50.34.02-261008-0975", NEW),  # Cyrillic Н
        ("H50\u200b.34.02-26\u200b1008-0975", NEW),
        ("H50.34.02\n-261008-0975", NEW),
        ("000 21 31 h50 230712 0012", OLD),
        ("0002131H50-230712-0012", OLD),
        ("OOO.21.31.H50-230712-OO12", OLD),
        ("g09.20 20260609 0092637", MINISTRY),
        ("hát năm mươi chấm ba tư chấm không hai gạch hai sáu một không không tám gạch không chín bảy lăm", NEW),
        ("hat nam muoi cham ba tu cham khong hai gach hai sau mot khong khong tam gach khong chin bay lam", NEW),
        ("h 5 0 chấm 34 chấm 02 gạch ngang 261008 xuyệt 0975", NEW),
        ("hắt năm mươi chấm ba mươi tư chấm không hai gạch 26 mười không tám trừ không chín bảy lăm", NEW),
        ("không không không chấm hai mốt chấm ba mốt chấm hát năm mươi gạch hai ba không bảy mười hai gạch "
         "không không mười hai", OLD),
    ],
)  # fmt: skip
def test_a_dossier_code_typed_or_dictated_any_way(typed: str, value: str) -> None:
    for before, after in (("", ""), ("Mã hồ sơ: ", " đến đâu rồi ạ?"), ("(", "),")):
        text = before + typed + after
        (mention,) = find_dossier_codes(text)
        assert (mention.kind, mention.value, mention.partial) == ("dossier", value, False)
        assert text[mention.start : mention.end] == typed
    assert check_code_pattern(value)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("261008-0975", "261008-0975"),
        ("261008 0975", "261008-0975"),
        ("261008 - o975", "261008-0975"),
        ("261008.0975", "261008-0975"),
        ("20260609-0092637", "20260609-0092637"),
        ("50.34.02-261008-0975", "261008-0975"),
        ("21.31.H50-230712-0012", "230712-0012"),
        ("hai sáu một không không tám gạch không chín bảy lăm", "261008-0975"),
    ],
)
def test_a_code_without_its_agency_is_partial(typed: str, value: str) -> None:
    (mention,) = find_dossier_codes(f"mã {typed} ạ")
    assert (mention.value, mention.partial) == (value, True)


@pytest.mark.parametrize(
    "text",
    [
        "gọi tôi số 0912345678 hoặc 0912 345 678, 091234-5678",
        "+84 912 345 678",
        "ngày 24/11/2026 lúc 8h30, 24-11-2026, 20/11/26",
        "8h 26 10 08 0975",
        "lệ phí 1.000.000 đồng, 250 000 000đ, 261.008.097 đồng",
        "CCCD 001099012345, 026190001234, cmnd 261008097",
        "mã số thuế 2901234567 và 2901234567-001",
        "261332-0975",  # the 32nd of month 13
        "H50.34.02-261308-0975 0 1",
        "UBND phường 5, đường 3/2, H50.34",
        "tôi năm nay ba mươi tuổi, có hai con, không biết năm sau thế nào",
        "KQ.G15.000031",
        "Luật năm 201213/2012/QH13",
        "mã H50-261008-09 24/11/2026",
        "mã H50-261008-09, 0912345678",
        "",
    ],
)
def test_no_false_alarm(text: str) -> None:
    assert find_dossier_codes(text) == []


def test_several_codes_and_what_stands_behind_them() -> None:
    text = f"{NEW}, {OLD} và H50-261009-001 24/11/2026, gọi 0912345678"
    assert [mention.value for mention in find_codes(text)] == [NEW, OLD, "H50-261009-001"]
    assert [m.value for m in find_codes(f"{NEW}\n{NEW[:-1]}6\n261009-0001")] == [
        NEW,
        NEW[:-1] + "6",
        "261009-0001",
    ]
    assert [m.value for m in find_codes(f"{NEW} 0912345678")] == [NEW]


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("PA-261120-0042", "complaint", "PA-261120-0042"),
        ("pa 261120 42", "complaint", "PA-261120-0042"),
        ("KN.261120.0007", "complaint", "KN-261120-0007"),
        ("pa2611200042", "complaint", "PA-261120-0042"),
        ("NV-2026-0123", "task", "NV-2026-0123"),
        ("nv 2026 123", "task", "NV-2026-0123"),
        ("1234/QĐ-UBND", "document", "1234/QĐ-UBND"),
        ("1234/qd-ubnd", "document", "1234/QĐ-UBND"),
        ("1234 QĐ-UBND", "document", "1234/QĐ-UBND"),
        ("118/2025/NĐ-CP", "document", "118/2025/NĐ-CP"),
        ("118/2025/nd - cp", "document", "118/2025/NĐ-CP"),
        ("29/2026/qd-ttg", "document", "29/2026/QĐ-TTg"),
        ("45/TTr-SXD", "document", "45/TTr-SXD"),
        ("136/2025/QH15", "document", "136/2025/QH15"),
        ("2345/VPCP-KSTT", "document", "2345/VPCP-KSTT"),
        ("1.001193", "procedure", "1.001193"),
        ("1.001193.000.00.00.H29", "procedure", "1.001193"),
        ("2.000815.000.00.00.H55.02", "procedure", "2.000815"),
    ],
)
def test_other_kinds(typed: str, kind: str, value: str) -> None:
    text = f"xem {typed}, nhé"
    (mention,) = find_codes(text)
    assert (mention.kind, mention.value, mention.partial) == (kind, value, False)
    assert text[mention.start : mention.end] == typed
    assert find_dossier_codes(text) == []


@pytest.mark.parametrize(
    "text",
    ["24/11 ở UBND", "100/nam", "5/kg", "làm việc 24/7", "1.000.000", "1.0011934", "3/4 hồ sơ", "1/2-3/4"],
)
def test_other_kinds_no_false_alarm(text: str) -> None:
    assert find_codes(text) == []


def test_a_message_that_is_nothing_but_a_code() -> None:
    wholly = is_wholly_code(f" “{NEW}”.\n")
    assert wholly is not None
    assert wholly.value == NEW
    partial = is_wholly_code("261008 0975")
    assert partial is not None
    assert partial.partial
    assert is_wholly_code(f"{NEW} nhé") is None
    assert is_wholly_code(f"{NEW} {OLD}") is None
    assert is_wholly_code("xin chào") is None


@pytest.mark.parametrize(
    ("code", "good"),
    [
        (NEW, True), (OLD, True), (MINISTRY, True), ("H50-261008-0975", True), ("H50.1.22.333.4444-261008-097", True),
        ("H50.1.2.3.4.5-261008-0975", False), ("H50.34.02-261308-0975", False), ("h50.34.02-261008-0975", False),
        ("261008-0975", False), (NEW + "\n", False), ("H50.34.02-261008-09", False), ("H50.٣٤-261008-0975", False),
    ],
)  # fmt: skip
def test_check_code_pattern(code: str, good: bool) -> None:
    assert check_code_pattern(code) is good


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (f"https://dvc.example.vn/tra-cuu?ma={NEW}&x=1", NEW),
        (f"https://dvc.example.vn/ho-so/{OLD}/2026", OLD),
        (f"https://dvc.example.vn/#/ho-so/{MINISTRY}", MINISTRY),
        ("https://dvc.example.vn/?q=H50%2E34%2E02%2D261008%2D0975", NEW),
        ("https://dvc.example.vn/?q=H50%252E34%252E02-261008-0975", NEW),
        ("dvc.example.vn/?q=h50.34.02+261008+0975", NEW),
        ("https://dvc.example.vn/?id=261008-0975", None),
        ("https://dvc.example.vn/tin-tuc/20261121-1", None),
        ("http://[bad", None),
        ("", None),
    ],
)
def test_dossier_code_from_link(url: str, code: str | None) -> None:
    assert dossier_code_from_link(url) == code


def test_spoken_to_typed_leaves_ordinary_words() -> None:
    said = "mã hát năm mươi chấm ba tư gạch hai sáu một không không tám gạch không chín bảy lăm ạ"
    assert spoken_to_typed(said) == "mã H50.34-261008-0975 ạ"
    assert spoken_to_typed("số tôi là không chín một hai ba bốn năm sáu bảy tám") == "số tôi là 0912345678"
    assert spoken_to_typed("hai nghìn không trăm hai sáu") == "hai nghìn không trăm hai sáu"
    for text in ("chị Hai 0912345678", "tôi có ba con, năm nay bốn mươi lăm tuổi", "không chấm dứt hợp đồng"):
        assert spoken_to_typed(text) == text


def test_offsets_are_those_of_decomposed_text() -> None:
    text = "ma\u0303 ho\u0302\u0300 so\u031b H50.34-261008-0975"
    (mention,) = find_codes(text)
    assert text[mention.start : mention.end] == "H50.34-261008-0975"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("LK-7KMR3X2C", "LK-7KMR3X2C"),
        ("mã của tôi là lk 7kmr 3x2c đó", "LK-7KMR3X2C"),
        ("lo lk 22-23 o kdc an phu", None),  # a plot of land
        ("LK-0OIL1234", None),  # letters that no code has
    ],
)
def test_codes_that_link_channels(text: str, value: str | None) -> None:
    assert [one.value for one in find_codes(text) if one.kind == "link"] == ([value] if value else [])
