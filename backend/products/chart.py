"""Figures as a picture for the phone: large digits, then a bar for each agency, and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from backend.domain.figure import Figure, FigureSet, Line
from backend.products.canvas import ACCENT, INK, MUTED, PANEL, RULE, TRACK, WIDTH, Page
from backend.products.words import Words, moment, percent, rated, remark, sources, span, valued

EDGE = 48
ROOM = WIDTH - 2 * EDGE
_GAP = 24
_CARD = (ROOM - _GAP) / 2
#: A longer picture is made smaller by messengers until nobody can read it; the rest is counted, and stands in the
#: workbook.
MOST_LINES = 6
MOST_CARDS = 6


def figure_chart(figures: FigureSet, words: Words) -> bytes:
    """A PNG, 1080 pixels wide."""
    page = Page()
    y = heading(
        page,
        words.title(figures.topic),
        [span(figures.period, words.say), figures.scope],
    )
    y = _cards(page, y, figures, words)
    if figures.lines:
        y = _bars(page, y, figures.lines, words)
    return page.png(footer(page, y, footnotes(figures, words)))


def heading(page: Page, title: str, below: Sequence[str]) -> float:
    page.box(0, 0, WIDTH, 14, ACCENT)
    y = page.lines(EDGE, 50, title, 52, ROOM, bold=True, most=3) + 6
    for one in below:
        if one:
            y = page.lines(EDGE, y, one, 30, ROOM, colour=MUTED, most=3)
    return y + 26


def footer(page: Page, y: float, lines: Sequence[str]) -> float:
    """Small print; returns where the picture ends."""
    y += 12
    page.box(EDGE, y, ROOM, 2, RULE)
    y += 20
    for one in lines:
        y = page.lines(EDGE, y, one, 25, ROOM, colour=MUTED, most=4) + 4
    return y + 34


def footnotes(figures: FigureSet, words: Words) -> list[str]:
    """What the figures rest on: sources and their time, remarks, what cannot be compared, when it was taken."""
    every = [*figures.figures, *(one for line in figures.lines for one in line.figures)]
    found = [*sources(every, words.say)]
    found += [text for one in figures.figures if (text := remark(one, words.say))]
    if figures.not_comparable:
        found.append(words.say(figures.not_comparable, names=figures.compared_names))
    if figures.before is not None:
        found.append(words.say("product/compared_with", period=span(figures.before.period, words.say)))
    if figures.frozen_at is not None:
        found.append(words.say("product/frozen", at=moment(figures.frozen_at)))
    found.append(words.say("product/taken", at=moment(figures.taken_at)))
    return list(dict.fromkeys(found))


def change(now: Figure, before: Figure | None, words: Words) -> str:
    """ "kỳ so sánh 1.317 (tăng 15,03%)"; empty where there is nothing to compare with."""
    if before is None:
        return ""
    was = valued(before, words.say)
    if now.value is None or not before.value:
        return words.say("product/was", value=was)
    grown = (Decimal(now.value) - Decimal(before.value)) * 100 / Decimal(before.value)
    way = "product/was_same" if not grown else "product/was_less" if grown < 0 else "product/was_more"
    return words.say(way, value=was, rate=percent(abs(grown)))


def earlier(figures: FigureSet, key: str) -> Figure | None:
    """The figure of the same definition in the period compared with."""
    then = figures.before.figures if figures.before else ()
    return next((one for one in then if one.key == key), None)


def _cards(page: Page, y: float, figures: FigureSet, words: Words) -> float:
    shown = _telling(figures.figures)[:MOST_CARDS]
    while shown:
        row, shown = shown[:2], shown[2:]
        wide = _CARD if len(row) == 2 else ROOM
        texts = [_card_texts(one, figures, words) for one in row]
        high = max(_card(Page(), 0, 0, wide, one) for one in texts)
        for index, one in enumerate(texts):
            x = EDGE + index * (wide + _GAP)
            page.box(x, y, wide, high, PANEL)
            _card(page, x, y, wide, one)
        y += high + _GAP
    if len(figures.figures) > MOST_CARDS:
        left = len(figures.figures) - MOST_CARDS
        y = page.lines(EDGE, y, words.say("product/more_figures", count=left), 27, ROOM, colour=MUTED)
    return y


def _telling(every: Sequence[Figure]) -> list[Figure]:
    """The first one, which was asked for, then what there is something to say about."""
    return [*every[:1], *sorted(every[1:], key=lambda one: (one.value is None, not one.value))]


def _card_texts(one: Figure, figures: FigureSet, words: Words) -> tuple[str, str, list[str]]:
    below = [rated(one, words.say), change(one, earlier(figures, one.key), words)]
    if one.period is not None and one.period != figures.period:
        below.append(span(one.period, words.say))
    return words.define(one).name, valued(one, words.say), [text for text in below if text]


def _card(page: Page, x: float, y: float, wide: float, texts: tuple[str, str, list[str]]) -> float:
    """Its height."""
    name, value, below = texts
    room = wide - 48
    at = page.lines(x + 24, y + 20, name, 29, room, colour=MUTED, most=4)
    size = 76.0
    while size > 34 and page.width(value, size, bold=True) > room:
        size -= 2
    at = page.lines(x + 24, at + 2, value, size, room, bold=True, most=2)
    for one in below:
        at = page.lines(x + 24, at, one, 27, room, colour=INK, most=3)
    return at - y + 22


def _bars(page: Page, y: float, lines: Sequence[Line], words: Words) -> float:
    """One bar a line, of its first figure; what the line should have less of is written below."""
    named = next((line.figures[0] for line in lines if line.figures), None)
    if named is None:
        return y
    y = (
        page.lines(
            EDGE,
            y + 14,
            words.say("product/by_place", name=words.define(named).name),
            34,
            ROOM,
            bold=True,
            most=3,
        )
        + 14
    )
    shown = list(lines[:MOST_LINES])
    charted = [line for line in shown if line.figures]
    longest = max((Decimal(line.figures[0].value or 0) for line in charted), default=Decimal(0))
    beside = max(page.width(valued(line.figures[0], words.say), 36, bold=True) for line in charted)
    for line in charted:
        y = _bar(page, y, line, longest, ROOM - beside - 20, words)
    if len(lines) > len(shown):
        y = page.lines(EDGE, y, words.say("product/more_lines", count=len(lines) - len(shown)), 27, ROOM)
    return y


def _bar(page: Page, y: float, line: Line, longest: Decimal, room: float, words: Words) -> float:
    """``room``: the length of the longest bar, the same for all."""
    first, *others = line.figures
    value = valued(first, words.say)
    high = 34
    y = page.lines(EDGE, y, line.name, 29, ROOM, most=3) + 2
    if first.value is not None:
        page.box(EDGE, y, room, high, TRACK)
    if first.value and longest:  # whatever is there at all is seen
        page.box(EDGE, y, max(4.0, room * float(Decimal(first.value) / longest)), high, ACCENT)
    page.text(WIDTH - EDGE, y - 5, value, 36, bold=True, right=True)
    y += high + 8
    told = [rated(first, words.say)]
    told += [f"{words.define(one).name}: {_beside(one, words)}" for one in others if words.define(one).lower][
        :1
    ]
    below = "; ".join(one for one in told if one)
    if below:
        y = page.lines(EDGE, y, below, 25, ROOM, colour=MUTED, most=3)
    return y + 20


def _beside(one: Figure, words: Words) -> str:
    value, rate = valued(one, words.say), rated(one, words.say)
    return f"{value} ({rate})" if rate else value
