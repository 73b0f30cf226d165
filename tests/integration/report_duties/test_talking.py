"""Officers ask about periodic reports at the counter; an agency tells that it handed in, and the receiver confirms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.registry import gather
from backend.domain.messaging import Address, ChannelName, Incoming, Kind
from backend.domain.understanding import NOTHING, Entity, Understanding
from tests.integration.dialogue.counter import Counter, Told, desk_of
from tests.integration.tasks.conftest import Office

AGENCIES = ("Sở Xây dựng", "Sở Tài chính", "Sở Nông nghiệp và Môi trường", "Sở Vũ trụ")


class Reading(Told):
    """Everything is read as a question about reports; agencies are found by their names."""

    async def understand(self, incoming: Incoming) -> Understanding:
        text = incoming.text
        if incoming.kind is not Kind.TEXT:
            return NOTHING
        found = tuple(
            Entity("agency", one, text.index(one), text.index(one) + len(one))
            for one in AGENCIES
            if one in text
        )
        return Understanding("report_debts", 0.95, found, source="model")


@pytest.fixture
def counter(office: Office) -> Counter:
    actions, forms = gather()
    rows_on = frozenset({ChannelName.TERMINAL})
    uses = {"report_debts": frozenset({"agency", "field", "date"})}
    return Counter(office.db, replace(desk_of(actions), forms=forms, rows_on=rows_on, uses=uses), Reading())


class Talk:
    """One officer at the terminal; every sentence is a message of its own."""

    def __init__(self, counter: Counter, name: str) -> None:
        self._counter, self._name, self._count = counter, name, 0
        self._address = Address(ChannelName.TERMINAL, name, "s")

    async def say(self, text: str) -> tuple[list[str], str]:
        self._count += 1
        event = f"{self._name}{self._count}"
        keys = await self._counter.say(text, event, address=self._address, staff=self._name)
        return keys, self._counter.said(self._address)[-1]


async def test_who_owes_the_report_of_october(counter: Counter) -> None:
    keys, said = await Talk(counter, "vp").say("sở nào còn nợ báo cáo tháng 10")
    assert keys == ["report/owed"]
    assert said.startswith("2 báo cáo tháng 10/2026 chưa nộp, đã quá hạn.")
    assert "1. KTXH tháng 10/2026 (Sở Nông nghiệp và Môi trường; hạn 20/10/2026, trễ 32 ngày)" in said
    assert "Phạm vi: toàn tỉnh." in said


async def test_who_has_handed_in_the_report_named_in_short(counter: Counter) -> None:
    keys, said = await Talk(counter, "vp").say("ai đã nộp báo cáo CCHC quý III")
    assert keys == ["report/handed_in"]
    assert said.startswith(
        "2/4 báo cáo CCHC quý III/2026 đã nộp, trong đó 1 nộp trễ; 1 đã gửi, đang chờ xác nhận; 2 quá hạn chưa nộp."
    )
    assert (
        "Sở Nông nghiệp và Môi trường: CCHC quý III/2026, nộp 20/09/2026, số 1/BC-H50.05 (trễ 4 ngày)" in said
    )


async def test_what_i_have_to_hand_in_next(counter: Counter) -> None:
    keys, said = await Talk(counter, "canbo").say("kỳ này tôi phải nộp báo cáo gì, hạn ngày nào")
    assert keys == ["report/due"]
    assert "• CCHC năm 2026: hạn thứ Tư 16/12/2026, gửi Văn phòng Ủy ban nhân dân tỉnh" in said
    assert "• KTXH tháng 12/2026: hạn Chủ nhật 20/12/2026, gửi Sở Tài chính" in said
    assert "Phạm vi: Sở Xây dựng." in said


@pytest.mark.parametrize(
    ("text", "key", "holds"),
    [
        ("em còn nợ báo cáo gì không", "report/owed", "1. KTXH tháng 11/2026"),
        ("Trước 18/12 bên mình còn bản báo cáo nào phải gửi", "report/due", "từ 21/11/2026 đến 18/12/2026"),
        ("tháng 12 tôi phải nộp báo cáo gì", "report/due", "từ 01/12/2026 đến 31/12/2026"),
        ("báo cáo tháng 12 hạn nộp ngày nào", "report/due", "KTXH tháng 12/2026: hạn Chủ nhật 20/12/2026"),
        ("báo cáo CCHC quý I nộp ngày nào", "report/due", "CCHC quý I/2027: hạn thứ Ba 16/03/2027"),
        (
            "hôm nay báo cáo nào đến hạn",
            "report/due",
            "Không có báo cáo nào phải nộp ngày 21/11/2026",
        ),
        ("đơn vị mình nộp đủ báo cáo chưa", "report/standing", "kỳ gần nhất: 1/2 đã nộp"),
        ("báo cáo CCHC quý II nộp chưa", "report/no_such_period", "chỉ có báo cáo quý, năm"),
        (
            "theo quy định thì báo cáo tháng chốt số liệu và gửi ngày bao nhiêu",
            "report/rules",
            "hạn gửi ngày 20",
        ),
        ("chế độ báo cáo gồm những gì", "report/rules", "Báo cáo công tác cải cách hành chính năm, hằng năm"),
        ("ai nợ báo cáo kinh tế", "report/which", "• KTTT"),
        (
            "tháng này phải báo cáo mấy loại",
            "report/due",
            "KTXH tháng 11/2026: hạn thứ Sáu 20/11/2026, gửi Sở Tài chính (đã quá hạn)",
        ),
        ("còn báo cáo nào phải gửi về Sở Tài chính", "report/due", "KTXH tháng 12/2026"),
        ("báo cáo 9 tháng gửi chưa", "report/no_such_period", "không có kỳ nào"),
        ("Sở Vũ trụ nợ báo cáo gì", "report/unknown_agency", "Sở Vũ trụ"),
        ("thiếu báo cáo an toàn thực phẩm", "report/owed", "không có báo cáo “an toàn thực phẩm”"),
    ],
)
async def test_questions_of_an_agencys_officer(counter: Counter, text: str, key: str, holds: str) -> None:
    keys, said = await Talk(counter, "canbo").say(text)
    assert (keys, holds in said) == ([key], True), said


@pytest.mark.parametrize(
    ("text", "key", "holds"),
    [
        ("xã nào chưa nộp báo cáo CCHC quý III", "report/owed", "Ủy ban nhân dân xã Hòa Phú"),
        ("các sở nộp báo cáo CCHC quý III đủ chưa", "report/standing", "2/3 đã nộp (1 trễ), 1 quá hạn"),
        (
            "năm nay Sở Nông nghiệp và Môi trường nợ mấy kỳ báo cáo",
            "report/owed",
            "1 báo cáo trong năm 2026 chưa nộp",
        ),
        ("quý vừa rồi còn ai thiếu báo cáo", "report/owed", "quý III/2026"),
        ("Sở Nông nghiệp và Môi trường đã gửi báo cáo KTXH tháng 11 chưa", "report/standing", "1/1 đã nộp"),
        ("báo cáo tháng của các phòng, đến giờ thiếu của ai", "report/owed", "KTXH"),
        ("danh sách cơ quan nợ báo cáo", "report/owed", "Tính các kỳ có hạn nộp từ 21/11/2025"),
        ("báo cáo kỳ trước ai đã gửi", "report/handed_in", "KTXH tháng 10/2026"),
    ],
)
async def test_questions_of_the_office(counter: Counter, text: str, key: str, holds: str) -> None:
    keys, said = await Talk(counter, "vp").say(text)
    assert (keys, holds in said) == ([key], True), said


async def test_the_same_of_another_agency_or_period(counter: Counter) -> None:
    talk = Talk(counter, "vp")
    await talk.say("Sở Xây dựng còn nợ báo cáo tháng 11 không")
    keys, said = await talk.say("còn Sở Nông nghiệp và Môi trường?")
    assert keys == ["report/owed"]
    assert said.startswith("Không có nơi nào nợ báo cáo tháng 11/2026.")


async def test_refusals(counter: Counter) -> None:
    assert (await Talk(counter, "canbo").say("Sở Tài chính nợ báo cáo gì"))[0] == ["staff/out_of_reach"]
    assert (await Talk(counter, "tongdai").say("ai nợ báo cáo"))[0] == ["staff/no_reach"]
    keys, said = await Talk(counter, "taichinh").say("Sở Xây dựng còn nợ báo cáo tháng 11 không")
    assert keys == ["report/owed"], "what it receives it may ask about"
    assert "Gồm cả báo cáo các nơi gửi về cơ quan anh/chị." in said


async def test_a_messenger_gets_counts(counter: Counter, office: Office) -> None:
    place = Address(ChannelName.TELEGRAM, "bot", "tg-9")
    office.db.write_now(lambda uow: uow.officers.bind(place, "vp", uow.now))
    assert await counter.say("sở nào còn nợ báo cáo tháng 10", "t1", address=place) == ["report/owed"]
    said = counter.said(place)[-1]
    assert said.startswith("2 báo cáo tháng 10/2026 chưa nộp")
    assert "1. KTXH" not in said


async def test_handed_in_waits_and_is_confirmed(counter: Counter, office: Office) -> None:
    officer, receiver = Talk(counter, "canbo"), Talk(counter, "taichinh")
    assert (await officer.say("em còn nợ báo cáo gì không"))[0] == ["report/owed"]
    assert (await officer.say("Báo đã nộp: KTXH tháng 11/2026"))[0] == ["report/ask_number"]
    assert (await officer.say("123/BC-SXD"))[0][-1] == "report/ask_on"
    keys, said = await officer.say("hôm nay")
    assert keys == ["report/summary_hand_in"]
    assert "KTXH-T, kỳ đến hết 30/11/2026" in said
    keys, said = await officer.say("đồng ý")
    assert keys == ["report/waits"]
    assert "Ngày gửi trễ 1 ngày so với hạn." in said
    assert (await receiver.say("báo cáo tháng 11 ai chưa nộp"))[0] == ["report/owed"]
    keys, said = await receiver.say("Báo cáo chờ xác nhận")
    assert keys == ["report/waiting"]
    assert "Sở Xây dựng: KTXH tháng 11/2026, số 123/BC-SXD" in said
    assert (await receiver.say("Trả lại: KTXH, Sở Xây dựng"))[0] == ["report/ask_note"]
    keys, said = await receiver.say("thiếu biểu số 2")
    assert keys == ["report/summary_return"], said
    assert (await receiver.say("đồng ý"))[0] == ["report/returned"]
    keys, said = await officer.say("em còn nợ báo cáo gì không")
    assert "bị trả lại để làm lại" in said


async def test_the_form_offers_what_is_open_and_understands_its_name(
    counter: Counter, office: Office
) -> None:
    officer = Talk(counter, "xa")
    await officer.say("em còn nợ báo cáo gì không")
    keys, said = await officer.say("Báo đã nộp: CCHC quý III/2026")
    assert keys == ["report/ask_number"], said


async def test_confirmed_it_counts(counter: Counter, office: Office) -> None:
    leader = Talk(counter, "vp")
    await leader.say("ai đã nộp báo cáo CCHC quý III")
    assert (await leader.say("Báo cáo chờ xác nhận"))[0] == ["report/waiting"]
    keys, said = await leader.say("Xác nhận: CCHC, Sở Tài chính")
    assert keys == ["report/accepted"]
    assert said.startswith("Đã xác nhận báo cáo CCHC quý III/2026 của Sở Tài chính.")
    _keys, said = await leader.say("ai đã nộp báo cáo CCHC quý III")
    assert said.startswith("3/4 báo cáo CCHC quý III/2026 đã nộp")


@pytest.mark.parametrize("said", ["báo cáo chờ xác nhận", "bao cao nao cho xac nhan"])
async def test_what_waits_is_asked_for_in_the_words_of_the_notice(counter: Counter, said: str) -> None:
    keys, _ = await Talk(counter, "vp").say(said)
    assert keys == ["report/waiting"]
