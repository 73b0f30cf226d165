"""Ports to what is kept. Each is implemented in ``backend/db/repositories`` for both database engines."""

from backend.domain.repositories.demo import DemoRows
from backend.domain.repositories.documents import Documents
from backend.domain.repositories.dossier_work import DossierWork
from backend.domain.repositories.figures import Figures
from backend.domain.repositories.leaders import DutyShifts, Leaders
from backend.domain.repositories.messages import Blobs, Buttons, Conversations, Inbox, Outbox, Retention
from backend.domain.repositories.notices import Apologies, Notices, Wordings
from backend.domain.repositories.office import (
    Agencies,
    Callbacks,
    Dossiers,
    People,
    PetitionFiles,
    Petitions,
    Procedures,
    Ratings,
    Reception,
)
from backend.domain.repositories.officers import Officers
from backend.domain.repositories.petition_papers import PetitionFields, PetitionPapers
from backend.domain.repositories.petition_work import PetitionWork
from backend.domain.repositories.report_duties import ReportDuties
from backend.domain.repositories.running import Accounts, Audit, Guesses, Leases, Sources
from backend.domain.repositories.sign_in import SignIns
from backend.domain.repositories.tasks import Tasks
from backend.domain.repositories.tokens import TokenStore
from backend.domain.repositories.work import Works

__all__ = [
    "Accounts",
    "Agencies",
    "Apologies",
    "Audit",
    "Blobs",
    "Buttons",
    "Callbacks",
    "Conversations",
    "DemoRows",
    "Documents",
    "DossierWork",
    "Dossiers",
    "DutyShifts",
    "Figures",
    "Guesses",
    "Inbox",
    "Leaders",
    "Leases",
    "Notices",
    "Officers",
    "Outbox",
    "People",
    "PetitionFields",
    "PetitionPapers",
    "PetitionFiles",
    "PetitionWork",
    "Petitions",
    "Procedures",
    "Ratings",
    "Reception",
    "ReportDuties",
    "Retention",
    "SignIns",
    "Sources",
    "Tasks",
    "TokenStore",
    "Wordings",
    "Works",
]
