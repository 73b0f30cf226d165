"""What is said of a procedure: by channel, in pages, never "free" where somebody else sets the fee."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from backend.domain.clock import VIETNAM
from backend.domain.procedure import (
    Channel,
    Fee,
    FeeRule,
    FilingChannel,
    HandledBy,
    Level,
    Paper,
    PaperCase,
    Procedure,
    TimeLimit,
    TimeUnit,
)
from backend.importers.holiday_library import shipped_calendar
from backend.services.procedures import guidance
from bot.replies.renderer import Replies

REPLIES = Replies(Path(__file__).parents[3] / "bot/replies")
FIVE = TimeLimit(5, TimeUnit.WORKING_DAY)
ONE = Procedure(
    code="1.000001", title="Cấp giấy thử", field="Thử", levels=(Level.COMMUNE,), handled_by=HandledBy.COMMUNE,
    agency="Ủy ban nhân dân cấp xã", valid_from=date(2026, 7, 1), source="danh mục quốc gia", decision="1/QĐ-BTP",
    as_of=datetime(2026, 7, 20, tzinfo=VIETNAM), steps=("Nộp hồ sơ ở xã.",),
)  # fmt: skip


def _with(*channels: Channel) -> Procedure:
    return replace(ONE, channels=channels)


def test_channels_that_agree_are_told_once() -> None:
    direct = Channel(FilingChannel.DIRECT, FIVE, fee_rule=FeeRule.LOCAL)
    view = guidance.times(_with(direct, replace(direct, channel=FilingChannel.ONLINE)))
    assert [(line.channels, line.time) for line in view.lines] == [((), FIVE)]


def test_times_and_fees_differ_by_channel() -> None:
    one = _with(
        Channel(FilingChannel.DIRECT, FIVE, fee_rule=FeeRule.FIXED, fees=(Fee(20000),)),
        Channel(
            FilingChannel.ONLINE,
            TimeLimit(3, TimeUnit.WORKING_DAY),
            fee_rule=FeeRule.FIXED,
            fees=(Fee(10000),),
        ),
    )
    text = REPLIES.render("procedure/fee", guidance.fees(one))
    assert "Nộp trực tiếp: 20.000 đồng" in text
    assert "Nộp trực tuyến: 10.000 đồng" in text
    assert "3 ngày làm việc" in REPLIES.render("procedure/time", guidance.times(one))


@pytest.mark.parametrize("rule", [FeeRule.LOCAL, FeeRule.OTHER_RULE, FeeRule.UNKNOWN])
@pytest.mark.parametrize("key", ["fee", "overview", "payment"])
def test_free_is_never_said_of_a_fee_that_others_set(rule: FeeRule, key: str) -> None:
    one = _with(Channel(FilingChannel.DIRECT, FIVE, fee_rule=rule))
    views = {
        "fee": guidance.fees(one),
        "overview": guidance.overview(one),
        "payment": {"filing": guidance.filing(one)},
    }
    text = REPLIES.render(f"procedure/{key}", views[key]).lower()
    assert "miễn phí" not in text
    assert "không thu" not in text


def test_a_fee_set_by_the_province_is_said_to_be() -> None:
    text = REPLIES.render(
        "procedure/fee", guidance.fees(_with(Channel(FilingChannel.DIRECT, fee_rule=FeeRule.LOCAL)))
    )
    assert "Hội đồng nhân dân tỉnh quy định" in text
    assert "Bộ phận Một cửa" in text


def test_nothing_to_pay_is_said_where_it_is_sure() -> None:
    one = _with(Channel(FilingChannel.DIRECT, FIVE, fee_rule=FeeRule.FREE))
    assert "không thu" in REPLIES.render("procedure/fee", guidance.fees(one)).lower()


def test_within_the_day_means_the_next_working_day_after_fifteen() -> None:
    one = _with(Channel(FilingChannel.DIRECT, TimeLimit(1, TimeUnit.SAME_DAY), fee_rule=FeeRule.FREE))
    text = REPLIES.render("procedure/time", guidance.times(one))
    assert "trong ngày" in text.lower()
    assert "sau 15 giờ thì trả vào ngày làm việc tiếp theo" in text


@pytest.mark.parametrize(
    ("now", "received", "by"),
    [
        (datetime(2026, 11, 20, 14, 59, tzinfo=VIETNAM), "20/11/2026", "30/11/2026"),  # 24/11 is a holiday
        (datetime(2026, 11, 20, 15, 1, tzinfo=VIETNAM), "23/11/2026", "01/12/2026"),
        (datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM), "23/11/2026", "01/12/2026"),  # a Saturday
    ],
)
def test_working_days_become_the_date_for_what_is_handed_in_now(
    now: datetime, received: str, by: str
) -> None:
    one = _with(Channel(FilingChannel.DIRECT, FIVE))
    rule = guidance.OpeningRule(shipped_calendar(), time(15))
    text = REPLIES.render("procedure/time", guidance.times(one, now, rule))
    assert f"nộp đủ lúc này: khoảng {by}" in text
    assert f"tính là nhận ngày {received}" in text
    assert "sau 15 giờ hoặc ngày nghỉ" in text


def test_a_time_that_is_not_in_working_days_gets_no_date() -> None:
    one = _with(Channel(FilingChannel.DIRECT, TimeLimit(1, TimeUnit.MONTH)))
    rule = guidance.OpeningRule(shipped_calendar(), time(15))
    text = REPLIES.render(
        "procedure/time", guidance.times(one, datetime(2026, 11, 20, 9, tzinfo=VIETNAM), rule)
    )
    assert "khoảng" not in text
    assert "tính là nhận" not in text


def test_long_lists_of_papers_come_in_pages_that_fit_a_message() -> None:
    papers = tuple(Paper(f"Giấy tờ thứ {number} " + "rất dài " * 30, originals=1) for number in range(12))
    one = replace(ONE, papers=(PaperCase("", papers),))
    seen = 0
    for page in range(1, guidance.papers(one).pages + 1):
        view = guidance.papers(one, page)
        seen += len(view.items)
        assert len(REPLIES.render("procedure/papers", view)) <= 900
    assert seen == 12
    assert guidance.papers(one, 99).page == view.pages


def test_cases_keep_their_headings() -> None:
    one = replace(
        ONE, papers=(PaperCase("Cá nhân", (Paper("Đơn"),)), PaperCase("Tổ chức", (Paper("Quyết định"),)))
    )
    assert [heading for heading, _ in guidance.papers(one).items] == ["Cá nhân", "Tổ chức"]


@pytest.mark.parametrize("make", ["overview", "papers", "fees", "times", "steps", "legal", "forms"])
def test_source_and_notice_stand_beside_every_answer(make: str) -> None:
    keys = {"fees": "fee", "times": "time"}
    text = REPLIES.render(f"procedure/{keys.get(make, make)}", getattr(guidance, make)(ONE))
    assert "1/QĐ-BTP" in text
    assert "20/07/2026" in text
    assert "cơ quan tiếp nhận hồ sơ quyết định" in text


def test_a_text_that_names_a_district_is_corrected_beside_it() -> None:
    text = REPLIES.render("procedure/steps", guidance.steps(replace(ONE, flags=("district",))))
    assert "cấp huyện không còn" in text
