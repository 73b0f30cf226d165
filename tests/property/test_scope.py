"""Whatever officers, agencies and tasks there are: nothing out of scope is ever listed, counted or opened."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.db.crypto import Cipher
from backend.db.engine import open_database
from backend.db.migrate import migrate
from backend.db.unit_of_work import Tools
from backend.domain.agency import Agency
from backend.domain.messaging import Address, ChannelName
from backend.domain.officer import Delegation
from backend.domain.running import Account
from backend.domain.scope import ROLES, Reach, Scope, reach_of
from backend.domain.task import Giver, SourceDocument, Task, TaskFilter, TaskGroup
from backend.domain.viewer import Viewer
from backend.importers.holiday_library import shipped_calendar
from backend.services.accounts.scope import scope_of
from backend.services.tasks import asking
from tests.conftest import KEY, FixedClock

TODAY = date(2026, 11, 21)
FIELDS = ("", "Đất đai", "Y tế", "Giao thông")
CODES = ("H1", "H1.1", "H1.1.1", "H1.2", "H1.3", "H1.3.1")
PARENTS = {"H1.1": "H1", "H1.1.1": "H1.1", "H1.2": "H1", "H1.3": "H1", "H1.3.1": "H1.3"}


@st.composite
def offices(draw: st.DrawFn) -> tuple[list[Account], list[tuple[str, str, bool]], list[tuple[str, str, int]]]:
    homes: list[Account] = []
    for number in range(draw(st.integers(1, 4))):
        roles = frozenset(draw(st.lists(st.sampled_from(ROLES), min_size=1, max_size=2)))
        homes.append(
            Account(
                f"a{number}",
                f"Officer {number}",
                roles,
                draw(st.integers(0, len(CODES))),
                fields=tuple(draw(st.lists(st.sampled_from(FIELDS[1:]), max_size=2))),
                block=tuple(draw(st.lists(st.sampled_from(CODES), max_size=2))),
                active=draw(st.booleans()) or number == 0,
            )
        )
    tasks = draw(
        st.lists(
            st.tuples(st.sampled_from(CODES), st.sampled_from(FIELDS), st.booleans()), min_size=1, max_size=12
        )
    )
    names = [one.name for one in homes]
    lent = draw(
        st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names), st.integers(-2, 2)), max_size=3)
    )
    return homes, tasks, lent


def under(code: str) -> set[str]:
    """A code and those beneath it, by an independent rule."""
    found = {code}
    while more := {child for child, parent in PARENTS.items() if parent in found} - found:
        found |= more
    return found


def allowed(account: Account, home: str, task: tuple[str, str, bool]) -> bool:
    agency, field, _late = task
    if not account.active:
        return False
    reach = reach_of(account.roles)
    if reach is Reach.PROVINCE:
        return True
    if reach is Reach.BLOCK:
        return field in account.fields or any(agency in under(code) for code in account.block)
    return reach is Reach.AGENCY and bool(home) and agency in under(home)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(offices(), st.booleans())
def test_nothing_out_of_scope(
    office: tuple[list[Account], list[tuple[str, str, bool]], list[tuple[str, str, int]]], group: bool
) -> None:
    accounts, tasks, lent = office
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'x.sqlite3'}"
        migrate(url)
        db = open_database(url, Tools(Cipher({1: KEY}, 1), FixedClock(), shipped_calendar()))
        try:
            ids = {}
            for code in CODES:
                agency = Agency(code, f"Agency {code}", "department", PARENTS.get(code))
                ids[code] = db.write_now(lambda uow, agency=agency: uow.agencies.put(agency))
            homes = {}
            for one in accounts:
                home = CODES[one.agency_id - 1] if one.agency_id else ""
                homes[one.name] = home
                kept = replace(one, agency_id=ids.get(home))
                db.write_now(lambda uow, kept=kept: uow.accounts.add(kept, "", uow.now))
            for number, (agency, field, late) in enumerate(tasks):
                made = Task(
                    f"NV-2026-{number:04d}", f"Task {number}", Giver.CHAIRMAN, ids[agency], date(2026, 9, 1),
                    SourceDocument("1/UBND"), TODAY + timedelta(days=-3 if late else 3), field=field,
                )  # fmt: skip
                db.write_now(lambda uow, made=made: uow.tasks.put(made, uow.now))
            covers: dict[str, set[str]] = {}
            for absent, deputy, shift in lent:
                if absent == deputy:
                    continue
                first = TODAY + timedelta(days=shift)
                made_for = Delegation(absent, deputy, first, first + timedelta(days=1), "x")
                db.write_now(lambda uow, made_for=made_for: uow.officers.delegate(made_for, "shell"))
                if first <= TODAY <= first + timedelta(days=1):
                    covers.setdefault(deputy, set()).add(absent)
            by_name = {one.name: one for one in accounts}
            for one in accounts:
                viewer = Viewer(
                    1, Address(ChannelName.TERMINAL, "x", "y"), account=one.name, roles=one.roles, group=group
                )
                scope = db.read_now(lambda uow, viewer=viewer: scope_of(uow, viewer))
                speakers = [one, *(by_name[name] for name in covers.get(one.name, ()))] if one.active else []
                wanted = {
                    f"NV-2026-{number:04d}"
                    for number, task in enumerate(tasks)
                    if not group and any(allowed(who, homes[who.name], task) for who in speakers)
                }
                _check(db, scope, wanted, tasks)
        finally:
            db.close()


def _check(db: object, scope: Scope, wanted: set[str], tasks: list[tuple[str, str, bool]]) -> None:
    def look(uow: object) -> None:
        page = uow.tasks.page(scope, TaskFilter(), TODAY, 100)  # type: ignore[attr-defined]
        assert {one.code for one in page.rows} == wanted
        assert page.total == len(wanted)
        told = asking.standing(uow, scope, TaskFilter())  # type: ignore[arg-type]
        assert told.groups.total == sum(one.groups.total for one in told.agencies) == len(wanted)
        late = {f"NV-2026-{n:04d}" for n, task in enumerate(tasks) if task[2]} & wanted
        found = asking.overdue(uow, scope, TaskFilter(), on=TODAY - timedelta(days=1))  # type: ignore[arg-type]
        assert found.total == found.before == sum(one.overdue for one in found.agencies) == len(late)
        assert told.groups.of(TaskGroup.OVERDUE) == len(late)
        for number in range(len(tasks)):
            code = f"NV-2026-{number:04d}"
            assert (uow.tasks.by_code(scope, code) is not None) == (code in wanted)  # type: ignore[attr-defined]
        assert set(uow.tasks.changed_since(scope, uow.now - timedelta(days=1), 100)) == set(page.rows)  # type: ignore[attr-defined]

    db.read_now(look)  # type: ignore[attr-defined]
