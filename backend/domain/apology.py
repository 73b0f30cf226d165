"""The apology for a late dossier (văn bản xin lỗi và đề nghị gia hạn, TT 03/2025/TT-VPCP form 04).

It is drafted before the due hour; a new date is told only once a person has signed the form.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class ApologyStatus(enum.StrEnum):
    DRAFTED = "drafted"
    SIGNED = "signed"
    VOID = "void"  # the dossier was finished in time after all


@dataclass(frozen=True, slots=True)
class Apology:
    """``due_at`` is the promise; ``new_due_at`` and ``number`` stand on the signed form."""

    id: int
    dossier_id: int
    code: str
    agency_name: str
    due_at: datetime
    status: ApologyStatus
    number: str = ""
    new_due_at: datetime | None = None
    reason: str = ""
    told_at: datetime | None = None
