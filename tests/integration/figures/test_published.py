"""With a profile loaded, every published figure is exactly the published one; each has its test."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from backend.domain.figure import FigureSet, Origin
from backend.domain.scope import Scope
from backend.services.figures.ask import Question, answer
from backend.services.figures.periods import period_of
from tests.integration.figures.conftest import Profiles, ask, told

pytestmark = pytest.mark.xdist_group("published figures")
QUESTIONS = Path(__file__).resolve().parents[2] / "figures" / "questions.csv"
PROVINCE = Scope(everything=True)

#: Profile, year, figure, value, denominator where one was published.
PUBLISHED: list[tuple[str, int, str, str, str]] = [
    *(
        ("dak-nong-2021", 2021, key, value, of)
        for key, value, of in [
            ("dossiers/received", "33732", ""),
            ("dossiers/received_online", "21812", "33732"),
            ("dossiers/received_postal", "808", "33732"),
            ("dossiers/carried", "372", ""),
            ("dossiers/returned", "32385", ""),
            ("dossiers/early", "6496", "32385"),
            ("dossiers/on_time", "25753", "32385"),
            ("dossiers/late", "136", "32385"),
            ("dossiers/returned_postal", "4062", "32385"),
            ("guidance/direct", "6655", ""),
            ("guidance/hotline", "4177", ""),
            ("satisfaction/satisfied_rate", "99.5", ""),
            ("procedures/total", "1868", ""),
            ("procedures/province", "1448", "1868"),
            ("procedures/district", "270", "1868"),
            ("procedures/commune", "150", "1868"),
            ("reception/visits", "85", ""),
            ("reception/people", "163", ""),
            ("reception/delegations", "6", ""),
            ("reception/delegation_people", "45", ""),
            ("petitions/received", "1311", ""),
            ("petitions/complaints", "109", "1311"),
            ("petitions/denunciations", "117", "1311"),
            ("petitions/feedback", "1085", "1311"),
            ("documents/incoming", "55572", ""),
            ("documents/needing_action", "24419", "55572"),
            ("documents/outgoing", "13593", ""),
        ]
    ),
    *(
        ("vinh-phuc-2022", 2022, key, value, of)
        for key, value, of in [
            ("dossiers/received", "67822", ""),
            ("dossiers/due", "65761", ""),
            ("dossiers/due_in_time", "64698", "65761"),
            ("dossiers/due_late", "1063", "65761"),
            ("dossiers/in_time", "64698", "65761"),
            ("dossiers/late", "1063", "65761"),
            ("dossiers/returned_postal", "13373", "65761"),
            ("fees/due", "32741", ""),
            ("fees/paid_online", "8592", "32741"),
            ("fees/online_rate", "27.3", ""),
            ("fees/due_dong", "12985000000", ""),
            ("fees/paid_online_dong", "5099000000", "12985000000"),
            ("reception/chairman_days", "12", ""),
            ("reception/chairman_visits", "45", ""),
            ("reception/chairman_delegations", "16", ""),
            ("reception/chairman_people", "398", ""),
            ("reception/regular_visits", "371", ""),
            ("reception/regular_delegations", "27", ""),
            ("reception/regular_people", "641", ""),
            ("petitions/received", "1515", ""),
            ("petitions/eligible", "822", "1515"),
            ("procedures/total", "1792", ""),
            ("procedures/province", "1368", "1792"),
            ("procedures/district", "285", "1792"),
            ("procedures/commune", "139", "1792"),
        ]
    ),
    ("vinh-phuc-2022", 2021, "petitions/received", "1317", ""),
    ("vinh-phuc-2022", 2021, "petitions/eligible", "802", "1317"),
    *(
        ("quang-ngai-2023", 2023, key, value, of)
        for key, value, of in [
            ("dossiers/received", "128063", ""),
            ("dossiers/received_online", "70311", "128063"),
            ("dossiers/online_rate", "71.5", ""),
            ("dossiers/land_in_time", "93.3", ""),
            ("dossiers/other_in_time", "99.93", ""),
            ("programme/total", "410", ""),
            ("programme/done", "276", "410"),
            ("programme/working", "101", "410"),
            ("programme/stopped", "21", "410"),
            ("programme/carried", "12", "410"),
            ("tasks/total", "1037", ""),
            ("tasks/done", "939", ""),
            ("tasks/done_on_time", "734", "939"),
            ("tasks/done_late", "205", "939"),
            ("tasks/waiting", "506", ""),
            ("tasks/awaited", "9", "506"),
            ("tasks/overdue", "497", "506"),
            ("tasks/working", "3", ""),
            ("tasks/extension", "3", ""),
            ("notices/sent", "86500", ""),
            ("feedback/received", "255", ""),
            ("feedback/letter", "25", "255"),
            ("feedback/portal", "130", "255"),
            ("feedback/hotline", "100", "255"),
            ("reception/visits", "234", ""),
            ("reception/people", "304", ""),
            ("reception/delegations", "11", ""),
            ("reception/delegation_people", "105", ""),
            ("petitions/received", "880", ""),
            ("petitions/eligible", "579", "880"),
            ("petitions/eligible_complaints", "143", ""),
            ("petitions/eligible_denunciations", "51", ""),
            ("petitions/eligible_feedback", "382", ""),
            ("satisfaction/ratings", "37689", ""),
            ("satisfaction/satisfied", "37614", "37689"),
        ]
    ),
    ("tra-vinh-2023", 2022, "tasks/total", "158", ""),
    ("tra-vinh-2023", 2022, "tasks/done", "158", "158"),
    *(
        ("tra-vinh-2023", 2023, key, value, of)
        for key, value, of in [
            ("tasks/total", "155", ""),
            ("tasks/done", "89", "155"),
            ("tasks/awaited", "66", ""),
            ("documents/incoming", "87440", ""),
            ("documents/outgoing", "27606", ""),
            ("documents/signed", "25778", "27606"),
            ("documents/gazette_issues", "46", ""),
            ("documents/gazette_part_1", "30", ""),
            ("documents/gazette_part_2", "53", ""),
            ("documents/gazette_part_3", "138", ""),
            ("documents/gazette_part_4", "197", ""),
        ]
    ),
]


def year(uow: Any, topic: str, number: int, **more: str) -> FigureSet:
    span = date(number, 1, 1), date(number, 12, 31)
    period = period_of(*span, uow.figures.regimes(), topic)
    return answer(uow, PROVINCE, Question(topic, period.first, period.last, kind=period.kind, **more))


@pytest.mark.parametrize(
    ("profile", "of_year", "key", "value", "of"), PUBLISHED, ids=lambda one: str(one).replace("/", "-")
)
def test_a_published_figure(
    profiles: Profiles, profile: str, of_year: int, key: str, value: str, of: str
) -> None:
    found = profiles(profile).read_now(lambda uow: year(uow, key.split("/")[0], of_year))
    figure = next(one for one in found.figures if one.key == key)
    assert figure.value == Decimal(value)
    if of:
        assert figure.of == Decimal(of)


@pytest.mark.parametrize(
    ("profile", "of_year", "key", "rate"),
    [
        ("dak-nong-2021", 2021, "dossiers/late", "0.42"),
        ("vinh-phuc-2022", 2022, "dossiers/due_in_time", "98.38"),
        ("vinh-phuc-2022", 2022, "dossiers/late", "1.62"),
        ("quang-ngai-2023", 2023, "satisfaction/satisfied", "99.8"),
    ],
)
def test_a_published_rate_follows_from_the_counts(
    profiles: Profiles, profile: str, of_year: int, key: str, rate: str
) -> None:
    found = profiles(profile).read_now(lambda uow: year(uow, key.split("/")[0], of_year))
    figure = next(one for one in found.figures if one.key == key)
    assert figure.rate is not None
    assert round(figure.rate, len(rate.split(".")[1])) == Decimal(rate)


@pytest.mark.parametrize(("field", "rate"), [("Đất đai", "93.30")])
def test_rows_of_a_field_have_the_rate_that_was_published_for_it(
    profiles: Profiles, field: str, rate: str
) -> None:
    found = profiles("quang-ngai-2023").read_now(lambda uow: year(uow, "dossiers", 2023, field=field))
    figure = next(one for one in found.figures if one.key == "dossiers/in_time")
    assert figure.rate is not None
    assert round(figure.rate, 2) == Decimal(rate)


@pytest.mark.parametrize(
    ("profile", "of_year", "key", "said"),
    [
        ("vinh-phuc-2022", 2022, "fees/online_rate", "26,2%"),
        ("quang-ngai-2023", 2023, "dossiers/online_rate", "54,9%"),
        ("quang-ngai-2023", 2023, "tasks/total", "1.451"),
        ("quang-ngai-2023", 2023, "petitions/eligible", "576"),
        ("tra-vinh-2023", 2023, "documents/incoming", "2021"),
    ],
)
def test_where_a_report_does_not_add_up_the_figure_says_so(
    profiles: Profiles, profile: str, of_year: int, key: str, said: str
) -> None:
    found = profiles(profile).read_now(lambda uow: year(uow, key.split("/")[0], of_year))
    figure = next(one for one in found.figures if one.key == key)
    assert figure.origin is Origin.ENTERED
    assert figure.source
    assert said in str(figure.values["note"])


def test_a_figure_of_other_days_keeps_its_own(profiles: Profiles) -> None:
    found = profiles("tra-vinh-2023").read_now(lambda uow: year(uow, "documents", 2023))
    incoming = next(one for one in found.figures if one.key == "documents/incoming")
    assert incoming.period is not None
    assert (incoming.period.first, incoming.period.last) == (date(2021, 1, 1), date(2023, 12, 31))


def questions() -> list[tuple[str, str, str]]:
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        return [(row["profile"], row["question"], row["must_contain"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("profile", "question", "must_contain"), questions())
def test_a_question_is_answered_with_the_published_figure(
    profiles: Profiles, profile: str, question: str, must_contain: str
) -> None:
    said = profiles(profile).read_now(lambda uow: told(ask(uow, question)))
    assert must_contain in said
    assert "Phạm vi: toàn tỉnh" in said
    assert "Nguồn:" in said


def test_every_profile_has_the_four_officers(profiles: Profiles) -> None:
    for name in ("dak-nong-2021", "tra-vinh-2023"):
        found = profiles(name).read_now(lambda uow: {one.name for one in uow.accounts.all()})
        assert found >= {"lanhdao", "canbo", "tongdai", "quantri"}


def test_an_agencys_officer_sees_only_its_own_figures(profiles: Profiles) -> None:
    whole = profiles("dak-nong-2021").read_now(lambda uow: ask(uow, "năm 2021 tiếp nhận bao nhiêu hồ sơ"))
    own = profiles("dak-nong-2021").read_now(
        lambda uow: ask(uow, "năm 2021 tiếp nhận bao nhiêu hồ sơ", "canbo")
    )
    assert 0 < own.values["lead"][0]["value"] < whole.values["lead"][0]["value"]
    assert "Phạm vi: Sở Xây dựng" in told(own)


def test_an_operator_is_refused_and_the_refusal_audited(profiles: Profiles) -> None:
    db = profiles("tra-vinh-2023")
    reply = db.write_now(lambda uow: ask(uow, "nhiệm vụ năm 2023", "tongdai"))
    assert reply.key == "staff/no_reach"
    last = db.read_now(
        lambda uow: uow.connection.exec_driver_sql(
            "SELECT action, outcome FROM audit ORDER BY id DESC LIMIT 1"
        ).one()
    )
    assert tuple(last) == ("staff_question", "refused")
