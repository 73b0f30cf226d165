"""What a petition on paper or by word of mouth has beside its story, and how the law lets the desk dispose of it.

Law: Luật Tiếp công dân 42/2013 Đ25-28, Luật Khiếu nại 02/2011 Đ8, Đ11, Đ27, NĐ 124/2020 with NĐ 155/2026, Luật Tố cáo
25/2018 Đ24-26. docs/legal-sources.md says which of it was read and which is assumed.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from backend.domain.petition import PetitionKind, PetitionSource, Reporter
from backend.text.fold import fold

#: Longest place and number as they are compared.
LONGEST_PLACE, LONGEST_NUMBER = 200, 60
PORTAL = "Cổng Dịch vụ công quốc gia"


class Outcome(enum.StrEnum):
    """What the law lets the desk do with what it received; in the order in which it is thought of."""

    ACCEPT = "accept"  # thụ lý: given to whom it concerns and taken up there
    GUIDE = "guide"  # hướng dẫn
    FORWARD = "forward"  # chuyển
    SEND_BACK = "send_back"  # trả đơn kèm giấy tờ
    FILE_AWAY = "file_away"  # lưu
    DECLINE = "decline"  # không thụ lý


class ForwarderKind(enum.StrEnum):
    """Who passed it to us, or which place gave it the number."""

    PRESS = "press"
    AGENCY = "agency"
    DEPUTY = "deputy"  # đại biểu Quốc hội, HĐND
    SUPERIOR = "superior"
    PORTAL = "portal"  # the national portal: nobody waits for a report but the portal itself
    OTHER = "other"


#: They wait for word of what became of it.
TOLD_BACK = frozenset(ForwarderKind) - {ForwarderKind.PORTAL, ForwarderKind.OTHER}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where it has a number of its own. The same place and number is the same petition: counted once.

    ``place`` is as it was typed; places are compared folded. ``report_by`` is when who forwarded it must have heard,
    ``reported`` the number of the document that told them.
    """

    kind: ForwarderKind
    place: str
    number: str = ""
    dated: date | None = None
    report_by: datetime | None = None
    reported: str = ""
    id: int = 0
    petition_id: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """The petition's paper side; all empty for what came by chat.

    ``people`` is how many came, ``representative`` who speaks for them (sealed at rest). ``document`` is the number
    of our latest notice, ``body`` where it was passed on or the sender was sent, ``body_agency_id`` the same where we
    know it. ``skips_level``: addressed above the competent body, which has not handled it yet.
    """

    people: int = 1
    representative: Reporter = field(default_factory=Reporter, repr=False)
    signed: bool = True
    skips_level: bool = False
    document: str = ""
    body: str = ""
    body_agency_id: int | None = None
    answer_number: str = ""  # of the other body's answer
    accepted_at: datetime | None = None
    complex_case: bool = False
    remote: bool = False  # vùng sâu, vùng xa, đi lại khó khăn


@dataclass(frozen=True, slots=True)
class SealedOutcome:
    """How a denunciation was disposed of; ``reason`` is sealed at rest."""

    outcome: Outcome
    at: datetime
    document: str
    reason: str = field(default="", repr=False)


def key_of(text: str, *, spaces: bool = True) -> str:
    """A place or a number as it is compared: "Số 12/BTCD" typed twice is one number."""
    folded = fold(text)
    return folded if spaces else "".join(folded.split())


@dataclass(frozen=True, slots=True)
class Lawful:
    """An outcome that a kind may have. ``document``: the law wants a written notice; its number is asked for."""

    law: str
    document: bool = False
    only_forwarded: bool = False  # only what another body sent us
    unless_in_person: bool = False  # said face to face, no written notice is needed


_TCD = "Luật Tiếp công dân 42/2013/QH13"
_KN = "Luật Khiếu nại 02/2011/QH13"
_KN_155 = "NĐ 124/2020/NĐ-CP sửa bởi NĐ 155/2026/NĐ-CP"
_TC = "Luật Tố cáo 25/2018/QH14"
_FEEDBACK: Mapping[Outcome, Lawful] = {
    Outcome.ACCEPT: Lawful(f"{_TCD} Đ26, Đ28.1"),
    Outcome.GUIDE: Lawful(f"{_TCD} Đ26"),
    Outcome.FORWARD: Lawful(f"{_TCD} Đ26, Đ27", document=True),
    Outcome.SEND_BACK: Lawful(f"{_TCD} Đ26", document=True, only_forwarded=True),
    Outcome.FILE_AWAY: Lawful(f"{_TCD} Đ26"),
    Outcome.DECLINE: Lawful(f"{_TCD} Đ9"),
}
#: Which outcome is lawful for which kind. A denunciation's stand beside its sealed record, never in petitions.
OUTCOMES: Mapping[PetitionKind, Mapping[Outcome, Lawful]] = {
    PetitionKind.FEEDBACK: _FEEDBACK,
    PetitionKind.PROPOSAL: _FEEDBACK,
    PetitionKind.COMPLAINT: {
        Outcome.ACCEPT: Lawful(f"{_KN} Đ27; {_KN_155} Đ16.1", document=True),
        Outcome.GUIDE: Lawful(f"{_TCD} Đ25; {_KN} Đ7", document=True, unless_in_person=True),
        Outcome.FORWARD: Lawful(f"{_TCD} Đ27", document=True),
        Outcome.SEND_BACK: Lawful(_KN_155, document=True),
        Outcome.FILE_AWAY: Lawful(f"{_KN} Đ11"),
        Outcome.DECLINE: Lawful(f"{_KN} Đ11, Đ27; {_KN_155} Đ16.1", document=True),
    },
    PetitionKind.DENUNCIATION: {
        Outcome.ACCEPT: Lawful(f"{_TC} Đ24, Đ29", document=True),
        Outcome.GUIDE: Lawful(f"{_TC} Đ24.2", document=True, unless_in_person=True),
        Outcome.FORWARD: Lawful(f"{_TC} Đ24.2", document=True),
        Outcome.FILE_AWAY: Lawful(f"{_TC} Đ25"),
        Outcome.DECLINE: Lawful(f"{_TC} Đ24, Đ29", document=True),
    },
}


def lawful(
    kind: PetitionKind, outcome: Outcome, source: PetitionSource, *, skips_level: bool
) -> Lawful | None:
    """What the law wants for it; None where it may not be.

    A complaint is passed on only where it skipped a level or another body sent it: otherwise its sender is guided.
    """
    rule = OUTCOMES[kind].get(outcome)
    forwarded = source is PetitionSource.FORWARDED
    if rule is None or (rule.only_forwarded and not forwarded):
        return None
    if kind is PetitionKind.COMPLAINT and outcome is Outcome.FORWARD and not (skips_level or forwarded):
        return None
    return rule
