"""Petitions (đơn, phản ánh): their kinds, their life as a state machine, and who may move what.

Law: Luật Khiếu nại 02/2011, Luật Tố cáo 25/2018, Luật Tiếp công dân 42/2013. Feedback and proposals are filed by chat;
complaints and denunciations are not (they need a signature or a visit), and a denunciation never becomes a row here.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.domain.scope import HEADS


class PetitionKind(enum.StrEnum):
    """The four legal kinds."""

    FEEDBACK = "feedback"  # phản ánh
    PROPOSAL = "proposal"  # kiến nghị
    COMPLAINT = "complaint"  # khiếu nại: by chat only a request for help with it
    DENUNCIATION = "denunciation"  # tố cáo: sealed, never in this table


#: What a chat may file.
BY_CHAT = frozenset({PetitionKind.FEEDBACK, PetitionKind.PROPOSAL})


class PetitionSource(enum.StrEnum):
    CHAT = "chat"
    HOTLINE = "hotline"
    LETTER = "letter"
    VISIT = "visit"
    DELEGATION = "delegation"  # đoàn đông người: a visit of several about one matter, with a representative
    FORWARDED = "forwarded"
    PORTAL = "portal"


#: Somebody came in person: the law counts an answer from that day (Luật Tiếp công dân Đ28.1).
IN_PERSON = frozenset({PetitionSource.VISIT, PetitionSource.DELEGATION})


class PetitionState(enum.StrEnum):
    RECEIVED = "received"  # somebody has to look at it
    CLASSIFIED = "classified"  # kind and field are settled, no agency yet
    ASSIGNED = "assigned"  # an agency has it, nobody there has taken it up
    IN_PROGRESS = "in_progress"
    EXTENSION_ASKED = "extension_asked"
    FORWARDED = "forwarded"  # chuyển: passed on to the competent body, whose answer is waited for
    ANSWERED = "answered"  # waits for the reporter's word
    DECLINED = "declined"  # not eligible; the reason is told
    GUIDED = "guided"  # hướng dẫn: the sender knows where and how
    RETURNED = "returned"  # trả: the letter went back with its papers
    FILED = "filed"  # lưu: kept without handling
    CLOSED = "closed"
    MERGED = "merged"  # goes on in another petition
    WITHDRAWN = "withdrawn"  # by the reporter


FINAL = frozenset({
    PetitionState.DECLINED, PetitionState.CLOSED, PetitionState.MERGED, PetitionState.WITHDRAWN,
    PetitionState.GUIDED, PetitionState.RETURNED, PetitionState.FILED
})  # fmt: skip
OPEN = frozenset(PetitionState) - FINAL

#: Owner of what nobody else owns: whoever is on duty.
DUTY = "duty"

_DESK = frozenset({"operator", "reception", "administrator"})
_AGENCY = frozenset({"officer", "operator", "administrator"})
_HEADS = HEADS | {"operator", "administrator"}
_REPORTER = frozenset({"reporter"})
_SYSTEM = frozenset({"system"})


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow of the map: from which states, to which, and who may make it (roles, ``reporter``, ``system``)."""

    frm: frozenset[PetitionState]
    to: PetitionState
    by: frozenset[str]
    needs_reason: bool = False


_S = PetitionState
_AT_AGENCY = frozenset({_S.ASSIGNED, _S.IN_PROGRESS, _S.EXTENSION_ASKED})
_AT_DESK = frozenset({_S.RECEIVED, _S.CLASSIFIED})
#: Every arrow there is. docs/petitions.md shows it as a map; a test compares the two.
MOVES: Mapping[str, Move] = {
    "classify": Move(frozenset({_S.RECEIVED}), _S.CLASSIFIED, _DESK),
    "decline": Move(_AT_DESK, _S.DECLINED, _DESK, needs_reason=True),
    "guide": Move(_AT_DESK, _S.GUIDED, _DESK, needs_reason=True),
    "forward": Move(_AT_DESK, _S.FORWARDED, _DESK, needs_reason=True),
    "send_back": Move(_AT_DESK, _S.RETURNED, _DESK, needs_reason=True),
    "file_away": Move(_AT_DESK, _S.FILED, _DESK, needs_reason=True),
    "answered_elsewhere": Move(frozenset({_S.FORWARDED}), _S.CLOSED, _DESK),
    "take_back": Move(frozenset({_S.FORWARDED}), _S.CLASSIFIED, _DESK, needs_reason=True),
    "assign": Move(_AT_DESK, _S.ASSIGNED, _DESK),
    "return": Move(frozenset({_S.ASSIGNED, _S.IN_PROGRESS}), _S.CLASSIFIED, _AGENCY, needs_reason=True),
    "reroute": Move(_AT_AGENCY, _S.ASSIGNED, _DESK, needs_reason=True),
    "accept": Move(frozenset({_S.ASSIGNED}), _S.IN_PROGRESS, _AGENCY),
    "ask_extension": Move(frozenset({_S.IN_PROGRESS}), _S.EXTENSION_ASKED, _AGENCY, needs_reason=True),
    "grant_extension": Move(frozenset({_S.EXTENSION_ASKED}), _S.IN_PROGRESS, _HEADS, needs_reason=True),
    "refuse_extension": Move(frozenset({_S.EXTENSION_ASKED}), _S.IN_PROGRESS, _HEADS, needs_reason=True),
    "answer": Move(_AT_AGENCY, _S.ANSWERED, _AGENCY),
    "confirm": Move(frozenset({_S.ANSWERED}), _S.CLOSED, _REPORTER),
    "lapse": Move(frozenset({_S.ANSWERED}), _S.CLOSED, _SYSTEM),
    "reopen": Move(frozenset({_S.ANSWERED, _S.CLOSED}), _S.CLASSIFIED, _REPORTER | _DESK, needs_reason=True),
    "merge": Move(OPEN - {_S.ANSWERED, _S.FORWARDED}, _S.MERGED, _DESK),
    "unmerge": Move(frozenset({_S.MERGED}), _S.CLASSIFIED, _DESK | _SYSTEM, needs_reason=True),
    "withdraw": Move(OPEN - {_S.ANSWERED}, _S.WITHDRAWN, _REPORTER),
}  # fmt: skip


class Alarm(enum.StrEnum):
    """What is due next; every open petition has exactly one."""

    CLASSIFY = "classify"
    ASSIGN = "assign"
    ACCEPT = "accept"
    ANSWER = "answer"
    DECIDE_EXTENSION = "decide_extension"
    CONFIRM = "confirm"  # the reporter's time to say whether it is settled
    ASK_ELSEWHERE = "ask_elsewhere"  # to ask the body it was passed on to


#: Steps that have a rule of time but are no alarm of their own: they lengthen, shorten or follow one.
OTHER_STEPS = (
    "answer_complex",  # a decision on a complex complaint
    "answer_far",  # where travel is hard
    "answer_far_complex",
    "visit",  # answer or notice of handling after somebody was received
    "report_back",  # to who forwarded it
)
STEPS = (*Alarm, *OTHER_STEPS)


ALARM_OF: Mapping[PetitionState, Alarm] = {
    _S.RECEIVED: Alarm.CLASSIFY,
    _S.CLASSIFIED: Alarm.ASSIGN,
    _S.ASSIGNED: Alarm.ACCEPT,
    _S.IN_PROGRESS: Alarm.ANSWER,
    _S.EXTENSION_ASKED: Alarm.DECIDE_EXTENSION,
    _S.ANSWERED: Alarm.CONFIRM,
    _S.FORWARDED: Alarm.ASK_ELSEWHERE,
}


class Unit(enum.StrEnum):
    """Working days and calendar days are told apart by type, never by text."""

    WORKING = "working"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """So long for a step of a kind, from ``valid_from`` on (ISO dates); ``source`` says who set it."""

    kind: PetitionKind
    step: str  # of STEPS
    amount: int
    unit: Unit
    valid_from: str
    source: str
    law: bool  # False: the office's own, never to be presented as law


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported; all empty when anonymous. Sealed at rest."""

    name: str = ""
    phone: str = ""

    @property
    def anonymous(self) -> bool:
        return not (self.name or self.phone)


@dataclass(frozen=True, slots=True)
class Story:
    """What was said. Sealed at rest; ``place`` in the reporter's own words."""

    text: str
    place: str = ""

    def as_json(self) -> dict[str, str]:
        return {"text": self.text, "place": self.place}


@dataclass(frozen=True, slots=True)
class PetitionFile:
    """A photo or file of a message: what the channel needs to fetch it, or our own blob."""

    media_type: str
    channel: str = ""
    reference: str = field(default="", repr=False)
    blob_id: int | None = None


@dataclass(frozen=True, slots=True)
class UnfetchedFile:
    """A file of a petition that still lies with a messenger."""

    id: int
    channel: str
    reference: str = field(repr=False)
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class NewPetition:
    """What is needed to file one. ``latitude`` and ``longitude`` in degrees, both or none."""

    kind: PetitionKind
    source: PetitionSource
    story: Story
    reporter: Reporter
    conversation_id: int | None = None
    commune_id: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    hidden: bool = False  # the reporter stays unknown to the handling agency
    files: tuple[PetitionFile, ...] = ()
    about_agency_id: int | None = None


@dataclass(frozen=True, slots=True)
class Petition:
    """One petition as kept. ``story`` and ``reporter`` are None once erased."""

    id: int
    code: str
    kind: PetitionKind
    source: PetitionSource
    state: PetitionState
    received_at: datetime
    owner: str
    alarm: Alarm | None
    alarm_at: datetime | None
    due_at: datetime | None
    conversation_id: int | None = None
    agency_id: int | None = None
    commune_id: int | None = None
    about_agency_id: int | None = None  # whom it is about: never the one to handle it
    field_name: str = ""
    hidden: bool = False
    raised: int = 0  # how often an alarm went up the ladder since the last move
    reopened: int = 0
    merged_into: str = ""
    story: Story | None = field(default=None, repr=False)
    reporter: Reporter | None = field(default=None, repr=False)
    answer: str = field(default="", repr=False)
    files: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class PetitionEvent:
    """One step of its life. ``reason`` is sealed at rest."""

    at: datetime
    move: str
    frm: str
    to: str
    actor: str
    reason: str = field(default="", repr=False)
    detail: Mapping[str, Any] = field(default_factory=dict)


def may(move: str, state: PetitionState, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles may make the move from there."""
    arrow = MOVES[move]
    return state in arrow.frm and bool(arrow.by & roles)
