"""Whoever asks, whatever they may see: no task outside their scope is in a brief, a letter or a workbook."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.db.engine import Database, open_database
from backend.db.unit_of_work import Tools
from backend.domain.agency import Agency
from backend.domain.errors import DomainError
from backend.domain.messaging import Address, ChannelName
from backend.domain.running import Account
from backend.domain.scope import ROLES
from backend.domain.task import Giver, SourceDocument, Task
from backend.domain.viewer import Viewer
from backend.products.week_document import week_document
from backend.services.accounts.scope import scope_of
from backend.services.briefs.week import week_brief
from bot.dialogue.desk import Desk
from bot.products import Asked, OfficeWords, _overdue, letter
from bot.replies.renderer import Replies

TODAY = date(2026, 11, 21)
CODES = ("H1", "H2", "H2.1", "H3")
FIELDS = ("Đất đai", "Xây dựng", "")
REPLIES = Replies(Path(__file__).resolve().parents[2] / "bot" / "replies")
WORDS = OfficeWords(Desk(REPLIES, {}, {}, "Văn phòng thử", {}, frozenset(), "one"))

tasks = st.lists(
    st.tuples(st.sampled_from(CODES), st.sampled_from(FIELDS), st.integers(-40, 10)), min_size=1, max_size=12
)
officers = st.builds(
    lambda roles, home, fields, block: (frozenset(roles), home, tuple(fields), tuple(block)),
    st.sets(st.sampled_from(ROLES), min_size=1, max_size=2),
    st.sampled_from((*CODES, None)),
    st.sets(st.sampled_from(FIELDS[:2]), max_size=2),
    st.sets(st.sampled_from(CODES), max_size=2),
)


@contextmanager
def province(tools: Tools, template: Path, given_tasks: Any, officer: Any) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sqlite3"
        path.write_bytes(template.read_bytes())
        db = open_database(f"sqlite:///{path}", tools, 1)
        try:
            db.write_now(lambda uow: fill(uow, given_tasks, officer))
            yield db
        finally:
            db.close()


def fill(uow: Any, given_tasks: Any, officer: Any) -> None:
    parents = {"H2.1": "H2"}
    ids = {
        code: uow.agencies.put(Agency(code, f"Cơ quan {code}", "department", parents.get(code)))
        for code in CODES
    }
    roles, home, fields, block = officer
    uow.accounts.add(Account("a", "A", roles, ids.get(home), fields=fields, block=block), "x", uow.now)
    for number, (code, field, days) in enumerate(given_tasks):
        due = TODAY + timedelta(days=days)
        source = SourceDocument("1/UBND", date(2026, 9, 1))
        content = f"việc{number}:{code}:{field}:"
        one = Task(
            f"NV-2026-{number:04d}",
            content,
            Giver.COMMITTEE,
            ids[code],
            date(2026, 9, 1),
            source,
            due,
            field=field,
        )
        uow.tasks.put(one, uow.now)


def may_see(officer: Any, code: str, field: str) -> bool:
    """The rule once more, said another way."""
    roles, home, fields, block = officer
    under = {"H1": {"H1"}, "H2": {"H2", "H2.1"}, "H2.1": {"H2.1"}, "H3": {"H3"}, None: set()}
    if roles & {"chairman", "office_leader"}:
        return True
    if roles & {"vice_chairman", "specialist"}:
        return field in fields or any(code in under[one] for one in block)
    at_home = {"agency_head", "officer", "clerk", "one_stop", "commune_officer"}
    return bool(roles & at_home) and code in under[home]


def seen_in(text: str, given_tasks: Any) -> set[int]:
    return {number for number in range(len(given_tasks)) if f"việc{number}:" in text}


def words_of(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(given_tasks=tasks, officer=officers, agency=st.sampled_from(CODES))
def test_nothing_outside_the_scope_is_in_a_product(
    tools: Tools, sqlite_template: Path, given_tasks: Any, officer: Any, agency: str
) -> None:
    mine = {number for number, (code, field, _) in enumerate(given_tasks) if may_see(officer, code, field)}
    late = {number for number in mine if given_tasks[number][2] < 0}
    viewer = Viewer(1, Address(ChannelName.TERMINAL, "a", "a"), account="a", roles=officer[0])
    with province(tools, sqlite_template, given_tasks, officer) as db:
        scope = db.read_now(lambda uow: scope_of(uow, viewer))

        def asked(uow: Any, **args: Any) -> Asked:
            return Asked(uow, viewer, scope, args, shows_rows=True)

        brief = db.read_now(lambda uow: week_brief(uow, scope, TODAY, rows=True))
        assert brief.overdue == len(late)
        assert {one.name for one in brief.agencies if one.overdue} == {
            f"Cơ quan {given_tasks[one][0]}" for one in late
        }
        printed = words_of(week_document(brief, WORDS.say))
        assert seen_in(printed, given_tasks) <= mine
        table = db.read_now(
            lambda uow: _overdue(asked(uow, topic="tasks", first="2026-01-01", last="2026-11-21"), WORDS)
        )
        assert seen_in("\n".join(str(row[1]) for row in table.rows), given_tasks) == late
        try:
            draft = db.read_now(lambda uow: letter(asked(uow, agency=agency), WORDS))
        except DomainError:
            return
        under = {"H2": {"H2", "H2.1"}}.get(agency, {agency})
        assert seen_in(words_of(draft.render()), given_tasks) == {
            one for one in late if given_tasks[one][0] in under
        }
