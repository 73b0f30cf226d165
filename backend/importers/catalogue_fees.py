"""Times and fees of the national catalogue's channel rows, read with its traps in mind.

"Miễn phí" is what the portal shows for any row without an amount: it means free only where no note, no legal basis
and no step says otherwise. A time of "1" without a unit means within the day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from backend.domain.procedure import Channel, Fee, FeeRule, FilingChannel, TimeLimit, TimeUnit
from backend.importers.catalogue_text import clean

_CHANNELS = {
    "Trực tiếp": FilingChannel.DIRECT,
    "Trực tuyến": FilingChannel.ONLINE,
    "Dịch vụ bưu chính": FilingChannel.POSTAL,
}
_UNITS = {
    "Ngày làm việc": TimeUnit.WORKING_DAY,
    "Ngày": TimeUnit.DAY,
    "Giờ": TimeUnit.HOUR,
    "Tháng": TimeUnit.MONTH,
}
_NO_UNIT = "không ghi đơn vị"
#: More "days" than this without a unit is a time and a fee run together ("1100" = 1 and 100.000).
_MOST_BARE_DAYS = 60
_BY_PROVINCE = re.compile(
    r"hội đồng nhân dân|hđnd|(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân)[^.;]{0,30}(?:tỉnh|thành phố)", re.I
)
_NONE_TO_PAY = re.compile(
    r"^(?:không(?: có| thu(?: phí| lệ phí)?[^;]*| mất phí)?|miễn phí|0 ?đ?(?:ồng)?)\.?$", re.I
)
_NOT_TOLD = re.compile(r"^(?:không quy định|chưa quy định|không có thông tin)\.?$", re.I)
_MONEY = re.compile(r"phí|thông tư|mức thu|\d\s?(?:đồng|đ\b|vnđ|usd|eur)|biểu giá|giá dịch vụ", re.I)
_FOREIGN = re.compile(r"\b(?:USD|EUR|đô la|Euro)\b", re.I)
_LEAD = re.compile(
    r"^(?:Miễn phí|Không có thông tin|[\d.,]+ (?:Việt Nam Đồng|VNĐ|USD|EUR|Euro|Đô la Mỹ))\s*", re.I
)
_RUN_TOGETHER = re.compile(r"^(?:VNĐ|Việt Nam Đồng|,\d{3})")
_ALL_BY_PROVINCE = re.compile(r"85/2019/TT-BTC|106/2021/TT-BTC")
_PAYS = re.compile(r"nộp (?:phí|lệ phí)|thu (?:phí|lệ phí)|lệ phí theo quy định", re.I)
_LONGEST_NOTE = 400


def channels(rows: Any, legal: str, steps: str) -> tuple[Channel, ...]:
    """``rows`` is the record's ``cach_thuc_parsed``; ``legal`` and ``steps`` say whether "free" can be believed."""
    if not isinstance(rows, list):
        return ()
    found = (_channel(row, legal, steps) for row in rows if isinstance(row, Mapping))
    return tuple(one for one in found if one is not None)


def _channel(row: Mapping[str, Any], legal: str, steps: str) -> Channel | None:
    kind = _CHANNELS.get(str(row.get("kenh")))
    if kind is None:
        return None
    told = clean(str(row.get("mo_ta") or ""))
    time, time_note = _time(row, told)
    rule, fees, note = _fee(row, told, legal, steps)
    return Channel(kind, time, time_note, rule, fees, note[:_LONGEST_NOTE].strip())


def _time(row: Mapping[str, Any], told: str) -> tuple[TimeLimit | None, str]:
    raw, unit = str(row.get("so") or ""), str(row.get("don_vi") or "")
    if not raw.isascii() or not raw.isdigit() or int(raw) == 0:
        return None, ""
    amount = int(raw)
    if unit in _UNITS:
        return TimeLimit(amount, _UNITS[unit]), ""
    if unit != _NO_UNIT or amount > _MOST_BARE_DAYS or _RUN_TOGETHER.match(told):
        return None, ""
    if amount == 1:
        return TimeLimit(1, TimeUnit.SAME_DAY), ""
    return TimeLimit(amount, TimeUnit.WORKING_DAY), "Bản công bố không ghi đơn vị; hiểu là ngày làm việc."


def _fee(row: Mapping[str, Any], told: str, legal: str, steps: str) -> tuple[FeeRule, tuple[Fee, ...], str]:
    rest = _LEAD.sub("", told).strip()
    note = _unbracketed(rest)
    fees = tuple(
        Fee(one["vnd"], clean(one.get("ghi_chu"))[:_LONGEST_NOTE].strip())
        for one in row.get("phi") or ()
        if isinstance(one, Mapping) and isinstance(one.get("vnd"), int) and one["vnd"] > 0
    )
    if fees:
        rule = FeeRule.LOCAL if _BY_PROVINCE.search(note) and "mức" in note.lower() else FeeRule.FIXED
        return rule, fees, "" if any(fee.note and fee.note in note for fee in fees) else note
    if not row.get("ghi_mien_phi"):
        return (FeeRule.OTHER_RULE if _FOREIGN.search(told) else FeeRule.UNKNOWN), (), note
    return free_or_not(note, legal, steps), (), note


def free_or_not(note: str, legal: str, steps: str) -> FeeRule:
    """What a row without an amount means: FREE only where note, legal basis and steps let it."""
    if _BY_PROVINCE.search(note):
        return FeeRule.LOCAL
    if _NOT_TOLD.match(note):
        return FeeRule.UNKNOWN
    if _MONEY.search(note) and not _NONE_TO_PAY.match(note):
        return FeeRule.OTHER_RULE
    if _ALL_BY_PROVINCE.search(legal):
        return FeeRule.LOCAL
    if _PAYS.search(steps):
        return FeeRule.UNKNOWN
    return FeeRule.FREE


def _unbracketed(text: str) -> str:
    """ "(Theo …)05 ngày" -> "Theo … 05 ngày"."""
    if not text.startswith("("):
        return text
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return f"{text[1:at].strip()} {text[at + 1 :].strip()}".strip()
    return text[1:].strip()
