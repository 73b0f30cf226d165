"""Nobody learns a person by a code alone; partial codes and wrong digits give one answer; guesses are limited."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backend.db.engine import Database
from backend.domain.dossier import Stage
from backend.domain.viewer import Viewer
from backend.services.dossiers import (
    Blocked,
    Explained,
    NotEnough,
    Opening,
    Unknown,
    explain,
    explain_partial,
    my_dossiers,
    open_with_digits,
)
from backend.services.dossiers.access import GUESSES_PER_ASKER, GUESSES_PER_DOSSIER
from tests.conftest import NOW, FixedClock
from tests.integration.dossiers.conftest import CODE, NAME, PHONE, TAIL, dossier, filing

Put = Callable[..., Any]
PRIVATE = (NAME, "Hạnh", PHONE, "5678", "Kim", "Giấy cam kết", "20000", "Gọi trước")


def look(db: Database, viewer: Viewer, code: str = CODE) -> Any:
    return db.write_now(lambda uow: explain(uow, viewer, code))


def try_digits(db: Database, viewer: Viewer, digits: str, code: str = CODE) -> Any:
    return db.write_now(lambda uow: open_with_digits(uow, viewer, code, digits))


def test_a_code_alone_gives_stage_agency_and_due_time(known: Database, viewer: Viewer) -> None:
    view = look(known, viewer).view
    assert (view.stage, view.agency, view.opened) == (
        Stage.SUPPLEMENT,
        "Ủy ban nhân dân phường Trần Phú",
        False,
    )
    assert view.clock.due_at is not None
    told = repr(dataclasses.asdict(view))
    assert not [secret for secret in PRIVATE if secret in told]


def test_the_right_digits_open_it(known: Database, viewer: Viewer) -> None:
    assert try_digits(known, viewer, "5678") == Opening(CODE)
    view = look(known, replace(viewer, opened=frozenset({CODE}))).view
    assert view.papers == ("Giấy cam kết giám hộ",)
    assert view.fee_total_vnd == 20_000
    assert view.applicant == "N*** T*** Hạnh"
    assert NAME not in repr(view)


def test_a_verified_phone_opens_it_and_somebody_elses_does_not(known: Database, owner: Viewer) -> None:
    assert look(known, owner).view.opened
    other = replace(owner, phone_proofs=frozenset({known.tools.cipher.fingerprint("0900000000", "phone")}))
    assert not look(known, other).view.opened


def test_a_group_gets_the_public_part_whoever_asks(known: Database, owner: Viewer) -> None:
    group = replace(owner, group=True, opened=frozenset({CODE}))
    view = look(known, group).view
    assert not view.opened
    assert not view.can_open
    assert known.write_now(lambda uow: my_dossiers(uow, group)) == ()
    assert isinstance(known.write_now(lambda uow: explain_partial(uow, group, TAIL)), NotEnough)
    assert isinstance(try_digits(known, group, "5678"), NotEnough)


def test_partial_and_wrong_give_one_answer(known: Database, viewer: Viewer, put: Put) -> None:
    put(filing("H50.34-261109-0042", phone=""))
    answers = [
        known.write_now(lambda uow: explain_partial(uow, viewer, TAIL)),
        known.write_now(lambda uow: explain_partial(uow, viewer, "990101-0001")),
        try_digits(known, viewer, "0000"),
        try_digits(known, viewer, "0000", "H50.34-261109-9999"),
        try_digits(known, viewer, "", "H50.34-261109-0042"),
    ]
    assert set(map(repr, answers)) == {repr(NotEnough())}


def test_a_partial_code_counts_among_ones_own(known: Database, owner: Viewer, put: Put) -> None:
    put(filing("H50.35-261109-0041", phone="0987654321"))
    found = known.write_now(lambda uow: explain_partial(uow, owner, TAIL))
    assert isinstance(found, Explained)
    assert found.view.code == CODE
    put(filing("H50.36-261109-0041"))  # now two of one's own end alike: never guess between them
    assert isinstance(known.write_now(lambda uow: explain_partial(uow, owner, TAIL)), NotEnough)


def test_wrong_codes_are_limited_and_counted_even_when_refused(
    known: Database, viewer: Viewer, clock: FixedClock
) -> None:
    for number in range(GUESSES_PER_ASKER):
        assert isinstance(look(known, viewer, f"H50.34-261109-9{number:03d}"), Unknown)
    stop = look(known, viewer)
    assert isinstance(stop, Blocked)
    assert stop.until > NOW
    assert isinstance(try_digits(known, viewer, "5678"), Blocked)
    other = replace(viewer, address=replace(viewer.address, external_id="binh"))
    assert isinstance(look(known, other), Explained)
    assert isinstance(look(known, replace(viewer, opened=frozenset({CODE}))), Explained)
    clock.set(NOW + timedelta(hours=1))
    assert isinstance(look(known, viewer), Explained)


def test_digits_of_one_dossier_are_limited_over_all_askers(known: Database, viewer: Viewer) -> None:
    for number in range(GUESSES_PER_DOSSIER):
        asker = replace(viewer, address=replace(viewer.address, external_id=f"asker{number}"))
        assert isinstance(try_digits(known, asker, "0000"), NotEnough)
    fresh = replace(viewer, address=replace(viewer.address, external_id="fresh"))
    assert isinstance(try_digits(known, fresh, "5678"), Blocked)


def test_everything_that_opens_or_fails_is_audited_without_words(known: Database, viewer: Viewer) -> None:
    try_digits(known, viewer, "0000")
    try_digits(known, viewer, "5678")
    look(known, viewer, "H50.34-261109-9999")
    rows = known.write_now(
        lambda uow: uow.connection.exec_driver_sql(
            "SELECT action, outcome, detail FROM audit ORDER BY id"
        ).fetchall()
    )
    assert [row[:2] for row in rows] == [
        ("dossier.open", "refused"),
        ("dossier.open", "opened"),
        ("dossier.look_up", "unknown"),
    ]
    assert not any("5678" in row[2] or "0000" in row[2] for row in rows)


@pytest.mark.parametrize("table", ["dossiers", "dossier_events"])
def test_names_and_numbers_are_not_in_clear(known: Database, table: str) -> None:
    rows = known.write_now(lambda uow: uow.connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall())
    kept = repr([bytes(cell) if isinstance(cell, memoryview) else cell for row in rows for cell in row])
    assert NAME not in kept
    assert PHONE not in kept


def test_a_part_has_its_own_clock_and_the_whole_shows_it(known: Database, viewer: Viewer, put: Put) -> None:
    part = replace(filing("H50.17-261112-0007", Stage.PROCESSING, parent_code=CODE), applicant=None)
    late = replace(part, dossier=replace(part.dossier, due_at=dossier().received_at, agency_name="Thuế tỉnh"))
    put(late)
    view = look(known, viewer).view
    assert [(one.agency, one.clock.state.value) for one in view.parts] == [("Thuế tỉnh", "late")]
    assert look(known, viewer, late.dossier.code).view.whole_code == CODE
