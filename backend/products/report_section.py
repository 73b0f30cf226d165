"""The draft of a periodic report's section: sentences with the figures, a table by agency, and what they rest on."""

from __future__ import annotations

from backend.domain.figure import Figure, FigureSet
from backend.products.chart import change, earlier, footnotes
from backend.products.document import draft_mark, new_document, paragraph, table, written
from backend.products.words import Words, rated, span, valued

#: Columns of figures that an upright page has room for.
MOST_COLUMNS = 4
_PAGE_MM = 160.0


def report_section(figures: FigureSet, words: Words) -> bytes:
    say = words.say
    made = new_document()
    draft_mark(made, say("product/draft"))
    paragraph(made, say("product/draft"), bold=True, centred=True)
    paragraph(made, words.title(figures.topic), bold=True, centred=True, size=15)
    paragraph(made, span(figures.period, say), italic=True, centred=True)
    if figures.scope:
        paragraph(made, figures.scope, italic=True, centred=True)
    for one in figures.figures:
        paragraph(made, _sentence(one, figures, words), indented=True)
    if figures.lines:
        _by_place(made, figures, words)
    paragraph(made, say("product/section_sources"), bold=True, size=12)
    for text in footnotes(figures, words):
        paragraph(made, f"- {text}", size=12, after=2)
    return written(made)


def _sentence(one: Figure, figures: FigureSet, words: Words) -> str:
    own = one.period if one.period and one.period != figures.period else None
    return words.say(
        "product/section_sentence",
        name=words.define(one).name,
        value=valued(one, words.say),
        rate=rated(one, words.say),
        before=change(one, earlier(figures, one.key), words),
        period=span(own, words.say) if own else "",
    )


def _by_place(made: object, figures: FigureSet, words: Words) -> None:
    named: dict[str, Figure] = {}
    for line in figures.lines:
        for one in line.figures:
            if len(named) < MOST_COLUMNS:
                named.setdefault(one.key, one)
    head = [words.say("product/column_place"), *(words.define(one).name for one in named.values())]
    rows = []
    for line in figures.lines:
        found = {one.key: one for one in line.figures}
        rows.append([line.name, *(_cell(found.get(key), words) for key in named)])
    wide = (_PAGE_MM - 60) / max(1, len(named))
    paragraph(made, words.say("product/section_table"), bold=True)
    table(made, head, rows, [60.0, *(wide for _ in named)])
    paragraph(made, "")


def _cell(one: Figure | None, words: Words) -> str:
    if one is None:
        return ""
    value, rate = valued(one, words.say), rated(one, words.say)
    return f"{value} ({rate})" if rate else value
