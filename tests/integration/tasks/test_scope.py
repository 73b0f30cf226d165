"""Who sees which tasks: by role, by agency and those under it, by block, on behalf of the absent; else nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend.domain.errors import InvalidInput, NotFound
from backend.domain.officer import Delegation
from backend.domain.task import TaskFilter
from backend.services.accounts import binding, officers
from tests.integration.tasks.conftest import TODAY, Office

EVERY = {f"NV-2026-{number:04d}" for number in range(1, 12)}
BUILDINGS = {"NV-2026-0001", "NV-2026-0002", "NV-2026-0003"}


def seen(office: Office, name: str, *, group: bool = False) -> set[str]:
    scope = office.scope(name, group=group)
    page = office.db.read_now(lambda uow: uow.tasks.page(scope, TaskFilter(), TODAY, 100))
    counted = office.db.read_now(lambda uow: uow.tasks.count_groups(scope, TaskFilter(), TODAY)).total
    assert page.total == counted == len(page.rows)
    return {one.code for one in page.rows}


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("chutich", EVERY),
        ("vp", EVERY),
        ("pct", {"NV-2026-0004", "NV-2026-0009", "NV-2026-0005", "NV-2026-0006", "NV-2026-0007"}),
        ("theodoi", {"NV-2026-0004", "NV-2026-0009"}),
        ("gd", BUILDINGS),
        ("canbo", BUILDINGS),
        ("taichinh", {"NV-2026-0005", "NV-2026-0006", "NV-2026-0007"}),
        ("xa", {"NV-2026-0008", "NV-2026-0010"}),
        ("tongdai", set()),
        ("quantri", set()),
        ("nobody", set()),
    ],
)
def test_each_role_sees_its_own(office: Office, name: str, codes: set[str]) -> None:
    assert seen(office, name) == codes


def test_a_group_a_locked_account_and_a_lost_agency_see_nothing(office: Office) -> None:
    assert seen(office, "vp", group=True) == set()
    office.db.write_now(lambda uow: uow.accounts.set_active("canbo", False))
    assert seen(office, "canbo") == set()
    money = office.db.read_now(lambda uow: uow.agencies.by_code("H50.06"))
    from dataclasses import replace

    office.db.write_now(lambda uow: uow.agencies.put(replace(money, valid_to=date(2026, 11, 1))))
    assert seen(office, "taichinh") == set()


def test_a_cooperating_agency_opens_the_task_but_does_not_count_it(office: Office) -> None:
    scope = office.scope("canbo")
    assert office.db.read_now(lambda uow: uow.tasks.by_code(scope, "NV-2026-0005")) is not None
    assert office.db.read_now(lambda uow: uow.tasks.by_code(scope, "NV-2026-0006")) is None
    assert "NV-2026-0005" not in seen(office, "canbo")


def test_leave_is_covered_between_the_two_days_and_not_beyond(office: Office) -> None:
    days = Delegation("taichinh", "canbo", TODAY - timedelta(days=1), TODAY, "Quyết định 12/QĐ-STC")
    number = office.db.write_now(lambda uow: binding.delegate(uow, "account:quantri", days))
    assert seen(office, "canbo") == BUILDINGS | {"NV-2026-0005", "NV-2026-0006", "NV-2026-0007"}
    assert office.scope("canbo").instead_of == ("Cán bộ Sở Tài chính",)
    assert seen(office, "taichinh") == {"NV-2026-0005", "NV-2026-0006", "NV-2026-0007"}
    now = office.clock.now()
    office.clock.set(now + timedelta(days=1))
    assert seen(office, "canbo") == BUILDINGS
    office.clock.set(now)
    office.db.write_now(lambda uow: binding.revoke(uow, "account:quantri", number))
    assert seen(office, "canbo") == BUILDINGS
    assert office.scope("canbo").instead_of == ()


def test_nobody_lends_what_they_do_not_have(office: Office) -> None:
    days = Delegation("tongdai", "canbo", TODAY, TODAY, "giấy")
    office.db.write_now(lambda uow: binding.delegate(uow, "account:quantri", days))
    assert office.scope("canbo").instead_of == ()
    locked = Delegation("vp", "canbo", TODAY, TODAY, "giấy")
    office.db.write_now(lambda uow: binding.delegate(uow, "account:quantri", locked))
    office.db.write_now(lambda uow: uow.accounts.set_active("vp", False))
    assert seen(office, "canbo") == BUILDINGS


@pytest.mark.parametrize(
    ("delegation", "error"),
    [
        (Delegation("canbo", "canbo", TODAY, TODAY, "x"), InvalidInput),
        (Delegation("canbo", "vp", TODAY, TODAY - timedelta(days=1), "x"), InvalidInput),
        (Delegation("canbo", "vp", TODAY - timedelta(days=9), TODAY - timedelta(days=1), "x"), InvalidInput),
        (Delegation("canbo", "vp", TODAY, TODAY, " "), InvalidInput),
        (Delegation("canbo", "nobody", TODAY, TODAY, "x"), NotFound),
    ],
)
def test_a_delegation_that_cannot_be_is_refused(
    office: Office, delegation: Delegation, error: type[Exception]
) -> None:
    with pytest.raises(error):
        office.db.write_now(lambda uow: binding.delegate(uow, "account:quantri", delegation))
    assert office.db.read_now(lambda uow: uow.officers.delegations()) == []


def test_roles_without_what_they_reach_are_refused(office: Office) -> None:
    add = officers.add_officer
    for roles, more in (
        (["officer"], {}),
        (["specialist"], {}),
        (["vice_chairman"], {"block": ["H99"]}),
    ):
        with pytest.raises((InvalidInput, NotFound)):
            office.db.write_now(
                lambda uow, roles=roles, more=more: add(
                    uow, "shell", "moi", "mật khẩu dài", roles=roles, **more
                )
            )
    made = office.db.write_now(
        lambda uow: add(
            uow, "shell", "moi", "mật khẩu dài", roles=["specialist"], fields=["Đất đai"], title="CV"
        )
    )
    assert (made.fields, made.title) == (("Đất đai",), "CV")
    assert seen(office, "moi") == {"NV-2026-0004", "NV-2026-0009"}
