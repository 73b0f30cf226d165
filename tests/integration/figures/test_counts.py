"""Rows counted on both engines: each figure, each scope; lines add up; entered, frozen and compared figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from backend.db.engine import Database
from backend.domain.agency import Agency
from backend.domain.clock import VIETNAM
from backend.domain.dossier import Channel, Dossier, DossierEvent, Filing, Stage
from backend.domain.errors import InvalidInput, NotFound
from backend.domain.figure import FigureSet, Origin
from backend.domain.figure_records import OutOfReach, Regime
from backend.domain.running import Account, Source
from backend.domain.scope import Scope
from backend.services.dossiers.owners import owned
from backend.services.figures.ask import Question, answer, rows_behind
from backend.services.figures.comparing import NOT_COMPARABLE, NOT_KEPT
from backend.services.figures.entered import enter
from backend.services.figures.freezing import freeze
from backend.services.figures.regimes import put_regime
from tests.integration.figures.conftest import ask, told

PROVINCE = Scope(everything=True)
FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
QUARTER = Question("dossiers", FIRST, LAST, kind="quarter")


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=VIETNAM)


def dossier(number: int, agency: str, received: datetime, due: datetime | None, **more: Any) -> Filing:
    name, code = {"a": ("Sở Xây dựng", "H50.04"), "b": ("Sở Tài chính", "H50.06"), "": ("", "H99")}[agency]
    finished = more.pop("finished", None)
    stage = more.pop("stage", Stage.RETURNED if finished else Stage.PROCESSING)
    events = more.pop("events", ())
    made = Dossier(
        code=f"{code}-260701-{number:04d}",
        stage=stage,
        source="Một cửa",
        as_of=at(11, 20),
        agency_name=name,
        received_at=received,
        due_at=due,
        finished_at=finished,
        **more,
    )
    return Filing(made, None, events)


FILINGS = (
    dossier(1, "a", at(7, 2), at(7, 10, 17), finished=at(7, 9, 16), channel=Channel.ONLINE),  # early
    dossier(2, "a", at(7, 3), at(7, 10, 17), finished=at(7, 10, 16), channel=Channel.DIRECT),  # on time
    dossier(
        3, "a", at(7, 6), at(7, 10, 17), finished=at(7, 10, 18), channel=Channel.POSTAL
    ),  # late by an hour
    dossier(
        4, "b", at(6, 29), at(7, 3, 17), finished=at(7, 1), result_channel=Channel.POSTAL
    ),  # carried, early
    dossier(5, "b", at(9, 29), at(10, 5, 17), finished=at(10, 2)),  # unfinished at the end, in time
    dossier(6, "b", at(9, 1), at(9, 10, 17)),  # unfinished, overdue
    dossier(7, "b", at(9, 1), at(9, 10, 17), stage=Stage.SUPPLEMENT),  # waits for the citizen
    dossier(8, "", at(8, 1), at(8, 10, 17), finished=at(8, 3), stage=Stage.WITHDRAWN),
    dossier(9, "a", at(8, 1), None, finished=at(8, 1), stage=Stage.REFUSED),  # never received
    dossier(10, "a", at(10, 1), at(10, 9, 17)),  # after the period
)


@pytest.fixture
def office(db: Database) -> Database:
    def fill(uow: Any) -> None:
        province = Agency("H50", "Ủy ban nhân dân tỉnh An Hòa", "province", aliases=("UBND tỉnh",))
        uow.agencies.put(province)
        for code, name, before in (
            ("H50.04", "Sở Xây dựng", (("Sở Giao thông vận tải", date(2026, 3, 1)),)),
            ("H50.06", "Sở Tài chính", (("Sở Kế hoạch", date(2026, 3, 1)),)),
            ("H50.08", "Sở Nội vụ", (("Sở Lao động", date(2026, 3, 1)),)),
            ("H50.09", "Sở Y tế", (("Sở Lao động", date(2026, 3, 1)),)),
        ):
            uow.agencies.put(Agency(code, name, "department", "H50", predecessors=before))
        uow.sources.put(Source("Một cửa", "table", at(11, 20), at(11, 20)))
        uow.dossiers.put_many(owned(uow, FILINGS))
        home = uow.agencies.by_code("H50.04").id
        uow.accounts.add(Account("lanhdao", "L", frozenset({"office_leader"})), "", uow.now)
        uow.accounts.add(Account("canbo", "C", frozenset({"officer"}), home), "", uow.now)

    db.write_now(fill)
    return db


def told_of(found: FigureSet) -> Mapping[str, int | Decimal | None]:
    return {one.key.partition("/")[2]: one.value for one in found.figures}


def scope_of(uow: Any, *codes: str) -> Scope:
    ids = [uow.agencies.by_code(code) for code in codes]
    return Scope(agencies=frozenset(one.id for one in ids), named=tuple(one.name for one in ids))


def test_each_figure_of_dossiers(office: Database) -> None:
    found = told_of(office.read_now(lambda uow: answer(uow, PROVINCE, QUARTER)))
    assert found == {
        "received": 7,
        "received_direct": 1,
        "received_online": 1,
        "received_postal": 1,
        "online_rate": None,
        "carried": 1,
        "returned": 4,
        "early": 2,
        "on_time": 1,
        "in_time": 3,
        "late": 1,
        "returned_postal": 1,
        "due": 6,
        "due_in_time": 3,
        "due_late": 3,
        "land_in_time": None,
        "other_in_time": None,
        "unfinished": 3,
        "unfinished_in_time": 2,
        "overdue": 1,
        "stopped": 1,
    }


def test_rates_name_their_denominator_and_the_feed_its_time(office: Database) -> None:
    found = office.read_now(lambda uow: answer(uow, PROVINCE, QUARTER))
    late = next(one for one in found.figures if one.key == "dossiers/late")
    assert (late.of, late.rate, late.source, late.as_of) == (4, Decimal(25), "Một cửa", at(11, 20))


def test_lines_by_agency_add_up_and_name_who_is_unknown(office: Database) -> None:
    found = office.read_now(lambda uow: answer(uow, PROVINCE, Question("dossiers", FIRST, LAST, by="agency")))
    received = {line.name: line.figures[0].value for line in found.lines}
    assert received == {"Sở Xây dựng": 3, "Sở Tài chính": 3, "Chưa rõ cơ quan": 1}
    assert sum(received.values()) == told_of(found)["received"]


def test_a_scope_counts_its_own_rows_and_no_others(office: Database) -> None:
    own = office.read_now(lambda uow: answer(uow, scope_of(uow, "H50.04"), QUARTER))
    assert (told_of(own)["received"], told_of(own)["late"]) == (3, 1)
    assert own.scope == "Sở Xây dựng"
    asked = Question("dossiers", FIRST, LAST, "H50.06")
    with pytest.raises(OutOfReach):
        office.read_now(lambda uow: answer(uow, scope_of(uow, "H50.04"), asked))
    with pytest.raises(OutOfReach):
        office.read_now(lambda uow: answer(uow, Scope(), QUARTER))


def test_the_rows_behind_a_figure_are_the_counted_ones(office: Database) -> None:
    def look(uow: Any) -> dict[str, int]:
        names = (
            "late",
            "early",
            "on_time",
            "in_time",
            "overdue",
            "unfinished",
            "due_late",
            "unfinished_in_time",
        )
        return {
            name: len(
                rows_behind(uow, PROVINCE, Question("dossiers", FIRST, LAST, measure=f"dossiers/{name}"), 99)
            )
            for name in names
        }

    counted = told_of(office.read_now(lambda uow: answer(uow, PROVINCE, QUARTER)))
    assert office.read_now(look) == {name: counted[name] for name in office.read_now(look)}
    own = office.read_now(
        lambda uow: rows_behind(
            uow, scope_of(uow, "H50.06"), Question("dossiers", FIRST, LAST, measure="dossiers/overdue"), 99
        )
    )
    assert [one.code for one in own] == ["H50.06-260701-0006"]


def test_the_national_rule_looks_at_requests_for_papers(office: Database) -> None:
    def more(uow: Any) -> None:
        asked = (
            DossierEvent("1", Stage.ACCEPTED, at(7, 1)),
            DossierEvent("2", Stage.SUPPLEMENT, at(7, 2)),
            DossierEvent("3", Stage.PROCESSING, at(7, 8)),
            DossierEvent("4", Stage.RETURNED, at(7, 12)),
        )
        filing = dossier(20, "a", at(7, 1), at(7, 10, 17), finished=at(7, 12), events=asked)
        undated = dossier(21, "a", at(7, 1), None, finished=at(7, 12))
        uow.dossiers.put_many(owned(uow, [filing, undated]))

    before = told_of(office.read_now(lambda uow: answer(uow, PROVINCE, Question("on_time", FIRST, LAST))))
    office.write_now(more)
    after = told_of(office.read_now(lambda uow: answer(uow, PROVINCE, Question("on_time", FIRST, LAST))))
    assert (before["judged"], before["late"], before["unknown"]) == (
        8,
        3,
        0,
    )  # 7 was asked for papers only after the period
    assert (after["judged"], after["in_time"], after["unknown"]) == (9, before["in_time"] + 1, 1)  # type: ignore[operator]
    plain = told_of(office.read_now(lambda uow: answer(uow, PROVINCE, QUARTER)))
    assert plain["late"] == 2


def test_what_is_not_kept_is_not_told_as_nothing(office: Database) -> None:
    def look(uow: Any) -> list[Any]:
        asked = [Question("fees", FIRST, LAST), Question("dossiers", date(2020, 1, 1), date(2020, 12, 31))]
        return [told_of(answer(uow, PROVINCE, one)).values() for one in asked]

    for values in office.read_now(look):
        assert set(values) == {None}


def test_an_entered_total_needs_its_document_and_keeps_its_versions(office: Database) -> None:
    def put(uow: Any, value: str, source: str = "BC 12/BC-VP ngày 05/10/2026") -> Any:
        return enter(uow, "shell:x", "documents/incoming", FIRST, LAST, value, source)

    assert office.write_now(lambda uow: put(uow, "100")).version == 1
    assert office.write_now(lambda uow: put(uow, "120")).version == 2
    for value, source in (("100", " "), ("x", "BC 1"), ("-1", "BC 1"), ("1.5", "BC 1"), ("NaN", "BC 1")):
        with pytest.raises(InvalidInput):
            office.write_now(lambda uow, v=value, s=source: put(uow, v, s))
    with pytest.raises(InvalidInput):
        office.write_now(lambda uow: enter(uow, "x", "dossiers/none", FIRST, LAST, "1", "BC"))
    with pytest.raises(InvalidInput):
        office.write_now(lambda uow: enter(uow, "x", "documents/incoming", LAST, FIRST, "1", "BC"))
    with pytest.raises(NotFound):
        office.write_now(
            lambda uow: enter(uow, "x", "documents/incoming", FIRST, LAST, "1", "BC", agency_code="?")
        )
    found = office.read_now(lambda uow: answer(uow, PROVINCE, Question("documents", FIRST, LAST)))
    first = found.figures[0]
    assert (first.value, first.origin, first.source) == (120, Origin.ENTERED, "BC 12/BC-VP ngày 05/10/2026")
    own = office.read_now(
        lambda uow: answer(uow, scope_of(uow, "H50.04"), Question("documents", FIRST, LAST))
    )
    assert set(told_of(own).values()) == {None}  # a total of the province is nobody else's
    assert len(office.read_now(lambda uow: uow.figures.all_entered(10))) == 2


def test_an_entered_total_stands_beside_what_is_counted(office: Database) -> None:
    office.write_now(
        lambda uow: enter(uow, "x", "dossiers/received", FIRST, LAST, "9", "BC 3", note="Báo cáo ghi 9.")
    )
    found = office.read_now(lambda uow: answer(uow, PROVINCE, QUARTER))
    assert (found.figures[0].value, found.figures[0].values["counted"]) == (9, 7)
    online = next(one for one in found.figures if one.key == "dossiers/received_online")
    assert online.of == 7  # its own rows' denominator, not the entered one


def test_submitted_figures_stay_and_the_difference_is_told(office: Database) -> None:
    def submit(uow: Any) -> None:
        freeze(uow, "account:lanhdao", answer(uow, PROVINCE, QUARTER), "BC 45/BC-UBND ngày 10/10/2026")

    office.write_now(submit)
    office.write_now(
        lambda uow: uow.dossiers.put_many(
            owned(uow, [dossier(30, "a", at(7, 7), at(7, 20, 17), finished=at(7, 21))])
        )
    )
    found = office.read_now(lambda uow: answer(uow, PROVINCE, QUARTER))
    received = found.figures[0]
    assert (received.value, received.origin) == (7, Origin.FROZEN)
    assert (received.values["now"], received.values["difference"]) == (8, 1)
    assert found.frozen_at is not None
    said = office.read_now(lambda uow: told(ask(uow, "quý III tiếp nhận bao nhiêu hồ sơ")))
    assert "Hồ sơ tiếp nhận trong kỳ: 7 (số đã nộp; nay đếm được 8, nhiều hơn 1)" in said
    own = office.read_now(lambda uow: answer(uow, scope_of(uow, "H50.04"), QUARTER))
    assert own.frozen_at is None


def test_a_running_period_or_one_without_a_report_is_not_frozen(office: Database) -> None:
    for asked, source in (
        (QUARTER, ""),
        (Question("dossiers", date(2026, 10, 1), date(2026, 12, 31)), "BC 1"),
    ):
        with pytest.raises(InvalidInput):
            office.write_now(lambda uow, q=asked, s=source: freeze(uow, "x", answer(uow, PROVINCE, q), s))


def test_a_merged_agency_is_compared_through_its_predecessor(office: Database) -> None:
    def more(uow: Any) -> None:
        received = datetime(2025, 7, 3, 9, tzinfo=VIETNAM)
        old = dossier(40, "a", received, received, agency_id=None)
        filings = [
            Filing(_renamed(old.dossier, "Sở Giao thông vận tải", f"H50.14-250703-{number:04d}"))
            for number in range(2)
        ]
        uow.dossiers.put_many(owned(uow, filings))

    office.write_now(more)
    asked = Question("dossiers", FIRST, LAST, "H50.04", "year")
    found = office.read_now(lambda uow: answer(uow, PROVINCE, asked))
    assert found.before is not None
    assert (told_of(found)["received"], told_of(found.before)["received"]) == (3, 2)
    assert found.compared_names == ("Sở Giao thông vận tải",)


def _renamed(one: Dossier, name: str, code: str) -> Dossier:
    return replace(one, agency_name=name, code=code)


def test_an_agency_whose_work_was_split_is_not_compared(office: Database) -> None:
    asked = Question("dossiers", FIRST, LAST, "H50.08", "year")
    found = office.read_now(lambda uow: answer(uow, PROVINCE, asked))
    assert (found.before, found.not_comparable) == (None, NOT_COMPARABLE)
    assert found.compared_names == ("Sở Lao động",)


def test_a_year_before_the_first_row_is_not_compared(office: Database) -> None:
    found = office.read_now(
        lambda uow: answer(uow, PROVINCE, Question("dossiers", FIRST, LAST, compare="year"))
    )
    assert (found.before, found.not_comparable) == (None, NOT_KEPT)


def test_the_office_sets_its_own_reporting_month(office: Database) -> None:
    made = Regime("kỳ báo cáo tháng", "month", 14, date(2026, 1, 1), "QĐ 5/QĐ-UBND")
    office.write_now(lambda uow: put_regime(uow, "x", made))
    reply = office.read_now(lambda uow: ask(uow, "tháng 7 tiếp nhận bao nhiêu hồ sơ"))
    assert (reply.values["first"], reply.values["last"]) == (date(2026, 6, 15), date(2026, 7, 14))
    assert "theo kỳ báo cáo tháng" in told(reply)
    for wrong in (
        Regime("a", "week", 14, date(2026, 1, 1), "QĐ"),
        Regime("a", "month", 32, date(2026, 1, 1), "QĐ"),
        Regime("a", "month", 14, date(2026, 1, 1), ""),
        Regime("", "month", 14, date(2026, 1, 1), "QĐ"),
        Regime("a", "month", 14, date(2026, 1, 1), "QĐ", topic="none"),
    ):
        with pytest.raises(InvalidInput):
            office.write_now(lambda uow, one=wrong: put_regime(uow, "x", one))


def test_dossiers_find_their_agency_by_name_old_name_and_code(office: Database) -> None:
    def look(uow: Any) -> list[Any]:
        from backend.services.dossiers.owners import owners

        known = owners(uow)
        cases = [
            ("Sở Xây dựng", "X-1"),
            ("Sở Giao thông vận tải", "X-1"),
            ("Sở Lao động", "X-1"),
            ("", "H50.06-260101-0001"),
            ("", "000.00.06.H50-260101-0001"),
            ("Phòng lạ", "H51-260101-0001"),
        ]
        ids = {uow.agencies.by_code(code).id: code for code in ("H50.04", "H50.06")}
        return [ids.get(known.of(uow, *case)) for case in cases]  # type: ignore[arg-type]

    assert office.read_now(look) == ["H50.04", "H50.04", None, "H50.06", "H50.06", None]


def test_a_follow_up_keeps_what_it_does_not_name(office: Database) -> None:
    def talk(uow: Any) -> list[Any]:
        first = ask(uow, "quý III trễ hạn bao nhiêu hồ sơ")
        context = dict(first.remember)
        own = ask(uow, "còn Sở Tài chính?", context=context, entities=[("agency", "Sở Tài chính")])
        other = ask(uow, "quá hạn thì sao", context=own.remember)
        return [first.values["lead"][0], own.values, other.values]

    lead, own, other = office.read_now(talk)
    assert (lead["key"], lead["value"]) == ("dossiers/late", 1)
    assert (own["lead"][0]["key"], own["lead"][0]["value"]) == ("dossiers/late", 0)
    assert (own["first"], own["last"]) == (FIRST, LAST)
    assert (other["lead"][0]["key"], other["lead"][0]["value"]) == ("dossiers/overdue", 1)


def test_an_unclear_question_offers_the_topics(office: Database) -> None:
    reply = office.read_now(lambda uow: ask(uow, "cho xin số"))
    assert reply.key == "figures/which"
    assert {one.values["topic"] for one in reply.buttons} >= {"dossiers", "petitions", "tasks"}


def test_an_unknown_agency_is_said_and_not_answered_with_everything(office: Database) -> None:
    reply = office.read_now(
        lambda uow: ask(uow, "hồ sơ của Sở Hàng hải quý III", entities=[("agency", "Sở Hàng hải")])
    )
    assert reply.key == "figures/agency_unknown"
