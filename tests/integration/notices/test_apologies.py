"""Broken promises: drafted before the hour, the truth at the hour, a new date only with the signed letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.domain.clock import VIETNAM
from backend.domain.dossier import Applicant, Dossier, Filing, Stage
from backend.domain.errors import Conflict, InvalidInput, NotFound
from backend.domain.messaging import Address, ChannelName
from backend.domain.running import Source
from backend.domain.viewer import Viewer
from backend.services.dossiers.apologies import draft_due, sign, tell_late, waiting
from backend.services.dossiers.following import follow, notify_changes
from tests.integration.notices.conftest import PHONE, Post

CODE = "H50.34-261109-0041"
DUE = datetime(2026, 12, 1, 17, 0, tzinfo=VIETNAM)  # the day after MONDAY
NEW = datetime(2026, 12, 4, 17, 0, tzinfo=VIETNAM)


def put(post: Post, stage: Stage = Stage.PROCESSING, **more: Any) -> None:
    one = Dossier(
        more.pop("code", CODE),
        stage,
        "Một cửa",
        post.clock.at,
        title="Đăng ký giám hộ",
        agency_name="UBND phường Trần Phú",
        due_at=more.pop("due_at", DUE),
        **more,
    )

    def job(uow: Any) -> None:
        uow.sources.put(Source("Một cửa", "table", uow.now, uow.now - timedelta(days=9)))
        changes = uow.dossiers.put_many([Filing(one, Applicant("Hạnh", PHONE))])
        notify_changes(uow, changes)

    post.db.write_now(job)


def follower(post: Post) -> None:
    number = post.person("a", phone=PHONE)
    proof = post.db.tools.cipher.fingerprint(PHONE, "phone")
    viewer = Viewer(number, Address(ChannelName.TELEGRAM, "bot", "a"), phone_proofs=frozenset({proof}))
    post.db.write_now(lambda uow: follow(uow, viewer, CODE))


def texts(post: Post) -> list[str]:
    post.later(minutes=2)
    post.round()
    return [text for _, _, text in post.out()]


def signed(post: Post, **more: Any) -> int:
    values = {
        "code": CODE,
        "number": "12/PXL-UBND",
        "new_due_at": NEW,
        "reason": "hồ sơ gốc thất lạc",
        **more,
    }
    return post.db.write_now(lambda uow: sign(uow, "account:truc", **values))


def test_it_is_drafted_before_the_hour_once(post: Post) -> None:
    put(post)
    put(post, code="H50.34-261109-0042", due_at=DUE + timedelta(days=5))
    assert post.db.write_now(draft_due) == 1
    assert post.db.write_now(draft_due) == 0
    assert [one.code for one in post.db.read_now(waiting)] == [CODE]


@pytest.mark.parametrize("stage", [Stage.SUPPLEMENT, Stage.FEE_DUE, Stage.DONE, Stage.WITHDRAWN])
def test_where_the_office_owes_nothing_nothing_is_drafted(post: Post, stage: Stage) -> None:
    put(post, stage)
    assert post.db.write_now(draft_due) == 0


def test_without_a_signed_letter_the_truth_is_told_once(post: Post) -> None:
    put(post)
    follower(post)
    post.db.write_now(draft_due)
    assert post.db.write_now(tell_late) == 0
    post.clock.at = DUE + timedelta(minutes=1)
    assert post.db.write_now(tell_late) == 1
    assert post.db.write_now(tell_late) == 0
    (text,) = texts(post)
    assert "đang quá hạn" in text
    assert "chưa có ngày hẹn mới" in text
    assert "04/12" not in text


def test_a_signed_letter_tells_the_new_date_and_its_number_instead(post: Post) -> None:
    put(post)
    follower(post)
    post.db.write_now(draft_due)
    assert signed(post) == 1
    post.clock.at = DUE + timedelta(minutes=1)
    assert post.db.write_now(tell_late) == 0
    (text,) = texts(post)
    assert "xin lỗi" in text
    assert "12/PXL-UBND" in text
    assert "04/12/2026" in text


def test_a_letter_signed_just_after_the_hour_replaces_what_waits(post: Post) -> None:
    put(post)
    follower(post)
    post.db.write_now(draft_due)
    post.clock.at = DUE + timedelta(hours=5)  # 22:00: the bad news waits for the morning
    post.db.write_now(tell_late)
    signed(post)
    post.clock.at = datetime(2026, 12, 2, 7, 1, tzinfo=VIETNAM)
    (text,) = texts(post)
    assert "xin lỗi" in text


def test_kept_after_all(post: Post) -> None:
    put(post)
    follower(post)
    post.db.write_now(draft_due)
    put(post, Stage.DONE, finished_at=post.clock.at)
    post.clock.at = DUE + timedelta(minutes=1)
    post.db.write_now(tell_late)
    assert all("quá hạn" not in text for text in texts(post))
    assert post.db.read_now(waiting) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code": "H50.34-261109-9999"}, NotFound),
        ({"number": "  "}, InvalidInput),
        ({"number": "9" * 61}, InvalidInput),
        ({"new_due_at": DUE}, InvalidInput),
        ({"new_due_at": datetime(2026, 12, 5, 17, 0, tzinfo=VIETNAM)}, InvalidInput),  # a Saturday
    ],
)
def test_what_cannot_be_signed_changes_nothing(post: Post, change: Any, error: type[Exception]) -> None:
    put(post)
    post.db.write_now(draft_due)
    with pytest.raises(error):
        signed(post, **change)
    assert len(post.db.read_now(waiting)) == 1


def test_a_promise_has_one_letter(post: Post) -> None:
    put(post)
    signed(post)
    with pytest.raises(Conflict):
        signed(post, number="13/PXL")


Say = Callable[[Stage], str]


def test_a_phone_that_filed_for_another_is_told_so(post: Post) -> None:
    post.route("dossier_ready", applicants=True)
    put(post)
    one = Dossier(CODE, Stage.DONE, "Một cửa", post.clock.at + timedelta(hours=1), agency_name="UBND")

    def job(uow: Any) -> None:
        changes = uow.dossiers.put_many([Filing(one, Applicant("Hạnh", PHONE, for_other=True))])
        assert notify_changes(uow, changes) == 1

    post.db.write_now(job)
    post.reach = replace(post.reach, sms="", zns="")
    post.later(minutes=2)
    post.round()
    (asked,) = post.db.read_now(lambda uow: uow.callbacks.waiting(9))  # no smartphone: a person rings
    assert asked.request is not None
    assert "nhờ anh/chị báo" in asked.request.about


def test_applicants_are_told_only_where_the_office_says_so(post: Post) -> None:
    put(post)
    one = Dossier(CODE, Stage.DONE, "Một cửa", post.clock.at + timedelta(hours=1), agency_name="UBND")

    def job(uow: Any) -> int:
        return notify_changes(uow, uow.dossiers.put_many([Filing(one, Applicant("Hạnh", PHONE))]))

    assert post.db.write_now(job) == 0
