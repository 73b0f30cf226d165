"""Random registers, scopes and questions: no document out of reach, and no classified one, is listed or counted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.db.engine import Database, open_database
from backend.db.unit_of_work import SqlUnitOfWork, Tools
from backend.domain.agency import Agency
from backend.domain.document import Direction, OfficialDocument
from backend.domain.document_words import split
from backend.domain.scope import Scope
from backend.services.documents.asking import Asked
from backend.services.documents.lookup import SHOWN, look_up
from bot.replies.renderer import Replies

REPLIES = Replies(Path(__file__).parents[2] / "bot" / "replies")
FIRST = date(2026, 1, 1)
AGENCIES = 3
WORDS = ("đất", "đạt", "rừng", "nhà", "thuế", "trường")
FIELDS = ("", "Đất đai", "Y tế")
_rows = st.lists(
    st.tuples(
        st.sampled_from(Direction),
        st.integers(1, 4),  # serial
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
        st.integers(0, AGENCIES - 1),
        st.sets(st.integers(0, AGENCIES - 1), max_size=1),
        st.sampled_from(FIELDS),
        st.sampled_from(["", "", "", "mat", "toi_mat"]),
        st.integers(0, 20),
    ),
    max_size=14,
)
_scopes = st.tuples(
    st.booleans(), st.sets(st.integers(0, AGENCIES - 1), max_size=2), st.sets(st.sampled_from(FIELDS[1:]))
)
_questions = st.one_of(
    st.fixed_dictionaries(
        {"words": st.lists(st.sampled_from((*WORDS, "dat", "rung")), min_size=1, max_size=2)}
    ),
    st.fixed_dictionaries({"number": st.integers(1, 5).map(lambda n: f"{n}/QĐ-UBND")}),
    st.fixed_dictionaries({"number": st.integers(1, 5).map(str)}),
    st.fixed_dictionaries({"first": st.just("2026-01-01"), "last": st.just("2026-01-10")}),
)


class _Undone(Exception):
    """Raised at the end of each example, so that the next starts empty."""


@pytest.fixture
def db(sqlite_template: Path, tmp_path: Path, tools: Tools) -> Iterator[Database]:
    shutil.copy(sqlite_template, tmp_path / "motcua.sqlite3")
    database = open_database(f"sqlite:///{tmp_path}/motcua.sqlite3", tools)
    yield database
    database.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_rows, _scopes, _questions, st.booleans())
def test_nothing_out_of_reach_is_listed_or_counted(
    db: Database, rows: list, reach: tuple, question: dict, shows: bool
) -> None:
    said = {name: " ".join(value) if isinstance(value, list) else value for name, value in question.items()}

    def play(uow: SqlUnitOfWork) -> None:
        agencies = [uow.agencies.put(Agency(f"H50.{n}", f"Sở {n}", "department")) for n in range(AGENCIES)]
        kept = _register(uow, rows, agencies)
        everything, ids, fields = reach
        scope = Scope(everything, frozenset(agencies[one] for one in ids), frozenset(fields))
        may = [one for one in kept if _may_see(scope, one)]
        answer = look_up(uow, scope, Asked(said), rows=shows)
        listed = may if shows else [one for one in may if one.direction is Direction.GAZETTE]
        shown = [one.id for one in answer.rows]
        assert set(shown) <= {one.id for one in listed}
        assert len(shown) == len(set(shown)) <= SHOWN
        assert answer.total <= len(may)
        exact = _exact(may, said)
        if exact is not None:
            assert answer.total == len(exact)
        counted = sum(answer.counts.values())
        assert counted <= len(may)
        for one in kept:
            assert (uow.documents.get(scope, one.id) is not None) is (one in may)
        values = {name: getattr(answer, name) for name in answer.__dataclass_fields__}
        key = {"one": "one", "list": "list", "near": "near", "nothing": "nothing"}[answer.verdict]
        text = REPLIES.render(f"documents/{key}", {**values, "left": answer.left, "public_only": False})
        assert not [one.link for one in kept if one not in listed and one.link in text]
        raise _Undone

    with pytest.raises(_Undone):
        db.write_now(play)


def _register(uow: SqlUnitOfWork, rows: list, agencies: list[int]) -> list[OfficialDocument]:
    documents: dict[tuple, OfficialDocument] = {}
    for number, (direction, serial, words, agency, readers, field, secrecy, day) in enumerate(rows):
        one = OfficialDocument(
            direction=direction,
            number=f"{serial}/QĐ-UBND",
            kind="quyết định",
            subject=" ".join(words),
            issuer=f"Nơi {number}",  # none is printed twice
            issued_on=FIRST + timedelta(days=day),
            agency_id=agencies[agency],
            readers=tuple(agencies[other] for other in readers),
            field=field,
            secrecy=secrecy,
            link=f"https://example.vn/{number}/",
        )
        documents[number,] = one
    uow.documents.add(list(documents.values()))
    keys = [one.key for one in documents.values()]
    by_issuer = {one.issuer: one for one in uow.documents.known(keys)}
    return [replace(one, id=by_issuer[one.issuer].id) for one in documents.values()]


def _may_see(scope: Scope, one: OfficialDocument) -> bool:
    """The rule in plain words."""
    if one.secrecy:
        return False
    if scope.everything or one.direction is Direction.GAZETTE:
        return True
    return bool(scope.agencies & {one.agency_id, *one.readers}) or one.field in scope.fields


def _exact(may: list[OfficialDocument], said: dict[str, str]) -> list[OfficialDocument] | None:
    """What must be counted; None where the answer may go beyond the question."""
    if "first" in said:
        first, last = date.fromisoformat(said["first"]), date.fromisoformat(said["last"])
        return [one for one in may if first <= one.issued_on <= last]
    if "words" in said:
        wanted = split(said["words"])
        found = [one for one in may if all(_says(one, word.folded, word.marked) for word in wanted)]
        return found or None
    if "/" in said["number"]:
        return [one for one in may if one.number == said["number"]]
    return None


def _says(one: OfficialDocument, folded: str, marked: str) -> bool:
    words = split(f"{one.subject} {one.field} {one.kind}")
    return any(word.folded == folded and (not marked or word.marked == marked) for word in words)
