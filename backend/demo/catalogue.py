"""The demonstration province's procedures: facts from published decisions, told in short sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import yaml

from backend.domain.clock import VIETNAM
from backend.domain.ports import UnitOfWork
from backend.domain.procedure import Procedure
from backend.domain.procedure_record import read_record

FOLDER = Path(__file__).with_name("procedures")
#: When the facts were taken down, from the publications of June and July 2026.
AS_OF = datetime(2026, 7, 20, tzinfo=VIETNAM)
SOURCE = "Cổng dịch vụ công quốc gia"


def read_procedures(folder: Path = FOLDER) -> Iterator[Procedure]:
    """Every demonstration procedure, file by file.

    Raises:
        BadRecord: a record is not complete or has an unknown value.
    """
    for path in sorted(folder.glob("*.yml")):
        for body in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
            yield read_record(body, source=SOURCE, as_of=AS_OF, demo="demo")


def load_procedures(uow: UnitOfWork) -> int:
    """Put every demonstration procedure; returns how many there are."""
    count = 0
    for one in read_procedures():
        uow.procedures.put(one)
        count += 1
    return count
