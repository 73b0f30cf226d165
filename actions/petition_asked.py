"""What an officer's question about petitions is narrowed to, and which figure it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
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
    urgency,
)
from backend.domain.petition_work import PetitionFilter, PetitionGroup, PetitionReach, PetitionTimes
from backend.domain.running import Account
from backend.services.agencies.tree import tree
from backend.services.dossiers.work import names_with
from backend.services.petitions import work

#: Under which name the conversation remembers what the last question about petitions was narrowed to.
NARROWED = "petition_work"
_KEPT = ("agency", "field", "owner", "queue", "own", "officer", "focus")
_MOST_NAMES = 8
_UNASSIGNED = re.compile(
    r"\bchua (?:\w+ ){0,2}(?:phan|phan cong|giao|cam|nhan|lanh|doc|phu trach|nguoi|vao so|chuyen)\b|\bdon moi\b"
    r"|\bvo chu\b|\bchua (?:co )?ai\b(?! (?:tra loi|dap|hoi am))|\b(?:khong|k|ko) ai (?:chiu|nhan|cam)\b"
)
_UNTAKEN = re.compile(r"\bchua (?:\w+ ){0,2}(?:thu ly|dong toi|xu ly|giai quyet)\b")
_DENOUNCED = re.compile(r"\bto cao\b|\bdon tc\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """``denounced``: the sentence speaks of denunciations, which are not here."""

    said: Mapping[str, Any]
    which: PetitionFilter
    times: PetitionTimes
    days: Days
    focus: str
    own: str = ""
    unfielded: str = ""
    denounced: bool = False

    def remembered(self) -> Mapping[str, Any]:
        return {NARROWED: {name: self.said[name] for name in self.said if name in _KEPT}}

    @property
    def group(self) -> PetitionGroup | None:
        return PetitionGroup(self.focus) if self.focus in {str(one) for one in PetitionGroup} else None


def asked(turn: Turn, reach: PetitionReach) -> Asked | Reply:
    """Read the question. A named agency that is out of reach is refused."""
    kept = turn.recalled(NARROWED) if turn.again else None
    base: Mapping[str, Any] = turn.given or (kept if isinstance(kept, Mapping) else {})
    said: dict[str, Any] = {name: base[name] for name in _KEPT if base.get(name)}
    agency = agency_said(turn, reach.scope, str(said.get("agency", "")))
    if isinstance(agency, Reply):
        return agency
    if agency != said.get("agency", "") and not turn.given:  # another agency's, not the same officer's there
        said = {
            name: value for name, value in said.items() if name not in {"own", "owner", "queue", "officer"}
        }
    said["agency"] = agency
    names = {one.name: one.code for one in turn.uow.petition_fields.all()}
    wanted = None if turn.given else turn.value("field")
    if field := field_said(wanted, list(names)):
        said["field"] = names[field]
    if not turn.given and (holder := _holder(turn, reach)) is not None:
        if isinstance(holder, Reply):
            return holder
        said |= holder
    days = days_said(turn, base)
    said |= days.values()
    said["focus"] = _focus(turn, days, str(said.get("focus", "")))
    ahead = coming(turn, days)
    times = work.times_of(turn.uow, ahead.ahead or work.SOON_DAYS, ahead.span)
    which = PetitionFilter(
        agencies=tree(turn.uow).with_those_under(agency) if agency else frozenset(),
        field=str(said.get("field", "")),
        owner=str(said.get("owner", "")),
        queue=bool(said.get("queue")),
        code="" if turn.given else (turn.value("complaint_code") or ""),
    )
    denounced = not turn.given and bool(_DENOUNCED.search(folded(turn)))
    own_words = str(said.get("own", ""))
    return Asked(
        said, which, times, days, said["focus"], own_words, wanted if wanted and not field else "", denounced
    )


def _holder(turn: Turn, reach: PetitionReach) -> dict[str, Any] | Reply | None:
    """Whose petitions are meant: a colleague's within reach, the asker's own, or None where it is not said."""
    if person := person_said(turn):
        known = [one for one in turn.uow.accounts.all() if one.active and _in_reach(one, reach)]
        named = set(names_with([one.full_name for one in known], person))
        found = [one for one in known if one.full_name in named]
        if len(found) != 1:
            names = sorted(named)[:_MOST_NAMES]
            return Reply("work/owner_unclear", {"said": person, "names": names})
        return {"owner": found[0].name, "queue": False, "own": "", "officer": found[0].full_name}
    if not is_mine(folded(turn)):
        return None
    account = turn.uow.accounts.by_name(turn.viewer.account)
    if account is None:
        return None
    own = work.mine(account)
    return {"owner": own.owner, "queue": own.queue, "own": "queue" if own.queue else "account", "officer": ""}


def _in_reach(account: Account, reach: PetitionReach) -> bool:
    return reach.scope.everything or account.agency_id in reach.scope.agencies


def _focus(turn: Turn, days: Days, kept: str) -> str:
    """Which figure the sentence is about; a follow-up without such words keeps the last one."""
    if turn.given:
        return kept
    said = folded(turn)
    pressing = urgency(said)
    if _UNASSIGNED.search(said):
        return str(PetitionGroup.UNASSIGNED)
    if days.over or pressing == "late":
        return str(PetitionGroup.OVERDUE)
    if pressing or days.ahead or (days.span is not None and days.span[1] >= turn.today):
        return str(PetitionGroup.SOON)
    if _UNTAKEN.search(said):
        return str(PetitionGroup.UNTAKEN)
    return kept if turn.again else ""
