"""What a worker makes: for each kind of order the values it needs, read in a transaction, and the file of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from actions.staff import scope_said
from backend.domain.errors import DomainError, NotFound
from backend.domain.figure import Figure, FigureSet
from backend.domain.ports import UnitOfWork
from backend.domain.scope import Scope
from backend.domain.task import Giver, TaskFilter
from backend.domain.viewer import Viewer
from backend.products.words import DOCX, PNG, XLSX, Definition, Say, span
from backend.products.workbook import Rows
from backend.services.agencies.tree import tree
from backend.services.briefs.urging import may_urge, urging_letter
from backend.services.briefs.week import week_brief
from backend.services.figures.ask import Question, answer
from backend.services.figures.definitions import FIGURES
from backend.services.figures.words import meaning_of, name_of
from bot.dialogue.desk import Desk

#: Agencies that the brief offers to urge with one tap.
MOST_URGED = 3
#: Single rows in a workbook.
MOST_ROWS = 5000
_TASK_COLUMNS = (
    "product/column_code",
    "product/column_task",
    "product/column_place",
    "product/column_document",
    "product/column_due",
    "product/column_late",
)


class Refused(DomainError):
    """The order may not be carried out (any more); ``key`` is the reply that says why."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key, **values)
        self.key = key


@dataclass(frozen=True, slots=True)
class Draft:
    """All that the product needs, read; ``render`` is slow and touches nothing.

    ``title`` and ``notes`` are said, ``scope`` are the words of what it covers. ``more`` is handed to the turn that
    delivers it; ``rows`` is how many single rows are inside (for the audit).
    """

    name: str
    media_type: str
    title: str
    scope: str
    render: Callable[[], bytes]
    notes: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """One order about to be made: who asked, how far they see now, whether rows may go where they are."""

    uow: UnitOfWork
    viewer: Viewer
    scope: Scope
    args: Mapping[str, Any]
    shows_rows: bool


class OfficeWords:
    """The office's texts for products; names and meanings of figures come with them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def say(self) -> Say:
        def say(key: str, /, **values: object) -> str:
            return self._desk.replies.render(key, values, office=self._desk.office)

        return say

    def define(self, figure: Figure) -> Definition:
        known = FIGURES.get(figure.key)
        lower = known is not None and known.lower
        return Definition(_capital(name_of(figure.key)), meaning_of(figure.key), lower)

    def title(self, topic: str) -> str:
        return _capital(name_of(topic))

    def scope(self, scope: Scope, narrowed: str = "") -> str:
        """The foot that answers have, too."""
        return self.say("staff/scope", **scope_said(scope, narrowed).values)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


Maker = Callable[[Asked, OfficeWords], Draft]


def chart(asked: Asked, words: OfficeWords) -> Draft:
    from backend.products.chart import figure_chart

    return _of_figures(asked, words, "png", PNG, lambda figures: figure_chart(figures, words))


def excel(asked: Asked, words: OfficeWords) -> Draft:
    """With the overdue tasks one by one, where rows may go; whoever gets none is told."""
    from backend.products.workbook import figure_workbook

    has_rows = asked.args.get("topic") == "tasks"
    rows = _overdue(asked, words) if has_rows and asked.shows_rows else None
    made = _of_figures(asked, words, "xlsx", XLSX, lambda figures: figure_workbook(figures, words, rows))
    notes = (words.say("product/no_rows_note"),) if has_rows and rows is None else ()
    return replace(made, notes=notes, rows=len(rows.rows) if rows else 0)


def _overdue(asked: Asked, words: OfficeWords) -> Rows:
    question = Question.from_values(asked.args)
    which = TaskFilter(
        agencies=tree(asked.uow).with_those_under(question.agency_code),
        giver=Giver(question.giver) if question.giver else None,
        field=question.field,
        overdue_on=asked.uow.today,
    )
    if question.agency_code and not which.agencies:
        raise NotFound()
    found = asked.uow.tasks.page(asked.scope, which, asked.uow.today, MOST_ROWS).rows
    head = [words.say(one) for one in _TASK_COLUMNS]
    day = asked.uow.today
    rows = [
        [
            one.code,
            one.content,
            one.agency_name,
            one.source.number,
            one.due_on,
            (day - one.due_on).days if one.due_on else None,
        ]
        for one in found
    ]
    return Rows(head, rows)


def word(asked: Asked, words: OfficeWords) -> Draft:
    from backend.products.report_section import report_section

    return _of_figures(asked, words, "docx", DOCX, lambda figures: report_section(figures, words))


def _of_figures(
    asked: Asked, words: OfficeWords, ending: str, media_type: str, render: Callable[[FigureSet], bytes]
) -> Draft:
    question = Question.from_values(asked.args)
    figures = answer(asked.uow, asked.scope, question)
    # What it really covers: a topic that is nobody's secret covers more than the asker's own reach.
    scope = words.say("product/scope", scope=figures.scope) if figures.scope else words.scope(asked.scope)
    figures = replace(figures, scope=scope)
    title = words.title(figures.topic)
    name = f"{figures.topic}-{question.first:%Y%m%d}-{question.last:%Y%m%d}.{ending}"
    days = span(figures.period, words.say)
    return Draft(
        name, media_type, f"{title}, {days[:1].lower()}{days[1:]}", figures.scope, partial(render, figures)
    )


def week(asked: Asked, words: OfficeWords) -> Draft:
    from backend.products.week_document import week_document
    from backend.products.week_picture import week_picture

    last = date.fromisoformat(str(asked.args["last"]))
    brief = week_brief(asked.uow, asked.scope, last, rows=asked.shows_rows)
    brief = replace(brief, scope=words.scope(asked.scope))
    title = f"{brief.first:%d/%m/%Y} – {brief.last:%d/%m/%Y}"
    name = f"giao-ban-{brief.last:%Y%m%d}"
    rows = len(brief.pending)
    if asked.args.get("form") == "word":
        return Draft(
            f"{name}.docx", DOCX, title, brief.scope, lambda: week_document(brief, words.say), rows=rows
        )
    urge = []
    if asked.shows_rows and may_urge(asked.uow, asked.viewer):
        codes = {one.name: one.code for one in tree(asked.uow).by_id.values()}
        late = [one.name for one in brief.agencies if one.overdue and one.name in codes]
        urge = [[codes[name], name] for name in late[:MOST_URGED]]
    return Draft(
        f"{name}.png",
        PNG,
        title,
        brief.scope,
        lambda: week_picture(brief, words.say),
        more={"urge": urge},
        rows=rows,
    )


def letter(asked: Asked, words: OfficeWords) -> Draft:
    """Looked at again: who may urge, and where rows may go."""
    from backend.products import urging_letter as renderer

    if not may_urge(asked.uow, asked.viewer):
        raise Refused("product/only_givers")
    if not asked.shows_rows:
        raise Refused("product/rows_elsewhere")
    found = urging_letter(asked.uow, asked.scope, str(asked.args["agency"]))
    if not found.total:
        raise Refused("product/nothing_overdue", agency=found.agency, day=found.day.isoformat())
    return Draft(
        f"don-doc-{found.agency_code}-{found.day:%Y%m%d}.docx",
        DOCX,
        found.agency,
        words.scope(asked.scope, found.agency),
        lambda: renderer.urging_letter(found, words.say),
        rows=len(found.tasks),
    )


MAKERS: Mapping[str, Maker] = {"chart": chart, "excel": excel, "word": word, "week": week, "letter": letter}
