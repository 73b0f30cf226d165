"""Writing many dossiers at once: one look at what is known, then statements of many rows for the bare driver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Text, bindparam, func, select, text

from backend.db.crypto import Cipher
from backend.db.hot import DIALECTS, among
from backend.db.repositories.dossier_rows import (
    DOSSIER_COLUMNS,
    EVENT_COLUMNS,
    Plain,
    dossier_from_row,
    open_applicant,
    seal_applicant,
    snapshot_event,
)
from backend.db.tables.dossiers import dossiers as d
from backend.domain.dossier import Applicant, Change, Dossier, DossierEvent, Filing, merged

_parents = d.alias("parents")
# The rows are locked in one order, so that two feeds with the same codes wait instead of deadlocking.
_KNOWN = {
    dialect: select(d, _parents.c.code.label("parent_code"))
    .select_from(d.outerjoin(_parents, _parents.c.id == d.c.parent_id))
    .where(among(dialect, d.c.code, "codes", Text))
    .order_by(d.c.code)
    .with_for_update(of=d)
    for dialect in DIALECTS
}
_IDS_OF = select(d.c.code, d.c.id).where(d.c.code.in_(bindparam("codes", expanding=True)))
_PLAN_ANEW = text("SET LOCAL plan_cache_mode = force_custom_plan")
_NEXT_IDS = text("SELECT nextval(pg_get_serial_sequence('dossiers', 'id')) FROM generate_series(1, :count)")


def _insert_sql(table: str, columns: Sequence[str], ending: str = "") -> str:
    marks = ", ".join(["?"] * len(columns))
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({marks}){ending}"  # noqa: S608 - our own names


_INSERT = _insert_sql("dossiers", ("id", *DOSSIER_COLUMNS))
_INSERT_EVENT = _insert_sql("dossier_events", EVENT_COLUMNS)
_INSERT_EVENT_ONCE = _insert_sql("dossier_events", EVENT_COLUMNS, " ON CONFLICT DO NOTHING")
_UPDATE = f"UPDATE dossiers SET {', '.join(f'{name} = ?' for name in DOSSIER_COLUMNS)} WHERE id = ?"  # noqa: S608
_SPOKE = "UPDATE dossiers SET as_of = ?, source = ? WHERE id = ?"


@dataclass(slots=True)
class _Draft:
    """A dossier on its way to its row."""

    now: Dossier
    row_id: int  # 0 until a new one gets its number
    parent_id: int | None
    phone_print: str | None
    sealed: bytes | None
    fresh: bool
    changed: bool = False
    spoke: bool = False  # nothing new, but newer


class DossierWriting:
    """One use: put once, or add events."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher
        self._sqlite = connection.dialect.name == "sqlite"
        self._plain = Plain(sqlite=self._sqlite)
        self._drafts: dict[str, _Draft] = {}
        self._events: list[tuple[str, DossierEvent]] = []

    def put(self, filings: Sequence[Filing]) -> Sequence[Change]:
        if not filings:
            return []
        self._load({filing.dossier.code for filing in filings})
        taken = [self._take(filing) for filing in filings]
        self._write()
        return [
            Change(self._drafts[filing.dossier.code].now, before, changed)
            for filing, (before, changed) in zip(filings, taken, strict=True)
        ]

    def add_events(self, dossier_id: int, events: Sequence[DossierEvent]) -> int:
        rows = [self._plain.event(dossier_id, event) for event in events]
        return self._many(_INSERT_EVENT_ONCE, rows)

    def _load(self, codes: set[str]) -> None:
        if not self._sqlite:
            # A plan kept from when the table was small reads all of it for every slice.
            self._db.execute(_PLAN_ANEW)
        for row in self._db.execute(_KNOWN[self._db.dialect.name], {"codes": sorted(codes)}):
            known = dossier_from_row(row)
            self._drafts[known.code] = _Draft(
                known, known.id, known.parent_id, known.phone_print, row.applicant, fresh=False
            )

    def _take(self, filing: Filing) -> tuple[Dossier | None, bool]:
        """What was known before this filing, and whether the filing changed it."""
        draft = self._drafts.get(filing.dossier.code)
        if draft is not None:
            return self._take_again(filing, draft)
        person = filing.applicant
        self._drafts[filing.dossier.code] = _Draft(
            filing.dossier,
            0,
            None,
            self._print(person),
            seal_applicant(person, self._cipher) if person else None,
            fresh=True,
        )
        self._note_events(filing, filing.dossier, moved=True)
        return None, True

    def _take_again(self, filing: Filing, draft: _Draft) -> tuple[Dossier, bool]:
        before = draft.now
        if filing.dossier.as_of < before.as_of:
            self._events += [(before.code, event) for event in filing.events]
            return before, False
        told = self._take_person(filing, draft)
        draft.now = after = replace(
            merged(before, filing.dossier, filing.lacks), phone_print=draft.phone_print
        )
        same = replace(after, as_of=before.as_of, source=before.source, phone_print=before.phone_print)
        did = told or same != before
        draft.changed |= did
        draft.spoke |= (after.as_of, after.source) != (before.as_of, before.source)
        moved = (after.stage, after.step, after.holder) != (before.stage, before.step, before.holder)
        self._note_events(filing, after, moved=moved)
        return before, did

    def _take_person(self, filing: Filing, draft: _Draft) -> bool:
        """Whether the filing told something new of the person."""
        told = filing.applicant
        if told is None:
            return False
        known = open_applicant(draft.sealed, self._cipher) if draft.sealed else Applicant()
        phone = known.phone if "phone" in filing.lacks else told.phone or known.phone
        other = told.for_other if told.phone else known.for_other
        wanted = Applicant(told.name or known.name, phone, bool(phone) and other)
        if wanted == known:
            return False
        draft.sealed = seal_applicant(wanted, self._cipher)
        draft.phone_print = self._print(wanted)
        return True

    def _note_events(self, filing: Filing, now: Dossier, *, moved: bool) -> None:
        self._events += [(now.code, event) for event in filing.events]
        if moved and not (filing.events and filing.events[-1].stage is now.stage):
            self._events.append((now.code, snapshot_event(now)))

    def _print(self, person: Applicant | None) -> str | None:
        return self._cipher.fingerprint(person.phone, "phone") if person and person.phone else None

    # --- to the database -----------------------------------------------------------------------------------

    def _write(self) -> None:
        fresh = [draft for draft in self._drafts.values() if draft.fresh]
        for draft, row_id in zip(fresh, self._next_ids(len(fresh)), strict=True):
            draft.row_id = row_id
        self._find_parents()
        for layer in _layers(fresh):
            self._many(_INSERT, [(draft.row_id, *self._values(draft)) for draft in layer])
        known = [draft for draft in self._drafts.values() if not draft.fresh]
        self._many(_UPDATE, [(*self._values(draft), draft.row_id) for draft in known if draft.changed])
        spoke = [draft for draft in known if draft.spoke and not draft.changed]
        instant = self._plain.instant
        self._many(_SPOKE, [(instant(one.now.as_of), one.now.source, one.row_id) for one in spoke])
        self._write_events()

    def _many(self, sql: str, rows: list[tuple[Any, ...]]) -> int:
        if not rows:
            return 0
        sql = sql if self._sqlite else sql.replace("?", "%s")
        return self._db.exec_driver_sql(sql, rows).rowcount

    def _next_ids(self, count: int) -> Iterable[int]:
        if not count:
            return ()
        if not self._sqlite:
            return list(self._db.execute(_NEXT_IDS, {"count": count}).scalars())
        # SQLite has one writer at a time: nobody else can take these before we commit.
        highest = int(self._db.execute(select(func.coalesce(func.max(d.c.id), 0))).scalar_one())
        return range(highest + 1, highest + 1 + count)

    def _find_parents(self) -> None:
        orphans = [
            draft
            for draft in self._drafts.values()
            if draft.now.parent_code and draft.parent_id is None and draft.now.parent_code != draft.now.code
        ]
        missing = {str(one.now.parent_code) for one in orphans} - self._drafts.keys()
        ids = {code: draft.row_id for code, draft in self._drafts.items()} if orphans else {}
        if missing:
            ids |= {row.code: row.id for row in self._db.execute(_IDS_OF, {"codes": sorted(missing)})}
        for draft in orphans:
            draft.parent_id = ids.get(str(draft.now.parent_code))
            draft.changed |= draft.parent_id is not None

    def _values(self, draft: _Draft) -> tuple[Any, ...]:
        return self._plain.dossier(draft.now, draft.parent_id, draft.phone_print, draft.sealed)

    def _write_events(self) -> None:
        """New dossiers' events go in plainly; for known ones, those that stand there already are skipped."""
        plain: dict[tuple[int, str], tuple[Any, ...]] = {}
        careful: list[tuple[Any, ...]] = []
        for code, event in self._events:
            draft = self._drafts[code]
            row = self._plain.event(draft.row_id, event)
            if draft.fresh:
                plain.setdefault((draft.row_id, event.event_id), row)
            else:
                careful.append(row)
        self._many(_INSERT_EVENT, list(plain.values()))
        self._many(_INSERT_EVENT_ONCE, careful)


def _layers(fresh: Sequence[_Draft]) -> Iterable[list[_Draft]]:
    """Parents before their parts, as the foreign key wants it."""
    waiting = list(fresh)
    while waiting:
        ids = {draft.row_id for draft in waiting}
        ready = [draft for draft in waiting if draft.parent_id not in ids]
        if not ready:  # a source says that two are parts of one another: it cannot be so
            for draft in waiting:
                draft.parent_id = None
            ready = waiting
        yield ready
        ids -= {draft.row_id for draft in ready}
        waiting = [draft for draft in waiting if draft.row_id in ids]
