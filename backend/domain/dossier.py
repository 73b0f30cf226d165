"""A dossier (hồ sơ): one application that a citizen has handed in, as its source last told of it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime


class Stage(enum.IntEnum):
    """Stages as exchanged with the national portal (``TrangThaiHoSo`` 1 to 10)."""

    UNKNOWN = 0  # the source said something else: its own word stands in Dossier.raw_status
    REGISTERED = 1  # mới đăng ký: sent in, no officer has looked yet
    ACCEPTED = 2  # được tiếp nhận: the clock runs from here
    REFUSED = 3  # không được tiếp nhận
    PROCESSING = 4  # đang xử lý
    SUPPLEMENT = 5  # yêu cầu bổ sung giấy tờ: the clock stands still
    FEE_DUE = 6  # yêu cầu thực hiện nghĩa vụ tài chính
    WITHDRAWN = 7  # công dân yêu cầu rút hồ sơ
    STOPPED = 8  # dừng xử lý
    DONE = 9  # đã xử lý xong: ready to collect
    RETURNED = 10  # đã trả kết quả: handed over

    @property
    def ended(self) -> bool:
        """The office does nothing more about it."""
        return self in _ENDED

    @property
    def has_result(self) -> bool:
        return self in {Stage.DONE, Stage.RETURNED}

    @property
    def official_name(self) -> str:
        """The standard's own Vietnamese name; "Không rõ" for UNKNOWN."""
        return _OFFICIAL[self]


_ENDED = frozenset({Stage.REFUSED, Stage.WITHDRAWN, Stage.STOPPED, Stage.DONE, Stage.RETURNED})
_OFFICIAL = {
    Stage.UNKNOWN: "Không rõ",
    Stage.REGISTERED: "Mới đăng ký",
    Stage.ACCEPTED: "Được tiếp nhận",
    Stage.REFUSED: "Không được tiếp nhận",
    Stage.PROCESSING: "Đang xử lý",
    Stage.SUPPLEMENT: "Yêu cầu bổ sung giấy tờ",
    Stage.FEE_DUE: "Yêu cầu thực hiện nghĩa vụ tài chính",
    Stage.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
    Stage.STOPPED: "Dừng xử lý",
    Stage.DONE: "Đã xử lý xong",
    Stage.RETURNED: "Đã trả kết quả",
}


class Channel(enum.StrEnum):
    """How it was handed in (``kenhThucHien`` 1, 2, 3)."""

    UNKNOWN = ""
    DIRECT = "direct"
    ONLINE = "online"
    POSTAL = "postal"


@dataclass(frozen=True, slots=True)
class FeeDue:
    """``amount_vnd`` is None where the source names the fee without a sum."""

    name: str
    amount_vnd: int | None = None
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Details:
    """What only some sources tell. Empty values mean "not told"."""

    papers: tuple[str, ...] = ()  # what is wanted at SUPPLEMENT
    supplement_asked_at: datetime | None = None
    supplement_by: date | None = None  # last day to hand it in, where the request names one
    fees: tuple[FeeDue, ...] = ()
    pay_at: str = ""
    collect_at: str = ""  # the desk where the result lies
    reason: str = ""  # why refused, stopped or late
    note: str = ""
    due_moved: bool = False  # due_at is a new appointment given after a supplement or an apology


@dataclass(frozen=True, slots=True)
class Dossier:
    """All instants are aware. ``due_at`` is the promised instant; None until accepted or where not told."""

    code: str
    stage: Stage
    source: str
    as_of: datetime  # when the source last spoke of it
    raw_status: str = ""  # the source's own word
    title: str = ""
    procedure_code: str = ""
    procedure_from: date | None = None  # which version it was received under
    agency_name: str = ""
    holder: str | None = None  # who has it now; None where the source does not tell
    step: str | None = None
    received_at: datetime | None = None
    due_at: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    channel: Channel = Channel.UNKNOWN
    details: Details = field(default_factory=Details)
    parent_code: str | None = None  # the dossier that this one is a part of (inter-agency)
    phone_print: str | None = None  # keyed hash of the applicant's number; None where the source lacks it
    demo: str = ""
    id: int = 0
    parent_id: int | None = None
    agency_id: int | None = None  # whose it is in our own list; None where the name and the code tell nobody
    result_channel: Channel = Channel.UNKNOWN  # how the result was handed over

    @property
    def tail(self) -> str:
        """``261008-0975``: what people remember of the code."""
        return code_tail(self.code)


@dataclass(frozen=True, slots=True)
class Applicant:
    """The person behind a dossier. Kept sealed; opened only behind the second factor."""

    name: str = ""
    phone: str = ""  # as backend.text.phones normalises it, or empty
    for_other: bool = False  # the phone is that of somebody who filed for the owner (nộp thay)


@dataclass(frozen=True, slots=True)
class DossierEvent:
    """One step in a dossier's life; ``event_id`` is the source's own, or a hash of the content."""

    event_id: str
    stage: Stage
    at: datetime
    raw_status: str = ""
    holder: str | None = None
    step: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """What a source says of one dossier at once.

    ``lacks`` names what this source never tells (LACKABLE): there, silence does not erase what another told.
    """

    dossier: Dossier
    applicant: Applicant | None = None
    events: tuple[DossierEvent, ...] = ()
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """What writing a filing did. ``before`` is None for a new dossier; ``changed`` is false for a
    repetition."""

    dossier: Dossier
    before: Dossier | None
    changed: bool

    @property
    def stage_changed(self) -> bool:
        return self.changed and self.before is not None and self.before.stage is not self.dossier.stage


#: What a source may declare that it never tells.
LACKABLE = frozenset({"phone", "holder", "step", "supplement", "fee", "collect", "reason", "channel"})


def code_tail(code: str) -> str:
    """The part after the agency: day and serial."""
    return code.split("-", 1)[1] if "-" in code else code


def merged(old: Dossier, new: Dossier, lacks: Iterable[str]) -> Dossier:
    """``new``, with what its source never tells kept from ``old``. Identity and parent stay the old ones'."""
    silent = frozenset(lacks)
    before, after = old.details, new.details
    details = replace(
        after,
        papers=before.papers if "supplement" in silent else after.papers,
        supplement_asked_at=(
            before.supplement_asked_at if "supplement" in silent else after.supplement_asked_at
        ),
        supplement_by=before.supplement_by if "supplement" in silent else after.supplement_by,
        fees=before.fees if "fee" in silent else after.fees,
        pay_at=before.pay_at if "fee" in silent else after.pay_at,
        collect_at=before.collect_at if "collect" in silent else after.collect_at,
        reason=before.reason if "reason" in silent else after.reason,
    )
    return replace(
        new,
        id=old.id,
        parent_id=old.parent_id,
        parent_code=new.parent_code or old.parent_code,
        holder=old.holder if "holder" in silent else new.holder,
        step=old.step if "step" in silent else new.step,
        channel=old.channel if "channel" in silent else new.channel,
        result_channel=new.result_channel or old.result_channel,
        agency_id=new.agency_id or old.agency_id,
        phone_print=old.phone_print if "phone" in silent else new.phone_print,
        procedure_code=new.procedure_code or old.procedure_code,
        procedure_from=new.procedure_from or old.procedure_from,
        title=new.title or old.title,
        agency_name=new.agency_name or old.agency_name,
        received_at=new.received_at or old.received_at,
        due_at=new.due_at or old.due_at,
        demo=new.demo or old.demo,
        details=details,
    )
