"""What an officer's question about the agency's dossiers is narrowed to, and which figure it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from actions.base import Reply, Turn
from actions.work_words import (
    Days,
    agency_said,
    coming,
    days_said,
    field_said,
    folded,
    is_mine,
    person_said,
    procedures_said,
    urgency,
)
from backend.domain.dossier_work import DossierFilter, DossierGroup, Holding, Times
from backend.domain.scope import Scope
from backend.services.agencies.tree import tree
from backend.services.dossiers import work
from backend.text.fold import words

#: Under which name the conversation remembers what the last question about dossiers was narrowed to.
NARROWED = "dossier_work"
#: Focuses beside the groups: the overview, and where dossiers are stuck.
OVERVIEW, BY_STEP, BY_HOLDER = "", "by_step", "by_holder"
#: Parts of what is remembered that only hold for the list at hand.
_PASSING = ("offset", "rows")
_KEPT = (
    "agency",
    "field",
    "procedures",
    "procedure_name",
    "holders",
    "officer",
    "steps",
    "own",
    "focus",
    "untold",
)
_OF_A_PERSON = ("own", "holders", "officer", "untold")
_STEPS = re.compile(
    r"\b(?:un|ket(?! qua| hon| luan| noi)|(?<!cong )(?<!hop )tac|(?:dang|bi) nghen|nghen (?:o|cho|dau|khau)"
    r"|dong lai|don lai|don u|u o|dung lai|ngam|buoc nao|khau nao"
    r"|cho nao|cho mo|o dau|giai doan)\b"
)
_HOLDERS = re.compile(
    r"\b(?:ai (?:dang )?(?:giu|om|xu ly|cam|ngam|cham|tre)|cua ai|vi ai|chuyen vien nao|can bo nao|phong nao"
    r"|bo phan nao|theo phong|theo chuyen vien|theo nguoi)\b"
)
_WAITING = re.compile(r"\b(?:bo sung|tam dung|dung dong ho)\b")
#: Which of them has the most: the lines of an answer about what is overdue.
_WHICH_LINE = re.compile(
    r"\b(?:thu tuc|co quan|don vi|(?<!ho )so|xa|phuong) nao\b|\btheo (?:tung )?(?:thu tuc|co quan|don vi)\b"
)
_REGISTERED = re.compile(
    r"\b(?:chua|cho) (?:\w+ ){0,2}tiep nhan\b|\bmoi dang ky\b|\bnop (?:mang|truc tuyen|online) chua\b"
)
_STEP_NAMED = re.compile(r"\b(?:buoc|khau) (?!nao\b|mo\b)")


@dataclass(frozen=True, slots=True)
class Asked:
    """``said`` is what a button or the conversation carries; ``which`` the same as a filter."""

    said: Mapping[str, Any]
    which: DossierFilter
    times: Times
    days: Days
    focus: str
    own: str = ""
    unfielded: str = ""

    def remembered(self) -> Mapping[str, Any]:
        return {NARROWED: {name: value for name, value in self.said.items() if name not in _PASSING}}

    @property
    def group(self) -> DossierGroup | None:
        """The group in the focus, None for the overview and the steps."""
        return DossierGroup(self.focus) if self.focus in {str(one) for one in DossierGroup} else None


def asked(turn: Turn, scope: Scope) -> Asked | Reply:
    """Read the question. A named agency that is out of scope is refused; a name that nothing has is said back."""
    kept = turn.recalled(NARROWED) if turn.again else None
    base: Mapping[str, Any] = turn.given or (kept if isinstance(kept, Mapping) else {})
    said: dict[str, Any] = {name: base[name] for name in _KEPT if base.get(name)}
    agency = agency_said(turn, scope, str(said.get("agency", "")))
    if isinstance(agency, Reply):
        return agency
    if agency != said.get("agency", "") and not turn.given:  # another agency's, not the same officer's there
        said = {name: value for name, value in said.items() if name not in _OF_A_PERSON}
    said |= {"agency": agency}
    unfielded = ""
    if not turn.given:
        named = _named(turn, scope, said)
        if isinstance(named, Reply):
            return named
        unfielded = named
    days = days_said(turn, base)
    said |= days.values()
    said["focus"] = _focus(turn, days, str(said.get("focus", "")))
    ahead = coming(turn, days)
    times = work.times_of(turn.uow, ahead.ahead or work.SOON_DAYS, ahead.span, days.over)
    which = _filter(turn, said)
    if not turn.given and _STEP_NAMED.search(folded(turn)):
        which, said = _in_steps(turn, scope, which, said, times)
    read = Asked(said, which, times, days, said["focus"], str(said.get("own", "")), unfielded)
    return _mine(turn, scope, read)


def _named(turn: Turn, scope: Scope, said: dict[str, Any]) -> str | Reply:
    """Put field, procedures and holder into ``said``; a field that could not be told apart, or what to say instead."""
    uow = turn.uow
    wanted = turn.value("procedure")
    known = uow.figures.fields("dossiers") if wanted or turn.value("field") else ()
    field = field_said(turn.value("field"), known) or field_said(wanted, known)
    if field:
        said["field"] = field
    if wanted and not field_said(wanted, known):
        titles = procedures_said(turn, wanted)
        if not titles:
            return Reply("work/procedure_unknown", {"said": wanted})
        said |= {"procedures": titles, "procedure_name": wanted}
    if person := person_said(turn):
        which = _filter(turn, said)
        told = [one for one in uow.dossier_work.holders(scope, which) if one is not None]
        found = work.names_with(told, person)
        if not found:
            return Reply("work/holder_unknown", {"said": person, "told": bool(told)})
        said |= {"holders": found, "officer": ", ".join(found[:3])}
        said.pop("own", None)
    given = turn.value("field")
    return given if given and not field and not wanted else ""


def _focus(turn: Turn, days: Days, kept: str) -> str:
    """Which figure the sentence is about; a follow-up without such words keeps the last one."""
    if turn.given:
        return kept
    said = folded(turn)
    pressing = urgency(said)
    if _WHICH_LINE.search(said) and pressing != "soon":
        return str(DossierGroup.OVERDUE)
    if _HOLDERS.search(said):
        return BY_HOLDER
    if _STEPS.search(said):
        return BY_STEP
    if _REGISTERED.search(said):
        return str(DossierGroup.REGISTERED)
    if _WAITING.search(said) and not pressing:
        return str(DossierGroup.WAITING)
    if days.over or pressing == "late":
        return str(DossierGroup.OVERDUE)
    if pressing or days.ahead or (days.span is not None and days.span[1] >= turn.today):
        return str(DossierGroup.SOON)
    return kept if turn.again else OVERVIEW


def _filter(turn: Turn, said: Mapping[str, Any]) -> DossierFilter:
    titles: Mapping[str, str] = said.get("procedures") or {}
    code = str(said.get("agency", ""))
    return DossierFilter(
        agencies=tree(turn.uow).with_those_under(code) if code else frozenset(),
        field=str(said.get("field", "")),
        procedures=frozenset(titles),
        titles=frozenset(titles.values()),
        holders=frozenset(said.get("holders", ())),
        steps=frozenset(said.get("steps", ())),
    )


def _in_steps(
    turn: Turn, scope: Scope, which: DossierFilter, said: dict[str, Any], times: Times
) -> tuple[DossierFilter, dict[str, Any]]:
    """ "ở bước trình ký": the steps of the sources that are named in the sentence."""
    told = turn.uow.dossier_work.held(scope, which, times, Holding.STEP)
    text = words(turn.text)
    named = [one.name for one in told if one.name and work.names_with([" ".join(text)], one.name)]
    if not named:
        return which, said
    focus = said["focus"] if said["focus"] in {str(one) for one in DossierGroup} else str(DossierGroup.OPEN)
    return replace(which, steps=frozenset(named)), {**said, "steps": named, "focus": focus}


def _mine(turn: Turn, scope: Scope, read: Asked) -> Asked:
    """ "hồ sơ của tôi": those that name the officer as holder, else the agency's, and which of the two it is."""
    if turn.given or person_said(turn) or not is_mine(folded(turn)):
        return read
    account = turn.uow.accounts.by_name(turn.viewer.account)
    if account is None:
        return read
    found = work.mine(turn.uow, scope, account, read.which)
    said = {
        **read.said,
        "own": str(found.own),
        "untold": found.untold,
        "holders": sorted(found.which.holders),
    }
    home = tree(turn.uow).by_id.get(account.agency_id or 0)
    if home is not None and found.which.agencies and not said.get("agency"):
        said["agency"] = home.code
    return replace(read, which=found.which, said=said, own=str(found.own))
