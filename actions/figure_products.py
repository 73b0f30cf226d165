"""Slow products for officers: ordered here, made by a worker, handed over by ``product_ready`` when they are done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.base import Button, Outcome, Reply, Turn
from actions.staff import for_officers, refused, shows_rows
from backend.domain.messaging import ChannelName, OutgoingFile
from backend.domain.scope import Scope
from backend.services.briefs.ordering import order, print_of
from backend.services.briefs.urging import may_urge, urging_letter
from backend.services.figures.ask import Question
from backend.text.dates import find_dates

#: Products of figures, by the intent of their button.
_OF_FIGURES = {"figures_chart": "chart", "figures_excel": "excel", "figures_word": "word"}


def product_buttons(question: Question) -> tuple[Button, ...]:
    """Below an answer with figures: the same as a picture, as a workbook, as a draft."""
    return (
        Button("@product/button_chart", "figures_chart", question.values()),
        Button("@product/button_excel", "figures_excel", question.values()),
        Button("@product/button_word", "figures_word", question.values()),
    )


def urging_button(agency_code: str, agency: str) -> Button:
    """The agency's name is in the title, its code in the values."""
    return Button("@product/urge", "urging_letter", {"agency": agency_code, "name": agency})


def _figures(turn: Turn, scope: Scope) -> Outcome:
    try:
        question = Question.from_values(turn.given)
    except (KeyError, ValueError):  # only a button of ours asks for this
        return Reply("product/incomplete")
    kind = _OF_FIGURES[turn.intent]
    if kind == "excel" and turn.viewer.address.channel is ChannelName.ZALO:  # it takes Word and PDF only
        return Reply("product/no_excel_here")
    return _ordered(turn, kind, question.values())


def _week(turn: Turn, scope: Scope) -> Outcome:
    """The seven days that end today, or with the span that was named. ``form`` "word" wants the document."""
    spans = find_dates(turn.text, turn.today) if not turn.given else []
    last = min(spans[0].last, turn.today) if spans else turn.today
    args = {"last": turn.given.get("last") or last.isoformat(), "form": turn.given.get("form") or "picture"}
    return _ordered(turn, "week", args)


def _urging(turn: Turn, scope: Scope) -> Outcome:
    """Drafted only by the giver's side, and only where its rows may be shown."""
    if not may_urge(turn.uow, turn.viewer):
        return refused(turn, "product/only_givers")
    if not shows_rows(turn):
        return refused(turn, "product/rows_elsewhere")
    code = turn.value("agency")
    if not code:
        return Reply("product/no_agency")
    letter = urging_letter(turn.uow, scope, code)
    if not letter.total:
        return Reply("product/nothing_overdue", {"agency": letter.agency, "day": letter.day})
    return _ordered(turn, "letter", {"agency": code})


def _ordered(turn: Turn, kind: str, args: Mapping[str, Any]) -> Reply:
    if order(turn.uow, turn.viewer, kind, args) is None:
        return Reply("product/already")
    return Reply("product/on_the_way", {"kind": kind})


def product_ready(turn: Turn, scope: Scope) -> Outcome:
    """The worker's result. Whoever's reach changed since it was made does not get it."""
    given = turn.given
    if given["scope_print"] != print_of(scope):
        return refused(turn, "product/scope_changed")
    file = OutgoingFile(int(given["blob"]), str(given["name"]), str(given["media_type"]))
    buttons: tuple[Button, ...] = ()
    if given["kind"] == "week" and given["args"].get("form") != "word":
        word = Button("@product/week_word", "week_brief", {**given["args"], "form": "word"})
        buttons = (word, *(urging_button(code, name) for code, name in given.get("urge", ())))
    said = {name: given[name] for name in ("kind", "title", "notes", "scope", "taken_at")}
    return Reply("product/ready", said, buttons, files=(file,))


def product_failed(turn: Turn) -> Outcome:
    """The worker could not make it, or was not allowed to: ``key`` says which."""
    return Reply(str(turn.given["key"]), turn.given["said"])


ACTIONS = {
    "figures_chart": for_officers(_figures),
    "figures_excel": for_officers(_figures),
    "figures_word": for_officers(_figures),
    "week_brief": for_officers(_week),
    "urging_letter": for_officers(_urging),
    "product_ready": for_officers(product_ready),
    "product_failed": product_failed,
}
