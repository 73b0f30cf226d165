"""Reporting periods that an office sets for itself."""

from __future__ import annotations

from backend.domain.errors import InvalidInput
from backend.domain.figure_records import REGIME_MONTHS, Regime
from backend.domain.ports import UnitOfWork
from backend.services.figures.definitions import TOPICS

_LONGEST = 200


def put_regime(uow: UnitOfWork, actor: str, regime: Regime) -> int:
    """Keep a regime; one of the same kind, topic and first day is replaced.

    Raises:
        InvalidInput: no such kind, day, month or topic; no name, no source.
    """
    wrong = (
        ("kind", regime.kind not in REGIME_MONTHS, f"{regime.kind}: expected {', '.join(REGIME_MONTHS)}"),
        ("day", not 1 <= regime.cutoff_day <= 31, f"{regime.cutoff_day}: expected a day from 1 to 31"),
        (
            "month",
            not 1 <= regime.cutoff_month <= 12,
            f"{regime.cutoff_month}: expected a month from 1 to 12",
        ),
        ("topic", bool(regime.topic) and regime.topic not in TOPICS, f"{regime.topic}: no such topic"),
        ("name", not 0 < len(regime.name.strip()) <= _LONGEST, "a name of 1 to 200 characters is required"),
        ("source", not 0 < len(regime.source.strip()) <= 300, "the document that sets it is required"),
    )
    for field, is_wrong, message in wrong:
        if is_wrong:
            raise InvalidInput(message, reason=f"{field}: {message}")
    number = uow.figures.put_regime(regime, actor, uow.now)
    detail = {"kind": regime.kind, "day": regime.cutoff_day, "from": regime.valid_from.isoformat()}
    uow.audit.record(actor, "regime_set", f"regime:{number}", "ok", detail)
    return number
