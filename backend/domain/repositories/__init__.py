"""Ports to what is kept. Each is implemented in ``backend/db/repositories`` for both database engines."""

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
from backend.domain.repositories.petition_papers import PetitionFields, PetitionPapers
from backend.domain.repositories.running import Accounts, Audit, Guesses, Leases, Sources
from backend.domain.repositories.tokens import TokenStore

__all__ = [
    "Accounts",
    "Agencies",
    "Apologies",
    "Audit",
    "Blobs",
    "Buttons",
    "Callbacks",
    "Conversations",
    "Dossiers",
    "Guesses",
    "Inbox",
    "Leases",
    "Notices",
    "Outbox",
    "People",
    "PetitionFields",
    "PetitionPapers",
    "PetitionFiles",
    "Petitions",
    "Procedures",
    "Ratings",
    "Reception",
    "Retention",
    "Sources",
    "TokenStore",
    "Wordings",
]
