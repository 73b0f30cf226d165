"""Reading the sealed lane: officers named for it only, and every reading leaves a trace."""

from __future__ import annotations

from collections.abc import Mapping

from backend.domain.ports import UnitOfWork

#: The role that opens it.
READER = "inspector"


def read_sealed(uow: UnitOfWork, number: int, reader: str) -> Mapping[str, str] | None:
    """The words; None for anybody who is not named for it, which is audited as well. Raises NotFound."""
    account = uow.accounts.by_name(reader)
    allowed = account is not None and account.active and READER in account.roles
    uow.audit.record(
        f"account:{reader}"[:100], "sealed_read", f"sealed:{number}", "ok" if allowed else "refused"
    )
    return uow.petitions.open_report(number, reader, uow.now) if allowed else None
