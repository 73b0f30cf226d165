"""A profile: its agencies, the officers that every demonstration has, the published totals as rows or as entered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from importlib.resources import files
from typing import Any

import yaml

from backend.demo.catalogue import read_procedures
from backend.demo.load import is_empty
from backend.demo.profiles.dossiers import SOURCE, Stream, Year, load_stream
from backend.demo.profiles.rows import Span, load_fees, load_petitions, load_ratings, load_tasks, load_visits
from backend.demo.profiles.spreading import Weighted
from backend.domain.agency import Agency
from backend.domain.clock import VIETNAM
from backend.domain.errors import Conflict
from backend.domain.figure_records import Entered, Regime
from backend.domain.ports import UnitOfWork
from backend.domain.procedure import Procedure
from backend.domain.running import Account, Source
from backend.services.figures.entered import enter

#: Each has a file beside this one.
PROFILES = ("dak-nong-2021", "vinh-phuc-2022", "quang-ngai-2023", "tra-vinh-2023")
_ACTOR = "demo"


def load_profile(uow: UnitOfWork, name: str) -> None:
    """Fill an empty database with a published year.

    Raises:
        Conflict: the database holds something already.
        KeyError: no such profile.
    """
    if not is_empty(uow):
        raise Conflict("the database is not empty")
    if name not in PROFILES:
        raise KeyError(name)
    body = _read(f"{name}.yml")
    agencies = _load_agencies(uow, body, name)
    _load_officers(uow, body, agencies, name)
    procedures = _load_procedures(uow)
    for regime in body.get("regimes", ()):
        uow.figures.put_regime(Regime(**regime, demo=name), _ACTOR, uow.now)
    _load_rows(uow, body, agencies, procedures, name)
    for one in body.get("entered", ()):
        _load_entered(uow, body, one)


def _read(name: str) -> Any:
    return yaml.safe_load(files("backend.demo.profiles").joinpath(name).read_text(encoding="utf-8"))


def _load_agencies(uow: UnitOfWork, body: Mapping[str, Any], demo: str) -> Mapping[str, Agency]:
    province = body["province"]
    code = province["code"]
    found = [
        Agency(
            code, f"Ủy ban nhân dân tỉnh {province['name']}", "province", None, aliases=_of_province(province)
        )
    ]
    districts = [{"name": one, "kind": "other"} for one in body["districts"]]
    for number, row in enumerate([*_read("departments.yml"), *districts], 1):
        found.append(
            Agency(
                f"{code}.{number:02d}",
                row["name"],
                row.get("kind", "department"),
                code,
                aliases=tuple(row.get("aliases", ())),
            )
        )
    first = date(2016, 1, 1)
    made = [replace(one, valid_from=first, demo=demo) for one in found]
    return {one.name: replace(one, id=uow.agencies.put(one)) for one in made}


def _of_province(province: Mapping[str, str]) -> tuple[str, ...]:
    name = province["name"]
    return (f"UBND tỉnh {name}", "UBND tỉnh", "ủy ban tỉnh", f"tỉnh {name}")


def _load_officers(
    uow: UnitOfWork, body: Mapping[str, Any], agencies: Mapping[str, Agency], demo: str
) -> None:
    home = agencies[body["officer_of"]]
    for officer in (
        Account("lanhdao", "Lãnh đạo Văn phòng (minh họa)", frozenset({"office_leader"})),
        Account("canbo", f"Cán bộ {home.name} (minh họa)", frozenset({"officer"}), home.id),
        Account("tongdai", "Tổng đài viên (minh họa)", frozenset({"operator"})),
        Account("quantri", "Quản trị (minh họa)", frozenset({"administrator"})),
    ):
        uow.accounts.add(replace(officer, demo=demo), "", uow.now)


def _load_procedures(uow: UnitOfWork) -> list[Procedure]:
    """Today's procedures: the year's own lists were not published by title."""
    found = list(read_procedures())
    for one in found:
        uow.procedures.put(one)
    return found


def _load_rows(
    uow: UnitOfWork,
    body: Mapping[str, Any],
    agencies: Mapping[str, Agency],
    procedures: list[Procedure],
    demo: str,
) -> None:
    whole = Span(body["first"], body["last"], demo)
    as_of = datetime.combine(whole.last, time(17), VIETNAM)
    root = next(iter(agencies.values()))
    weights = body["weights"]
    own = [one for one in agencies.values() if weights.get(one.kind)]
    everywhere = Weighted(own, [weights[one.kind] for one in own])
    taken: Counter[tuple[str, date]] = Counter()
    for one in body.get("dossiers", ()):
        told = dict(one)
        land = told.pop("land", None)
        fitting = [p for p in procedures if land is None or (p.field == "Đất đai") is land]
        year = Year(whole.first, whole.last, **told)
        load_stream(uow, Stream(year, uow.calendar, everywhere, fitting, demo, as_of), taken)
    if taken:
        # A year that is over gets no news: never told to be stale.
        uow.sources.put(Source(SOURCE, "demo", as_of, as_of, (), 24 * 365 * 30))
    for number, one in enumerate(body.get("tasks", ())):
        load_tasks(uow, _span(one, whole), one, everywhere, f"{number + 1}")
    for one in body.get("petitions", ()):
        load_petitions(uow, _span(one, whole), one, everywhere)
    for one in body.get("reception", ()):
        load_visits(uow, whole, one, root)
    if "ratings" in body:
        load_ratings(uow, whole, body["ratings"], everywhere)
    if "fees" in body:
        load_fees(uow, whole, body["fees"], everywhere)


def _span(body: Mapping[str, Any], whole: Span) -> Span:
    return Span(body.get("first", whole.first), body.get("last", whole.last), whole.demo)


def _load_entered(uow: UnitOfWork, body: Mapping[str, Any], one: Mapping[str, Any]) -> Entered:
    return enter(
        uow,
        _ACTOR,
        one["key"],
        one.get("first", body["first"]),
        one.get("last", body["last"]),
        str(one["value"]),
        one.get("source", body["source"]),
        of=str(one.get("of", "")),
        note=one.get("note", ""),
    )
