"""What one person has on several channels: dossiers followed, petitions, bookings, call-backs, language, notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

from sqlalchemy import select

from backend.db.tables.dossiers import dossier_followers
from backend.db.tables.links import link_codes, person_settings
from backend.domain.agency import Agency
from backend.domain.callback import CallbackRequest
from backend.domain.dossier import Applicant, Filing
from backend.domain.messaging import ChannelName
from backend.domain.petition import NewPetition, PetitionKind, PetitionSource, Reporter, Story
from backend.domain.reception import BookingRequest, HostKind, ReceptionRule
from backend.domain.retention import Kept
from backend.services import callbacks, departing, dossiers, linking, people, retention
from backend.services.dossiers import DossierView
from backend.services.dossiers.following import notify
from backend.services.petitions import filing, viewing
from backend.services.reception import booking, days
from tests.integration.people.conftest import ANNA, ANNAS, BROWSER, TELEGRAM, ZALO, Street, dossier
from tests.integration.people.test_linking import codes_seen, link


def followers(street: Street) -> list[int]:
    return sorted(row[0] for row in street.rows(select(dossier_followers.c.conversation_id)))


def view(street: Street, address: Any) -> DossierView:
    return street.do(dossiers.explain, address, ANNAS).view  # type: ignore[no-any-return]


def number(street: Street, address: Any) -> int:
    return street.viewer(address).conversation_id


def test_followed_once_and_stopped_everywhere(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    street.do(dossiers.follow, TELEGRAM, ANNAS)
    street.do(dossiers.follow, BROWSER, ANNAS)
    assert followers(street) == [number(street, TELEGRAM)], "told once, not on every channel"
    assert view(street, BROWSER).following
    assert [one.code for one in street.do(dossiers.followed, BROWSER)] == [ANNAS]
    assert street.do(dossiers.unfollow, BROWSER, None) == (ANNAS,)
    assert followers(street) == []
    assert not view(street, TELEGRAM).following


def test_what_both_followed_before_they_were_linked_is_followed_once(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    digits = ANNA[-4:]
    opening = street.do(dossiers.open_with_digits, BROWSER, ANNAS, digits)
    assert opening.code == ANNAS
    browser = number(street, BROWSER)
    street.db.write_now(lambda uow: uow.dossiers.follow(uow.dossiers.by_code(ANNAS).id, browser, uow.now))
    street.do(dossiers.follow, TELEGRAM, ANNAS)
    assert len(followers(street)) == 2
    link(street, TELEGRAM, BROWSER)
    assert len(followers(street)) == 1


def test_who_follows_the_whole_here_and_a_part_there_is_told_once(street: Street) -> None:
    part = replace(dossier("H50.17-261112-0007"), parent_code=ANNAS)
    street.db.write_now(lambda uow: uow.dossiers.put_many([Filing(part, Applicant("Nguyễn Thị An", ANNA))]))
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    street.do(dossiers.follow, TELEGRAM, ANNAS)
    street.do(dossiers.follow, BROWSER, part.code)
    assert len(followers(street)) == 2
    before = len(street.notices())
    kind = "notices/dossier_ready"
    tell = lambda uow: notify(uow, uow.dossiers.by_code(part.code), kind, "9")  # noqa: E731
    assert street.db.write_now(tell) == 1
    assert street.db.write_now(tell) == 0
    assert len(street.notices()) == before + 1


def test_what_an_unlinked_channel_followed_goes_on_at_another(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    street.do(dossiers.follow, BROWSER, ANNAS)
    street.do(linking.unlink, BROWSER)
    assert followers(street) == [number(street, TELEGRAM)]


def test_petitions_filed_anonymously_are_seen_on_the_other_channel_until_it_is_unlinked(
    street: Street,
) -> None:
    street.verify(TELEGRAM, ANNA)
    new = NewPetition(
        kind=PetitionKind.FEEDBACK,
        source=PetitionSource.CHAT,
        story=Story("Đèn đường hỏng cả tuần"),
        reporter=Reporter(),
        conversation_id=number(street, TELEGRAM),
    )
    filed = street.db.write_now(lambda uow: filing.file(uow, "conversation:1", new))
    assert list(street.do(viewing.mine, BROWSER)) == []
    link(street, TELEGRAM, BROWSER)
    assert [one.code for one in street.do(viewing.mine, BROWSER)] == [filed.code]
    street.do(linking.unlink, BROWSER)
    assert list(street.do(viewing.mine, BROWSER)) == []


def test_a_call_back_is_asked_for_once(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    first = street.do(callbacks.ask, TELEGRAM, "asked", CallbackRequest(ANNA))
    again = street.do(callbacks.ask, BROWSER, "asked", CallbackRequest(ANNA))
    assert (again.code, again.already) == (first.code, True)
    assert street.do(callbacks.withdraw, BROWSER) == first.code
    assert street.do(callbacks.standing, TELEGRAM) is None


def test_bookings_are_seen_and_given_back_on_either_channel(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)

    def furnish(uow: Any) -> int:
        board = uow.agencies.put(Agency("H50.31", "Ủy ban nhân dân xã Hòa Phú", "commune"))
        rule = ReceptionRule(
            host="Chủ tịch UBND xã Hòa Phú",
            host_kind=HostKind.COMMUNE_CHAIRMAN,
            agency_id=board,
            rule={"weekly": 2},
            sessions=((time(7, 30), time(11, 30)),),
            place="Trụ sở",
            capacity=2,
            valid_from=date(2026, 1, 1),
            source="thông báo",
        )
        kept = replace(rule, id=uow.reception.put_rule(rule))
        return next(iter(days.bookable_days(uow, kept))).id

    day = street.db.write_now(furnish)
    asked = BookingRequest(content="đất ở thôn 3", name="Nguyễn Thị An", phone=ANNA)
    first = street.do(booking.book, TELEGRAM, day, asked, 1)
    again = street.do(booking.book, BROWSER, day, asked, 1)
    assert (again.code, again.already) == (first.code, True)
    assert [one.code for one in street.do(booking.my_bookings, BROWSER)] == [first.code]
    assert street.do(booking.forget_bookings, BROWSER) == 0, "what was said elsewhere stays"
    street.do(booking.cancel, BROWSER, first.code)
    assert street.do(booking.my_bookings, TELEGRAM) == []


def test_a_language_asked_for_is_spoken_on_every_channel_also_later_ones(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    street.do(people.speak, BROWSER, "en")
    link(street, TELEGRAM, ZALO)
    spoken = {
        address: street.db.read_now(lambda uow, address=address: uow.conversations.find(address).language)
        for address in (TELEGRAM, BROWSER, ZALO)
    }
    assert set(spoken.values()) == {"en"}


def test_told_where_it_was_used_last_but_rather_by_a_messenger_than_on_a_page(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, ZALO)
    link(street, TELEGRAM, BROWSER)

    def preferred(address: Any) -> int:
        return street.db.read_now(
            lambda uow: people.preferred_conversation(uow, uow.conversations.find(address).id)
        )

    for used in (TELEGRAM, ZALO, BROWSER):
        street.later(minutes=1)
        street.db.write_now(lambda uow, used=used: uow.conversations.number(used, uow.now))
    numbers = {address: number(street, address) for address in (TELEGRAM, ZALO, BROWSER)}
    assert {preferred(one) for one in numbers} == {numbers[ZALO]}
    assert street.do(people.prefer, TELEGRAM, ChannelName.WEB)
    assert {preferred(one) for one in numbers} == {numbers[BROWSER]}
    street.do(linking.unlink, BROWSER)
    assert preferred(TELEGRAM) == numbers[ZALO], "the wish outlives nothing"
    assert preferred(BROWSER) == numbers[BROWSER]
    assert not street.do(people.prefer, TELEGRAM, ChannelName.WEB)


def test_a_conversation_of_nobody_is_told_itself(street: Street) -> None:
    alone = number(street, BROWSER)
    assert street.db.read_now(lambda uow: people.preferred_conversation(uow, alone)) == alone


def test_forgetting_one_channel_leaves_the_others(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    street.do(people.speak, TELEGRAM, "en")
    street.do(dossiers.follow, BROWSER, ANNAS)
    street.do(departing.forget_person, BROWSER)
    assert codes_seen(street, BROWSER) == set()
    assert codes_seen(street, TELEGRAM) == {ANNAS}
    assert followers(street) == [number(street, TELEGRAM)]
    assert len(street.rows(select(person_settings))) == 1
    street.do(departing.forget_person, TELEGRAM)
    assert street.rows(select(person_settings)) == [], "nobody is left whose wish it was"


def test_used_codes_are_forgotten_after_a_day(street: Street) -> None:
    street.verify(TELEGRAM, ANNA)
    link(street, TELEGRAM, BROWSER)
    street.later(hours=23)
    assert street.db.write_now(lambda uow: retention.forget_some(uow, Kept.LINKS, 180)) == 0
    street.later(hours=2)
    assert street.db.write_now(lambda uow: retention.forget_some(uow, Kept.LINKS, 180)) == 1
    assert street.rows(select(link_codes)) == []
