"""Days left, late, stopped: the rule of the national measurement on real calendar days around 24/11/2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backend.domain.calendar import WorkingCalendar
from backend.domain.clock import VIETNAM
from backend.domain.dossier import Details, Dossier, DossierEvent, Stage, merged
from backend.domain.dossier_clock import ClockState, clock_of


def at(day: int, hour: int = 9, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=VIETNAM)


BASE = Dossier(
    "H50.34-261109-0001", Stage.PROCESSING, "Một cửa", at(20), received_at=at(9), due_at=at(25, 17)
)


def test_days_left_skip_the_weekend_and_the_culture_day(calendar: WorkingCalendar) -> None:
    view = clock_of(BASE, [], at(20, 10), calendar)
    assert (view.state, view.working_days) == (ClockState.RUNNING, 2)  # Mon 23 and Wed 25; Tue 24 is off


def test_due_today_is_not_late_until_the_hour(calendar: WorkingCalendar) -> None:
    assert clock_of(BASE, [], at(25, 16), calendar).state is ClockState.RUNNING
    view = clock_of(BASE, [], at(25, 18), calendar)
    assert (view.state, view.working_days) == (ClockState.LATE, 0)


def test_late_counts_working_days(calendar: WorkingCalendar) -> None:
    late = replace(BASE, due_at=at(18, 17))
    assert clock_of(late, [], at(21), calendar).working_days == 2


def test_a_supplement_request_stops_the_clock(calendar: WorkingCalendar) -> None:
    waiting = replace(
        BASE, stage=Stage.SUPPLEMENT, due_at=at(12, 17), details=Details(supplement_asked_at=at(11))
    )
    view = clock_of(waiting, [], at(21), calendar)
    assert (view.state, view.since, view.working_days) == (ClockState.PAUSED, at(11), 1)


def test_time_spent_supplementing_moves_the_promise(calendar: WorkingCalendar) -> None:
    events = [
        DossierEvent("1", Stage.PROCESSING, at(9)),
        DossierEvent("2", Stage.SUPPLEMENT, at(10)),
        DossierEvent("3", Stage.PROCESSING, at(13)),
    ]
    tight = replace(BASE, due_at=at(18, 17))
    view = clock_of(tight, events, at(20), calendar)
    assert view.paused_working_days == 3
    assert view.due_at == at(23, 17)
    assert view.promised_at == at(18, 17)
    assert view.state is ClockState.RUNNING


def test_a_new_appointment_is_not_moved_again(calendar: WorkingCalendar) -> None:
    events = [DossierEvent("2", Stage.SUPPLEMENT, at(10)), DossierEvent("3", Stage.PROCESSING, at(13))]
    told = replace(BASE, due_at=at(18, 17), details=Details(due_moved=True))
    assert clock_of(told, events, at(20), calendar).state is ClockState.LATE


@pytest.mark.parametrize(("finished", "days"), [(at(25, 16), 0), (at(26, 8), 1)])
def test_at_the_end_lateness_is_told(calendar: WorkingCalendar, finished: datetime, days: int) -> None:
    done = replace(BASE, stage=Stage.DONE, finished_at=finished)
    view = clock_of(done, [], at(30), calendar)
    assert (view.state, view.working_days) == (ClockState.ENDED, days)


def test_nothing_is_counted_before_acceptance(calendar: WorkingCalendar) -> None:
    sent = replace(BASE, stage=Stage.REGISTERED, due_at=at(1))
    assert clock_of(sent, [], at(21), calendar) == clock_of(replace(sent, due_at=None), [], at(21), calendar)


def test_a_sum_into_an_unannounced_year_says_so(calendar: WorkingCalendar) -> None:
    far = replace(BASE, due_at=datetime(2027, 3, 1, 17, tzinfo=VIETNAM))
    assert 2027 in clock_of(far, [], at(20), calendar).uncertain_years


def test_a_source_that_never_tells_does_not_erase() -> None:
    known = replace(BASE, holder="Phòng A", details=Details(papers=("Tờ khai",)), phone_print="p")
    silent = Dossier(BASE.code, Stage.DONE, "iGate", datetime(2026, 11, 21, tzinfo=UTC))
    kept = merged(known, silent, {"holder", "supplement", "phone"})
    assert (kept.holder, kept.details.papers, kept.phone_print) == ("Phòng A", ("Tờ khai",), "p")
    assert kept.stage is Stage.DONE
    assert merged(known, silent, ()).holder is None
