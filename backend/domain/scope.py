"""How far an officer may look: which roles reach the whole province, a block, or their own agency.

The rule of every officers' answer: the reach is worked out once, handed to the query, and said in the answer. Who has
none sees nothing, not even a count.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


class Reach(enum.IntEnum):
    NOTHING = 0
    AGENCY = 1  # the account's own agency and those under it
    BLOCK = 2  # the fields and agencies that the account follows
    PROVINCE = 3


#: What each role may be asked for by an office that sets up accounts, and how far it sees.
REACH: Mapping[str, Reach] = MappingProxyType(
    {
        "chairman": Reach.PROVINCE,
        "vice_chairman": Reach.BLOCK,
        "office_leader": Reach.PROVINCE,
        "agency_head": Reach.AGENCY,
        "specialist": Reach.BLOCK,  # follows a field at the provincial office
        "officer": Reach.AGENCY,
        "clerk": Reach.AGENCY,  # văn thư
        "one_stop": Reach.AGENCY,
        "commune_officer": Reach.AGENCY,
        "operator": Reach.NOTHING,
        "reception": Reach.NOTHING,
        "inspector": Reach.NOTHING,
        "administrator": Reach.NOTHING,
    }
)
ROLES = tuple(REACH)
#: Who answers for an agency, or for the office.
HEADS = frozenset({"chairman", "vice_chairman", "office_leader", "agency_head"})
#: Who confirms reports and grants extensions: the giver's side.
GIVERS = frozenset({"chairman", "vice_chairman", "office_leader", "specialist"})


def reach_of(roles: Iterable[str]) -> Reach:
    """The widest of the roles; a name that is no role reaches nothing."""
    return max((REACH.get(role, Reach.NOTHING) for role in roles), default=Reach.NOTHING)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a query may touch. ``agencies`` are ids, those under them included; ``fields`` are names of fields.

    ``named`` is what the answer calls it: names of agencies and fields, none for the whole province. ``instead_of``
    names officers whose leave is covered. An empty scope matches no row.
    """

    everything: bool = False
    agencies: frozenset[int] = frozenset()
    fields: frozenset[str] = frozenset()
    named: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.everything or self.agencies or self.fields)

    def joined(self, other: Scope) -> Scope:
        """Both together: what somebody sees who stands in for another, too."""
        everything = self.everything or other.everything
        return Scope(
            everything,
            self.agencies | other.agencies,
            self.fields | other.fields,
            () if everything else tuple(dict.fromkeys((*self.named, *other.named))),
            tuple(dict.fromkeys((*self.instead_of, *other.instead_of))),
        )


NO_SCOPE = Scope()
