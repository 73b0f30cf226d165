"""The giao ban brief in Word: what the picture shows, with every agency and everything that waits."""

from __future__ import annotations

from backend.domain.brief import Pending, WeekBrief
from backend.products.document import draft_mark, new_document, paragraph, table, written
from backend.products.week_picture import PENDING, notes, overdue_change
from backend.products.words import Say, short_day, whole

_HEAD = (
    "product/column_place",
    "product/column_given",
    "product/column_done",
    "product/column_overdue",
    "product/column_worst",
)


def week_document(brief: WeekBrief, say: Say) -> bytes:
    made = new_document()
    draft_mark(made, say("product/draft"))
    days = say("product/week_days", first=short_day(brief.first), last=short_day(brief.last))
    paragraph(made, say("product/week_title").upper(), bold=True, centred=True, size=15)
    paragraph(made, days, italic=True, centred=True)
    if brief.scope:
        paragraph(made, brief.scope, italic=True, centred=True)
    late = f" ({say('product/week_late', count=whole(brief.done_late))})" if brief.done_late else ""
    for text in (
        f"{say('product/week_given')}: {whole(brief.given)}.",
        f"{say('product/week_done')}: {whole(brief.done)}{late}.",
        f"{say('product/week_overdue')}: {whole(brief.overdue)} ({overdue_change(brief, say)}).",
    ):
        paragraph(made, text, indented=True)
    paragraph(made, say("product/week_by_agency"), bold=True)
    _agencies(made, brief, say)
    paragraph(made, say("product/week_decisions"), bold=True)
    counts = say("product/week_waiting", extensions=whole(brief.extensions), reports=whole(brief.reports))
    paragraph(made, f"{counts}.", indented=True)
    for one in brief.pending:
        paragraph(made, f"- {_pending(one, say)}", indented=True, after=3)
    for text in notes(brief, say):
        paragraph(made, text, size=12, italic=True, after=2)
    return written(made)


def _agencies(made: object, brief: WeekBrief, say: Say) -> None:
    if not brief.agencies:
        paragraph(made, say("product/week_none_overdue"), indented=True)
        return
    head = [say(one) for one in _HEAD]
    rows = [
        [
            one.name,
            whole(one.given),
            whole(one.done),
            whole(one.overdue),
            whole(one.worst_days) if one.overdue else "",
        ]
        for one in brief.agencies
    ]
    table(made, head, rows, [72, 22, 22, 22, 22])
    paragraph(made, "")


def _pending(one: Pending, say: Say) -> str:
    text = f"{say(PENDING[one.kind], code=one.code, agency=one.agency)}: {one.content}"
    if one.wished_due:
        text += f" ({say('product/week_wished', day=short_day(one.wished_due))})"
    return text
