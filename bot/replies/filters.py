"""How dates, times and money are written in a reply, by language. Times are Vietnam's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from backend.domain.clock import VIETNAM

_WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
HOME = "vi"


def _date(value: date | str) -> date:
    """Notices keep their values as JSON, so a date may come as ISO text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value.astimezone(VIETNAM).date() if isinstance(value, datetime) else value


def _local(value: datetime | str) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(VIETNAM)


def _time(value: time | datetime | str) -> time:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else time.fromisoformat(value)
    return value.astimezone(VIETNAM).time() if isinstance(value, datetime) else value


def shortday(value: date | str) -> str:
    """24/11/2026, in every language: so it stands on the papers that people hold."""
    on = _date(value)
    return f"{on.day:02d}/{on.month:02d}/{on.year}"


def day(value: date | str, language: str = HOME) -> str:
    """thứ Ba 24/11/2026; Tuesday 24/11/2026"""
    on = _date(value)
    return f"{_WEEKDAYS[language][on.weekday()]} {shortday(on)}"


def clock(value: time | datetime | str) -> str:
    """7 giờ 30"""
    at = _time(value)
    return f"{at.hour} giờ" + (f" {at.minute:02d}" if at.minute else "")


def english_clock(value: time | datetime | str) -> str:
    """7:30, 15:00"""
    at = _time(value)
    return f"{at.hour}:{at.minute:02d}"


def moment(value: datetime | str) -> str:
    """14:05 ngày 20/11/2026"""
    local = _local(value)
    return f"{local:%H:%M} ngày {shortday(local.date())}"


def english_moment(value: datetime | str) -> str:
    """14:05 on 20/11/2026"""
    local = _local(value)
    return f"{local:%H:%M} on {shortday(local.date())}"


_ROMAN = ("I", "II", "III", "IV")


def period(kind: str, last: date | str) -> str:
    """tháng 10/2026; quý III/2026; 6 tháng đầu năm 2026; năm 2026: a reporting period by its last calendar day"""
    on = _date(last)
    if kind == "quarter":
        return f"quý {_ROMAN[(on.month - 1) // 3]}/{on.year}"
    if kind == "half":
        return f"6 tháng {'đầu' if on.month == 6 else 'cuối'} năm {on.year}"
    return {"nine_months": f"9 tháng năm {on.year}", "year": f"năm {on.year}"}.get(
        kind, f"tháng {on.month}/{on.year}"
    )


def english_period(kind: str, last: date | str) -> str:
    """10/2026; quarter III/2026; first half of 2026"""
    on = _date(last)
    if kind == "quarter":
        return f"quarter {_ROMAN[(on.month - 1) // 3]}/{on.year}"
    if kind == "half":
        return f"{'first' if on.month == 6 else 'second'} half of {on.year}"
    return {"nine_months": f"nine months of {on.year}", "year": f"{on.year}"}.get(
        kind, f"{on.month}/{on.year}"
    )


def vnd(value: int) -> str:
    """20.000 đồng"""
    return f"{value:,}".replace(",", ".") + " đồng"


def number(value: Decimal | int) -> str:
    """128.063; 5,099"""
    told = Decimal(value)
    plain = f"{int(told):,}" if told == told.to_integral_value() else f"{told.normalize():,f}"
    return plain.translate(_SWAPPED)


def percent(value: Decimal | int) -> str:
    """0,42%; 98,38%; 71,5%. Never 100% for what is not all, nor 0% for what is something."""
    told = Decimal(value)
    digits = 2
    while digits < 6 and round(told, digits) in (0, 100) and told not in (0, 100):
        digits += 1
    return number(Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) + "%"


def dong(value: Decimal | int) -> str:
    """20.000 đồng; 5,099 tỷ đồng"""
    told = Decimal(value)
    return f"{number(told / 10**9)} tỷ đồng" if told >= 10**9 else f"{number(told)} đồng"


def english_vnd(value: int) -> str:
    """20,000 VND"""
    return f"{value:,} VND"


def listed(values: Iterable[Any]) -> str:
    """One "• " line each."""
    return "\n".join(f"• {value}" for value in values)


_SWAPPED = str.maketrans(",.", ".,")
_COMMON: dict[str, Callable[..., str]] = {
    "shortday": shortday,
    "list": listed,
    "number": number,
    "percent": percent,
    "dong": dong,
}
_BY_LANGUAGE: dict[str, dict[str, Callable[..., str]]] = {
    "vi": {"day": day, "clock": clock, "moment": moment, "vnd": vnd, "period": period},
    "en": {
        "day": lambda value: day(value, "en"),
        "clock": english_clock,
        "moment": english_moment,
        "vnd": english_vnd,
        "period": english_period,
    },
}


def filters(language: str) -> Mapping[str, Callable[..., str]]:
    """Filters of the templates; a language without its own has Vietnamese ones."""
    return {**_COMMON, **_BY_LANGUAGE.get(language, _BY_LANGUAGE[HOME])}
