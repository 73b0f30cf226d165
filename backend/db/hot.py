"""Statements of the hot path: compiled by SQLAlchemy once, then run on the driver's own cursor.

A turn runs some twenty small statements. SQLAlchemy spends most of their time on what is the same every time
(looking up the compiled form, ordering parameters, making a result object): measured, a third of a turn. Here a
statement is written in SQLAlchemy Core as everywhere, its text and its types' conversions are worked out at its first
use, and from then on each run is one call of the driver.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Dialect, bindparam, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from backend.db.types import Json

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Plan:
    """``binds``: (name in the text, name given by the caller or None, its conversion, the constant otherwise)."""

    sql: str
    positional: bool
    binds: tuple[tuple[str, str | None, Convert | None, Any], ...]
    row: Callable[..., Any]
    results: tuple[tuple[int, Convert], ...]
    names: tuple[str, ...]

    def given(self, values: Mapping[str, Any]) -> Any:
        found = [
            constant if key is None else values[key] if convert is None else convert(values[key])
            for _name, key, convert, constant in self.binds
        ]
        return found if self.positional else dict(zip(self.names, found, strict=True))

    def read(self, raw: Sequence[Any]) -> Any:
        if not self.results:
            return self.row(*raw)
        cells = list(raw)
        for at, convert in self.results:
            cells[at] = convert(cells[at])
        return self.row(*cells)


DIALECTS = ("sqlite", "postgresql")


def among(dialect: str, column: ColumnElement[Any], name: str, kind: type[TypeEngine[Any]]) -> Any:
    """``column IN (the list given as name)`` as one bound value: the statement's text stays the same however long
    the list is, and a thousand parameters would cost more than the look itself."""
    if dialect == "postgresql":
        return column == func.any(bindparam(name, type_=ARRAY(kind)))
    return column.in_(select(func.json_each(bindparam(name, type_=Json)).table_valued("value").c.value))


class Hot:
    """A statement that gets the same parameter names each time. Thread-safe.

    ``IN`` with a list is for :func:`among`, and defaults of columns must be constants.
    ``by_dialect`` is for statements that are written differently for SQLite and PostgreSQL.
    """

    def __init__(self, statement: Any = None, **by_dialect: Any) -> None:
        self._statements = by_dialect
        self._same = statement
        self._plans: dict[str, _Plan] = {}

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """The rows, with the selected columns as attributes."""
        plan, cursor = self._run(connection, values)
        return [plan.read(raw) for raw in cursor.fetchall()]

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any | None:
        """The first row; the statement gives one row at most."""
        plan, cursor = self._run(connection, values)
        found = cursor.fetchall()  # all of them: a cursor left open would keep the statement busy
        return plan.read(found[0]) if found else None

    def scalar(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """The first column of the first row; None without a row."""
        row = self.first(connection, values)
        return None if row is None else row[0]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """The number of rows that were changed."""
        _plan, cursor = self._run(connection, values)
        return int(cursor.rowcount)

    def many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run once for each of ``rows``, which have the same names."""
        if rows:
            plan = self._plan(connection, rows[0])
            self._call(connection, plan, [plan.given(one) for one in rows], many=True)

    def _run(self, connection: Connection, values: Mapping[str, Any]) -> tuple[_Plan, Any]:
        plan = self._plan(connection, values)
        return plan, self._call(connection, plan, plan.given(values))

    def _plan(self, connection: Connection, values: Mapping[str, Any]) -> _Plan:
        name = connection.dialect.name
        plan = self._plans.get(name)
        if plan is None:
            statement = self._statements.get(name, self._same)
            plan = self._plans[name] = _plan(statement, connection.dialect, list(values))
        return plan

    def _call(self, connection: Connection, plan: _Plan, given: Any, *, many: bool = False) -> Any:
        cursor = _driver(connection).cursor()
        with _as_sqlalchemy_raises(connection, plan.sql):
            (cursor.executemany if many else cursor.execute)(plan.sql, given)
        return cursor


def run_plainly(connection: Connection, sql: str) -> None:
    """A statement without parameters or rows, such as SAVEPOINT: a dozen of them mark out a turn."""
    with _as_sqlalchemy_raises(connection, sql):
        _driver(connection).execute(sql)


def _driver(connection: Connection) -> Any:
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.driver_connection


class _as_sqlalchemy_raises:
    """Errors of the driver in SQLAlchemy's classes, without the values: they may be a person's."""

    __slots__ = ("_connection", "_sql")

    def __init__(self, connection: Connection, sql: str) -> None:
        self._connection = connection
        self._sql = sql

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        base = self._connection.dialect.loaded_dbapi.Error
        if kind is not None and issubclass(kind, base):
            dialect = self._connection.dialect
            raise DBAPIError.instance(
                self._sql, None, error, base, hide_parameters=True, dialect=dialect
            ) from error


def _plan(statement: Any, dialect: Dialect, keys: list[str]) -> _Plan:
    compiled = statement.compile(dialect=dialect, column_keys=sorted(keys))
    if compiled.post_compile_params:
        raise TypeError("IN with a list is written anew each time; use equalities")
    constants = dict(compiled.params)
    for column in (*compiled.insert_prefetch, *compiled.update_prefetch):
        default = column.default if column in compiled.insert_prefetch else column.onupdate
        if not default.is_scalar:
            raise TypeError(f"{column}: a default that is not a constant")
        constants[column.key] = default.arg
    names = compiled.positiontup if compiled.positional else list(compiled.params)
    binds = []
    for name in names:
        convert = _bind(compiled, name, dialect)
        if name in keys:
            binds.append((name, name, convert, None))
        else:
            value = constants[name]
            binds.append((name, None, None, convert(value) if convert is not None else value))
    columns = list(getattr(statement, "exported_columns", ()))
    results = []
    for at, column in enumerate(columns):
        read = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if read is not None:
            results.append((at, read))
    row = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]
    return _Plan(str(compiled), bool(compiled.positional), tuple(binds), row, tuple(results), tuple(names))


def _bind(compiled: Any, name: str, dialect: Dialect) -> Convert | None:
    convert: Convert | None = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
    return convert
