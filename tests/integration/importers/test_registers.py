"""Paper petitions from the desk's register: entered once, corrected, disposed of as the law names it, sealed."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backend.domain.petition import NewPetition, PetitionKind, PetitionSource, PetitionState, Reporter
from backend.domain.petition_paper import ForwarderKind, Origin
from backend.importers.petitions_table import PETITIONS
from backend.services.petitions import alarms, entering
from backend.services.petitions.moving import Mover, move
from bot.app import Application
from bot.cli.kinds import KINDS
from bot.watched import sweep_watched_folder
from tests.integration.importers.conftest import Desk
from tests.integration.tasks.conftest import BUILDING

S = PetitionState
LETTER = {
    "number": "12", "received": "10/11/2026", "kind": "Kiến nghị", "way": "Bưu chính",
    "text": "Đề nghị sửa đường liên thôn", "place": "thôn 3", "name": "Nguyễn Văn Kiên", "phone": "0912345678",
}  # fmt: skip
SECRETS = ("Trần Thị Kín", "0987654321", "nhận tiền", "Nguyễn Văn Kiên", "0912345678", "liên thôn")
DENUNCIATION = {
    "number": "13", "received": "11/11/2026", "kind": "Tố cáo", "text": "Ông X nhận tiền của dân",
    "name": "Trần Thị Kín", "phone": "0987654321",
}  # fmt: skip


def petitions(desk: Desk) -> list[Any]:
    codes = [code for (code,) in desk.query("SELECT code FROM petitions ORDER BY id")]
    return [desk.db.read_now(lambda uow, code=code: uow.petitions.by_code(code)) for code in codes]


def test_a_letter_is_entered_once_and_corrected_while_it_waits(desk: Desk) -> None:
    assert desk.counts(PETITIONS, LETTER, dry_run=True) == (1, 0, 0, 0)
    assert petitions(desk) == []
    assert desk.counts(PETITIONS, LETTER) == (1, 0, 0, 0)
    kept = desk.rows_kept()
    assert desk.counts(PETITIONS, LETTER) == (0, 0, 1, 0)
    assert desk.rows_kept() == kept
    (one,) = petitions(desk)
    assert (one.kind, one.source, one.state) == (PetitionKind.PROPOSAL, PetitionSource.LETTER, S.RECEIVED)
    assert one.code == "PA-261110-0001"
    assert one.reporter == Reporter("Nguyễn Văn Kiên", "0912345678")
    assert desk.counts(PETITIONS, {**LETTER, "text": "Đề nghị sửa cầu", "people": "3"}) == (0, 1, 0, 0)
    (one,) = petitions(desk)
    assert one.story.text == "Đề nghị sửa cầu"
    assert desk.db.read_now(lambda uow: uow.petition_papers.of(one.id)).people == 3
    assert desk.audited("petition_corrected") == [("import:petitions", f"petition:{one.code}")]
    assert desk.db.read_now(lambda uow: uow.petitions.orphans()) == []


def test_figures_count_what_came_on_the_day_it_came(desk: Desk) -> None:
    rows = [LETTER, DENUNCIATION, {**LETTER, "number": "14", "received": "31/12/2025"}]
    assert desk.counts(PETITIONS, *rows, {**LETTER, "number": "15", "kind": "Khiếu nại"}) == (4, 0, 0, 0)
    found = desk.figures("petitions")
    assert (found["received"], found["feedback"], found["complaints"], found["denunciations"]) == (3, 1, 1, 1)
    assert desk.figures("feedback")["letter"] == 1


def test_a_denunciation_leaves_nothing_but_its_seal_and_comes_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    assert desk.counts(PETITIONS, DENUNCIATION) == (1, 0, 0, 0)
    assert desk.counts(PETITIONS, DENUNCIATION, LETTER) == (1, 0, 1, 0)
    ((number, at, reader),) = desk.db.read_now(lambda uow: uow.petitions.sealed())
    assert (f"{at.astimezone():%Y%m%d}"[:6], reader) == ("202611", "")
    words = desk.db.write_now(lambda uow: uow.petitions.open_report(number, "tt", uow.now))["words"]
    assert "Trần Thị Kín 0987654321" in words
    assert "số 12" not in words
    everything = "".join(
        str(row) for (name,) in table_names(desk) for row in desk.query(f'SELECT * FROM "{name}"')
    )
    assert [one for one in SECRETS if one in everything or one in caplog.text] == []
    again = desk.load(PETITIONS, {**DENUNCIATION, "kind": "Phản ánh"}, {**LETTER, "kind": "Tố cáo"})
    assert [(one.row, one.field) for one in again.errors] == [(2, "Số đơn"), (3, "Số đơn")]


def table_names(desk: Desk) -> list[Any]:
    if desk.db.engine.dialect.name == "postgresql":
        return desk.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return desk.query("SELECT name FROM sqlite_master WHERE type = 'table'")


def test_the_desk_s_outcome_is_taken_over_and_what_was_done_here_stands(desk: Desk) -> None:
    assigned = {**LETTER, "outcome": "Giao giải quyết", "body": "Sở Xây dựng"}
    guided = {**LETTER, "number": "20", "outcome": "Hướng dẫn", "body": "Tòa án", "reason": "thuộc tòa án"}
    assert desk.counts(PETITIONS, assigned, guided) == (2, 0, 0, 0)
    assert [one.state for one in petitions(desk)] == [S.ASSIGNED, S.GUIDED]
    assert petitions(desk)[0].agency_id == desk.office.ids[BUILDING]
    assert desk.counts(PETITIONS, assigned, guided) == (0, 0, 2, 0)
    answered = {**assigned, "answer": "Đã sửa xong", "document": "77/SXD"}
    assert desk.counts(PETITIONS, answered) == (0, 1, 0, 0)
    assert desk.counts(PETITIONS, answered) == (0, 0, 1, 0)
    assert petitions(desk)[0].answer == "Đã sửa xong"
    assert desk.office.notices() == []  # nobody is told of what lies behind
    assert desk.db.write_now(alarms.ring) == 0


def test_what_somebody_here_took_up_is_not_undone(desk: Desk) -> None:
    desk.load(PETITIONS, LETTER)
    (one,) = petitions(desk)
    by = Mover("account:quantri", frozenset({"administrator"}))
    desk.db.write_now(lambda uow: move(uow, by, one.code, "classify", kind="feedback"))
    assert desk.counts(PETITIONS, {**LETTER, "text": "Khác hẳn", "kind": "Khiếu nại"}) == (0, 0, 1, 0)
    (now,) = petitions(desk)
    assert (now.kind, now.story.text) == (PetitionKind.FEEDBACK, LETTER["text"])


def test_words_that_were_erased_stay_erased(desk: Desk) -> None:
    desk.load(PETITIONS, LETTER)
    (one,) = petitions(desk)
    desk.db.write_now(lambda uow: uow.petitions.take_over_reporter(one.id, None, None))
    assert desk.counts(PETITIONS, LETTER) == (0, 0, 1, 0)
    assert petitions(desk)[0].story is None


FORWARDED = {
    **LETTER, "way": "Nơi khác chuyển đến", "sender": "Báo An Hòa", "sender_kind": "Báo chí",
    "sender_number": "12/CV-BAH",
}  # fmt: skip


def test_what_was_entered_by_hand_before_is_counted_once(desk: Desk) -> None:
    origin = Origin(ForwarderKind.PRESS, "Báo An Hòa", "12/CV-BAH")
    desk.load(PETITIONS, FORWARDED)
    (one,) = petitions(desk)
    new = NewPetition(one.kind, one.source, one.story, one.reporter)
    paper = desk.db.read_now(lambda uow: uow.petition_papers.of(one.id))
    again = desk.db.write_now(lambda uow: entering.enter(uow, "account:x", new, paper, origin))
    assert again.known
    assert desk.counts(PETITIONS, {**FORWARDED, "number": "99"}) == (0, 1, 0, 0)  # another number of the same
    assert desk.counts(PETITIONS, {**FORWARDED, "number": "99"}) == (0, 0, 1, 0)
    assert len(petitions(desk)) == 1


def test_the_same_number_of_another_year_or_book_is_another_petition(desk: Desk) -> None:
    other_year = {**LETTER, "received": "10/11/2025"}
    assert desk.counts(PETITIONS, LETTER, other_year, {**LETTER, "book": "Sổ 2"}) == (3, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "column", "why"),
    [
        ({"received": "22/11/2026"}, "Ngày nhận", "chưa đến"),
        ({"commune": "xã Vũ Trụ"}, "Xã, phường", "không phải một cơ quan"),
        ({"about": "Sở Vũ trụ"}, "Đơn về cơ quan", "không phải một cơ quan"),
        ({"way": "Đoàn đông người"}, "Cách gửi", "người đại diện"),
        ({"way": "Nơi khác chuyển đến"}, "Cách gửi", "nơi chuyển"),
        ({"way": "Cổng Dịch vụ công"}, "Cách gửi", "mã trên Cổng"),
        ({"people": "0"}, "Cách gửi", "số người"),
        ({"outcome": "Hướng dẫn", "body": "Tòa án"}, "Hướng xử lý", "lý do"),
        ({"outcome": "Chuyển", "body": "Tòa án", "reason": "x"}, "Hướng xử lý", "số"),
        ({"outcome": "Trả đơn", "document": "1", "reason": "x"}, "Hướng xử lý", "pháp luật"),
        ({"outcome": "Giao giải quyết", "body": "Sở Vũ trụ"}, "Cơ quan thẩm quyền", "không phải một cơ quan"),
        (
            {"outcome": "Giao giải quyết", "body": "Sở Xây dựng", "about": "Sở Xây dựng"},
            "Hướng xử lý",
            "không giao",
        ),
        ({"kind": "Tố cáo", "outcome": "Lưu", "reason": "x"}, "Hướng xử lý", "lệnh riêng"),
    ],
)
def test_a_petition_that_cannot_be_is_refused(
    desk: Desk, change: dict[str, str], column: str, why: str
) -> None:
    found = desk.refusal(PETITIONS, {**LETTER, **change})
    assert found[0] == column
    assert why in found[1]


def test_another_kind_under_a_known_number_is_refused_while_it_waits(desk: Desk) -> None:
    desk.load(PETITIONS, LETTER)
    report = desk.load(PETITIONS, {**LETTER, "kind": "Khiếu nại"})
    assert [(one.field, "sửa trong hệ thống" in one.reason) for one in report.errors] == [("Loại đơn", True)]


def test_the_watched_folder_takes_every_kind_and_keeps_no_petition(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "watched"
    app = cast(Application, SimpleNamespace(settings=SimpleNamespace(watch_folder=folder), db=desk.db))
    assert sweep_watched_folder(app) == 0
    assert {one.name for one in folder.iterdir()} == set(KINDS)
    for name in ("đơn.csv", "sai.csv"):
        row = LETTER if name == "đơn.csv" else {**LETTER, "number": "40", "kind": "?"}
        path = desk.file(PETITIONS, row, name=name).rename(folder / "petitions" / name)
        os.utime(path, (time.time() - 60,) * 2)
    assert sweep_watched_folder(app) == 2
    left = sorted(str(one.relative_to(folder)) for one in folder.rglob("*.csv*"))
    assert left == [
        "petitions/done/đơn.csv.report.json",
        "petitions/refused/sai.csv",
        "petitions/refused/sai.csv.report.json",
    ]
    assert len(petitions(desk)) == 1
    assert desk.audited("import") == [("job:watched_folder", "petitions")] * 2
