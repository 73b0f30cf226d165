"""The national on-time rule, clause by clause."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from backend.domain.clock import VIETNAM
from backend.domain.on_time import Course, Supplement, Verdict, supplements_of, verdict


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=VIETNAM)


DUE = at(10, 17)
END = at(31, 0)


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        (Course(at(1), DUE, at(10, 16)), Verdict.IN_TIME),
        (Course(at(1), DUE, at(10, 18)), Verdict.LATE),
        # the time of the citizen is taken out
        (Course(at(1), DUE, at(12), (Supplement(at(3), at(6)),)), Verdict.IN_TIME),
        (Course(at(1), DUE, at(12), (Supplement(at(3), at(4)),)), Verdict.LATE),
        # stuck at one request: it ended there; asked again: late
        (Course(at(1), DUE, None, (Supplement(at(3)),)), Verdict.IN_TIME),
        (Course(at(1), DUE, None, (Supplement(at(12)),)), Verdict.LATE),
        (Course(at(1), DUE, None, (Supplement(at(3), at(4)), Supplement(at(6)))), Verdict.LATE),
        # not finished: the last day of the period counts
        (Course(at(1), DUE, None), Verdict.LATE),
        (Course(at(1), at(31, 17), None), Verdict.IN_TIME),
        # no appointed day: the procedure's longest time
        (Course(at(1), None, at(8), allowed=timedelta(days=7)), Verdict.IN_TIME),
        (Course(at(1), None, at(9), allowed=timedelta(days=7)), Verdict.LATE),
        (Course(at(1), None, at(12), (Supplement(at(3), at(8)),), timedelta(days=7)), Verdict.IN_TIME),
        (Course(at(1), None, at(8)), Verdict.UNKNOWN),
    ],
)
def test_the_rule(course: Course, expected: Verdict) -> None:
    assert verdict(course, END) is expected


def test_the_next_other_event_says_that_the_papers_came() -> None:
    events = [(False, at(1)), (True, at(2)), (True, at(3)), (False, at(5)), (True, at(7))]
    assert supplements_of(events) == (Supplement(at(2), at(5)), Supplement(at(7)))
