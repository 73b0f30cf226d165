"""Petitions on SQLAlchemy Core. What people wrote is sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from backend.db.crypto import Cipher
from backend.db.repositories.numbered import insert_numbered
from backend.db.repositories.petition_rules import SqlPetitionRules
from backend.db.tables.petitions import petition_events as e
from backend.db.tables.petitions import petition_files as f
from backend.db.tables.petitions import petitions as p
from backend.domain.errors import NotFound
from backend.domain.petition import (
    OPEN,
    Alarm,
    NewPetition,
    Petition,
    PetitionEvent,
    PetitionFile,
    PetitionKind,
    PetitionSource,
    PetitionState,
    Reporter,
    Story,
)

_STORY, _REPORTER, _ANSWER = "petitions.story", "petitions.reporter", "petitions.answer"
_REASON, REFERENCE = "petition_events.reason", "petition_files.reference"
_IS_OPEN = p.c.state.in_(sorted(OPEN))
_into = p.alias("into")
_COUNT_FILES = select(func.count()).where(f.c.petition_id == p.c.id).correlate(p).scalar_subquery()
_READ = select(p, _into.c.code.label("into_code"), _COUNT_FILES.label("file_count")).outerjoin(
    _into, _into.c.id == p.c.merged_into_id
)
_BY_CODE = _READ.where(p.c.code == bindparam("code"))
_LOCK = select(p.c.id).where(p.c.code == bindparam("code")).with_for_update()
_ALARMED = (
    select(p.c.code)
    .where(_IS_OPEN, p.c.alarm_at <= bindparam("now"))
    .order_by(p.c.alarm_at)
    .limit(bindparam("most"))
)
_ORPHANS = (
    select(p.c.code)
    .where(_IS_OPEN, or_(p.c.owner == "", p.c.alarm == "", p.c.alarm_at.is_(None)))
    .order_by(p.c.id)
)


class SqlPetitions(SqlPetitionRules):
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        super().__init__(connection, cipher)
        self._db = connection
        self._cipher = cipher

    def add(
        self, new: NewPetition, head: str, owner: str, phone_print: str | None, now: datetime
    ) -> Petition:
        row = {
            "kind": new.kind,
            "source": new.source,
            "state": PetitionState.RECEIVED,
            "conversation_id": new.conversation_id,
            "phone_print": phone_print,
            "commune_id": new.commune_id,
            "latitude": new.latitude,
            "longitude": new.longitude,
            "hidden": new.hidden,
            "story": self._cipher.seal_json(new.story.as_json(), _STORY),
            "reporter": self._sealed_reporter(new.reporter),
            "received_at": now,
            "owner": owner,
            "alarm": "",
            "about_agency_id": new.about_agency_id,
            "field_name": "",
            "raised": 0,
            "reopened": 0,
            "demo": "",
        }

        code, petition_id = insert_numbered(self._db, p, head, now, row)
        for file in new.files:
            self.add_file(petition_id, file)
        return self._one(code)

    def by_code(self, code: str) -> Petition | None:
        row = self._db.execute(_BY_CODE, {"code": code}).first()
        return None if row is None else self._petition(row)

    def lock(self, code: str) -> Petition:
        self._db.execute(_LOCK, {"code": code})
        return self._one(code)

    def _one(self, code: str) -> Petition:
        found = self.by_code(code)
        if found is None:
            raise NotFound()
        return found

    def of(self, conversation_id: int, phone_prints: Sequence[str], limit: int) -> Sequence[Petition]:
        mine = or_(p.c.conversation_id == conversation_id, p.c.phone_print.in_(list(phone_prints)))
        rows = self._db.execute(_READ.where(mine).order_by(p.c.id.desc()).limit(limit))
        return [self._petition(row) for row in rows]

    def listed(
        self, states: Sequence[PetitionState], late_at: datetime | None, limit: int
    ) -> Sequence[Petition]:
        wanted = _READ.where(p.c.state.in_([str(one) for one in states]))
        if late_at is not None:
            wanted = wanted.where(p.c.alarm_at <= late_at)
        rows = self._db.execute(wanted.order_by(p.c.alarm_at, p.c.id).limit(limit))
        return [self._petition(row) for row in rows]

    def alarmed(self, now: datetime, limit: int) -> Sequence[str]:
        return list(self._db.execute(_ALARMED, {"now": now, "most": limit}).scalars())

    def orphans(self) -> Sequence[str]:
        return list(self._db.execute(_ORPHANS).scalars())

    def count_open(self) -> Mapping[str, int]:
        counted = select(p.c.state, func.count()).where(_IS_OPEN).group_by(p.c.state)
        return {row[0]: int(row[1]) for row in self._db.execute(counted)}

    def merged_in(self, petition_id: int) -> Sequence[Petition]:
        rows = self._db.execute(_READ.where(p.c.merged_into_id == petition_id).order_by(p.c.id))
        return [self._petition(row) for row in rows]

    def all_merged_in(self, petition_id: int) -> Sequence[Petition]:
        below = select(p.c.id).where(p.c.merged_into_id == petition_id).cte(recursive=True)
        below = below.union(select(p.c.id).where(p.c.merged_into_id == below.c.id))
        rows = self._db.execute(_READ.where(p.c.id.in_(select(below.c.id))).order_by(p.c.id))
        return [self._petition(row) for row in rows]

    def change(self, petition_id: int, **values: Any) -> None:
        if "answer" in values:
            text = values["answer"]
            values["answer"] = self._cipher.seal(text.encode(), _ANSWER) if text else None
        self._db.execute(update(p).where(p.c.id == petition_id).values(**values))

    def note(self, petition_id: int, event: PetitionEvent) -> None:
        row = {
            "petition_id": petition_id,
            "at": event.at,
            "move": event.move,
            "from_state": event.frm,
            "to_state": event.to,
            "actor": event.actor,
            "reason": self._cipher.seal(event.reason.encode(), _REASON) if event.reason else None,
            "detail": dict(event.detail),
        }
        self._db.execute(insert(e), row)

    def history(self, petition_id: int) -> Sequence[PetitionEvent]:
        rows = self._db.execute(select(e).where(e.c.petition_id == petition_id).order_by(e.c.id))
        return [
            PetitionEvent(
                at=row.at,
                move=row.move,
                frm=row.from_state,
                to=row.to_state,
                actor=row.actor,
                reason=self._cipher.open(row.reason, _REASON).decode() if row.reason else "",
                detail=row.detail,
            )
            for row in rows
        ]

    def add_file(self, petition_id: int, file: PetitionFile) -> None:
        row = {
            "petition_id": petition_id,
            "media_type": file.media_type[:100],
            "channel": file.channel,
            "reference": self._cipher.seal(file.reference.encode(), REFERENCE),
            "blob_id": file.blob_id,
        }
        self._db.execute(insert(f), row)

    def files(self, petition_id: int) -> Sequence[PetitionFile]:
        rows = self._db.execute(select(f).where(f.c.petition_id == petition_id).order_by(f.c.id))
        return [
            PetitionFile(
                row.media_type,
                row.channel,
                self._cipher.open(row.reference, REFERENCE).decode(),
                row.blob_id,
            )
            for row in rows
        ]

    def take_over_reporter(self, petition_id: int, story: Story | None, reporter: Reporter | None) -> None:
        self.change(
            petition_id,
            story=self._cipher.seal_json(story.as_json(), _STORY) if story else None,
            reporter=self._sealed_reporter(reporter) if reporter else None,
        )

    def _sealed_reporter(self, reporter: Reporter) -> bytes | None:
        if reporter.anonymous:
            return None
        return self._cipher.seal_json({"name": reporter.name, "phone": reporter.phone}, _REPORTER)

    def _petition(self, row: Row[Any]) -> Petition:
        return Petition(
            id=row.id,
            code=row.code,
            kind=PetitionKind(row.kind),
            source=PetitionSource(row.source),
            state=PetitionState(row.state),
            received_at=row.received_at,
            owner=row.owner,
            alarm=Alarm(row.alarm) if row.alarm else None,
            alarm_at=row.alarm_at,
            due_at=row.due_at,
            conversation_id=row.conversation_id,
            agency_id=row.agency_id,
            commune_id=row.commune_id,
            about_agency_id=row.about_agency_id,
            field_name=row.field_name,
            hidden=row.hidden,
            raised=row.raised,
            reopened=row.reopened,
            merged_into=row.into_code or "",
            story=Story(**self._cipher.open_json(row.story, _STORY)) if row.story else None,
            reporter=Reporter(**self._cipher.open_json(row.reporter, _REPORTER)) if row.reporter else None,
            answer=self._cipher.open(row.answer, _ANSWER).decode() if row.answer else "",
            files=row.file_count,
        )
