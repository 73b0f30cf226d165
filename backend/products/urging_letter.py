"""The letter of urging (công văn đôn đốc) for signature, laid out as Decree 30/2020 wants it.

Its number and date stay open: they are given when it is signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.domain.brief import UrgingLetter
from backend.domain.task import Task
from backend.products.document import (
    columns,
    draft_mark,
    first_paragraph,
    new_document,
    paragraph,
    table,
    written,
)
from backend.products.words import Say, short_day, whole

_HEAD = (
    "product/column_number",
    "product/column_task",
    "product/column_document",
    "product/column_due",
    "product/column_late",
)
_RECEIVERS = (
    "product/letter_receiver_above",
    "product/letter_receiver_leaders",
    "product/letter_receiver_office",
    "product/letter_receiver_file",
)


def urging_letter(letter: UrgingLetter, say: Say) -> bytes:
    made = new_document()
    draft_mark(made, say("product/draft"))
    _head(made, letter, say)
    paragraph(made, say("product/letter_to", agency=letter.agency), centred=True, after=12)
    opening = say(
        "product/letter_opening", day=short_day(letter.day), agency=letter.agency, total=whole(letter.total)
    )
    paragraph(made, opening, indented=True)
    head = [say(one) for one in _HEAD]
    table(
        made, head, [_row(i, one, letter, say) for i, one in enumerate(letter.tasks, 1)], [11, 70, 34, 25, 20]
    )
    if letter.total > len(letter.tasks):
        shown, total = whole(len(letter.tasks)), whole(letter.total)
        paragraph(made, say("product/letter_listed", shown=shown, total=total), italic=True, size=12)
    paragraph(made, "", after=0)
    request = say("product/letter_request", agency=letter.agency, year=letter.day.year)
    paragraph(made, request, indented=True)
    paragraph(made, say("product/letter_closing", agency=letter.agency), indented=True, after=12)
    _foot(made, say)
    return written(made)


def _head(made: Any, letter: UrgingLetter, say: Say) -> None:
    """Who writes, and the nation's name and motto; the number and what it is about, place and date."""
    left, right = columns(made, 65, 95)
    first_paragraph(left, say("product/organ_above"), size=13, centred=True, after=0)
    paragraph(left, say("product/organ"), size=13, bold=True, centred=True, underlined=True)
    first_paragraph(right, say("product/nation"), size=12, bold=True, centred=True, after=0)
    paragraph(right, say("product/motto"), size=13, bold=True, centred=True, underlined=True)
    left, right = columns(made, 65, 95)
    first_paragraph(left, say("product/letter_number"), size=13, centred=True, after=0)
    paragraph(left, say("product/letter_about"), size=12, centred=True, after=12)
    dated = say("product/letter_place_date", year=letter.day.year)
    first_paragraph(right, dated, size=13, italic=True, centred=True)


def _foot(made: Any, say: Say) -> None:
    left, right = columns(made, 85, 75)
    first_paragraph(left, say("product/letter_receivers") + ":", size=12, bold=True, italic=True, after=0)
    for one in _RECEIVERS:
        paragraph(left, say(one), size=11, after=0)
    first_paragraph(right, say("product/letter_signer"), bold=True, centred=True)
    for _ in range(4):  # room for the signature and the seal
        paragraph(right, "", after=0)


def _row(number: int, task: Task, letter: UrgingLetter, say: Say) -> Sequence[str]:
    source = task.source
    document = (
        say("product/document_dated", number=source.number, day=short_day(source.on))
        if source.on
        else source.number
    )
    due = short_day(task.due_on) if task.due_on else ""
    return [str(number), task.content, document, due, whole(letter.days_late(task))]
