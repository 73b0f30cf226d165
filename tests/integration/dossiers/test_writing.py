"""Writing is idempotent, keeps what a silent source does not tell, and tells followers of news only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.db.engine import Database
from backend.db.tables.dossiers import dossier_events, dossiers
from backend.domain.dossier import Applicant, Details, DossierEvent, Filing, Stage
from backend.domain.viewer import Viewer
from backend.services.dossiers import NotEnough, Summary, follow, notify_changes, unfollow
from backend.services.quiet import SETTLING
from tests.conftest import NOW
from tests.integration.dossiers.conftest import AS_OF, CODE, NAME, PHONE, dossier, filing

Put = Callable[..., Any]


def notices(db: Database) -> list[Any]:
    due = db.write_now(lambda uow: uow.notices.due(uow.now + timedelta(days=1), 50))
    return [one.notice for one in due]


def events_of(db: Database, code: str = CODE) -> list[DossierEvent]:
    def job(uow: Any) -> list[DossierEvent]:
        found = uow.dossiers.by_code(code)
        return list(uow.dossiers.events([found.id])[found.id])

    return db.write_now(job)


def test_what_goes_in_comes_out(known: Database) -> None:
    found = known.write_now(lambda uow: uow.dossiers.by_code(CODE))
    assert replace(found, id=0, phone_print=None) == dossier()
    assert known.write_now(lambda uow: uow.dossiers.applicant(found.id)) == Applicant(NAME, PHONE)


def test_the_fast_way_writes_what_the_column_types_read(known: Database) -> None:
    """Plain rows must equal those that SQLAlchemy's own types would write."""
    copy = known.write_now(lambda uow: dict(uow.connection.execute(select(dossiers)).one()._mapping))

    def job(uow: Any) -> tuple[Any, Any]:
        uow.connection.execute(dossiers.insert(), {**copy, "id": 999, "code": "H50.34-261109-0999"})
        raw = uow.connection.exec_driver_sql(
            "SELECT received_at, due_at, as_of, details, channel, stage, procedure_from FROM dossiers ORDER BY id"
        ).fetchall()
        return raw[0], raw[1]

    first, second = known.write_now(job)
    assert tuple(first) == tuple(second)


def test_the_same_again_changes_nothing(known: Database, put: Put) -> None:
    before = events_of(known)
    again = put(filing())[0]
    assert not again.changed
    assert events_of(known) == before
    later = put(filing(as_of=AS_OF + timedelta(hours=1)))[0]
    assert not later.changed
    found = known.write_now(lambda uow: uow.dossiers.by_code(CODE))
    assert found.as_of == AS_OF + timedelta(hours=1)


def test_old_news_does_not_overwrite(known: Database, put: Put) -> None:
    stale = put(filing(stage=Stage.PROCESSING, as_of=AS_OF - timedelta(days=2)))[0]
    assert not stale.changed
    assert known.write_now(lambda uow: uow.dossiers.by_code(CODE)).stage is Stage.SUPPLEMENT


def test_a_poorer_source_keeps_what_it_cannot_know(known: Database, put: Put, owner: Viewer) -> None:
    poor = replace(
        dossier(stage=Stage.PROCESSING, as_of=AS_OF + timedelta(hours=1)), holder=None, details=Details()
    )
    lacks = frozenset({"phone", "holder", "supplement"})
    change = put(Filing(poor, lacks=lacks))[0]
    assert change.stage_changed
    found = known.write_now(lambda uow: uow.dossiers.by_code(CODE))
    assert found.holder
    assert found.details.papers == ("Giấy cam kết giám hộ",)
    assert found.phone_print in owner.phone_proofs
    assert known.write_now(lambda uow: uow.dossiers.applicant(found.id)) == Applicant(NAME, PHONE)


def test_a_change_is_an_event(known: Database, put: Put) -> None:
    put(filing(stage=Stage.DONE, as_of=AS_OF + timedelta(hours=2), finished_at=AS_OF))
    assert [event.stage for event in events_of(known)] == [Stage.SUPPLEMENT, Stage.DONE]


def test_events_of_a_source_are_kept_once(known: Database, put: Put) -> None:
    event = DossierEvent("src-1", Stage.PROCESSING, AS_OF - timedelta(days=3))
    for _ in range(2):
        put(replace(filing(), events=(event,)))
    assert [one.event_id for one in events_of(known)].count("src-1") == 1


def test_parents_may_come_after_their_parts(db: Database, put: Put) -> None:
    put(filing("H50.16-261109-0001", parent_code="H50.34-261109-0100"), filing("H50.34-261109-0100"))
    part = db.write_now(lambda uow: uow.dossiers.by_code("H50.16-261109-0001"))
    assert part.parent_code == "H50.34-261109-0100"
    loop = (filing("H50.1-261109-0001", parent_code="H50.1-261109-0002"),)
    loop += (filing("H50.1-261109-0002", parent_code="H50.1-261109-0001"),)
    assert len(put(*loop)) == 2  # nonsense of a source is stored without the tie


def test_the_same_code_twice_in_one_call(db: Database, put: Put) -> None:
    first, second = put(filing(), filing(stage=Stage.DONE, as_of=AS_OF + timedelta(hours=1)))
    assert first.before is None
    assert second.stage_changed
    assert db.write_now(lambda uow: uow.dossiers.count()) == 1
    assert [event.stage for event in events_of(db)] == [Stage.SUPPLEMENT, Stage.DONE]


def test_following_needs_the_second_factor(known: Database, viewer: Viewer, owner: Viewer) -> None:
    assert isinstance(known.write_now(lambda uow: follow(uow, viewer, CODE)), NotEnough)
    for _ in range(2):
        assert isinstance(known.write_now(lambda uow: follow(uow, owner, CODE)), Summary)
    group = replace(owner, group=True)
    assert isinstance(known.write_now(lambda uow: follow(uow, group, CODE)), NotEnough)


def change_stage(db: Database, put: Put, stage: Stage, hours: int, *, loaded: bool = True) -> int:
    changes = put(filing(stage=stage, as_of=AS_OF + timedelta(hours=hours)), loaded=loaded)
    return db.write_now(lambda uow: notify_changes(uow, changes))


def test_followers_are_told_once_of_each_change(known: Database, put: Put, owner: Viewer) -> None:
    known.write_now(lambda uow: follow(uow, owner, CODE))
    assert change_stage(known, put, Stage.DONE, 1) == 1
    assert change_stage(known, put, Stage.DONE, 2) == 0  # nothing new
    (notice,) = notices(known)
    assert (notice.kind, notice.values["stage"]) == ("notices/dossier_ready", 9)
    assert notice.due_at == NOW + SETTLING
    assert NAME not in repr(notice.values)
    assert known.write_now(lambda uow: unfollow(uow, owner, None)) == (CODE,)
    assert change_stage(known, put, Stage.RETURNED, 3) == 0
    assert known.write_now(lambda uow: unfollow(uow, owner, None)) == ()


def test_a_first_load_tells_nobody(known: Database, put: Put, owner: Viewer) -> None:
    known.write_now(lambda uow: follow(uow, owner, CODE))
    assert change_stage(known, put, Stage.DONE, 1, loaded=False) == 0
    assert notices(known) == []


def test_a_parts_change_is_told_to_followers_of_the_whole(known: Database, put: Put, owner: Viewer) -> None:
    put(filing("H50.17-261112-0007", Stage.PROCESSING, parent_code=CODE))
    known.write_now(lambda uow: follow(uow, owner, CODE))
    part = filing("H50.17-261112-0007", Stage.DONE, as_of=AS_OF + timedelta(hours=1), parent_code=CODE)
    changes = put(part)
    assert known.write_now(lambda uow: notify_changes(uow, changes)) == 1


def test_event_rows_have_one_per_dossier(db: Database, put: Put) -> None:
    put(*(filing(f"H50.34-261109-{number:04d}") for number in range(50)))
    count = db.write_now(lambda uow: len(uow.connection.execute(select(dossier_events)).all()))
    assert count == 50
