"""What every product needs: where its sentences come from, and how numbers and days are written in Vietnamese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from backend.domain.clock import VIETNAM
from backend.domain.figure import Figure, Origin, Period, Unit

#: A picture is for the phone, the others for the desk.
PNG = "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Say(Protocol):
    """A sentence of the replies by its key, filled with values."""

    def __call__(self, key: str, /, **values: object) -> str: ...


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is called, in short, and what exactly is counted. ``lower``: less of it is better."""

    name: str
    meaning: str = ""
    lower: bool = False


#: Keys of the words for what a value counts, and for where it comes from.
UNITS = {
    Unit.COUNT: "product/unit_count",
    Unit.DONG: "product/unit_dong",
    Unit.DAYS: "product/unit_days",
    Unit.PERCENT: "product/unit_percent",
}
ORIGINS = {
    Origin.ROWS: "product/origin_rows",
    Origin.ENTERED: "product/origin_entered",
    Origin.FROZEN: "product/origin_frozen",
}


class Words(Protocol):
    """The officers' texts: sentences by key, figures by theirs."""

    @property
    def say(self) -> Say: ...
    def title(self, topic: str) -> str: ...
    def define(self, figure: Figure) -> Definition: ...


def whole(value: int | Decimal) -> str:
    """128.063; a fraction keeps its digits: 3,5"""
    number = Decimal(value)
    if number == number.to_integral_value():
        return f"{int(number):,}".replace(",", ".")
    return f"{number.normalize():,f}".translate(str.maketrans(",.", ".,"))


def percent(rate: Decimal) -> str:
    """98,38%; 71,5%; 100%. Two digits at the most, and never 100% for what is not all, nor 0% for what is something."""
    digits = 2
    rounded = _rounded(rate, digits)
    while digits < 6 and ((rounded == 100 and rate < 100) or (rounded == 0 and rate > 0)):
        digits += 1
        rounded = _rounded(rate, digits)
    return whole(rounded) + "%"


def _rounded(rate: Decimal, digits: int) -> Decimal:
    return rate.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def valued(figure: Figure, say: Say) -> str:
    """The bare value with its unit; "chưa có" for what is not known, which is never 0."""
    if figure.value is None:
        return say("product/unknown")
    if figure.unit is Unit.DONG:
        return say("product/dong", amount=whole(figure.value))
    if figure.unit is Unit.PERCENT:
        return percent(Decimal(figure.value))
    if figure.unit is Unit.DAYS:
        return say("product/days", days=whole(figure.value))
    return whole(figure.value)


def rated(figure: Figure, say: Say) -> str:
    """What the value is a part of: "98,38% của 65.761"; empty where it is no part of anything."""
    if figure.rate is None or figure.of is None:
        return ""
    return say("product/rate", rate=percent(figure.rate), of=whole(figure.of))


def short_day(on: date) -> str:
    """24/11/2026"""
    return f"{on.day:02d}/{on.month:02d}/{on.year}"


def moment(at: datetime) -> str:
    """14:05 ngày 20/11/2026"""
    local = at.astimezone(VIETNAM)
    return f"{local:%H:%M} ngày {short_day(local.date())}"


def span(period: Period, say: Say) -> str:
    """The days of a period, and whose cut-off day set them."""
    text = say("product/period", first=short_day(period.first), last=short_day(period.last))
    return f"{text} ({period.regime})" if period.regime else text


def sources(figures: Sequence[Figure], say: Say) -> tuple[str, ...]:
    """One line for each source with the time it last spoke, in the order of the figures."""
    lines: dict[str, None] = {}
    for one in figures:
        if one.value is None:
            continue
        if one.origin is Origin.ENTERED:
            lines[say("product/entered", source=one.source)] = None
        elif one.source and one.as_of:
            lines[say("product/source_at", source=one.source, at=moment(one.as_of))] = None
        elif one.source:
            lines[say("product/source", source=one.source)] = None
        else:
            lines[say("product/source_own")] = None
    return tuple(lines)


def remark(figure: Figure, say: Say) -> str:
    """What a reader must know of this figure; empty where there is nothing."""
    return say(figure.remark, **figure.values) if figure.remark else ""
