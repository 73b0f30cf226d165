"""Ports of the office's nouns, gathered from the module of each."""

from backend.domain.repositories.agencies import Agencies
from backend.domain.repositories.callbacks import Callbacks
from backend.domain.repositories.dossiers import Dossiers
from backend.domain.repositories.petitions import Petitions
from backend.domain.repositories.procedures import Procedures
from backend.domain.repositories.reception import Reception

__all__ = ["Agencies", "Callbacks", "Dossiers", "Petitions", "Procedures", "Reception"]
