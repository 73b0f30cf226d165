"""Every figure there is: its key, its unit, what it is a share of, and which rows it is counted from.

Names, everyday names and meanings are data (``words``). A figure without rows is known only where an office entered
it. Keys are stable: entered totals, frozen reports and products refer to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backend.domain.figure import Unit


@dataclass(frozen=True, slots=True)
class Definition:
    """``of`` is the key of the denominator. ``lower`` marks figures of which less is better (for charts)."""

    key: str
    unit: Unit = Unit.COUNT
    of: str = ""
    counted: bool = True  # from rows of this database
    lower: bool = False

    @property
    def topic(self) -> str:
        return self.key.split("/")[0]


@dataclass(frozen=True, slots=True)
class Topic:
    """``by_agency``: rows name an agency, so that an agency's officers see their own. ``public``: no row is anybody's
    secret, everyone with a scope sees it whole. Otherwise only who sees the whole province is answered."""

    key: str
    figures: tuple[Definition, ...]
    main: str  # the figure that stands for the topic
    rows: bool = False  # single rows can be listed behind it
    by_agency: bool = True
    public: bool = False
    by_field: bool = False  # rows name a field, so that specialists of a field see theirs


def _topic(
    key: str,
    main: str,
    *lines: tuple[str, str, str],
    rows: bool = False,
    by_agency: bool = True,
    public: bool = False,
) -> Topic:
    """``lines``: name, name of the denominator, marks (e entered only, d dong, p per cent, l lower is better)."""
    units = {"d": Unit.DONG, "p": Unit.PERCENT}
    made = tuple(
        Definition(
            f"{key}/{name}",
            next((unit for mark, unit in units.items() if mark in marks), Unit.COUNT),
            f"{key}/{of}" if of else "",
            "e" not in marks,
            "l" in marks,
        )
        for name, of, marks in lines
    )
    return Topic(key, made, f"{key}/{main}", rows, by_agency, public, key in _WITH_FIELDS)


_WITH_FIELDS = frozenset({"dossiers", "on_time", "petitions", "feedback", "tasks", "programme"})
_TASK_LINES = (
    ("total", "", ""),
    ("done", "total", ""),
    ("done_on_time", "done", ""),
    ("done_late", "done", "l"),
    ("waiting", "total", ""),
    ("awaited", "waiting", ""),
    ("overdue", "waiting", "l"),
    ("working", "total", ""),
    ("extension", "total", ""),
    ("stopped", "total", ""),
    ("carried", "total", ""),
)

TOPICS: Mapping[str, Topic] = {
    one.key: one
    for one in (
        _topic(
            "dossiers",
            "received",
            ("received", "", ""),
            ("received_direct", "received", ""),
            ("received_online", "received", ""),
            ("received_postal", "received", ""),
            ("online_rate", "", "ep"),
            ("carried", "", ""),
            ("returned", "", ""),
            ("early", "returned", ""),
            ("on_time", "returned", ""),
            ("in_time", "returned", ""),
            ("late", "returned", "l"),
            ("returned_postal", "returned", ""),
            ("due", "", ""),
            ("due_in_time", "due", ""),
            ("due_late", "due", "l"),
            ("land_in_time", "", "ep"),
            ("other_in_time", "", "ep"),
            ("unfinished", "", ""),
            ("unfinished_in_time", "unfinished", ""),
            ("overdue", "unfinished", "l"),
            ("stopped", "", ""),
            rows=True,
        ),
        _topic(
            "on_time",
            "in_time",
            ("judged", "", ""),
            ("in_time", "judged", ""),
            ("late", "judged", "l"),
            ("unknown", "", "l"),
        ),
        _topic(
            "fees",
            "paid_online",
            ("due", "", ""),
            ("paid_online", "due", ""),
            ("online_rate", "", "ep"),
            ("due_dong", "", "d"),
            ("paid_online_dong", "due_dong", "d"),
        ),
        _topic(
            "satisfaction",
            "satisfied",
            ("ratings", "", ""),
            ("satisfied", "ratings", ""),
            ("satisfied_rate", "", "ep"),
        ),
        _topic("guidance", "total", ("total", "", "e"), ("direct", "total", "e"), ("hotline", "total", "e")),
        _topic(
            "reception",
            "visits",
            ("days", "", ""),
            ("visits", "", ""),
            ("people", "", ""),
            ("delegations", "", ""),
            ("delegation_people", "", ""),
            *(
                (f"{host}_{name}", "", "")
                for host in ("chairman", "regular")
                for name in ("days", "visits", "people", "delegations")
            ),
        ),
        _topic(
            "petitions",
            "received",
            ("received", "", ""),
            ("complaints", "received", ""),
            ("denunciations", "received", ""),
            ("feedback", "received", ""),
            ("eligible", "received", ""),
            ("eligible_complaints", "eligible", ""),
            ("eligible_denunciations", "eligible", ""),
            ("eligible_feedback", "eligible", ""),
            rows=True,
        ),
        _topic(
            "feedback",
            "received",
            ("received", "", ""),
            ("letter", "received", ""),
            ("portal", "received", ""),
            ("hotline", "received", ""),
            ("chat", "received", ""),
            ("answered", "received", ""),
            rows=True,
        ),
        _topic("tasks", "total", *_TASK_LINES, rows=True),
        _topic("programme", "total", *_TASK_LINES, rows=True),
        _topic(
            "documents",
            "incoming",
            ("incoming", "", ""),
            ("needing_action", "incoming", ""),
            ("outgoing", "", ""),
            ("signed", "outgoing", ""),
            ("gazette_issues", "", ""),
            ("gazette_documents", "", ""),
            *((f"gazette_part_{number}", "", "e") for number in range(1, 5)),
        ),
        _topic(
            "procedures",
            "total",
            ("total", "", ""),
            ("province", "total", ""),
            ("district", "total", "e"),
            ("commune", "total", ""),
            public=True,
        ),
        _topic("notices", "sent", ("sent", "", ""), by_agency=False),
    )
}
FIGURES: Mapping[str, Definition] = {one.key: one for topic in TOPICS.values() for one in topic.figures}
