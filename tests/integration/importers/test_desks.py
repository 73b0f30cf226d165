"""Accounts, visits, ratings and fees from tables: repeatable, changed rows change, refused rows leave no trace."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domain.reception import HostKind, PlannedDay, ReceptionRule
from backend.importers.accounts_table import ACCOUNTS
from backend.importers.base import FileRefused
from backend.importers.desk_table import DeskTable
from backend.importers.fees_table import FEES
from backend.importers.ratings_table import RATINGS
from backend.importers.visits_table import VISITS
from backend.services.reception import board, hosts
from backend.services.reception.days import ensure_days
from tests.conftest import NOW
from tests.integration.importers.conftest import KNOWN, Desk
from tests.integration.tasks.conftest import BUILDING, MONEY

ACCOUNT = {
    "name": "lan", "full_name": "Lê Thị Lan", "title": "Chuyên viên", "agency": "Sở Xây dựng", "roles": "Cán bộ",
}  # fmt: skip
FEE = {"code": "H50.06-261008-0975", "agency": "Sở Tài chính", "on": "08/10/2026", "amount": "20.000"}
PAID = {**FEE, "paid": "09/10/2026", "online": "x"}
RATING = {"on": "20/11/2026", "code": "H50.06-261008-0975", "agency": "Sở Tài chính", "value": "Hài lòng"}
VISIT = {
    "on": "15/10/2026", "agency": "Ủy ban nhân dân tỉnh An Hòa", "sitting": "Định kỳ", "visits": "3", "people": "9",
    "groups": "1", "in_groups": "6",
}  # fmt: skip
ROWS: list[tuple[DeskTable[Any], dict[str, str], dict[str, str]]] = [
    (ACCOUNTS, ACCOUNT, {"roles": "Văn thư"}),
    (VISITS, {**VISIT, "agency": "Sở Xây dựng"}, {"visits": "4"}),
    (RATINGS, RATING, {"value": "Không hài lòng"}),
    (FEES, FEE, {"amount": "30.000"}),
]
KINDS = [table.kind for table, _row, _change in ROWS]


@pytest.mark.parametrize(("table", "row", "change"), ROWS, ids=KINDS)
def test_once_is_enough_and_a_changed_row_changes(
    desk: Desk, table: DeskTable[Any], row: dict[str, str], change: dict[str, str]
) -> None:
    assert desk.counts(table, row, dry_run=True) == (1, 0, 0, 0)
    before = desk.rows_kept()
    assert desk.counts(table, row, dry_run=True) == (1, 0, 0, 0)
    assert desk.rows_kept() == before
    assert desk.counts(table, row) == (1, 0, 0, 0)
    kept = desk.rows_kept()
    assert desk.counts(table, row) == (0, 0, 1, 0)
    assert desk.rows_kept() == kept
    assert desk.counts(table, {**row, **change}) == (0, 1, 0, 0)
    assert desk.counts(table, {**row, **change}) == (0, 0, 1, 0)
    assert desk.office.notices() == []
    runs = desk.query("SELECT kind, created, changed FROM import_runs ORDER BY id")
    assert runs == [(table.kind, 1, 0), (table.kind, 0, 0), (table.kind, 0, 1), (table.kind, 0, 0)]


@pytest.mark.parametrize(("table", "row", "change"), ROWS, ids=KINDS)
def test_one_key_stands_once_in_a_file(
    desk: Desk, table: DeskTable[Any], row: dict[str, str], change: dict[str, str]
) -> None:
    assert desk.counts(table, row, row, {**row, **change}) == (1, 0, 1, 1)
    report = desk.load(table, row, {**row, **change})
    assert [(one.row, "dòng 2" in one.reason) for one in report.errors] == [(3, True)]


@pytest.mark.parametrize("table", [one for one, _row, _change in ROWS], ids=KINDS)
@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("Mã hồ sơ;Số tiền\nSở Xây dựng".encode("utf-16-be"), "UTF-8|NUL|tiêu đề"),
        ("Tên đăng nhập,Ngày tiếp\nlộn xộn".encode("cp1258", "replace"), "UTF-8|tiêu đề"),
        (b"", "trống"),
        (b"a,b\n1,2\n", "tiêu đề"),
        (b"PK\x03\x04", "UTF-8|tiêu đề|NUL"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    desk: Desk, table: DeskTable[Any], raw: bytes, why: str
) -> None:
    path = desk.folder / "x.csv"
    path.write_bytes(raw)
    before = desk.rows_kept()
    with pytest.raises(FileRefused, match=why):
        table.load(path, desk.db.write_now, source="x")
    assert desk.rows_kept() == before


@pytest.mark.parametrize(("table", "row", "_change"), ROWS, ids=KINDS)
def test_an_agency_that_nobody_knows_is_refused(
    desk: Desk, table: DeskTable[Any], row: dict[str, str], _change: dict[str, str]
) -> None:
    column, reason = desk.refusal(table, {**row, "agency": "Sở Vũ trụ"})
    assert column == table.columns["agency"][0][0]
    assert "không phải một cơ quan" in reason
    assert desk.counts(table, {**row, "agency": BUILDING.lower()}) == (1, 0, 0, 0)  # by its code


# --- accounts ------------------------------------------------------------------------------------------------


def account(desk: Desk, name: str) -> Any:
    return desk.db.read_now(lambda uow: uow.accounts.by_name(name))


def test_an_imported_account_cannot_log_in_until_somebody_gives_it_a_password(desk: Desk) -> None:
    desk.load(ACCOUNTS, ACCOUNT)
    one = account(desk, "lan")
    assert (one.roles, one.agency_id, one.active) == ({"officer"}, desk.office.ids[BUILDING], True)
    assert desk.query("SELECT password_hash FROM accounts WHERE name = 'lan'") == [("",)]
    assert desk.audited("account_added") == [("import:accounts", "account:lan")]


def test_changed_roles_are_audited_and_who_is_missing_stays(desk: Desk) -> None:
    before = len(desk.db.read_now(lambda uow: uow.accounts.all()))
    row = {"name": "canbo", "full_name": "Trần Văn Bình", "roles": "Văn thư; Cán bộ"}
    assert desk.counts(ACCOUNTS, row) == (0, 1, 0, 0)
    assert account(desk, "canbo").roles == {"clerk", "officer"}
    assert account(desk, "canbo").agency_id == desk.office.ids[BUILDING]  # the list does not tell
    ((detail,),) = desk.query("SELECT detail FROM audit WHERE action = 'account_changed'")
    assert "clerk" in str(detail)
    assert "officer" in str(detail)
    assert len(desk.db.read_now(lambda uow: uow.accounts.all())) == before


def test_a_password_survives_and_a_dash_empties(desk: Desk) -> None:
    desk.db.write_now(lambda uow: uow.accounts.set_password("canbo", "kept"))
    row = {"name": "canbo", "full_name": "Trần Văn Bình", "roles": "Cán bộ", "title": "Phó phòng"}
    desk.load(ACCOUNTS, row)
    assert account(desk, "canbo").title == "Phó phòng"
    desk.load(ACCOUNTS, {**row, "title": ""})
    assert account(desk, "canbo").title == "Phó phòng"
    desk.load(ACCOUNTS, {**row, "title": "-"})
    assert account(desk, "canbo").title == ""
    assert desk.query("SELECT password_hash FROM accounts WHERE name = 'canbo'") == [("kept",)]


def test_locking_is_said_and_silence_never_unlocks(desk: Desk) -> None:
    row = {"name": "canbo", "full_name": "Trần Văn Bình", "roles": "Cán bộ"}
    desk.load(ACCOUNTS, {**row, "active": "Khóa"})
    assert not account(desk, "canbo").active
    desk.load(ACCOUNTS, row)
    assert not account(desk, "canbo").active
    assert desk.audited("account_locked") == [("import:accounts", "account:canbo")]
    desk.load(ACCOUNTS, {**row, "active": "Đang làm việc"})
    assert account(desk, "canbo").active


@pytest.mark.parametrize(
    ("change", "column", "why"),
    [
        ({"agency": ""}, "Cơ quan", "cần ghi cơ quan"),
        ({"roles": "Chuyên viên theo dõi"}, "Lĩnh vực theo dõi", "cần ghi lĩnh vực"),
        ({"name": "Lan Anh"}, "Tên đăng nhập", "a-z"),
        ({"name": "l"}, "Tên đăng nhập", "a-z"),
        ({"block": "Sở Vũ trụ"}, "Cơ quan theo dõi", "không phải một cơ quan"),
        ({"roles": "Quản trị"}, "Vai trò", "bằng lệnh"),
        ({"roles": "Cán bộ; inspector"}, "Vai trò", "bằng lệnh"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    desk: Desk, change: dict[str, str], column: str, why: str
) -> None:
    found = desk.refusal(ACCOUNTS, {**ACCOUNT, **change})
    assert found[0] == column
    assert why in found[1]


def test_a_role_given_by_command_may_stand_in_the_list(desk: Desk) -> None:
    row = {"name": "quantri", "full_name": "Quản trị", "roles": "Quản trị"}
    assert desk.counts(ACCOUNTS, row) == (0, 0, 1, 0)


def test_who_follows_agencies_and_fields(desk: Desk) -> None:
    row = {
        **ACCOUNT,
        "roles": "Chuyên viên theo dõi",
        "fields": "Đất đai",
        "block": "Sở Tài chính; Sở Xây dựng",
    }
    desk.load(ACCOUNTS, row)
    assert account(desk, "lan").block == (MONEY, BUILDING)
    assert account(desk, "lan").fields == ("Đất đai",)


# --- visits --------------------------------------------------------------------------------------------------


def test_visits_are_counted_as_the_figures_count(desk: Desk) -> None:
    desk_row = {
        "on": "16/10/2026", "agency": "Văn phòng Ủy ban nhân dân tỉnh", "sitting": "Thường xuyên",
        "visits": "5", "people": "4",
    }  # fmt: skip
    nobody = {**VISIT, "on": "15/09/2026", "visits": "0", "people": "0", "groups": "", "in_groups": ""}
    assert desk.counts(VISITS, VISIT, desk_row, nobody) == (3, 0, 0, 0)
    found = desk.figures("reception")
    assert (found["visits"], found["people"], found["delegations"], found["delegation_people"]) == (
        8,
        13,
        1,
        6,
    )
    assert (found["chairman_visits"], found["chairman_people"], found["chairman_delegations"]) == (3, 9, 1)
    assert (found["regular_visits"], found["regular_people"]) == (5, 4)
    assert (found["days"], found["chairman_days"], found["regular_days"]) == (3, 2, 1)
    desk.load(VISITS, {**VISIT, "visits": "2", "people": "7"})
    found = desk.figures("reception")
    assert (found["chairman_visits"], found["chairman_people"], found["days"]) == (2, 7, 3)


def test_what_stands_in_for_a_calendar_is_told_to_nobody(desk: Desk) -> None:
    desk.load(VISITS, VISIT, {**VISIT, "on": "01/01/2026", "sitting": "Đột xuất"})
    for day in (NOW.date(), NOW.date().replace(month=1, day=1)):
        assert desk.db.read_now(lambda uow, day=day: uow.reception.rules(day)) == ()
    assert desk.db.read_now(lambda uow: hosts.hosts(uow)) == ()
    assert desk.query("SELECT count(*) FROM reception_rules") == [(1,)]
    assert desk.db.write_now(ensure_days) == 0


def rule(desk: Desk, kind: HostKind, how: dict[str, Any]) -> ReceptionRule:
    made = ReceptionRule(
        host="Chủ tịch UBND tỉnh",
        host_kind=kind,
        agency_id=desk.office.ids["H50"],
        rule=how,
        sessions=(),
        place="Trụ sở",
        capacity=5,
        valid_from=NOW.date().replace(month=1, day=1),
        source="Thông báo",
    )
    return desk.db.write_now(lambda uow: uow.reception.rule(uow.reception.put_rule(made)))  # type: ignore[no-any-return]


def test_a_day_of_the_calendar_is_used_and_one_noted_by_hand_is_not_counted_twice(desk: Desk) -> None:
    own = rule(desk, HostKind.CHAIRMAN, {"monthly_day": 15})
    day = NOW.date().replace(month=10, day=15)
    desk.db.write_now(lambda uow: uow.reception.add_days(own, [PlannedDay(day, day)]))
    assert desk.counts(VISITS, VISIT) == (1, 0, 0, 0)
    assert desk.query("SELECT count(*) FROM reception_days") == [(1,)]
    ((number,),) = desk.query("SELECT id FROM reception_days")
    desk.db.write_now(lambda uow: board.record_visit(uow, "account:btcd", number, 1, ""))
    column, reason = desk.refusal(VISITS, {**VISIT, "visits": "9"})
    assert (column, "từng lượt" in reason) == ("Ngày tiếp", True)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"on": "22/11/2026"}, "chưa đến"),
        ({"on": "15/09/2026"}, "đã hủy"),
        ({"on": "15/08/2026"}, "17/08/2026"),
    ],
)
def test_a_day_that_was_not_held_is_refused(desk: Desk, change: dict[str, str], why: str) -> None:
    own = rule(desk, HostKind.CHAIRMAN, {"monthly_day": 15})
    days = [NOW.date().replace(month=month, day=15) for month in (8, 9)]

    def call_off(uow: Any) -> None:
        uow.reception.add_days(own, [PlannedDay(one, one) for one in days])
        moved, dropped = uow.reception.planned(own.id, days[0], days[1])
        uow.reception.move_day(moved.id, days[0].replace(day=17), "bận")
        uow.reception.drop_day(dropped.id)

    desk.db.write_now(call_off)
    column, reason = desk.refusal(VISITS, {**VISIT, **change})
    assert column == "Ngày tiếp"
    assert why in reason


# --- ratings -------------------------------------------------------------------------------------------------


def test_ratings_are_counted_with_those_given_here(desk: Desk) -> None:
    rows = [
        RATING,
        {"on": "19/11/2026", "code": KNOWN, "value": "5", "channel": "Cổng dịch vụ công"},
        {"on": "19/11/2026", "sheet": "P-17", "agency": "Sở Xây dựng", "value": "2", "channel": "Phiếu giấy"},
        {"on": "19/11/2026", "agency": "Sở Xây dựng", "value": "4", "count": "12"},
    ]
    assert desk.counts(RATINGS, *rows) == (4, 0, 0, 0)
    assert desk.figures("satisfaction") == {"ratings": 15, "satisfied": 14}
    assert desk.by_agency("satisfaction")[desk.office.ids[BUILDING]]["ratings"] == 14
    assert desk.counts(RATINGS, *reversed(rows)) == (0, 0, 4, 0)
    assert desk.counts(RATINGS, {**rows[3], "count": "10"}, rows[1]) == (0, 1, 1, 0)
    assert desk.counts(RATINGS, {**rows[1], "on": "18/11/2026", "value": "1"}) == (0, 1, 0, 0)
    assert desk.figures("satisfaction") == {"ratings": 13, "satisfied": 11}
    assert desk.query("SELECT procedure_code, channel FROM ratings WHERE code = :code", code=KNOWN) == [
        ("1.001193", "portal")
    ]
    assert desk.query("SELECT count(*) FROM ratings WHERE comment IS NOT NULL") == [(0,)]
    assert desk.counts(RATINGS, {**rows[3], "count": "0"}) == (0, 1, 0, 0)
    assert desk.figures("satisfaction")["ratings"] == 3


def test_rows_that_are_quite_alike_want_a_number(desk: Desk) -> None:
    row = {"on": "19/11/2026", "agency": "Sở Xây dựng", "value": "4"}
    report = desk.load(RATINGS, row, row)
    assert (report.created, [(one.field, one.row) for one in report.errors]) == (1, [("Số lượt", 3)])


@pytest.mark.parametrize(
    ("change", "column", "why"),
    [({"on": "22/11/2026"}, "Ngày đánh giá", "chưa đến"), ({"agency": ""}, "Cơ quan", "cần ghi cơ quan")],
)
def test_a_rating_that_cannot_be_is_refused(
    desk: Desk, change: dict[str, str], column: str, why: str
) -> None:
    found = desk.refusal(RATINGS, {**RATING, **change})
    assert found[0] == column
    assert why in found[1]


# --- fees ----------------------------------------------------------------------------------------------------


def test_fees_are_counted_by_the_day_they_fell_due(desk: Desk) -> None:
    of_known = {"code": KNOWN, "on": "09/10/2026", "amount": "1500000"}
    assert desk.counts(FEES, PAID, of_known) == (2, 0, 0, 0)
    assert desk.figures("fees") == {
        "due": 2, "paid_online": 1, "due_dong": 1_520_000, "paid_online_dong": 20_000,
    }  # fmt: skip
    assert desk.by_agency("fees")[desk.office.ids[BUILDING]]["due"] == 1
    later = {**of_known, "paid": "20/11/2026", "online": "x"}
    assert desk.counts(FEES, later) == (0, 1, 0, 0)
    assert desk.figures("fees")["paid_online_dong"] == 1_520_000
    assert desk.counts(FEES, {**PAID, "gone": "x"}, later) == (0, 1, 1, 0)
    assert desk.counts(FEES, {**PAID, "gone": "x"}) == (0, 0, 1, 0)
    assert desk.figures("fees")["due"] == 1


def test_another_source_of_the_same_fee_counts_it_once(desk: Desk) -> None:
    path = desk.file(FEES, PAID)
    FEES.load(path, desk.db.write_now, source="Nền tảng thanh toán")
    again = FEES.load(path, desk.db.write_now, source="Hệ thống một cửa")
    assert (again.created, again.unchanged) == (0, 1)
    assert again.notes == {"hồ sơ của khoản phí chưa có trong hệ thống": 1}


@pytest.mark.parametrize(
    ("change", "column", "why"),
    [({"paid": "22/11/2026"}, "Ngày nộp", "chưa đến"), ({"agency": ""}, "Cơ quan", "cần ghi cơ quan")],
)
def test_a_fee_that_cannot_be_is_refused(desk: Desk, change: dict[str, str], column: str, why: str) -> None:
    found = desk.refusal(FEES, {**FEE, **change})
    assert found[0] == column
    assert why in found[1]
