"""Linking channels with a code: proof on both sides, once, in time, and undone at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from backend.db.tables.links import link_codes, person_settings
from backend.db.tables.people import audit, identities
from backend.domain.messaging import Address, ChannelName
from backend.domain.person import ALPHABET, MOST_LINKED, MOST_OPEN, read_code, tries_code
from backend.services import dossiers, linking, people
from backend.services.dossiers.views import Blocked
from backend.services.linking import Linked, NotLinked, Offered
from tests.integration.people.conftest import (
    ANNA,
    ANNAS,
    BINH,
    BINHS_TELEGRAM,
    BROWSER,
    TELEGRAM,
    ZALO,
    Street,
)


def codes_seen(street: Street, address: Address) -> set[str]:
    return {one.code for one in street.do(dossiers.my_dossiers, address)}


def link(street: Street, source: Address, target: Address) -> Any:
    offered = street.do(linking.offer, source)
    assert isinstance(offered, Offered)
    return street.do(linking.redeem, target, offered.code)


def test_a_code_opens_the_other_channel_and_both_sides_are_told(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    assert codes_seen(street, BROWSER) == set()
    assert link(street, TELEGRAM, BROWSER) == Linked(ChannelName.TELEGRAM)
    assert codes_seen(street, BROWSER) == {ANNAS} == codes_seen(street, TELEGRAM)
    told = [one for one in street.notices() if one.kind == people.LINKED]
    assert [one.conversation_id for one in told] == [street.viewer(TELEGRAM).conversation_id]
    assert told[0].values == {"channel": "web"}
    assert ("channel_link", "linked") in {
        tuple(row) for row in street.rows(select(audit.c.action, audit.c.outcome))
    }


def test_the_number_stays_sealed_and_the_code_is_kept_nowhere(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    offered = street.do(linking.offer, TELEGRAM)
    assert set(offered.code.removeprefix("LK-")) <= set(ALPHABET)
    street.do(linking.redeem, BROWSER, offered.code)
    everything = repr(street.rows(select(link_codes))) + repr(street.rows(select(audit)))
    assert offered.code.removeprefix("LK-") not in everything
    assert ANNA not in repr(street.rows(select(identities)))
    assert street.db.read_now(lambda uow: uow.accounts.phone_of(BROWSER)) == ANNA


def test_nothing_is_verified_nothing_is_linked(street: Street) -> None:
    assert street.do(linking.offer, BROWSER) is None
    rest = Address(ChannelName.REST, "default", "somebody")
    street.db.write_now(lambda uow: uow.accounts.verify_phone(rest, ANNA, uow.now))
    assert street.do(linking.offer, rest) is None, "a caller names its senders as it likes"
    street.verify(TELEGRAM, ANNA)
    offered = street.do(linking.offer, TELEGRAM)
    other = Address(ChannelName.REST, "default", "somebody else")
    assert street.do(linking.redeem, other, offered.code) is NotLinked.WRONG
    assert codes_seen(street, other) == set()


def test_a_group_is_nobodys(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    group = street.viewer(TELEGRAM, group=True)
    assert street.db.write_now(lambda uow: linking.offer(uow, group)) is None
    shown = replace(street.viewer(TELEGRAM), group=True)
    assert street.db.read_now(lambda uow: people.conversations_of(uow, shown)) == (shown.conversation_id,)
    offered = street.do(linking.offer, TELEGRAM)
    stranger = street.viewer(BROWSER, group=True)
    assert street.db.write_now(lambda uow: linking.redeem(uow, stranger, offered.code)) is NotLinked.WRONG


def test_a_code_works_once(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    offered = street.do(linking.offer, TELEGRAM)
    assert isinstance(street.do(linking.redeem, BROWSER, offered.code), Linked)
    assert street.do(linking.redeem, ZALO, offered.code) is NotLinked.WRONG
    assert codes_seen(street, ZALO) == set()


def test_a_code_works_for_ten_minutes(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    first = street.do(linking.offer, TELEGRAM)
    street.later(minutes=9, seconds=59)
    assert isinstance(street.do(linking.redeem, BROWSER, first.code), Linked)
    second = street.do(linking.offer, TELEGRAM)
    street.later(minutes=10)
    assert street.do(linking.redeem, ZALO, second.code) is NotLinked.WRONG


def test_a_code_typed_where_it_was_made_is_kept_for_the_other_channel(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    offered = street.do(linking.offer, TELEGRAM)
    assert street.do(linking.redeem, TELEGRAM, offered.code) is NotLinked.OWN
    assert isinstance(street.do(linking.redeem, BROWSER, offered.code), Linked)
    again = street.do(linking.offer, BROWSER)
    assert street.do(linking.redeem, TELEGRAM, again.code) is NotLinked.ALREADY


def test_a_channel_with_another_number_is_not_taken_over(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    street.verify(BINHS_TELEGRAM, BINH)
    assert link(street, TELEGRAM, BINHS_TELEGRAM) is NotLinked.OTHER_NUMBER
    assert ANNAS not in codes_seen(street, BINHS_TELEGRAM)


def test_only_the_newest_codes_are_open(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    made = [street.do(linking.offer, TELEGRAM).code for _ in range(MOST_OPEN + 1)]
    assert street.do(linking.redeem, BROWSER, made[0]) is NotLinked.WRONG
    assert isinstance(street.do(linking.redeem, BROWSER, made[1]), Linked)


def test_wrong_codes_are_counted_and_all_get_the_same_answer(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    offered = street.do(linking.offer, TELEGRAM)
    for wrong in ("LK-22222222", "", "LK-CFHJ2345") * 4:
        found = street.do(linking.redeem, BROWSER, wrong)
        if isinstance(found, Blocked):
            break
        assert found is NotLinked.WRONG
    assert isinstance(street.do(linking.redeem, BROWSER, offered.code), Blocked), "even the right one"
    assert codes_seen(street, BROWSER) == set()


def test_a_code_dies_with_the_proof_behind_it(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, ZALO)
    offered = street.do(linking.offer, ZALO)
    street.do(linking.unlink, ZALO)
    assert street.do(linking.redeem, BROWSER, offered.code) is NotLinked.WRONG


def test_two_linkers_race_with_one_code_and_one_wins(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    offered = street.do(linking.offer, TELEGRAM)
    viewers = [street.viewer(Address(ChannelName.WEB, "default", f"w{n}")) for n in range(6)]

    def race(viewer: Any) -> Any:
        return street.db.write_now(lambda uow: linking.redeem(uow, viewer, offered.code))

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(race, viewers))
    assert [isinstance(one, Linked) for one in results].count(True) == 1
    assert [one for one in results if one is NotLinked.WRONG] == [NotLinked.WRONG] * 5
    seen = [codes_seen(street, viewer.address) for viewer in viewers]
    assert seen.count({ANNAS}) == 1
    assert seen.count(set()) == 5


def test_a_person_has_so_many_channels(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    for number in range(MOST_LINKED - 1):
        assert isinstance(link(street, TELEGRAM, Address(ChannelName.WEB, "default", f"w{number}")), Linked)
    assert link(street, TELEGRAM, BROWSER) is NotLinked.FULL


def test_the_list_tells_names_and_days(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    street.later(days=2)
    link(street, TELEGRAM, BROWSER)
    found = street.do(linking.channels, BROWSER)
    assert [(one.channel, one.here) for one in found] == [
        (ChannelName.TELEGRAM, False),
        (ChannelName.WEB, True),
    ]
    assert (found[1].since - found[0].since).days == 2


def test_unlinking_closes_at_once_and_the_other_side_hears_of_it(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    gone = street.do(linking.unlink, BROWSER)
    assert (gone.channel, gone.here) == (ChannelName.WEB, True)
    assert codes_seen(street, BROWSER) == set()
    assert codes_seen(street, TELEGRAM) == {ANNAS}
    told = [one.conversation_id for one in street.notices() if one.kind == people.UNLINKED]
    assert told == [street.viewer(TELEGRAM).conversation_id]
    assert street.do(linking.unlink, TELEGRAM) is None, "nothing else is linked"
    assert codes_seen(street, TELEGRAM) == {ANNAS}


def test_a_lost_device_is_unlinked_from_another_channel(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    (lost,) = [one for one in street.do(linking.channels, TELEGRAM) if one.channel is ChannelName.WEB]
    gone = street.do(linking.unlink, TELEGRAM, lost.identity_id)
    assert (gone.channel, gone.here) == (ChannelName.WEB, False)
    assert codes_seen(street, BROWSER) == set()


def test_nobody_unlinks_a_strangers_channel(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    street.verify(BINHS_TELEGRAM, BINH)
    link(street, BINHS_TELEGRAM, ZALO)
    (annas,) = [one for one in street.do(linking.channels, TELEGRAM) if one.channel is ChannelName.WEB]
    assert street.do(linking.unlink, BINHS_TELEGRAM, annas.identity_id) is None
    assert codes_seen(street, BROWSER) == {ANNAS}


def test_a_number_that_changed_hands_leaves_everything_of_its_former_holder(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    street.do(people.prefer, BROWSER, ChannelName.WEB)
    street.verify(BINHS_TELEGRAM, ANNA)
    assert codes_seen(street, TELEGRAM) == codes_seen(street, BROWSER) == set()
    assert codes_seen(street, BINHS_TELEGRAM) == {ANNAS}
    assert street.rows(select(person_settings)) == []


def test_the_same_number_vouched_for_again_changes_nothing(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    street.verify(TELEGRAM, ANNA)
    assert codes_seen(street, BROWSER) == {ANNAS}
    street.verify(ZALO, ANNA)
    assert codes_seen(street, BROWSER) == codes_seen(street, TELEGRAM) == codes_seen(street, ZALO) == {ANNAS}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("LK-7KMRPX2Q", "LK-7KMRPX2Q"),
        ("liên kết lk-7kmrpx2q nhé", "LK-7KMRPX2Q"),
        ("mã của tôi: LK–7KMR PX2Q.", "LK-7KMRPX2Q"),
        ("lk7kmrpx2q", "LK-7KMRPX2Q"),
        ("LK-7KMRPX2O", None),
        ("LK-7KMRPX2", None),
        ("lô LK 22-23 24-25 khu đô thị", None),
        ("LK-23456789", None),
        ("BLK-7KMRPX2Q", None),
        ("liên kết kênh khác", None),
    ],
)
def test_codes_are_read_as_people_type_them(text: str, code: str | None) -> None:
    assert read_code(text) == code
    assert tries_code(text) or code is None
