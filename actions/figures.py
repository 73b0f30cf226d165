"""Figures for officers: what was asked first, then the rest of the topic, with days, denominators, source and scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from actions.base import Action, Button, Outcome, Reply, Turn
from actions.figure_asked import LAST, Asked, asked
from actions.figure_products import product_buttons
from actions.staff import for_officers, scope_said, shows_rows
from backend.domain.figure import Figure, FigureSet, Origin, Unit
from backend.domain.scope import Scope
from backend.services.agencies.tree import tree
from backend.services.figures.ask import Question, answer, rows_behind
from backend.services.figures.comparing import NOT_KEPT
from backend.services.figures.definitions import FIGURES, TOPICS
from backend.services.figures.words import name_of

_MOST_LINES = 15
_PAGE = 10


def stats_report(turn: Turn, scope: Scope) -> Outcome:
    """ "quý III tiếp nhận bao nhiêu hồ sơ", "so với cùng kỳ", "còn Sở Tài chính?"."""
    read = asked(turn)
    if isinstance(read, Reply):
        return replace(read, foot=scope_said(scope))
    found = answer(turn.uow, scope, read.question)
    key = "figures/answer" if any(one.value is not None for one in found.figures) else "figures/nothing"
    return Reply(
        key,
        _values(turn, read, found),
        _buttons(turn, read.question, found),
        {LAST: read.question.values()},
        foot=_foot(turn, scope, read.question, found),
    )


def figures_rows(turn: Turn, scope: Scope) -> Outcome:
    """The rows behind a figure, where this channel may show them."""
    question = Question.from_values(turn.given)
    if not shows_rows(turn):
        return Reply("figures/rows_elsewhere", foot=scope_said(scope))
    offset = int(turn.given.get("offset", 0))
    rows = rows_behind(turn.uow, scope, question, _PAGE + 1, offset)
    measure = question.measure or TOPICS[question.topic].main
    turn.uow.audit.record(
        turn.viewer.actor, "figure_rows", measure, "ok", {"offset": offset, "rows": len(rows)}
    )
    more = Button(
        "@figures/button_more", "figures_rows", {**question.values(), "offset": str(offset + _PAGE)}
    )
    values = {
        "name": name_of(measure),
        "first": question.first,
        "last": question.last,
        "offset": offset,
        "rows": rows[:_PAGE],
        "more": len(rows) > _PAGE,
    }
    return Reply("figures/rows", values, (more,) if len(rows) > _PAGE else (), foot=scope_said(scope))


def _foot(turn: Turn, scope: Scope, question: Question, found: FigureSet) -> Reply:
    agency = tree(turn.uow).by_code.get(question.agency_code)
    own = agency is not None and agency.parent_code is not None
    if TOPICS[found.topic].public:
        return scope_said(Scope(everything=True))
    name = agency.name if agency is not None and own else ""
    return scope_said(scope, name, giver=question.giver, field=question.field)


def _values(turn: Turn, read: Asked, found: FigureSet) -> dict[str, Any]:
    by_key = {one.key: one for one in found.figures}
    before = {one.key: one for one in found.before.figures} if found.before else {}
    first = _first(read, found, by_key)
    shown = [_line(one, before.get(one.key)) for one in found.figures if one.value is not None]
    lead = [one for key in first for one in shown if one["key"] == key]
    plain = {one["key"] for one in shown if not (one["value"] or FIGURES[one["key"]].lower)}
    return {
        "topic": name_of(found.topic),
        "unknown": [name_of(key) for key in read.measures if by_key[key].value is None],
        "lead": lead or shown[:1],
        "rest": [one for one in shown if one["key"] not in first and one["key"] not in plain],
        "first": found.period.first,
        "last": found.period.last,
        "kind": found.period.kind,
        "regime": found.period.regime,
        "running": found.period.last >= turn.today,
        "before": found.before.period if found.before else None,
        "through": found.compared_names if not found.not_comparable else (),
        "split": found.compared_names if found.not_comparable else (),
        "not_kept": found.not_comparable == NOT_KEPT,
        "frozen_at": found.frozen_at,
        "sources": _sources(found),
        "taken_at": found.taken_at,
        "unfielded": read.unfielded,
        "agencies": [_agency_line(one, first) for one in found.lines[:_MOST_LINES]],
        "more_agencies": max(0, len(found.lines) - _MOST_LINES),
    }


def _first(read: Asked, found: FigureSet, by_key: Mapping[str, Figure]) -> tuple[str, ...]:
    """The figures that were asked; where they are not known, what the office published in their place."""
    known = tuple(key for key in read.measures if by_key[key].value is not None)
    if known:
        return known
    main = TOPICS[found.topic].main
    told = [one.key for one in found.figures if one.value is not None]
    published = [key for key in told if FIGURES[key].unit is Unit.PERCENT]
    if main in told and not read.measures:
        return (main,)
    return tuple((published or ([main] if main in told else told))[:1])


def _line(one: Figure, before: Figure | None) -> dict[str, Any]:
    line = {
        "key": one.key,
        "name": name_of(one.key),
        "value": one.value,
        "unit": str(one.unit),
        "rate": one.rate,
        "of": one.of,
        "of_name": name_of(FIGURES[one.key].of) if FIGURES[one.key].of else "",
        "entered": one.origin is Origin.ENTERED,
        "frozen": one.origin is Origin.FROZEN,
        "source": one.source,
        "note": one.values.get("note", ""),
        "counted": one.values.get("counted"),
        "now": one.values.get("now"),
        "own": one.period,
    }
    return {**line, **_change(one, before)}


def _change(one: Figure, before: Figure | None) -> dict[str, Any]:
    """Against the period compared with; a rate is compared in points."""
    then = before.value if before is not None else None
    if then is None or one.value is None:
        return {"before": None, "change": None, "change_rate": None}
    change = Decimal(one.value) - Decimal(then)
    share = abs(change) * 100 / Decimal(then) if then and one.unit is not Unit.PERCENT else None
    return {"before": then, "change": change, "change_rate": share}


def _agency_line(line: Any, first: tuple[str, ...]) -> dict[str, Any]:
    by_key = {one.key: one for one in line.figures}
    return {
        "name": line.name,
        "figures": [_line(by_key[key], None) for key in first if by_key[key].value is not None],
    }


def _sources(found: FigureSet) -> tuple[Mapping[str, Any], ...]:
    """Each source once: feeds with the time they spoke, documents of entered and submitted figures."""
    told: dict[tuple[str, str], Mapping[str, Any]] = {}
    for one in found.figures:
        if one.value is None:
            continue
        kind = str(one.origin)
        told.setdefault(
            (kind, one.source), {"kind": kind, "name": one.source, "at": one.as_of or found.taken_at}
        )
    return tuple(told.values())


def _buttons(turn: Turn, question: Question, found: FigureSet) -> tuple[Button, ...]:
    topic = TOPICS[question.topic]
    buttons = []
    if topic.by_agency and not question.by:
        values = replace(question, by="agency").values()
        buttons.append(Button("@figures/button_by_agency", "stats_report", values))
    if not question.compare:
        values = replace(question, compare="year").values()
        buttons.append(Button("@figures/button_year", "stats_report", values))
    if topic.rows and shows_rows(turn):
        buttons.append(Button("@figures/button_rows", "figures_rows", question.values()))
    return (
        (*buttons, *product_buttons(question)) if any(one.value for one in found.figures) else tuple(buttons)
    )


ACTIONS: dict[str, Action] = {
    "stats_report": for_officers(stats_report),
    "figures_rows": for_officers(figures_rows),
}
