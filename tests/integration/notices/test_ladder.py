"""A notice reaches a person by the nearest channel that works; what fails climbs, and every step is on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.domain.messaging import Address, ChannelName, Receipt, Sight
from backend.domain.notice import Notice
from backend.domain.viewer import Viewer
from backend.services.notices.ladder import PATIENCE, PHONE_ACCOUNT, UNSEEN, Reach, retry
from backend.services.notices.stopping import resume, stop, stop_phone
from backend.services.people import LINKED
from tests.integration.notices.conftest import FACTS, PHONE, Post


def test_chat_comes_first_and_says_how_to_stop(post: Post) -> None:
    post.notice(post.person("a", phone=PHONE))
    post.round()
    ((channel, who, text),) = post.out()
    assert (channel, who) == ("telegram", "a")
    assert "đã có kết quả" in text
    assert "tắt thông báo" in text


def test_a_blocked_chat_climbs_to_zns_then_sms_then_a_call(post: Post) -> None:
    post.route("dossier_ready", zns_template="4711", zns_values={"ma": "code", "noi_dung": "text"})
    post.notice(post.person("a", phone=PHONE), code="H50.34-261109-0041")
    post.round()
    post.fail("telegram", "bot", "blocked by the person")
    post.round()
    assert [(channel, who) for channel, who, _ in post.out()] == [("zns", PHONE)]
    post.fail("zns", "oa-1", "no Zalo account")
    post.round()
    ((channel, who, text),) = post.out()
    assert (channel, who) == ("sms", PHONE)
    assert "H50.34-261109-0041" in text
    assert "Giám hộ" not in text  # a text message carries code and state only
    post.fail("sms", "brand", "number out of service")
    post.round()
    assert post.out() == []
    (asked,) = post.db.read_now(lambda uow: uow.callbacks.waiting(9))
    assert asked.topic == "notice"
    assert asked.request is not None
    assert asked.request.phone == PHONE
    (step,) = post.steps()
    assert step.notice_status == "called"
    assert [one["by"] for one in step.trail] == ["chat", "zns", "sms"]
    assert "no Zalo account" in step.trail[1]["reason"]


def test_rungs_that_are_not_set_up_are_skipped_with_a_reason(post: Post) -> None:
    post.reach = Reach()
    post.notice(post.person("a", phone=PHONE))
    post.round()
    post.fail("telegram", "bot")
    post.round()
    (step,) = post.steps()
    assert [(one["by"], one["reason"]) for one in step.trail[1:]] == [
        ("zns", "not set up"),
        ("sms", "not set up"),
    ]
    assert step.notice_status == "called"


def test_without_a_number_it_fails_is_listed_and_can_be_tried_again(post: Post) -> None:
    post.notice(post.person("a"))
    post.round()
    post.fail("telegram", "bot")
    post.round()
    (step,) = post.steps()
    assert (step.notice_status, step.trail[-1]["reason"]) == ("failed", "no verified number")
    post.db.write_now(lambda uow: retry(uow, "shell:test", step.notice_id))
    post.round()
    assert [channel for channel, _, _ in post.out()] == ["telegram"]


def test_a_page_nobody_opens_for_a_day_is_made_up_for(post: Post) -> None:
    post.route("dossier_ready", zns_template="4711", zns_values={})
    seen = post.person("known", ChannelName.WEB, PHONE, "site")
    unknown = post.person("unknown", ChannelName.WEB, account="site")
    post.notice(seen)
    post.notice(unknown)
    post.round()
    assert post.unseen() == 0
    post.later(seconds=UNSEEN.total_seconds() + 60)
    assert post.unseen() == 2
    post.round()
    assert ("zns", PHONE) in [(channel, who) for channel, who, _ in post.out()]
    assert {one.notice_status for one in post.steps()} == {"rendered", "unseen"}
    assert post.unseen() == 0


def test_a_bare_number_is_written_to_where_it_was_verified(post: Post) -> None:
    """The phone on a dossier: its owner chats with us already."""
    mark = post.db.tools.cipher.fingerprint(PHONE, "phone")
    place = Address(ChannelName.SMS, PHONE_ACCOUNT, mark)

    def bare(uow: object) -> int:
        uow.accounts.note_phone(place, PHONE)  # type: ignore[attr-defined]
        return int(uow.conversations.lock_or_start(place, uow.now))  # type: ignore[attr-defined]

    conversation = post.db.write_now(bare)
    post.notice(conversation)
    post.round()
    assert [(channel, who) for channel, who, _ in post.out()] == [("sms", PHONE)]
    post.person("a", phone=PHONE)
    post.notice(conversation)
    post.round()
    assert [(channel, who) for channel, who, _ in post.out()][0] == ("telegram", "a")


def test_stopping_drops_what_waits_and_what_comes(post: Post) -> None:
    person = post.person("a", phone=PHONE)
    viewer = Viewer(person, Address(ChannelName.TELEGRAM, "bot", "a"))
    post.notice(person)
    assert post.db.write_now(lambda uow: stop(uow, viewer))
    post.notice(person)
    post.round()
    assert post.out() == []
    assert [one.notice_status for one in post.steps()] == ["cancelled", "muted"]
    assert post.db.write_now(lambda uow: resume(uow, viewer))
    post.notice(person)
    post.round()
    assert len(post.out()) == 1


def test_a_number_can_be_stopped_at_a_desk(post: Post) -> None:
    person = post.person("a", phone=PHONE)
    post.db.write_now(lambda uow: stop_phone(uow, "shell:test", PHONE))
    post.notice(person)
    post.round()
    assert post.out() == []


def test_a_kind_switched_off_says_nothing(post: Post) -> None:
    post.route("dossier_ready", enabled=False)
    post.notice(post.person("a"))
    post.round()
    assert [one.notice_status for one in post.steps()] == ["off"]


def test_nothing_is_said_at_night_and_the_morning_has_one_digest(post: Post) -> None:
    person = post.person("a")
    post.later(hours=12)  # 21:00
    for _ in range(5):
        post.notice(person)
    post.notice(person, "dossier_supplement", papers=["Giấy cam kết"])
    post.round()
    assert post.out() == []
    post.later(hours=9, minutes=59)
    post.round()
    assert post.out() == []
    post.later(minutes=1)  # 7:00
    post.round()
    ((_, _, text),) = post.out()
    assert text.count("•") == 6
    assert "cần bổ sung 1 giấy tờ" in text


def test_two_come_one_by_one(post: Post) -> None:
    person = post.person("a")
    post.notice(person)
    post.notice(person)
    post.round()
    assert [one.notice_status for one in post.steps()] == ["rendered", "rendered"]
    rows = post.db.read_now(lambda uow: uow.outbox.recent(person, 0, 9))
    assert ["•" in row.body.text for row in rows] == [False, False]


def test_it_waits_while_a_form_is_open_or_a_person_talks(post: Post) -> None:
    person = post.person("a")
    state = {"at": post.clock.at.isoformat(), "forms": [["x", 1, "i", {}, "", [], ""]]}
    post.db.write_now(lambda uow: uow.conversations.save_state(person, state))
    post.notice(person)
    post.round()
    assert post.out() == []
    post.later(minutes=30)
    post.round()
    assert len(post.out()) == 1


def test_what_a_takeover_cancelled_comes_later(post: Post) -> None:
    person = post.person("a")
    post.notice(person)
    post.round()
    post.db.write_now(lambda uow: uow.outbox.cancel_bot_rows(person))
    post.round()
    assert post.out() == []
    post.later(seconds=PATIENCE.total_seconds() + 1)
    post.round()
    assert len(post.out()) == 1


@pytest.mark.parametrize(("sight", "shown"), [(Sight.DELIVERED, "delivered"), (Sight.READ, "read")])
def test_the_channels_word_is_kept(post: Post, sight: Sight, shown: str) -> None:
    post.notice(post.person("a"))
    post.round()

    def send(uow: object) -> None:
        (row,) = uow.outbox.claim(ChannelName.TELEGRAM, "bot", uow.now, uow.now, 9)  # type: ignore[attr-defined]
        uow.outbox.sent(row.id, uow.now, "m1")  # type: ignore[attr-defined]

    post.db.write_now(send)
    assert [one.status for one in post.steps()] == ["sent"]
    receipt = Receipt(ChannelName.TELEGRAM, "bot", ("m1",), sight, post.clock.at + timedelta(seconds=2))
    assert post.db.write_now(lambda uow: uow.outbox.sighted(receipt)) == 1
    assert post.db.write_now(lambda uow: uow.outbox.sighted(receipt)) == 0
    assert [one.status for one in post.steps()] == [shown]


def test_one_broken_text_does_not_silence_the_others(post: Post) -> None:
    post.desk.replies.override("vi", "notices/dossier_ready", "{{ missing }}")
    post.notice(post.person("a"))
    post.notice(post.person("b"), "dossier_returned")
    post.round()
    assert [who for _, who, _ in post.out()] == ["b"]
    assert [one.notice_status for one in post.steps()] == ["failed", "rendered"]


def test_zns_fills_the_template_and_seals_the_number(post: Post) -> None:
    post.route(
        "dossier_ready", ladder=["zns"], zns_template="4711", zns_values={"ma": "code", "ten": "title"}
    )
    person = post.person("a", phone=PHONE)
    post.notice(person, code="H50.34-261109-0041")
    post.round()
    (row,) = post.db.write_now(lambda uow: uow.outbox.claim(ChannelName.ZNS, "oa-1", uow.now, uow.now, 9))
    assert row.body.template.id == "4711"
    assert dict(row.body.template.values) == {"ma": "H50.34-261109-0041", "ten": FACTS["title"]}
    assert PHONE not in repr(row)


def test_the_same_event_is_told_once(post: Post) -> None:
    person = post.person("a")
    one = Notice("notices/dossier_ready", "dossier:x", person, post.clock.at, "same", dict(FACTS, code="x"))
    assert post.db.write_now(lambda uow: uow.notices.add(one))
    assert not post.db.write_now(lambda uow: uow.notices.add(one))


def test_it_goes_where_the_person_wants_it_once(post: Post) -> None:
    """One number on Telegram, Zalo and the page: one person, told once, on the messenger used last."""
    post.person("a", phone=PHONE)
    post.later(minutes=1)
    page = post.person("page", ChannelName.WEB, PHONE, "site")
    post.notice(page)
    post.round()
    assert [(channel, who) for channel, who, _ in post.out()] == [("telegram", "a")]


def test_a_result_handed_over_offers_to_be_rated(post: Post) -> None:
    person = post.person("a")
    post.notice(person, "dossier_returned")
    post.notice(person, "dossier_processing")
    post.round()
    rows = post.db.read_now(lambda uow: uow.outbox.recent(person, 0, 9))
    assert [len(row.body.buttons) for row in rows] == [5, 0]
    button = rows[0].body.buttons[4]
    kept = post.db.read_now(lambda uow: uow.buttons.get(person, button.id))
    assert kept is not None
    assert kept.payload["intent"] == "rating"
    assert kept.payload["values"]["rating_value"] == "5"


def test_that_a_channel_was_linked_is_told_even_to_who_stopped_notices(post: Post) -> None:
    """Somebody else may have taken hold of the person's data."""
    person = post.person("a", phone=PHONE)
    post.db.write_now(lambda uow: stop(uow, Viewer(person, Address(ChannelName.TELEGRAM, "bot", "a"))))
    one = Notice(LINKED, "person:link", person, post.clock.at, "l1", {"channel": "zalo"})
    post.db.write_now(lambda uow: uow.notices.add(one))
    post.round()
    assert len(post.out()) == 1
