"""Whose a dossier is: by the name that its source gives, else by the agency part of its code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

from backend.domain.dossier import Filing
from backend.domain.ports import Sealer, UnitOfWork
from backend.services.agencies.resolve import resolve_agency
from backend.services.agencies.tree import tree

#: The agency coding of before 2020: 000.00.12.H50
_OLD_FORM = re.compile(r"\d{3}\.\d{2}\.(\d{2})\.([GH]\d{2})", re.ASCII)


#: So many names are remembered at most; a source has some hundred.
_MOST = 10_000


class Owners:
    """Each name and each code's agency part is looked up once, however many rows have it."""

    def __init__(self) -> None:
        self._by_name: dict[str, int | None] = {}
        self._by_head: dict[str, int | None] = {}

    def of(self, uow: UnitOfWork, name: str, code: str) -> int | None:
        """The agency's id; None where nothing tells it, or the name leads to several."""
        if len(self._by_name) + len(self._by_head) > _MOST:
            self._by_name.clear()
            self._by_head.clear()
        if name and name not in self._by_name:
            self._by_name[name] = _named(uow, name)
        if name and (found := self._by_name[name]) is not None:
            return found
        head = code.partition("-")[0]
        if head not in self._by_head:
            self._by_head[head] = _coded(uow, head)
        return self._by_head[head]


def _named(uow: UnitOfWork, name: str) -> int | None:
    found = resolve_agency(uow, name)
    return found[0].agency.id if len(found) == 1 and found[0].exact else None


def _coded(uow: UnitOfWork, head: str) -> int | None:
    """Exactly that code, or the new form of an old one; never the province for one of its agencies."""
    by_code = tree(uow).by_code
    known = by_code.get(head)
    if known is None and (old := _OLD_FORM.fullmatch(head)):
        known = by_code.get(f"{old[2]}.{old[1]}")
    return known.id if known is not None else None


_cache: WeakKeyDictionary[Sealer, tuple[str, Owners]] = WeakKeyDictionary()


def owners(uow: UnitOfWork) -> Owners:
    """Forgotten when an agency changed."""
    version = uow.agencies.version()
    known = _cache.get(uow.cipher)
    if known is None or known[0] != version:
        known = _cache[uow.cipher] = (version, Owners())
    return known[1]


def owned(uow: UnitOfWork, filings: Sequence[Filing]) -> list[Filing]:
    """The filings, each dossier with its agency where that can be told."""
    known = owners(uow)
    return [_owned(one, known.of(uow, one.dossier.agency_name, one.dossier.code)) for one in filings]


def _owned(filing: Filing, agency_id: int | None) -> Filing:
    if agency_id is None or filing.dossier.agency_id == agency_id:
        return filing
    return replace(filing, dossier=replace(filing.dossier, agency_id=agency_id))
