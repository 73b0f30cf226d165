"""For random rows, roles and periods: no row outside the scope is counted or listed, and the lines add up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.base import Reply, Turn
from actions.figures import ACTIONS
from backend.db.crypto import Cipher
from backend.db.engine import Database, open_database
from backend.db.unit_of_work import Tools
from backend.domain.agency import Agency
from backend.domain.clock import VIETNAM
from backend.domain.dossier import Channel, Dossier, Filing, Stage
from backend.domain.figure import FigureSet
from backend.domain.figure_records import OutOfReach
from backend.domain.messaging import Address, ChannelName
from backend.domain.running import Account
from backend.domain.scope import Scope
from backend.domain.understanding import Understanding
from backend.domain.viewer import Viewer
from backend.importers.figure_words import install_figures
from backend.services.figures.ask import Question, answer, rows_behind
from backend.services.figures.definitions import TOPICS
from tests.conftest import KEY, FixedClock

CODES = ("H50.04", "H50.05", "H50.06", "H50.31")
FIELDS = ("Đất đai", "Xây dựng")
BEGIN = datetime(2026, 1, 1, 8, tzinfo=VIETNAM)
COUNTED = tuple(key for key, topic in TOPICS.items() if topic.by_agency)


@pytest.fixture(scope="module")
def office(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, calendar: Any
) -> Iterator[Database]:
    install_figures()
    path = tmp_path_factory.mktemp("figures") / "figures.sqlite3"
    shutil.copy(sqlite_template, path)
    db = open_database(f"sqlite:///{path}", Tools(Cipher({1: KEY}, 1), FixedClock(), calendar))
    db.write_now(fill)
    yield db
    db.close()


def fill(uow: Any) -> None:
    uow.agencies.put(Agency("H50", "Ủy ban nhân dân tỉnh An Hòa", "province"))
    ids = {}
    for code in CODES:
        ids[code] = uow.agencies.put(Agency(code, f"Cơ quan {code[-2:]}", "department", "H50"))
    random = Random(5)
    filings = []
    for number in range(400):
        received = BEGIN + timedelta(days=random.randrange(300), hours=random.randrange(8))
        due = received + timedelta(days=random.randrange(1, 30))
        finished = received + timedelta(days=random.randrange(1, 40)) if random.random() < 0.7 else None
        owner = random.choice([*CODES, None])
        made = Dossier(
            code=f"{owner or 'H99'}-260101-{number:04d}",
            stage=Stage.RETURNED if finished else Stage.PROCESSING,
            source="x",
            as_of=BEGIN,
            received_at=received,
            due_at=due if random.random() < 0.9 else None,
            finished_at=finished,
            channel=random.choice(list(Channel)),
            agency_id=ids[owner] if owner else None,
        )
        filings.append(Filing(made))
    uow.dossiers.put_many(filings)
    fill_tasks(uow, ids, random)
    for code, roles in (("canbo", {"officer"}), ("tongdai", {"operator"}), ("lanhdao", {"office_leader"})):
        home = ids["H50.04"] if code == "canbo" else None
        uow.accounts.add(Account(code, code, frozenset(roles), home), "", uow.now)


def fill_tasks(uow: Any, ids: dict[str, int], random: Random) -> None:
    for number in range(200):
        day = BEGIN.date() + timedelta(days=random.randrange(300))
        row = {
            "code": f"NV-2026-{number:04d}",
            "content": "Nhiệm vụ",
            "giver": random.choice(["government", "committee"]),
            "agency_id": ids[random.choice(CODES)],
            "field": random.choice(FIELDS),
            "source_number": "1",
            "source_date": day,
            "source_title": random.choice(["Chương trình công tác năm 2026", "Công văn"]),
            "assigned_on": day,
            "due_on": day + timedelta(days=20),
            "first_due_on": None,
            "state": random.choice(["open", "working"]),
            "ended_on": None,
            "carried_to": None,
            "origin": "",
            "as_of": BEGIN,
            "changed_at": BEGIN,
            "demo": "",
        }
        uow.demo_rows.tasks([row])


def scopes(uow: Any, codes: frozenset[str], fields: frozenset[str]) -> Scope:
    ids = frozenset(uow.agencies.by_code(code).id for code in codes)
    return Scope(agencies=ids, fields=fields, named=tuple(sorted(codes | fields)))


def values(found: FigureSet) -> dict[str, Any]:
    return {one.key: one.value for one in found.figures}


spans = st.tuples(st.integers(0, 300), st.integers(0, 200)).map(
    lambda two: (BEGIN.date() + timedelta(days=two[0]), BEGIN.date() + timedelta(days=two[0] + two[1]))
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    topic=st.sampled_from(COUNTED),
    span=spans,
    codes=st.frozensets(st.sampled_from(CODES)),
    fields=st.frozensets(st.sampled_from(FIELDS)),
    asked=st.sampled_from(["", *CODES]),
)
def test_a_scope_never_counts_or_lists_what_is_not_its_own(
    office: Database,
    topic: str,
    span: tuple[date, date],
    codes: frozenset[str],
    fields: frozenset[str],
    asked: str,
) -> None:
    def look(uow: Any) -> None:
        scope = scopes(uow, codes, fields)
        question = Question(topic, *span, agency_code=asked, by="agency")
        try:
            found = answer(uow, scope, question)
        except OutOfReach:
            assert scope.empty or (asked and asked not in codes)
            return
        whole = values(answer(uow, Scope(everything=True), Question(topic, *span, agency_code=asked)))
        for key, value in values(found).items():
            if value is not None and whole[key] is not None:
                assert value <= whole[key], key
        if not fields:
            names = {uow.agencies.by_code(code).name for code in codes}
            assert {line.name for line in found.lines} <= names
        for one in rows_behind(uow, scope, question, 500):
            owner = next((code for code in CODES if one.code.startswith(code)), "")
            if topic == "dossiers":
                assert owner in codes

    office.read_now(look)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(topic=st.sampled_from(["dossiers", "on_time", "tasks", "programme"]), span=spans)
def test_the_lines_of_all_agencies_are_the_total(
    office: Database, topic: str, span: tuple[date, date]
) -> None:
    found = office.read_now(
        lambda uow: answer(uow, Scope(everything=True), Question(topic, *span, by="agency"))
    )
    for key, value in values(found).items():
        if value is not None:
            lines = [
                figure.value or 0 for line in found.lines for figure in line.figures if figure.key == key
            ]
            assert sum(lines) == value, key


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(span=spans, codes=st.frozensets(st.sampled_from(CODES), min_size=1))
def test_disjoint_scopes_share_no_dossier(
    office: Database, span: tuple[date, date], codes: frozenset[str]
) -> None:
    def look(uow: Any) -> None:
        question = Question("dossiers", *span)
        apart = [values(answer(uow, scopes(uow, frozenset({code}), frozenset()), question)) for code in codes]
        whole = values(answer(uow, scopes(uow, codes, frozenset()), question))
        for key, value in whole.items():
            if value is not None and all(one[key] is not None for one in apart):
                assert sum(one[key] for one in apart) == value, key

    office.read_now(look)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60)
    | st.sampled_from(["hồ sơ quý III", "nhiệm vụ năm 2026", "so với cùng kỳ", "2026 2025 đơn"]),
    account=st.sampled_from(["lanhdao", "canbo", "tongdai", "", "nobody"]),
)
def test_any_sentence_is_answered_or_refused_and_never_breaks(
    office: Database, text: str, account: str
) -> None:
    def look(uow: Any) -> Reply:
        viewer = Viewer(1, Address(ChannelName.TERMINAL, "default", "x"), account=account)
        turn = Turn(uow, viewer, text, Understanding("stats_report", 1.0, source="model"), {})
        said = ACTIONS["stats_report"](turn)
        assert isinstance(said, Reply)
        return said

    reply = office.write_now(look)
    if account in ("tongdai", "nobody"):
        assert reply.key == "staff/no_reach"
    elif not account:
        assert reply.key == "social/staff_only"
    else:
        assert reply.key.startswith("figures/")
        assert reply.foot is not None
