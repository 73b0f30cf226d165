"""Dossiers: explaining, opening, following, taking in what sources tell."""

from backend.services.dossiers.access import Opening, open_with_digits
from backend.services.dossiers.explain import explain, explain_partial
from backend.services.dossiers.following import follow, followed, notify_changes, unfollow
from backend.services.dossiers.listing import my_dossiers
from backend.services.dossiers.views import Blocked, DossierView, Explained, NotEnough, Summary, Unknown

__all__ = [
    "Blocked",
    "DossierView",
    "Explained",
    "NotEnough",
    "Opening",
    "Summary",
    "Unknown",
    "explain",
    "explain_partial",
    "follow",
    "followed",
    "my_dossiers",
    "notify_changes",
    "open_with_digits",
    "unfollow",
]
