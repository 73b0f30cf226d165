"""Leaders' calendars and the duty roster."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from actions.base import Action, Button, Outcome, Reply, Turn
from actions.staff import for_officers, scope_said, shows_rows
from backend.domain.leader import Leader, Sight
from backend.domain.petition_work import DESK_ROLES
from backend.domain.running import Account
from backend.domain.scope import Scope
from backend.services.agencies.resolve import resolve_agency
from backend.services.days_said import Said, coming_span, days_said, part_said
from backend.services.documents.asking import says_own
from backend.services.leaders.duty import on_duty
from backend.services.leaders.schedule import schedule, usual_span
from backend.services.leaders.seeing import sight_of
from backend.services.leaders.who import Meant, who_is_meant
from backend.text.fold import fold_aligned, nfc

#: Under which name the conversation remembers the last question about calendars.
_QUERY = "leader_query"
_MOST_CHOICES = 8
_MINE = re.compile(r"\b(?:lich|cua)\s+(?:toi|tui|minh|em)\b")


def leader_schedule(turn: Turn) -> Outcome:
    """ "lịch chủ tịch sáng mai", "tuần này sở tôi họp gì"; the public hears what is public."""
    sight = sight_of(turn.uow, turn.viewer)
    asked = _asked(turn)
    known = turn.uow.leaders.all()
    meant = _meant(turn, asked, known)
    public_only = sight.scope.empty and not sight.names
    citizens = _CITIZENS if public_only else ()
    if meant.named and not meant.leaders:
        return Reply("leaders/unknown", {"who": ", ".join(turn.understood.values("person"))}, citizens)
    if meant.too_many:
        return Reply("leaders/which", {"count": len(meant.leaders)}, _choices(meant.leaders, asked))
    span = _span(asked) or usual_span(turn.today)
    agency = _agency_id(turn, asked, meant)
    after = int(turn.given.get("after", 0))
    told = schedule(
        turn.uow,
        sight,
        span,
        part=asked.get("part", ""),
        leaders=meant.leaders,
        agency=agency,
        after=after,
        rows=public_only or shows_rows(turn),
    )
    said = {**asked, "leaders": " ".join(str(one.id) for one in meant.leaders)}
    said |= {"first": span[0].isoformat(), "last": span[1].isoformat()}
    more = {**said, "after": after + len(told.rows)}
    buttons = (Button("@leaders/button_more", "leader_schedule", more),) if told.left else ()
    values = {name: getattr(told, name) for name in told.__dataclass_fields__}
    values |= {"left": told.left, "named": [_title(one) for one in told.leaders]}
    return Reply(
        "leaders/schedule",
        values,
        (*buttons, *citizens),
        {_QUERY: {name: value for name, value in said.items() if value}},
        foot=_foot(sight, public_only),
    )


_CITIZENS = (Button("@button/reception", "reception_schedule"),)


def _foot(sight: Sight, public_only: bool) -> Reply:
    if public_only or sight.scope.empty:
        return Reply("leaders/scope_public")
    return scope_said(sight.scope)


def _asked(turn: Turn) -> dict[str, str]:
    """Days, part of the day, agency (code) and leaders (ids) as plain values."""
    if "first" in turn.given:
        names = ("first", "last", "part", "agency", "leaders")
        return {name: str(turn.given[name]) for name in names if turn.given.get(name)}
    text = nfc(turn.text) if not turn.given else " ".join(map(str, turn.given.values()))
    days = days_said(text, turn.today)
    found = _days(text, days)
    if agency := _agency_code(turn, text):
        found["agency"] = agency
    before = turn.recalled(_QUERY)
    if turn.again and isinstance(before, Mapping):
        kept = {name: str(value) for name, value in before.items()}
        if "first" in found:
            kept.pop("part", None)
        if turn.understood.values("person"):
            kept.pop("leaders", None)
        if "agency" in found:
            kept.pop("leaders", None)
        return {**kept, **found}
    return found


def _days(text: str, days: Said) -> dict[str, str]:
    span = coming_span(days)
    if span is None:
        return {}
    part = part_said(text, days) if span[0] == span[1] else ""
    return {"first": span[0].isoformat(), "last": span[1].isoformat(), **({"part": part} if part else {})}


def _span(asked: Mapping[str, str]) -> tuple[date, date] | None:
    if "first" not in asked:
        return None
    return date.fromisoformat(asked["first"]), date.fromisoformat(asked["last"])


def _agency_code(turn: Turn, text: str) -> str:
    own = _own_agency(turn)
    if own is not None and says_own(text):
        return turn.uow.agencies.get(own).code
    said = [str(turn.given["agency"])] if turn.given.get("agency") else turn.understood.values("agency")
    for one in said:
        matches = resolve_agency(turn.uow, one)
        if len(matches) == 1:
            return matches[0].agency.code
    return ""


def _account(turn: Turn) -> Account | None:
    public = not turn.viewer.account or turn.viewer.group
    return None if public else turn.uow.accounts.by_name(turn.viewer.account)


def _own_agency(turn: Turn) -> int | None:
    own = _account(turn)
    return own.agency_id if own is not None else None


def _meant(turn: Turn, asked: Mapping[str, str], known: Sequence[Leader]) -> Meant:
    if "leaders" in asked:
        ids = {int(one) for one in asked["leaders"].split()}
        chosen = tuple(one for one in known if one.id in ids)
        return Meant(chosen, bool(chosen))
    said = [str(turn.given["person"])] if "person" in turn.given else list(turn.understood.values("person"))
    code = asked.get("agency", "")
    agency = turn.uow.agencies.by_code(code) if code else None
    meant = who_is_meant(known, said, agency.id if agency else None, _own_agency(turn))
    own = _account(turn)
    if not meant.named and own is not None and _MINE.search(fold_aligned(nfc(turn.text))):
        mine = tuple(one for one in known if one.account and one.account == own.name)
        return Meant(mine, bool(mine))
    return meant


def _agency_id(turn: Turn, asked: Mapping[str, str], meant: Meant) -> int | None:
    """Whose meetings are asked for; an agency that only told which leader is meant narrows no further."""
    if not asked.get("agency") or meant.leaders:
        return None
    agency = turn.uow.agencies.by_code(asked["agency"])
    return agency.id if agency is not None else None


def _choices(leaders: Sequence[Leader], asked: Mapping[str, str]) -> tuple[Button, ...]:
    span = {name: asked[name] for name in ("first", "last", "part") if name in asked}
    return tuple(
        Button(_title(one), "leader_schedule", {**span, "person": f"{one.title} {one.name}"})
        for one in leaders[:_MOST_CHOICES]
    )


def _title(one: Leader) -> str:
    return f"{one.title} {one.name}".strip()


def _duty(turn: Turn, scope: Scope) -> Outcome:
    """ "hôm nay ai trực", "tối mai ai trực"."""
    asked = _asked(turn)
    span = _span(asked) or (turn.today, turn.today)
    code = asked.get("agency", "")
    agency = turn.uow.agencies.by_code(code) if code else None
    told = on_duty(
        turn.uow,
        scope,
        span,
        part=asked.get("part", ""),
        agency=agency.id if agency is not None else None,
        desks=scope.empty,
        home=_own_agency(turn),
        after=int(turn.given.get("after", 0)),
        rows=shows_rows(turn),
    )
    said = {name: value for name, value in asked.items() if name != "leaders"}
    said |= {"first": span[0].isoformat(), "last": span[1].isoformat()}
    more = {**said, "after": told.after + len(told.rows)}
    buttons = (Button("@leaders/button_more", "duty_roster", more),) if told.left else ()
    values = {name: getattr(told, name) for name in told.__dataclass_fields__}
    values |= {"left": told.left, "asked_part": asked.get("part", "")}
    return Reply(
        "leaders/duty",
        values,
        buttons,
        {_QUERY: said},
        foot=Reply("leaders/desk_scope") if scope.empty else scope_said(scope),
    )


#: The desks have no scope of agencies; who is on duty for the province concerns them all the same.
duty_roster = for_officers(_duty, also=DESK_ROLES)

ACTIONS: dict[str, Action] = {"leader_schedule": leader_schedule, "duty_roster": duty_roster}
