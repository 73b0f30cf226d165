"""What is in a product: the scope's own figures and rows, and rows only where rows may go."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import docx
import openpyxl

from backend.db.engine import Database
from backend.domain.messaging import Address, ChannelName
from backend.importers.figure_words import install_figures
from backend.services.briefs.week import week_brief
from backend.services.briefs.weekly import order_briefs
from tests.conftest import FixedClock
from tests.integration.products.room import BUILDING, LAND, TODAY, Room, telegram, terminal

LETTER = {"agency": BUILDING}
FIGURES = {"topic": "tasks", "first": "2026-01-01", "last": "2026-11-21"}


def scope_of(room: Room, name: str) -> Any:
    from backend.services.accounts.scope import account_scope

    return room.db.read_now(lambda uow: account_scope(uow, uow.accounts.by_name(name)))


def text_of(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_the_week_is_counted_within_the_scope(room: Room) -> None:
    def brief(name: str) -> Any:
        scope = scope_of(room, name)
        return room.db.read_now(lambda uow: week_brief(uow, scope, TODAY, rows=True))

    whole, own = brief("vp"), brief("canbo")
    assert (whole.first, whole.last) == (TODAY - timedelta(days=6), TODAY)
    assert (whole.given, whole.done, whole.done_late, whole.overdue) == (1, 1, 1, 3)
    assert [(one.name, one.overdue, one.worst_days) for one in whole.agencies] == [
        ("Sở Xây dựng", 2, 20),
        ("Sở Nông nghiệp và Môi trường", 1, 2),
    ]
    assert (own.given, own.done, own.overdue) == (0, 1, 2)
    assert [one.name for one in own.agencies] == ["Sở Xây dựng"]


def test_a_week_earlier_is_what_stood_then(room: Room) -> None:
    """On 14/11 one of today's overdue tasks was late, and the one that was done on 17/11."""
    brief = room.db.read_now(lambda uow: week_brief(uow, scope_of(room, "vp"), TODAY, rows=True))
    assert brief.overdue_before == 2


async def test_a_letter_lists_the_agencys_overdue_tasks(room: Room) -> None:
    at = terminal("vp")
    assert await room.press("urging_letter", LETTER, at) == ["product/on_the_way"]
    await room.make()
    said = room.last(at)
    assert said.body.files[0].name == "don-doc-H50.04-20261121.docx"
    text = text_of(room.content(said))
    assert "Kính gửi: Sở Xây dựng" in text
    assert "Sửa cầu Bến Hồ" in text
    assert "Quy hoạch khu dân cư" in text
    assert "Đo đạc đất đai" not in text
    assert "Việc đã xong" not in text
    assert "Phạm vi: toàn tỉnh; Sở Xây dựng." in said.body.text


async def test_a_letter_is_for_the_givers_side_where_rows_may_go(room: Room) -> None:
    assert await room.press("urging_letter", LETTER, terminal("canbo")) == ["product/only_givers"]
    assert await room.press("urging_letter", LETTER, telegram("vp")) == ["product/rows_elsewhere"]
    assert await room.press("urging_letter", {"agency": "H99"}, terminal("vp")) == ["errors/not_found"]
    assert room.rows("SELECT id FROM work") == []
    assert len(room.audited("staff_question")) == 2


async def test_nothing_overdue_needs_no_letter(room: Room) -> None:
    room.db.write_now(lambda uow: uow.connection.exec_driver_sql("UPDATE tasks SET due_on = '2026-12-01'"))
    assert await room.press("urging_letter", LETTER, terminal("vp")) == ["product/nothing_overdue"]


async def test_who_stands_in_for_the_leader_may_urge_for_those_days(room: Room) -> None:
    from backend.domain.officer import Delegation

    leave = Delegation("vp", "canbo", TODAY, TODAY, "QĐ 12/QĐ-VP")
    room.db.write_now(lambda uow: uow.officers.delegate(leave, "account:quantri"))
    assert await room.press("urging_letter", {"agency": LAND}, terminal("canbo")) == ["product/on_the_way"]
    room.later(days=1)  # the leave is over before it is made
    await room.make()
    assert room.last(terminal("canbo")).body.key == "product/only_givers"


async def test_the_brief_offers_word_and_letters_with_one_tap(room: Room) -> None:
    at = terminal("vp")
    await room.press("week_brief", {}, at)
    await room.make()
    titles = [one.title for one in room.last(at).body.buttons]
    assert titles == ["Bản Word", "Đôn đốc Sở Xây dựng", "Đôn đốc Sở Nông nghiệp và Môi trường"]
    assert await room.press("week_brief", {"form": "word"}, at) == ["product/on_the_way"]
    await room.make()
    said = room.last(at)
    assert said.body.files[0].name == "giao-ban-20261121.docx"
    assert "Đang quá hạn: 3" in text_of(room.content(said))


async def test_a_messenger_gets_counts_and_no_letters(room: Room) -> None:
    at = telegram("vp")
    await room.press("week_brief", {"form": "word"}, at)
    await room.press("week_brief", {}, at)
    await room.make()
    assert [one.title for one in room.last(at).body.buttons] == ["Bản Word"]


async def test_figures_as_picture_workbook_and_draft(room: Room) -> None:
    install_figures()
    at = terminal("canbo")
    for intent in ("figures_chart", "figures_excel", "figures_word"):
        assert await room.press(intent, FIGURES, at) == ["product/on_the_way"]
    await room.make()
    made = [row for row in room.said(at) if row.body.key == "product/ready"]
    assert [row.body.files[0].name for row in made] == [
        f"tasks-20260101-20261121.{ending}" for ending in ("png", "xlsx", "docx")
    ]
    assert all("Sở Xây dựng" in row.body.text for row in made)
    book = openpyxl.load_workbook(io.BytesIO(room.content(made[1])))
    rows = [[cell.value for cell in row] for row in book["Nhiệm vụ quá hạn"].iter_rows(min_row=2)]
    assert [(row[0], row[2], row[5]) for row in rows] == [
        ("NV-2026-0001", "Sở Xây dựng", 20),
        ("NV-2026-0002", "Sở Xây dựng", 1),
    ]
    meanings = [row[1].value for row in book["Định nghĩa"].iter_rows(min_row=2)]
    assert meanings
    assert all(meanings)
    every = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert "Đo đạc đất đai" not in every
    assert "Sở Nông nghiệp" not in every
    assert "DỰ THẢO" in text_of(room.content(made[2]))


async def test_a_workbook_on_a_messenger_has_no_rows_and_says_so(room: Room) -> None:
    install_figures()
    at = telegram("vp")
    await room.press("figures_excel", FIGURES, at)
    await room.make()
    said = room.last(at)
    assert "không có danh sách từng dòng" in said.body.text
    assert "Nhiệm vụ quá hạn" not in openpyxl.load_workbook(io.BytesIO(room.content(said))).sheetnames


async def test_figures_of_an_agency_out_of_reach_are_refused(room: Room) -> None:
    install_figures()
    at = terminal("canbo")
    await room.press("figures_excel", {**FIGURES, "agency_code": LAND}, at)
    await room.make()
    assert room.last(at).body.files == ()
    assert room.audited("product_made") == [("account:canbo", "refused")]


async def test_a_question_that_is_none_is_not_ordered(room: Room) -> None:
    assert await room.press("figures_chart", {"topic": "tasks"}, terminal("vp")) == ["product/incomplete"]
    assert await room.press("figures_chart", {**FIGURES, "first": "x"}, terminal("vp")) == [
        "product/incomplete"
    ]


async def test_zalo_takes_no_workbook(room: Room) -> None:
    at = Address(ChannelName.ZALO, "oa", "z1")
    room.db.write_now(lambda uow: uow.officers.bind(at, "vp", uow.now))
    assert await room.press("figures_excel", FIGURES, at) == ["product/no_excel_here"]


async def test_the_weekly_brief_goes_to_the_leaders_of_the_office_once(
    room: Room, db: Database, clock: FixedClock
) -> None:
    assert db.write_now(order_briefs) == 1
    assert db.write_now(order_briefs) == 0
    await room.make()
    said = room.last(telegram("vp"))
    assert said.body.key == "product/ready"
    assert "Bản tin giao ban: 14/11/2026 – 20/11/2026." in said.body.text
    for name in ("canbo", "tongdai"):
        assert room.said(telegram(name)) == []
    assert db.write_now(order_briefs) == 0  # it was made, and is not ordered again
    room.later(days=7)
    assert db.write_now(order_briefs) == 1


def test_a_locked_leader_gets_no_brief(room: Room) -> None:
    room.db.write_now(lambda uow: uow.accounts.set_active("vp", active=False))
    assert room.db.write_now(order_briefs) == 0
