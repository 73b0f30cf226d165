"""Periods as officers say them, and as the office's own regime cuts them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.figure import Period
from backend.domain.figure_records import Regime
from backend.services.figures.periods import kind_of, period_before, period_of, year_before, year_with
from backend.services.figures.spoken_periods import read_periods

TODAY = date(2026, 11, 22)
MONTH = Regime("tháng báo cáo", "month", 14, date(2024, 1, 1), "QĐ 1")
YEAR = Regime("năm báo cáo", "year", 24, date(2020, 1, 1), "QĐ 2", 11)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("năm 2023", "2023-01-01", "2023-12-31"),
        ("hồ sơ tiếp nhận 2021", "2021-01-01", "2021-12-31"),
        ("6 tháng đầu năm", "2026-01-01", "2026-06-30"),
        ("9 thang nam 2022", "2022-01-01", "2022-09-30"),
        ("số đơn thư 9 tháng", "2026-01-01", "2026-09-30"),
        ("quý III so với cùng kỳ", "2026-07-01", "2026-09-30"),
        ("từ đầu năm đến nay", "2026-01-01", "2026-11-22"),
        ("từ 15/10 đến 14/11", "2026-10-15", "2026-11-14"),
        ("từ tháng 1 đến tháng 6 năm 2023", "2023-01-01", "2023-06-30"),
        ("giai đoạn 2022-2023", "2022-01-01", "2023-12-31"),
        ("ba tháng gần đây", "2026-08-01", "2026-10-31"),
        ("từ 1/7 đến nay", "2026-07-01", "2026-11-22"),
        ("tháng 12", "2025-12-01", "2025-12-31"),
        ("hồ sơ năm trước chuyển sang năm 2021", "2021-01-01", "2021-12-31"),
    ],
)
def test_a_span_is_read_as_reports_mean_it(said: str, first: str, last: str) -> None:
    assert read_periods(said, TODAY).span == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("said", "compare", "against"),
    [
        ("năm 2022 so với cùng kỳ năm 2021", "year", None),
        ("so với cùng kỳ thì sao", "year", None),
        ("quý II tăng hay giảm so với quý trước", "before", None),
        ("năm 2022 so với năm 2021", "span", (date(2021, 1, 1), date(2021, 12, 31))),
        ("tháng 10 và tháng 9", "span", (date(2026, 9, 1), date(2026, 9, 30))),
        ("so với tháng 9", "span", (date(2026, 9, 1), date(2026, 9, 30))),
        ("năm 2022", "", None),
    ],
)
def test_what_it_is_compared_with(said: str, compare: str, against: tuple[date, date] | None) -> None:
    read = read_periods(said, TODAY)
    assert (read.compare, read.against) == (compare, against)


def test_a_month_of_the_regime_runs_from_the_15th_to_the_14th() -> None:
    found = period_of(date(2026, 10, 1), date(2026, 10, 31), [MONTH])
    assert (found.first, found.last, found.regime) == (date(2026, 9, 15), date(2026, 10, 14), "tháng báo cáo")


def test_a_year_of_the_regime_ends_on_its_day() -> None:
    found = period_of(date(2022, 1, 1), date(2022, 12, 31), [YEAR, MONTH])
    assert (found.first, found.last) == (date(2021, 11, 25), date(2022, 11, 24))
    before = year_before(found)
    assert (before.first, before.last) == (date(2020, 11, 25), date(2021, 11, 24))


def test_a_regime_counts_from_its_first_day_on() -> None:
    assert period_of(date(2023, 10, 1), date(2023, 10, 31), [MONTH]).regime == ""


def test_a_regime_of_the_topic_goes_before_the_general_one() -> None:
    own = Regime("riêng", "month", 20, date(2024, 1, 1), "QĐ 3", topic="petitions")
    span = date(2026, 10, 1), date(2026, 10, 31)
    assert period_of(*span, [MONTH, own], "petitions").last == date(2026, 10, 20)
    assert period_of(*span, [MONTH, own], "dossiers").last == date(2026, 10, 14)


def test_several_years_are_cut_at_both_ends() -> None:
    found = period_of(date(2021, 1, 1), date(2022, 12, 31), [YEAR])
    assert (found.first, found.last) == (date(2020, 11, 25), date(2022, 11, 24))


def test_the_year_that_holds_a_day_may_be_the_next_one() -> None:
    assert year_with(date(2022, 12, 1), [YEAR], "").last == date(2023, 11, 24)
    assert year_with(date(2022, 11, 24), [YEAR], "").last == date(2022, 11, 24)


def test_a_cutoff_beyond_the_month_is_its_last_day() -> None:
    late = Regime("cuối", "month", 31, date(2020, 1, 1), "QĐ 4")
    assert period_of(date(2023, 2, 1), date(2023, 2, 28), [late]).last == date(2023, 2, 28)
    assert period_of(date(2023, 3, 1), date(2023, 3, 31), [late]).first == date(2023, 3, 1)


def test_a_running_period_is_compared_with_as_many_days() -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31), "year")
    before = year_before(year, TODAY)
    assert (before.first, before.last) == (date(2025, 1, 1), date(2025, 11, 22))


@given(st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.sampled_from([1, 3, 6, 12]))
def test_the_period_before_ends_where_the_period_begins(day: date, months: int) -> None:
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    end = first.month - 1 + months
    following = date(first.year + end // 12, end % 12 + 1, 1)
    last = date.fromordinal(following.toordinal() - 1)
    period = Period(first, last, kind_of(first, last))
    before = period_before(period)
    assert (first - before.last).days == 1
    assert kind_of(before.first, before.last) == period.kind
