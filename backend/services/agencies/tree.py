"""Which agencies stand under which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from weakref import WeakKeyDictionary

from backend.domain.agency import Agency
from backend.domain.ports import Sealer, UnitOfWork


class Tree:
    """Every agency in force by id and code. Immutable."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self.by_id: Mapping[int, Agency] = {one.id: one for one in agencies}
        self.by_code: Mapping[str, Agency] = {one.code: one for one in self.by_id.values()}
        self._under: dict[str, list[Agency]] = {}
        for one in self.by_id.values():
            if one.parent_code:
                self._under.setdefault(one.parent_code, []).append(one)

    def with_those_under(self, code: str) -> frozenset[int]:
        """Ids of the agency and everything beneath it; empty when there is no such agency in force."""
        found: set[int] = set()
        open_ = [self.by_code[code]] if code in self.by_code else []
        while open_:
            one = open_.pop()
            if one.id not in found:
                found.add(one.id)
                open_ += self._under.get(one.code, ())
        return frozenset(found)


_cache: WeakKeyDictionary[Sealer, tuple[str, Tree]] = WeakKeyDictionary()


def tree(uow: UnitOfWork) -> Tree:
    """Read again only when an agency changed."""
    version = uow.agencies.version()
    known = _cache.get(uow.cipher)
    if known is None or known[0] != version:
        known = _cache[uow.cipher] = (version, Tree(uow.agencies.all()))
    return known[1]
