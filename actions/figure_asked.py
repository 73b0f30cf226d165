"""What a sentence, a follow-up or a button asks for: topic, figures, period, agency, field, comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from actions.base import Button, Reply, Turn
from backend.domain.agency import Agency
from backend.domain.figure import Period
from backend.services.agencies.resolve import AgencyMatch, resolve_agency
from backend.services.figures.ask import Question
from backend.services.figures.definitions import TOPICS
from backend.services.figures.periods import period_of, year_with
from backend.services.figures.spoken_periods import read_periods
from backend.services.figures.words import Meant, meant, measures_of, name_of, topics_offered, without
from backend.text.fold import fold, words

#: Under which name the conversation remembers the last question.
LAST = "figures"
_MOST_AGENCIES = 8
#: Topics whose tasks have a giver.
_GIVEN = frozenset({"tasks", "programme"})


@dataclass(frozen=True, slots=True)
class Asked:
    """``measures`` are all figures that were named; ``unfielded`` is a field that could not be told apart."""

    question: Question
    measures: tuple[str, ...] = ()
    unfielded: str = ""


def asked(turn: Turn) -> Asked | Reply:
    """The question, or the reply that asks back."""
    last = _last(turn)
    if "topic" in turn.given and "first" in turn.given:
        question = _pressed(turn.given)
        if question is not None:
            return Asked(question, (question.measure,) if question.measure else ())
    text = _plain_text(turn)
    said = _said(turn, text, last)
    if not said.topic:
        return Reply("figures/which", {"clear": False}, _topics(turn))
    goes_on = last is not None and (turn.again or not meant(text).topic or said.topic == last.topic)
    base = last if goes_on else None
    agency = _agency(turn, base)
    if isinstance(agency, Reply):
        return agency
    named, unfielded = _field(turn, said.topic, base)
    if named and turn.value("field"):  # its name says no more about the figure
        said = replace(said, measures=measures_of(said.topic, without(text, str(turn.value("field")))))
    spoken = read_periods(turn.text, turn.today)
    period = _period(turn, said.topic, spoken.span, base)
    against = spoken.against
    compare = f"{against[0].isoformat()}/{against[1].isoformat()}" if against else spoken.compare
    question = Question(
        topic=said.topic,
        first=period.first,
        last=period.last,
        agency_code=agency,
        compare=compare,
        measure=said.measures[0] if said.measures else _measure(base, said.topic),
        by="agency" if said.by_agency else "",
        field=named,
        giver=said.giver if said.topic in _GIVEN else "",
        kind=period.kind,
        regime=period.regime,
    )
    return Asked(question, said.measures or ((question.measure,) if question.measure else ()), unfielded)


def _pressed(given: Mapping[str, object]) -> Question | None:
    try:
        return Question.from_values(given)
    except (KeyError, ValueError):
        return None


def _last(turn: Turn) -> Question | None:
    kept = turn.recalled(LAST)
    return _pressed(kept) if isinstance(kept, Mapping) else None


def _plain_text(turn: Turn) -> str:
    """The sentence without names of agencies."""
    return without(turn.text, *turn.understood.values("agency"), *(one.matched for one in _named(turn)))


def _said(turn: Turn, text: str, last: Question | None) -> Meant:
    """A sentence that names no topic, or figures that several have, goes on with the topic of the last question."""
    if "topic" in turn.given and str(turn.given["topic"]) in TOPICS:
        return Meant(str(turn.given["topic"]))
    said = meant(text)
    if last is None or (said.topic and last.topic not in said.others):
        return said
    return replace(said, topic=last.topic, measures=measures_of(last.topic, text))


def _measure(base: Question | None, topic: str) -> str:
    return base.measure if base is not None and base.topic == topic else ""


def _topics(turn: Turn) -> tuple[Button, ...]:
    return tuple(Button(_titled(name_of(key)), "stats_report", {"topic": key}) for key in topics_offered())


def _titled(name: str) -> str:
    return name[:1].upper() + name[1:]


def _period(turn: Turn, topic: str, span: tuple[date, date] | None, base: Question | None) -> Period:
    """What was said, else the last question's, else the present year, or the last of which there are figures."""
    regimes = turn.uow.figures.regimes()
    if span is not None:
        return period_of(*span, regimes, topic)
    if base is not None:
        return Period(base.first, base.last, base.kind, base.regime)
    newest = turn.uow.figures.newest_day(topic)
    day = turn.today if newest is None else min(newest, turn.today)
    present = year_with(turn.today, regimes, topic)
    return present if day >= present.first else year_with(day, regimes, topic)


def _agency(turn: Turn, base: Question | None) -> str | Reply:
    """The agency's code, "" for all of the scope; several of one name are asked back."""
    said = turn.value("agency")
    found = _once(resolve_agency(turn.uow, said) if said else _named(turn))
    if len(found) > 1:
        names = [one.name for one in found[:_MOST_AGENCIES]]
        return Reply("figures/agency_which", {"said": said or "", "names": names})
    if said and not found and len(words(said)) > 1:
        return Reply("figures/agency_unknown", {"said": said})
    if found:
        return found[0].code
    return base.agency_code if base is not None else ""


def _named(turn: Turn) -> list[AgencyMatch]:
    """Where no entity was found: names of two words or more that stand in the sentence as they are."""
    return [one for one in resolve_agency(turn.uow, turn.text) if one.exact and len(words(one.matched)) > 1]


def _once(found: Sequence[AgencyMatch]) -> list[Agency]:
    return list({one.agency.code: one.agency for one in found}.values())


def _field(turn: Turn, topic: str, base: Question | None) -> tuple[str, str]:
    """The field that the sentence names, and what was said where no rows are told apart by it."""
    said = turn.value("field")
    if not said or meant(said).topic:  # "thủ tục hành chính" is no field, but what is counted
        return (base.field if base is not None and base.topic == topic else ""), ""
    folded = fold(said)
    known = {fold(one): one for one in turn.uow.figures.fields(topic)}
    if folded in known:
        return known[folded], ""
    near = [name for key, name in known.items() if folded in key or key in folded]
    return (near[0], "") if len(near) == 1 else ("", said)
