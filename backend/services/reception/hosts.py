"""Whom people want to see: "chủ tịch tỉnh", "giám đốc sở xây dựng", "chủ tịch xã Hòa Phú", the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.domain.ports import UnitOfWork
from backend.domain.reception import HostKind, ReceptionRule
from backend.services.agencies.resolve import AgencyMatch, resolve_agency
from backend.text.fold import words

#: Words of an office-holder's title that leave open which commune or department is meant.
_COMMUNE = frozenset({"xa", "phuong", "huyen", "quan", "khu", "commune", "ward", "district"})
_DISTRICT = frozenset({"huyen", "quan", "district"})
_DEPARTMENT = frozenset({"so", "giam", "nganh", "department", "director"})
#: Office-holders of bodies whose schedule this office does not keep (Party, People's Council, Assembly).
_ELSEWHERE = frozenset({"thu", "hdnd", "bieu", "doan", "secretary", "council"})


@dataclass(frozen=True, slots=True)
class HostChoice:
    """Who may be meant. One rule: known. Several: ask. None: ``open_kind`` says of which kind, or nobody we know.

    ``explained`` is set when an old name was used; ``named`` when something was named at all; ``district`` when
    a district was, of which there are none any more.
    """

    rules: tuple[ReceptionRule, ...] = ()
    open_kind: HostKind | None = None
    explained: AgencyMatch | None = None
    named: bool = False
    district: bool = False

    @property
    def rule(self) -> ReceptionRule | None:
        return self.rules[0] if len(self.rules) == 1 else None


def find_host(uow: UnitOfWork, said: str, whole: str = "") -> HostChoice:
    """The host named by ``said``, the titles and agencies of a sentence.

    ``whole``, the sentence itself, is only looked at for an agency where ``said`` names none and leaves it open:
    a street's name in what the person wants to talk about must not change whom they want to see.
    """
    rules = uow.reception.rules(uow.today)
    if matches := resolve_agency(uow, said):
        return _of_agencies(rules, matches, said)
    choice = _by_title(rules, said) if said else HostChoice()
    if whole and (not said or choice.open_kind is not None):
        found = resolve_agency(uow, whole)
        meant = _of_agencies(rules, found, said) if found else choice
        kinds = {one.host_kind for one in meant.rules}
        if choice.open_kind is None or kinds == {choice.open_kind}:
            return meant
    return choice


def _of_agencies(rules: Sequence[ReceptionRule], matches: Sequence[AgencyMatch], said: str) -> HostChoice:
    meant = {match.agency.id for match in matches}
    old = next((match for match in matches if match.old_name), None)
    found = tuple(rule for rule in rules if rule.agency_id in meant)
    return HostChoice(_of_title(found, said), explained=old, named=True)


def _of_title(found: tuple[ReceptionRule, ...], said: str) -> tuple[ReceptionRule, ...]:
    """Where an agency has a desk and a head, the title tells which."""
    if len({rule.agency_id for rule in found}) != 1 or len(found) < 2:
        return found
    wants_desk = not {"chu", "chairman"} & set(words(said))
    return tuple(rule for rule in found if (rule.host_kind is HostKind.DESK) == wants_desk) or found


def _by_title(rules: Sequence[ReceptionRule], said: str) -> HostChoice:
    typed = set(words(said))
    if typed & _COMMUNE and "hoi" not in typed:
        district = bool(typed & _DISTRICT)
        return HostChoice(open_kind=HostKind.COMMUNE_CHAIRMAN, named=True, district=district)
    if typed & _DEPARTMENT:
        return HostChoice(open_kind=HostKind.DEPARTMENT_HEAD, named=True)
    if {"tiep", "dan"} <= typed or "desk" in typed:
        return HostChoice(of_kind(rules, HostKind.DESK), named=True)
    if typed & _ELSEWHERE:
        return HostChoice(named=True)
    return HostChoice(of_kind(rules, HostKind.CHAIRMAN), named=True)


def of_kind(rules: Sequence[ReceptionRule], kind: HostKind) -> tuple[ReceptionRule, ...]:
    return tuple(rule for rule in rules if rule.host_kind is kind)


def hosts(uow: UnitOfWork, kind: HostKind | None = None) -> tuple[ReceptionRule, ...]:
    """Every host in force today, or those of one kind."""
    rules = uow.reception.rules(uow.today)
    return tuple(rules) if kind is None else of_kind(rules, kind)


def chairman(uow: UnitOfWork) -> ReceptionRule | None:
    return next(iter(hosts(uow, HostKind.CHAIRMAN)), None)


def desk(uow: UnitOfWork) -> ReceptionRule | None:
    """The reception board's desk, which receives every working day."""
    return next(iter(hosts(uow, HostKind.DESK)), None)
