"""Officers ask about dossiers and petitions as they talk: counts, rows, follow-ups, refusals, scope, source."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from actions.registry import gather
from backend.db.tables.people import audit
from backend.domain.messaging import Address, ChannelName, Incoming, Kind
from backend.domain.understanding import NOTHING, Entity, Understanding
from backend.services.accounts import binding
from bot.dialogue.understanding import RasaClient
from tests.integration.dialogue.counter import Counter, Told, desk_of
from tests.integration.work.conftest import PERMIT, SECRET, Place, code

TELEGRAM = Address(ChannelName.TELEGRAM, "bot", "tg-1")
_USES = frozenset({"agency", "procedure", "field", "date", "person"})
_MARKED = re.compile(r"\[([^\]]+)\]\((\w+)\)")
_DEAF = RasaClient.__new__(RasaClient)
_DEAF._failures, _DEAF._open_until = 99, float("inf")


class Reading(Told):
    """ "d: …" is about dossiers, "p: …" about petitions, "?" a sentence that no intent fits; names are marked as in
    the training sentences."""

    async def understand(self, incoming: Incoming) -> Understanding:
        if incoming.kind is not Kind.TEXT:
            return NOTHING
        read = await RasaClient.understand(_DEAF, incoming)
        if read.source == "code":
            return read
        intent = {"d": "dossier_work", "p": "petition_work"}.get(incoming.text[:1], "insult")
        entities = tuple(self.entities.get(incoming.text, ()))
        return Understanding(
            intent if incoming.text[1:2] == ":" else "insult", 0.95, entities, source="model"
        )

    def __init__(self) -> None:
        super().__init__()
        self.entities: dict[str, list[Entity]] = {}


class Talk:
    def __init__(self, counter: Counter, reading: Reading) -> None:
        self.counter, self.reading, self._number = counter, reading, 0

    async def __call__(self, text: str, name: str = "canbo", address: Address | None = None) -> list[str]:
        """The keys of the answer; ``said`` then has its words."""
        plain, entities, at = "", [], 0
        for mark in _MARKED.finditer(text):
            plain += text[at : mark.start()]
            entities.append(Entity(mark[2], mark[1], len(plain), len(plain) + len(mark[1])))
            plain += mark[1]
            at = mark.end()
        plain += text[at:]
        self.reading.entities[plain] = entities
        self._number += 1
        where = address or Address(ChannelName.TERMINAL, name, "s")
        staff = {} if address else {"staff": name}
        keys = await self.counter.say(plain, f"m{self._number}", address=where, **staff)
        self.said = self.counter.said(where)[-1]
        return keys


@pytest.fixture
def talk(place: Place) -> Talk:
    actions, forms = gather()
    uses = {"dossier_work": _USES, "petition_work": _USES}
    desk = replace(desk_of(actions), forms=forms, uses=uses, rows_on=frozenset({ChannelName.TERMINAL}))
    reading = Reading()
    return Talk(Counter(place.office.db, desk, reading), reading)


def audited(place: Place) -> list[tuple[str, str, str]]:
    columns = (audit.c.actor, audit.c.action, audit.c.outcome)

    def look(uow: Any) -> list[tuple[str, str, str]]:
        rows = uow.connection.execute(select(*columns).order_by(audit.c.id))
        return [tuple(row) for row in rows if row.actor.startswith("account:")]

    return place.ask(look)


async def test_the_overview_says_counts_source_time_and_scope(talk: Talk) -> None:
    assert await talk("d: hồ sơ của cơ quan mình") == ["work/dossiers"]
    assert talk.said.startswith("11 hồ sơ đang giải quyết, tính đến 09:30 ngày 23/11/2026:\n• Quá hạn: 5\n")
    assert "• Đến hạn đến hết 27/11/2026: 3" in talk.said
    assert "• Chờ người dân bổ sung (đồng hồ dừng, không tính trễ): 1" in talk.said
    assert "• Sở Xây dựng: 4 trên 10" in talk.said
    assert f"• Thủ tục {PERMIT}: 4 trên 9" in talk.said
    assert "Quá hạn nhiều nhất ở bước “Thẩm định”: 3 hồ sơ." in talk.said
    assert "Nguồn: Một cửa tỉnh, cập nhật 14:00 ngày 22/11/2026." in talk.said
    assert "Nguồn: iGate, cập nhật 08:00 ngày 20/11/2026 (đã lâu chưa cập nhật)." in talk.said
    assert talk.said.endswith("Phạm vi: Sở Xây dựng.")


async def test_each_figure_opens_to_its_rows_page_by_page(talk: Talk, place: Place) -> None:
    await talk("d: hồ sơ")
    assert await talk("Hồ sơ quá hạn") == ["work/dossier_list"]
    assert talk.said.startswith("5 hồ sơ quá hạn, tính đến 09:30 ngày 23/11/2026; 1 hồ sơ chờ bổ sung")
    assert (
        f"1. {code(1)}: Tên của {PERMIT} (Sở Xây dựng; Thẩm định; hẹn 17:00 ngày 10/11/2026; trễ 9 ngày làm việc)"
        in (talk.said)
    )
    assert "hẹn 17:00 ngày 16/11/2026, đã trừ 2 ngày bổ sung; trễ 5 ngày làm việc" in talk.said
    assert SECRET not in "".join(talk.counter.said(Address(ChannelName.TERMINAL, "canbo", "s")))
    assert ("account:canbo", "dossier_rows", "ok") in audited(place)
    assert await talk("hồ sơ thứ hai") == ["dossier/explained"]
    assert code(9) in talk.said
    assert await talk("d: hồ sơ quá hạn", "vp") == ["work/dossier_list"]
    assert "Còn 2 hồ sơ nữa." in talk.said
    assert await talk("Xem tiếp", "vp") == ["work/dossier_list"]
    assert [line[:2] for line in talk.said.splitlines() if line[:2] in {"6.", "7."}] == ["6.", "7."]
    assert "Còn" not in talk.said


SAID = (
    ("d: hồ sơ nào của sở mình đang quá hẹn trả", "5 hồ sơ quá hạn"),
    ("d: hồ sơ nào của sở mình sắp trễ hẹn", "3 hồ sơ đến hạn từ nay đến hết 27/11/2026; ngoài ra 5"),
    ("d: hồ sơ sắp trễ trong một ngày", "1 hồ sơ đến hạn từ nay đến hết 25/11/2026"),
    ("d: hồ sơ đến hạn ngày 30/11", "1 hồ sơ đến hạn từ 30/11/2026 đến hết 30/11/2026"),
    ("d: hồ sơ phải trả trước 30/11", "4 hồ sơ đến hạn từ nay đến hết 30/11/2026"),
    ("d: hồ sơ còn sót từ hôm qua chưa trả", "11 hồ sơ đang giải quyết"),
    ("d: thủ tục nào đang nghẽn", "5 hồ sơ quá hạn"),
    ("d: hồ sơ kết hôn", "11 hồ sơ đang giải quyết"),
    ("d: cái nào còn không quá một ngày là bể hẹn", "1 hồ sơ đến hạn từ nay đến hết 25/11/2026"),
    ("d: bộ nào phải trả tuần này", "3 hồ sơ đến hạn từ nay đến hết 29/11/2026"),
    ("d: hồ sơ trễ trên năm ngày", "2 hồ sơ quá hạn trên 5 ngày làm việc"),
    ("d: hồ sơ đang chờ dân bổ sung", "1 hồ sơ chờ người dân bổ sung"),
    ("d: hồ sơ nộp mạng chưa tiếp nhận", "1 hồ sơ mới đăng ký, chưa ai tiếp nhận"),
    (
        "d: ùn ở bước nào",
        "Quá hạn nhiều nhất ở bước “Thẩm định”: 3 quá hạn trên 7 hồ sơ, một nửa đã nằm từ 5 ngày",
    ),
    ("d: ai đang giữ nhiều hồ sơ trễ", "Quá hạn nhiều nhất ở nơi giữ “Phòng Thẩm định”: 3"),
    ("d: bước trình ký đang ôm những hồ sơ nào", "1 hồ sơ đang giải quyết, 1 quá hạn"),
    (
        "d: hồ sơ của tôi",
        "Hồ sơ mà nguồn ghi anh/chị đang giữ (2 hồ sơ khác của cơ quan không ghi ai giữ):\n2 ",
    ),
    ("d: hồ sơ trễ của [Bình](person)", "1 hồ sơ quá hạn"),
    ("d: hồ sơ của [Không Có](person)", "Không hồ sơ đang giải quyết nào ghi “Không Có” đang giữ."),
    ("d: hồ sơ [Đất đai](field)", "1 hồ sơ đang giải quyết"),
    ("d: hồ sơ [cấp phép bay lượn trên trời](procedure) trễ", "Tôi không tìm ra thủ tục nào tên"),
    ("d: hồ sơ trẻ em", "11 hồ sơ đang giải quyết"),
    ("d: kết quả công tác", "11 hồ sơ đang giải quyết"),
)


async def test_what_a_sentence_asks(talk: Talk) -> None:
    wrong = []
    for text, began in SAID:
        keys = await talk(text)
        if not (
            talk.said.startswith(began)
            and keys[0].startswith("work/")
            and "Phạm vi: Sở Xây dựng" in talk.said
        ):
            wrong.append(f"{text}: {talk.said}")
    assert wrong == []


async def test_ones_own_list_says_when_it_is_the_agencys(talk: Talk) -> None:
    await talk("d: hồ sơ quá hạn của tôi", "dongnghiep")
    assert talk.said.startswith(
        "Không hồ sơ nào ghi tên anh/chị đang giữ, nên đây là của cả cơ quan (2 hồ sơ không"
    )
    assert "5 hồ sơ quá hạn" in talk.said
    await talk("d: hàng chờ của tôi", "motcua")
    assert talk.said.startswith("Hồ sơ của cơ quan anh/chị:\n11 hồ sơ đang giải quyết")


async def test_an_agency_without_steps_is_told_so(talk: Talk) -> None:
    await talk("d: hồ sơ [Ban Quản lý dự án](agency) tắc ở khâu nào")
    assert talk.said.startswith(
        "Nguồn không cho biết hồ sơ đang ở bước nào, ai đang giữ (1 hồ sơ đang giải quyết)"
    )
    assert "iGate không bao giờ cho biết bước." in talk.said
    assert talk.said.endswith("Phạm vi: Sở Xây dựng; Ban Quản lý dự án.")


async def test_follow_ups_keep_what_was_asked(talk: Talk) -> None:
    await talk("d: hồ sơ quá hạn", "vp")
    assert talk.said.startswith("7 hồ sơ quá hạn")
    assert await talk("?: còn [Sở Xây dựng](agency)?", "vp") == ["work/dossier_list"]
    assert talk.said.startswith("5 hồ sơ quá hạn")
    assert talk.said.endswith("Phạm vi: toàn tỉnh; Sở Xây dựng.")
    assert await talk("?: còn [Sở Tài chính](agency) thì sao", "vp") == ["work/dossier_list"]
    assert talk.said.startswith("Không có hồ sơ nào quá hạn")
    await talk("d: hồ sơ của [Bình](person)", "vp")
    assert talk.said.startswith("2 hồ sơ đang giải quyết")
    await talk("?: còn [Sở Tài chính](agency)?", "vp")
    assert talk.said.startswith("2 hồ sơ đang giải quyết"), "the agency's, not the same officer's there"
    await talk("p: đơn quá hạn của tôi", "tongdai")
    assert await talk("?: còn [tuần sau](date) thì sao", "tongdai") == ["work/petition_list"]
    assert talk.said.startswith("Đơn chờ bàn trực xử lý và đơn anh/chị đang giữ:\n")


async def test_out_of_scope_is_refused_and_explained(talk: Talk, place: Place) -> None:
    assert await talk("d: hồ sơ trễ của [Sở Tài chính](agency)") == ["staff/out_of_reach"]
    assert await talk("p: đơn trễ của [Sở Tài chính](agency)") == ["staff/out_of_reach"]
    assert await talk("p: đơn trễ của [Sở Tài chính](agency)", "tongdai") == ["staff/out_of_reach"]
    assert await talk("d: hồ sơ trễ", "tongdai") == ["staff/no_reach"]
    assert await talk("d: hồ sơ trễ", "quantri") == ["staff/no_reach"]
    assert await talk("p: đơn trễ", "quantri") == ["staff/no_reach"]
    asked = await talk("d: hồ sơ trễ", address=TELEGRAM)
    assert asked == ["dossier/ask_code"], "a citizen means their own"
    refusals = [row for row in audited(place) if row[2] == "refused"]
    assert len(refusals) == 6
    assert await talk("d: hồ sơ của [Sở Bay lượn](agency)") == ["work/agency_unknown"]
    assert await talk("d: hồ sơ trễ toàn [tỉnh An Hòa](agency)") == ["work/dossier_list"]
    assert talk.said.endswith("Phạm vi: Sở Xây dựng.")


async def test_a_messenger_gets_counts_alone(talk: Talk, place: Place) -> None:
    given = place.office.db.write_now(lambda uow: binding.give_code(uow, "shell", "canbo")).code
    await talk(given, address=TELEGRAM)
    assert await talk("d: hồ sơ quá hạn", address=TELEGRAM) == ["work/dossier_list"]
    assert "Kênh này chỉ báo số lượng" in talk.said
    assert not re.search(r"\d{6}-\d{4}", talk.said)
    assert await talk("Ùn ở bước nào", address=TELEGRAM) == ["work/stuck"]
    assert await talk("p: đơn quá hạn", address=TELEGRAM) == ["work/petition_list"]
    assert talk.said.startswith("1 đơn, phản ánh quá hạn.")
    assert "PA-" not in talk.said


async def test_petitions_are_counted_and_opened(talk: Talk, place: Place) -> None:
    assert await talk("p: đơn thư thế nào", "vp") == ["work/petitions"]
    assert talk.said.startswith("7 đơn, phản ánh đang xử lý:\n• Quá hạn: 2\n")
    assert "• Chưa giao cơ quan nào: 2" in talk.said
    assert "• chưa giao cơ quan nào: 1 trên 3" in talk.said
    assert "Theo sổ đơn của hệ thống này, lúc 09:30 ngày 23/11/2026." in talk.said
    assert talk.said.endswith("Phạm vi: toàn tỉnh.")
    assert await talk("Đơn quá hạn", "vp") == ["work/petition_list"]
    late, old = place.petitions["late"], place.petitions["old_unassigned"]
    assert f"1. {late}: phản ánh về " in talk.said
    assert "hạn 17:00 ngày 16/11/2026, trễ 5 ngày làm việc; Sở Xây dựng)" in talk.said
    assert (
        f"2. {old}: phản ánh (nhận 18/11/2026; hạn phân loại 17:00 ngày 19/11/2026, trễ 2 ngày làm việc; bàn trực)"
        in (talk.said)
    )
    assert SECRET not in talk.said
    assert "Đèn đường" not in talk.said
    assert ("account:vp", "petition_rows", "ok") in audited(place)
    assert await talk("đơn thứ hai", "vp") == ["petition/status"]
    assert old in talk.said


OF_PETITIONS = (
    ("canbo", "p: đơn nào sắp hết hạn trả lời", "Không có đơn, phản ánh nào sắp đến hạn (từ nay đến hết"),
    ("canbo", "p: đơn của tôi", "Đơn giao cho anh/chị:\n2 đơn, phản ánh đang xử lý"),
    ("canbo", "p: đơn nào chưa thụ lý", "1 đơn, phản ánh cơ quan chưa thụ lý."),
    ("vp", "p: có đơn nào chưa giao cho ai không", "2 đơn, phản ánh chưa giao cơ quan nào."),
    ("vp", "p: đơn [giao thông](field) quá hạn", "1 đơn, phản ánh quá hạn."),
    ("vp", "p: anh [Bình](person) đang giữ đơn nào trễ", "1 đơn, phản ánh quá hạn."),
    ("vp", "p: [chủ tịch](person) hỏi đơn quá hạn", "2 đơn, phản ánh quá hạn."),
    ("vp", "p: đơn của [Không Có](person)", "Không có tài khoản nào tên “Không Có”"),
    ("vp", "p: phản ánh tuần trước còn cái nào", "7 đơn, phản ánh đang xử lý"),
    ("tongdai", "p: đơn vô chủ", "2 đơn, phản ánh chưa giao cơ quan nào."),
    ("tongdai", "p: đơn chưa phân công", "2 đơn, phản ánh chưa giao cơ quan nào."),
    (
        "tongdai",
        "p: việc của tôi",
        "Đơn chờ bàn trực xử lý và đơn anh/chị đang giữ:\n4 đơn, phản ánh đang xử lý",
    ),
    ("tiepdan", "p: đơn của tôi quá hạn", "Đơn chờ bàn trực xử lý và đơn anh/chị đang giữ:\n1 đơn"),
)


async def test_what_a_sentence_asks_of_petitions(talk: Talk) -> None:
    wrong = []
    for name, text, began in OF_PETITIONS:
        await talk(text, name)
        if not (talk.said.startswith(began) and "\n\nPhạm vi: " in talk.said):
            wrong.append(f"{text}: {talk.said}")
    assert wrong == []


async def test_one_petition_is_told_within_reach(talk: Talk, place: Place) -> None:
    code = place.petitions["late"]
    assert await talk(f"p: [{code}](complaint_code) ai đang xử lý, kịp hạn không") == ["work/petition_one"]
    assert talk.said.startswith(f"{code}: phản ánh về ")
    assert (
        "• Nơi giữ: Sở Xây dựng (anh/chị phụ trách)\n• Nhận: 02/11/2026\n• Hạn: 17:00 ngày 16/11/2026, trễ 5"
        in (talk.said)
    )
    assert SECRET not in talk.said
    for hidden in ("about", "closed", "soon"):  # about the own agency, ended, another's
        other = place.petitions[hidden]
        assert await talk(f"p: đơn [{other}](complaint_code) tới đâu") == ["work/petition_unknown"]
    assert ("account:canbo", "petition_work", "not_found") in audited(place)


async def test_denunciations_stay_in_their_lane(talk: Talk, place: Place) -> None:
    await talk("p: đơn tố cáo nào quá hạn", "vp")
    assert "Đơn tố cáo nằm trong ngăn kín" in talk.said
    assert "Ngăn kín:" not in talk.said, "only its reader is told how many"
    assert await talk("p: đơn tố cáo", "thanhtra") == ["work/sealed"]
    assert talk.said.startswith(
        "Ngăn kín: 1 đơn tố cáo chưa xử lý xong, 1 chưa ai mở; có đơn đã quá thời hạn"
    )
    assert "bí mật" not in talk.said
    assert ("account:thanhtra", "sealed_count", "ok") in audited(place)
    assert await talk("d: hồ sơ", "thanhtra") == ["staff/no_reach"]


async def test_days_that_are_over_are_a_matter_of_figures(talk: Talk) -> None:
    assert (await talk("d: hồ sơ quá hạn tháng 10"))[0].startswith("figures/")
