"""Ports of the office's nouns, gathered from the module of each."""

from backend.domain.repositories.agencies import Agencies
from backend.domain.repositories.callbacks import Callbacks
from backend.domain.repositories.dossiers import Dossiers
from backend.domain.repositories.people import People
from backend.domain.repositories.petitions import PetitionFiles, Petitions
from backend.domain.repositories.procedures import Procedures
from backend.domain.repositories.ratings import Ratings
from backend.domain.repositories.reception import Reception

__all__ = [
    "Agencies",
    "Callbacks",
    "Dossiers",
    "People",
    "PetitionFiles",
    "Petitions",
    "Procedures",
    "Ratings",
    "Reception",
]
