"""The demonstration province: its agencies and who receives citizens when. All of it invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from importlib.resources import files
from typing import Any

import yaml

from backend.domain.agency import Agency
from backend.domain.calendar import Session
from backend.domain.ports import UnitOfWork
from backend.domain.reception import HostKind, ReceptionRule
from backend.services.reception.days import ensure_days

DEMO = "province"  # marks every row of it
_PROVINCE = "H50"
_FIRST_COMMUNE = 31  # H50.31 and on


def load_office(uow: UnitOfWork) -> int:
    """Put the agencies and reception rules of the demonstration province; safe to repeat.

    Returns how many agencies there are.
    """
    listed = _read("agencies.yml")
    agencies = [*_agencies(listed["agencies"]), *_communes(listed["communes"], listed["communes_until"])]
    ids = {agency.code: uow.agencies.put(agency) for agency in agencies}
    for rule in _rules(_read("reception.yml"), {agency.code: agency for agency in agencies}, ids):
        uow.reception.put_rule(rule)
    ensure_days(uow)
    return len(agencies)


def _read(name: str) -> Any:
    return yaml.safe_load(files("backend.demo").joinpath(name).read_text(encoding="utf-8"))


def _agencies(rows: Sequence[Mapping[str, Any]]) -> Iterator[Agency]:
    for row in rows:
        yield Agency(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent_code=row.get("parent"),
            address=row["address"],
            phone=row["phone"],
            aliases=tuple(row.get("aliases", ())),
            predecessors=tuple(row.get("before", {}).items()),
            demo=DEMO,
        )


def _communes(rows: Sequence[Mapping[str, Any]], until: date) -> Iterator[Agency]:
    for number, row in enumerate(rows):
        name = row["name"]
        yield Agency(
            code=f"{_PROVINCE}.{_FIRST_COMMUNE + number}",
            name=f"Ủy ban nhân dân {name[0].lower()}{name[1:]}",
            kind="commune",
            parent_code=_PROVINCE,
            address=f"{10 + number} đường Trung tâm, {name[0].lower()}{name[1:]}, tỉnh An Hòa",
            phone=f"0299 3861 {101 + number}",
            aliases=(name,),
            predecessors=tuple((old, until) for old in row["of"]),
            demo=DEMO,
        )


def _rules(
    plan: Mapping[str, Any], agencies: Mapping[str, Agency], ids: Mapping[str, int]
) -> Iterator[ReceptionRule]:
    common = {"valid_from": plan["valid_from"], "source": plan["source"], "demo": DEMO}
    for row in plan["hosts"]:
        yield ReceptionRule(
            host=row["host"],
            host_kind=HostKind(row["kind"]),
            agency_id=ids[row["agency"]],
            rule=row["rule"],
            sessions=_sessions(row["sessions"]),
            place=row["place"],
            capacity=row["capacity"],
            phone=row["phone"],
            note=row["note"],
            **common,
        )
    heads = plan["department_heads"]
    for code, (host, day) in heads["days"].items():
        rule = {"monthly_day": day}
        yield _at_own_office(HostKind.DEPARTMENT_HEAD, host, agencies[code], ids[code], heads, rule, common)
    chairmen = plan["commune_chairmen"]
    communes = [agency for agency in agencies.values() if agency.kind == "commune"]
    for number, agency in enumerate(communes):
        rule = {"weekly": chairmen["weekdays"][number % len(chairmen["weekdays"])]}
        host = "Chủ tịch " + agency.name
        kind = HostKind.COMMUNE_CHAIRMAN
        yield _at_own_office(kind, host, agency, ids[agency.code], chairmen, rule, common)


def _at_own_office(
    kind: HostKind,
    host: str,
    agency: Agency,
    agency_id: int,
    plan: Mapping[str, Any],
    rule: Mapping[str, Any],
    common: Mapping[str, Any],
) -> ReceptionRule:
    return ReceptionRule(
        host=host,
        host_kind=kind,
        agency_id=agency_id,
        rule={**rule, "register_working_days": plan["register_working_days"]},
        sessions=_sessions(plan["sessions"]),
        place=f"Phòng tiếp công dân, {agency.address}",
        capacity=plan["capacity"],
        phone=agency.phone,
        **common,
    )


def _sessions(plain: Sequence[Sequence[str]]) -> tuple[Session, ...]:
    return tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in plain)
