"""The figures of ``bench retrieval``, and what it says to a file that it cannot use."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.retrieval import read_cases, run
from bot.cli.errors import CommandError


def sheet(folder: Path, text: str) -> Path:
    path = folder / "cases.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_places_and_refusals_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOTCUA_CATALOGUE", raising=False)
    file = sheet(
        tmp_path,
        "text,codes\n"
        "đăng ký khai tử,1.000656\n"  # first
        "dang ky khai tu,9.999999 1.000656\n"  # one of two
        "đăng ký khai tử,9.999999\n"  # nowhere
        "đặt vé máy bay đi Paris,\n"  # rightly nothing
        "đăng ký khai tử,\n",  # found, though nothing was expected
    )
    figures = run(file)
    assert (figures["asked"], figures["nothing_expected"]) == (3, 2)
    assert figures["recall_at_1"] == figures["recall_at_3"] == figures["mrr"] == pytest.approx(2 / 3)
    assert figures["correct_refusals"] == 0.5
    assert figures["bm25"]["recall_at_3"] == pytest.approx(2 / 3)
    assert figures["bm25"]["correct_refusals"] == 0.0


def test_codes_may_be_separated_as_people_do(tmp_path: Path) -> None:
    file = sheet(tmp_path, 'text,codes\na,"1.000656; 1.001193"\nb,"1.000656,1.001193"\n\n,1.000656\n')
    assert [codes for _text, codes in read_cases(file)] == [{"1.000656", "1.001193"}] * 2


@pytest.mark.parametrize("text", ["", "words,codes\na,1.000656\n", "text,codes\n"])
def test_a_file_without_cases_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CommandError):
        run(sheet(tmp_path, text))


def test_no_file_and_a_file_that_is_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run(None)
    broken = tmp_path / "cases.csv"
    broken.write_bytes(b"text,codes\n\xff\xfe\x00,1\n")
    with pytest.raises(CommandError):
        run(broken)
