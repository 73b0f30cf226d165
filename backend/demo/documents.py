"""Invented documents of the demonstration province: three registers around an anchor day, and a gazette."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from backend.demo.office import DEMO
from backend.domain.clock import local_date
from backend.domain.document import Direction, OfficialDocument, Validity
from backend.domain.document_number import kind_of
from backend.domain.ports import UnitOfWork

ORIGIN = "Sổ văn bản (minh họa)"
_GAZETTE = "Công báo tỉnh (minh họa)"
_SEED = 20261122
_ROUNDS = 6  # how often each matter comes up, two months apart
_OFFICE = "UBND tỉnh"


def load_documents(uow: UnitOfWork, *, anchor: datetime) -> int:
    """Put them; returns how many. The same anchor gives the same documents."""
    plan = yaml.safe_load(files("backend.demo").joinpath("documents.yml").read_text(encoding="utf-8"))
    ids = {one.code: one.id for one in uow.agencies.all()}
    names = {one.name: one.id for one in uow.agencies.all()}
    maker = _Maker(Random(_SEED), anchor, ids, names, plan["signers"])
    made = [*maker.registers(plan["matters"]), *maker.gazette(plan["rules"])]
    uow.documents.add(made)
    return len(made)


class _Maker:
    def __init__(
        self,
        random: Random,
        anchor: datetime,
        ids: Mapping[str, int],
        names: Mapping[str, int],
        signers: Sequence[str],
    ) -> None:
        self._random = random
        self._anchor = anchor
        self._today = local_date(anchor)
        self._ids = ids
        self._names = names
        self._signers = signers
        self._numbers: dict[tuple[str, int], int] = {}

    def registers(self, matters: Sequence[Mapping[str, Any]]) -> Iterator[OfficialDocument]:
        """What went out and what came in, the older first."""
        for turn in range(_ROUNDS, 0, -1):
            for matter in matters:
                for subject in matter["out"]:
                    yield self._out(matter, subject, self._day(turn))
                for sender, suffix, subject in matter["in"]:
                    yield self._in(matter, sender, suffix, subject, self._day(turn))

    def gazette(self, rules: Sequence[Sequence[str]]) -> Iterator[OfficialDocument]:
        """Two years of rules; those of the year before have given way to this year's."""
        for back in (1, 0):
            for at, (suffix, kind, subject, field) in enumerate(rules):
                issued = self._today - timedelta(days=365 * back + 20 + 9 * at)
                year = f"/{issued.year}" if suffix in ("QĐ-UBND", "NQ-HĐND") else ""
                number = f"{self._next(f'cb{suffix}', issued.year, 3)}{year}/{suffix}"
                begins = issued + timedelta(days=10)
                yield OfficialDocument(
                    direction=Direction.GAZETTE,
                    number=number,
                    kind=kind,
                    subject=f"{subject} năm {issued.year}" if kind == "kế hoạch" else subject,
                    issuer="HĐND tỉnh" if suffix.endswith("HĐND") else _OFFICE,
                    issued_on=issued,
                    issuer_id=None if suffix.endswith("HĐND") else self._ids["H50"],
                    field=field,
                    signer=self._signers[at % len(self._signers)],
                    digitally_signed=True,
                    gazette_issue=f"số {10 + at // 4}/{issued.year}",
                    validity=Validity.EXPIRED if back else Validity.IN_FORCE,
                    effective_from=begins,
                    effective_to=begins + timedelta(days=365) if back else None,
                    origin=_GAZETTE,
                    as_of=self._anchor,
                    demo=DEMO,
                )

    def _out(self, matter: Mapping[str, Any], subject: str, issued: date) -> OfficialDocument:
        suffix = matter["suffix"]
        return OfficialDocument(
            direction=Direction.OUT,
            number=f"{self._next(suffix, issued.year, 7)}/{suffix}",
            kind="công văn",
            subject=subject,
            issuer=_OFFICE,
            issued_on=issued,
            agency_id=self._ids[matter["agency"]],
            issuer_id=self._ids["H50"],
            readers=tuple(sorted({self._ids["H50.01"], self._random.choice(sorted(self._ids.values()))})),
            field=matter["field"],
            signer=self._random.choice(self._signers),
            digitally_signed=self._random.random() < 0.9,
            origin=ORIGIN,
            as_of=self._anchor,
            demo=DEMO,
        )

    def _in(
        self, matter: Mapping[str, Any], sender: str, suffix: str, subject: str, issued: date
    ) -> OfficialDocument:
        number = f"{self._next(suffix, issued.year, 11)}/{suffix}"
        return OfficialDocument(
            direction=Direction.IN,
            number=number,
            kind=kind_of(number),
            subject=subject,
            issuer=sender,
            issued_on=issued,
            received_on=min(self._today, issued + timedelta(days=self._random.randrange(1, 4))),
            agency_id=self._ids[matter["agency"]],
            issuer_id=self._names.get(sender),
            field=matter["field"],
            needs_action=self._random.random() < 0.45,
            digitally_signed=self._random.random() < 0.8,
            origin=ORIGIN,
            as_of=self._anchor,
            demo=DEMO,
        )

    def _day(self, turn: int) -> date:
        return self._today - timedelta(days=60 * (turn - 1) + self._random.randrange(1, 58))

    def _next(self, suffix: str, year: int, step: int) -> int:
        """Numbers rise within a year, with gaps: not every document of a register is here."""
        number = self._numbers.get((suffix, year), 100) + 1 + self._random.randrange(step)
        self._numbers[suffix, year] = number
        return number
