"""Of two readings of a citizen's sentence, not the one that only an officer would mean."""

from __future__ import annotations

from backend.domain.understanding import Understanding
from bot.dialogue.choosing import for_the_public

OFFICERS = frozenset({"task_overdue", "stats_report"})


def read(*ranking: tuple[str, float]) -> Understanding:
    return Understanding(ranking[0][0], ranking[0][1], ranking=ranking, source="model")


def test_the_best_reading_for_a_citizen_takes_the_place() -> None:
    said = read(("task_overdue", 0.5), ("stats_report", 0.1), ("dossier_status", 0.3), ("help", 0.1))
    meant = for_the_public(said, OFFICERS)
    assert meant.intent == "dossier_status"
    assert round(meant.confidence, 6) == 0.75
    assert [name for name, _sure in meant.ranking] == ["dossier_status", "help"]


def test_what_is_surely_an_officers_question_stays_one() -> None:
    said = read(("task_overdue", 0.97), ("dossier_status", 0.02))
    assert for_the_public(said, OFFICERS) is said


def test_a_citizens_reading_is_left_alone() -> None:
    said = read(("dossier_status", 0.4), ("task_overdue", 0.39))
    assert for_the_public(said, OFFICERS) is said


def test_without_another_reading_nothing_changes() -> None:
    said = read(("task_overdue", 0.6), ("stats_report", 0.4))
    assert for_the_public(said, OFFICERS) is said
