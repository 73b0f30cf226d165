"""What a reception board counted in a day: visits, people, delegations; nobody's name."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from backend.domain.agency import Agency
from backend.domain.errors import DomainError
from backend.domain.reception import HostKind


class Sitting(enum.StrEnum):
    """How people were received (Luật Tiếp công dân Đ12, Đ18): on the head's day, out of turn, or at the desk."""

    REGULAR_DAY = "regular_day"  # định kỳ
    EXTRAORDINARY = "extraordinary"  # đột xuất
    DESK = "desk"  # thường xuyên


class NotCountable(DomainError):
    """This day's total cannot be taken over; the message says why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class DayTotal:
    """``people`` were not counted at an earlier visit, those of ``groups`` included; ``groups`` are visits, too."""

    on: date
    visits: int
    people: int
    groups: int = 0
    in_groups: int = 0

    def wrong(self) -> tuple[str, str] | None:
        """Which number cannot be beside the others, and why in Vietnamese; None where all fit."""
        if self.groups > self.visits:
            return "groups", "số đoàn nhiều hơn số lượt"
        if self.in_groups > self.people:
            return "in_groups", "nhiều hơn số người được tiếp"
        if not self.groups and self.in_groups:
            return "groups", "có người trong đoàn mà không có đoàn"
        if self.groups == self.visits and self.people != self.in_groups:
            return "people", "chỉ có lượt của đoàn mà số người khác số người trong đoàn"
        return None


def host_kind(agency: Agency, sitting: Sitting) -> HostKind:
    """Who receives there."""
    if sitting is Sitting.DESK:
        return HostKind.DESK
    heads = {"province": HostKind.CHAIRMAN, "commune": HostKind.COMMUNE_CHAIRMAN}
    return heads.get(agency.kind, HostKind.DEPARTMENT_HEAD)
