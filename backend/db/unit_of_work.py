"""One transaction's view of everything that is kept: repositories, the clock, the seal, the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import Connection

from backend.db.crypto import Cipher
from backend.db.hot import run_plainly
from backend.db.repositories.accounts import SqlAccounts
from backend.db.repositories.agencies import SqlAgencies
from backend.db.repositories.apologies import SqlApologies
from backend.db.repositories.audit import SqlAudit, SqlGuesses
from backend.db.repositories.blobs import SqlBlobs
from backend.db.repositories.callbacks import SqlCallbacks
from backend.db.repositories.conversations import SqlButtons, SqlConversations
from backend.db.repositories.demo_rows import SqlDemoRows
from backend.db.repositories.documents import SqlDocuments
from backend.db.repositories.dossier_work import SqlDossierWork
from backend.db.repositories.dossiers import SqlDossiers
from backend.db.repositories.duty import SqlDutyShifts
from backend.db.repositories.figures import SqlFigures
from backend.db.repositories.inbox import SqlInbox
from backend.db.repositories.leaders import SqlLeaders
from backend.db.repositories.notices import SqlNotices
from backend.db.repositories.officers import SqlOfficers
from backend.db.repositories.outbox import SqlOutbox
from backend.db.repositories.people import SqlPeople
from backend.db.repositories.petition_fields import SqlPetitionFields
from backend.db.repositories.petition_files import SqlPetitionFiles
from backend.db.repositories.petition_papers import SqlPetitionPapers
from backend.db.repositories.petition_work import SqlPetitionWork
from backend.db.repositories.petitions import SqlPetitions
from backend.db.repositories.procedures import SqlProcedures
from backend.db.repositories.ratings import SqlRatings
from backend.db.repositories.reception import SqlReception
from backend.db.repositories.report_duties import SqlReportDuties
from backend.db.repositories.retention import SqlRetention
from backend.db.repositories.running import SqlLeases, SqlSources
from backend.db.repositories.sign_in import SqlSignIns
from backend.db.repositories.task_decisions import SqlAllTasks
from backend.db.repositories.tokens import SqlTokens
from backend.db.repositories.wordings import SqlWordings
from backend.db.repositories.work import SqlWorks
from backend.domain.calendar import WorkingCalendar
from backend.domain.clock import Clock, local_date


@dataclass(frozen=True, slots=True)
class Tools:
    """What every unit of work shares."""

    cipher: Cipher
    clock: Clock
    calendar: WorkingCalendar


class SqlUnitOfWork:
    """Belongs to the turn, request or job that opened it; services never commit."""

    def __init__(self, connection: Connection, tools: Tools) -> None:
        self.connection = connection
        self.cipher = tools.cipher
        self.calendar = tools.calendar
        self.now: datetime = tools.clock.now()
        self._savepoints = 0

    @cached_property
    def today(self) -> date:
        """The office's date (Asia/Ho_Chi_Minh)."""
        return local_date(self.now)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happens inside when it raises; the rest of the transaction stands."""
        self._savepoints += 1
        name = f"part{self._savepoints}"
        run_plainly(self.connection, f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            run_plainly(self.connection, f"ROLLBACK TO SAVEPOINT {name}")
            run_plainly(self.connection, f"RELEASE SAVEPOINT {name}")
            raise
        run_plainly(self.connection, f"RELEASE SAVEPOINT {name}")

    @cached_property
    def conversations(self) -> SqlConversations:
        return SqlConversations(self.connection, self.cipher)

    @cached_property
    def inbox(self) -> SqlInbox:
        return SqlInbox(self.connection, self.cipher)

    @cached_property
    def outbox(self) -> SqlOutbox:
        return SqlOutbox(self.connection, self.cipher)

    @cached_property
    def buttons(self) -> SqlButtons:
        return SqlButtons(self.connection, self.cipher)

    @cached_property
    def blobs(self) -> SqlBlobs:
        return SqlBlobs(self.connection, self.cipher)

    @cached_property
    def callbacks(self) -> SqlCallbacks:
        return SqlCallbacks(self.connection, self.cipher)

    @cached_property
    def people(self) -> SqlPeople:
        return SqlPeople(self.connection)

    @cached_property
    def petitions(self) -> SqlPetitions:
        return SqlPetitions(self.connection, self.cipher)

    @cached_property
    def petition_files(self) -> SqlPetitionFiles:
        return SqlPetitionFiles(self.connection, self.cipher)

    @cached_property
    def petition_papers(self) -> SqlPetitionPapers:
        return SqlPetitionPapers(self.connection, self.cipher)

    @cached_property
    def petition_fields(self) -> SqlPetitionFields:
        return SqlPetitionFields(self.connection, self.cipher)

    @cached_property
    def accounts(self) -> SqlAccounts:
        return SqlAccounts(self.connection, self.cipher)

    @cached_property
    def officers(self) -> SqlOfficers:
        return SqlOfficers(self.connection)

    @cached_property
    def sign_ins(self) -> SqlSignIns:
        return SqlSignIns(self.connection, self.cipher)

    @cached_property
    def audit(self) -> SqlAudit:
        return SqlAudit(self.connection, self.now)

    @cached_property
    def figures(self) -> SqlFigures:
        return SqlFigures(self.connection)

    @cached_property
    def guesses(self) -> SqlGuesses:
        return SqlGuesses(self.connection, self.now)

    @cached_property
    def leases(self) -> SqlLeases:
        return SqlLeases(self.connection)

    @cached_property
    def notices(self) -> SqlNotices:
        return SqlNotices(self.connection, self.cipher)

    @cached_property
    def wordings(self) -> SqlWordings:
        return SqlWordings(self.connection)

    @cached_property
    def apologies(self) -> SqlApologies:
        return SqlApologies(self.connection)

    @cached_property
    def report_duties(self) -> SqlReportDuties:
        return SqlReportDuties(self.connection, self.cipher)

    @cached_property
    def tasks(self) -> SqlAllTasks:
        return SqlAllTasks(self.connection, self.cipher)

    @cached_property
    def tokens(self) -> SqlTokens:
        return SqlTokens(self.connection, self.cipher)

    @cached_property
    def sources(self) -> SqlSources:
        return SqlSources(self.connection)

    @cached_property
    def agencies(self) -> SqlAgencies:
        return SqlAgencies(self.connection)

    @cached_property
    def procedures(self) -> SqlProcedures:
        return SqlProcedures(self.connection)

    @cached_property
    def documents(self) -> SqlDocuments:
        return SqlDocuments(self.connection, self.now)

    @cached_property
    def leaders(self) -> SqlLeaders:
        return SqlLeaders(self.connection, self.cipher, self.now)

    @cached_property
    def duty(self) -> SqlDutyShifts:
        return SqlDutyShifts(self.connection, self.cipher)

    @cached_property
    def dossiers(self) -> SqlDossiers:
        return SqlDossiers(self.connection, self.cipher)

    @cached_property
    def dossier_work(self) -> SqlDossierWork:
        return SqlDossierWork(self.connection)

    @cached_property
    def petition_work(self) -> SqlPetitionWork:
        return SqlPetitionWork(self.connection)

    @cached_property
    def ratings(self) -> SqlRatings:
        return SqlRatings(self.connection, self.cipher)

    @cached_property
    def reception(self) -> SqlReception:
        return SqlReception(self.connection, self.cipher)

    @cached_property
    def work(self) -> SqlWorks:
        return SqlWorks(self.connection, self.cipher)

    @cached_property
    def demo_rows(self) -> SqlDemoRows:
        return SqlDemoRows(self.connection)

    @cached_property
    def retention(self) -> SqlRetention:
        return SqlRetention(self.connection)
