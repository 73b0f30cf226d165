"""Dates of imports: every shape that sources write, and refusals where one would have to guess."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.clock import VIETNAM
from backend.importers.moments import BadMoment, looks_month_first, parse_moment
from backend.importers.sheets import FormulaCell

EXPECTED = datetime(2026, 11, 20, 15, 0, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "written",
    [
        "20261120150000",
        "2026-11-20 15:00:00",
        "2026-11-20T15:00:00.000",
        "2026-11-20T08:00:00Z",
        "2026-11-20T15:00:00+07:00",
        "20/11/2026 15:00",
        "20-11-2026 15:00:00",
        "20.11.2026 15h00",
        "15:00 20/11/2026",
        "15:00:00 ngày 20/11/2026",
        "15h 20/11/2026",
        datetime(2026, 11, 20, 15, 0),
    ],
)
def test_every_known_shape(written: Any) -> None:
    assert parse_moment(written) == EXPECTED


def test_a_bare_date_ends_when_told() -> None:
    for written in ("20/11/2026", "20261120", "2026-11-20", date(2026, 11, 20), datetime(2026, 11, 20)):
        assert parse_moment(written, time(17)) == datetime(2026, 11, 20, 17, tzinfo=VIETNAM)


@pytest.mark.parametrize("empty", [None, "", "   "])
def test_nothing_is_nothing(empty: Any) -> None:
    assert parse_moment(empty) is None


@pytest.mark.parametrize(
    "written",
    [
        "20/11/26",
        "46346",
        "46346.5",
        "11/21/2026",
        "31/11/2026",
        "29/02/2026",
        "20/11/2026 24:30",
        "15:00",
        "00/00/0000",
        "20/11/0026",
        "hôm qua",
        "20261320150000",
        "2026112015",
        "٢٠/١١/٢٠٢٦",
        FormulaCell("=TODAY()"),
    ],
)
def test_what_would_be_a_guess_is_refused(written: str) -> None:
    with pytest.raises(BadMoment):
        parse_moment(written)


def test_month_first_is_noticed() -> None:
    assert looks_month_first("11/21/2026")
    assert not looks_month_first("21/11/2026")
    assert not looks_month_first("05/06/2026")
    assert not looks_month_first(datetime(2026, 11, 21))


@given(st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30)).map(lambda one: one.replace(microsecond=0)))
def test_all_shapes_agree(moment: datetime) -> None:
    expected = moment.replace(tzinfo=VIETNAM).astimezone(UTC)
    for shape in ("%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S", "%H:%M:%S %d/%m/%Y"):
        found = parse_moment(moment.strftime(shape))
        assert found is not None
        assert found.astimezone(UTC) == expected


@given(st.text(max_size=30))
def test_any_text_gives_a_moment_or_a_refusal(text: str) -> None:
    try:
        found = parse_moment(text)
    except BadMoment:
        return
    assert found is None or found.tzinfo is not None
