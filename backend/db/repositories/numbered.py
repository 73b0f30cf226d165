"""Rows with a code of the day that people read out: TD-261121-0001."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from backend.domain.clock import local_date


def insert_numbered(
    db: Connection,
    table: Table,
    head: str,
    now: datetime,
    row: Mapping[str, Any],
    refused: Callable[[], None] = lambda: None,
) -> tuple[str, int]:
    """Insert the row under the day's next free number; its code and id.

    ``refused`` is called when the row was not taken; it raises where another constraint than the code's was the reason.
    """
    kind = postgresql if db.dialect.name == "postgresql" else sqlite
    while True:
        # Two at once may find the same number: the second waits for the first, then tries the next.
        code = _next_code(db, table, head, now)
        made = kind.insert(table).values(code=code, **row).on_conflict_do_nothing().returning(table.c.id)
        if (number := db.execute(made).scalar()) is not None:
            return code, int(number)
        refused()


def _next_code(db: Connection, table: Table, head: str, now: datetime) -> str:
    start = f"{head}-{local_date(now):%y%m%d}-"
    newest = db.execute(select(func.max(table.c.code)).where(table.c.code.like(start + "%"))).scalar()
    return f"{start}{(int(newest.removeprefix(start)) + 1 if newest else 1):04d}"
