"""Figures once submitted stay as they were; what is counted later is told beside them, not in their place."""

from __future__ import annotations

from dataclasses import replace

from backend.domain.agency import Agency
from backend.domain.errors import InvalidInput
from backend.domain.figure import Figure, FigureSet, Origin
from backend.domain.figure_records import Snapshot
from backend.domain.ports import UnitOfWork
from backend.domain.scope import Scope


def freeze(
    uow: UnitOfWork, actor: str, found: FigureSet, source: str, agency: Agency | None = None
) -> Snapshot:
    """Keep a set as it was submitted with the report ``source``. A later one of the same days goes before it.

    Raises:
        InvalidInput: no report is named, or the period is not over.
    """
    if not source.strip():
        raise InvalidInput(
            "the report's number and date are required", reason="cần số, ngày của báo cáo đã gửi"
        )
    if found.period.last > uow.today:
        raise InvalidInput("the period is not over", reason="kỳ báo cáo chưa kết thúc")
    bare = replace(found, lines=(), before=None)
    made = Snapshot(bare, uow.now, actor, source.strip()[:300], None if agency is None else agency.id)
    number = uow.figures.freeze(made)
    detail = {
        "topic": found.topic,
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
    }
    uow.audit.record(actor, "figures_frozen", f"snapshot:{number}", "ok", detail)
    return replace(made, id=number)


def as_submitted(uow: UnitOfWork, scope: Scope, found: FigureSet, agency: Agency | None) -> FigureSet:
    """The set with what was submitted in place of what is counted now, which is told beside it."""
    whole = agency is None or agency.parent_code is None
    if whole and not scope.everything:
        return found
    period = found.period
    kept = uow.figures.frozen(
        found.topic, period.first, period.last, None if whole or agency is None else agency.id
    )
    if kept is None:
        return found
    submitted = {one.key: one for one in kept.figures.figures}
    made = tuple(_beside(one, submitted.get(one.key), kept) for one in found.figures)
    return replace(found, figures=made, frozen_at=kept.frozen_at)


def _beside(now: Figure, then: Figure | None, kept: Snapshot) -> Figure:
    if then is None or then.value is None:
        return now
    values: dict[str, object] = {"source": kept.source}
    if now.value is not None and now.value != then.value:
        values |= {"now": now.value, "difference": now.value - then.value}
    return replace(
        then,
        origin=Origin.FROZEN,
        source=kept.source,
        period=now.period,
        remark="figures/remark_frozen",
        values=values,
    )
