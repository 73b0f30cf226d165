"""Ports to what is kept. Each is implemented in ``backend/db/repositories`` for both database engines."""

from backend.domain.repositories.messages import Blobs, Buttons, Conversations, Inbox, Outbox, Retention
from backend.domain.repositories.office import Agencies, Callbacks, Dossiers, Petitions, Procedures, Reception
from backend.domain.repositories.running import Accounts, Audit, Guesses, Leases, Notices, Sources

__all__ = [
    "Accounts",
    "Agencies",
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
    "Petitions",
    "Procedures",
    "Reception",
    "Retention",
    "Sources",
]
