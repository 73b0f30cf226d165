"""Templates to fill in, as the command is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.importers.sheets import Sheet
from bot.cli.admin import admin
from bot.cli.errors import CommandError
from bot.cli.kinds import KINDS, TEMPLATES

_FIRST = (
    *("Ngày", "Mã lịch", "Loại sổ", "Số, ký hiệu", "Mã hồ sơ", "Mã thủ tục", "Mã nhiệm vụ"),
    *("Tên đăng nhập", "Ngày tiếp", "Số đơn", "Mã báo cáo"),
)


def typed(*words: str) -> str:
    result = CliRunner().invoke(admin, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


@pytest.mark.parametrize("kind", sorted(TEMPLATES))
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_every_kind_has_a_template_with_one_example(tmp_path: Path, kind: str, ending: str) -> None:
    path = tmp_path / f"mau.{ending}"
    assert f"./motcua import {kind} mau.{ending}" in typed("template", kind, str(path))
    assert kind in KINDS
    assert len(list(Sheet(path, {one: (one,) for one in _FIRST}).rows())) == 1


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        ("nonsense", "a.csv", "unknown kind"),
        ("documents", "a.doc", "must end in"),
        ("documents", "", "must end"),
    ],
)
def test_refusals_say_why(tmp_path: Path, kind: str, name: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        typed("template", kind, str(tmp_path / name))


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mau.csv"
    path.write_text("của tôi", "utf-8")
    with pytest.raises(CommandError, match="exists"):
        typed("template", "documents", str(path))
    assert path.read_text("utf-8") == "của tôi"
