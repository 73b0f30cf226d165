"""What every turn needs and no turn changes: words, actions, forms, the office's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from actions.base import Action, Form
from backend.domain.messaging import ChannelName
from bot.replies.renderer import Replies


@dataclass(frozen=True, slots=True)
class Desk:
    replies: Replies
    actions: Mapping[str, Action]
    forms: Mapping[str, Form]
    office: str
    uses: Mapping[str, frozenset[str]]  # intent -> entities it has a use for (nlu_data/intents.yml)
    officers_only: frozenset[str]  # intents whose audience is officers, from the same file
    holder: str  # this process, in leases
    lease_s: float = 15.0
    late_hour: time = time(15)  # what is handed in later counts as received on the next working day
    officers_page: str = ""  # its address, where one is set
    rows_on: frozenset[ChannelName] = frozenset(
        {ChannelName.TERMINAL}
    )  # where officers are shown single rows
