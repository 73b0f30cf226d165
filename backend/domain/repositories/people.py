"""Port: one person on several channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from backend.domain.messaging import Address
from backend.domain.person import LinkCode, LinkedIdentity, PersonSettings


class People(Protocol):
    def lock(self, phone_print: str) -> None:
        """Let one at a time change what hangs on this number, until the transaction ends."""

    def linked(self, phone_print: str) -> Sequence[LinkedIdentity]:
        """Every channel identity with this number, the first linked first."""

    def bind(self, address: Address, source: Address, now: datetime) -> bool:
        """Copy the number of ``source`` to this address; False when ``source`` has none."""

    def release(self, identity_id: int) -> None:
        """Take the number from this identity; an officer's binding stays."""

    def settings(self, phone_print: str) -> PersonSettings: ...
    def put_settings(self, phone_print: str, settings: PersonSettings, now: datetime) -> None: ...
    def drop_settings(self, phone_print: str) -> None: ...
    def add_code(
        self, code_print: str, phone_print: str, conversation_id: int, now: datetime, expires_at: datetime
    ) -> None: ...
    def open_codes(self, phone_print: str, now: datetime) -> Sequence[LinkCode]:
        """The oldest first."""

    def code(self, code_print: str) -> LinkCode | None: ...
    def take_code(self, code_id: int, conversation_id: int, now: datetime) -> bool:
        """Use the code up; False for all but the first, and after its time."""

    def void_codes(self, code_ids: Sequence[int]) -> None: ...
    def void_codes_of(self, conversation_id: int) -> None: ...
