"""Port: rows counted within a scope, totals entered by hand, figures as submitted, reporting periods."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from backend.domain.figure_records import Entered, FeePayment, FigureRow, Regime, Slice, Snapshot
from backend.domain.on_time import Course


class Figures(Protocol):
    def totals(self, topic: str, part: Slice) -> Mapping[str, int]:
        """Figures by name, without the topic. Empty where nothing of the topic is kept at all: that is not 0."""

    def by_agency(self, topic: str, part: Slice) -> Mapping[int | None, Mapping[str, int]]:
        """The same for each agency; None stands for rows whose agency is not known."""

    def courses(self, part: Slice) -> Iterable[tuple[int | None, str, date | None, Course]]:
        """Dossiers that the national rule must judge one by one: agency, procedure with its version, the course."""

    def rows(self, topic: str, name: str, part: Slice, limit: int, offset: int) -> Sequence[FigureRow]:
        """The rows behind a figure, in order; empty where the figure has none that may be listed one by one."""

    def fields(self, topic: str) -> Sequence[str]:
        """Names of fields by which the topic can be narrowed."""

    def oldest_day(self, topic: str) -> date | None:
        """The first day of which rows are kept."""

    def newest_day(self, topic: str) -> date | None:
        """The last day of which something of the topic is kept."""

    def enter(self, entered: Entered) -> int:
        """Keep a total; an earlier one of the same key, agency and days stays as an older version. The new version."""

    def entered(self, topic: str, first: date, last: date) -> Sequence[Entered]:
        """The newest versions whose days touch these, whichever agency they are of."""

    def all_entered(self, limit: int) -> Sequence[Entered]:
        """Every version, newest first."""

    def freeze(self, snapshot: Snapshot) -> int: ...
    def frozen(self, topic: str, first: date, last: date, agency_id: int | None) -> Snapshot | None:
        """What was submitted last for exactly these days."""

    def all_frozen(self, limit: int) -> Sequence[Snapshot]: ...
    def put_regime(self, regime: Regime, by: str, now: datetime) -> int: ...
    def regimes(self) -> Sequence[Regime]: ...
    def add_fees(self, rows: Sequence[tuple[str, int | None, date, int, date | None, bool, str]]) -> int:
        """Fees: dossier code, agency, day due, dong, day paid, paid online, source."""

    def fees_of(self, codes: Collection[str]) -> Sequence[FeePayment]:
        """Every fee of these dossiers, in the order they came."""

    def put_fee(self, fee: FeePayment) -> None:
        """Change the fee with this id; one without an id is new."""

    def drop_fee(self, fee_id: int) -> None: ...

    def own(self, find: Mapping[str, int], by_name: bool) -> int:
        """Give dossiers without an agency theirs: by the agency's name in them, or by the head of their code."""

    def ownerless(self) -> Sequence[tuple[str, str, int]]:
        """Names and code heads of dossiers whose agency is not known, with how many there are."""
