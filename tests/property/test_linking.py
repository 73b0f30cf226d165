"""Whatever people do with codes, in whatever order, nobody sees a stranger's dossiers.

Three people with two places each. A person knows the codes that were made in the person's own places; every code
that was used or ran out is known to all (thrown away, photographed), and anybody may try anything at random.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.db.engine import open_database
from backend.db.unit_of_work import Tools
from backend.domain.messaging import Address, ChannelName
from backend.services import departing, dossiers, linking, people
from backend.services.linking import Linked, Offered
from tests.conftest import FixedClock
from tests.integration.people.conftest import ANNA, ANNAS, BINH, BINHS, Street, furnish

#: Whose place it is; the third has no dossier and no number.
PLACES: tuple[tuple[int, Address], ...] = (
    (0, Address(ChannelName.TELEGRAM, "7", "a")),
    (0, Address(ChannelName.WEB, "default", "a")),
    (1, Address(ChannelName.TELEGRAM, "7", "b")),
    (1, Address(ChannelName.ZALO, "oa", "b")),
    (2, Address(ChannelName.WEB, "default", "c")),
    (2, Address(ChannelName.TELEGRAM, "7", "c")),
)
PHONES = {0: ANNA, 1: BINH}
OWN = {0: {ANNAS}, 1: {BINHS}, 2: set[str]()}

_place = st.integers(0, len(PLACES) - 1)
_steps = st.one_of(
    st.tuples(st.just("make"), _place, st.integers(0, 9)),
    st.tuples(st.just("type"), _place, st.integers(0, 9)),
    st.tuples(st.just("guess"), _place, st.integers(0, 9)),
    st.tuples(st.just("unlink"), _place, st.integers(0, 9)),
    st.tuples(st.just("unlink_number"), _place, st.integers(0, 9)),
    st.tuples(st.just("vouch"), st.sampled_from([0, 2, 3]), st.integers(0, 9)),
    st.tuples(st.just("follow"), _place, st.integers(0, 9)),
    st.tuples(st.just("forget"), _place, st.integers(0, 9)),
    st.tuples(st.just("wait"), _place, st.integers(0, 9)),
)


class Neighbours:
    """What each knows, and what each may do with it."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.codes: dict[int, list[str]] = {0: [], 1: [], 2: []}
        self.public: list[str] = ["LK-22222H22"]

    def step(self, name: str, at: int, number: int) -> None:
        who, place = PLACES[at]
        if name == "wait":
            self.street.later(minutes=number + 1)
            if number >= 9:  # all that were made are out of time now
                for codes in self.codes.values():
                    self.public += codes
                    codes.clear()
        elif name == "vouch":
            self.street.verify(place, PHONES[who])
        elif name == "make":
            made = self.street.do(linking.offer, place)
            if isinstance(made, Offered):
                self.codes[who].append(made.code)
        elif name in ("type", "guess"):
            self.type(who, place, name, number)
        elif name == "unlink":
            self.street.do(linking.unlink, place)
        elif name == "unlink_number":
            self.street.do(linking.unlink, place, number + 1)
        elif name == "follow":
            self.street.do(dossiers.follow, place, (ANNAS, BINHS)[number % 2])
        elif name == "forget":
            self.street.do(departing.forget_person, place)

    def type(self, who: int, place: Address, name: str, number: int) -> None:
        known = self.codes[who] if name == "type" else self.public
        if not known:
            return
        code = known[number % len(known)]
        if isinstance(self.street.do(linking.redeem, place, code), Linked):
            assert name == "type", "a code that was used or ran out opened something"
            self.codes[who].remove(code)
            self.public.append(code)


def seen(street: Street, place: Address) -> set[str]:
    viewer = street.viewer(place)

    def look(uow: object) -> set[str]:
        mine = dossiers.my_dossiers(uow, viewer)  # type: ignore[arg-type]
        told = dossiers.followed(uow, viewer)  # type: ignore[arg-type]
        return {one.code for one in (*mine, *told)}

    return street.db.write_now(look)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_steps, min_size=1, max_size=30))
def test_nobody_sees_a_strangers_dossiers(
    steps: list[tuple[str, int, int]], sqlite_template: Path, tools: Tools
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.sqlite3"
        shutil.copy(sqlite_template, path)
        clock = FixedClock()
        db = open_database(f"sqlite:///{path}", replace(tools, clock=clock), workers=1)
        try:
            neighbours = Neighbours(furnish(db, clock))
            for name, at, number in steps:
                neighbours.step(name, at, number)
                for who, place in PLACES:
                    assert seen(neighbours.street, place) <= OWN[who]
            for notice in neighbours.street.notices():
                assert notice.kind in people.NEVER_REROUTED
        finally:
            db.close()
