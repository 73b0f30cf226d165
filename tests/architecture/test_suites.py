"""The suites are run as they must be: slow ones apart, none forgotten, none that only skips."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend.settings import read_settings
from tests.__main__ import arguments_of, needs_model, parts
from tests.architecture.tree import ROOT

TESTS = ROOT / "tests"
#: These start real processes: the first run after all others, the second together on one worker with one Rasa.
APART = {"e2e": "mark.e2e", "dialogue": "mark.xdist_group"}


def suite_modules() -> list[Path]:
    return sorted(TESTS.rglob("test_*.py"))


def marked(path: Path) -> bool:
    """The module, or a conftest above it, marks its tests as its suite must."""
    mark = APART[path.relative_to(TESTS).parts[0]]
    near = [path, *(folder / "conftest.py" for folder in path.parents if folder.is_relative_to(TESTS))]
    return any(
        mark in one.read_text(encoding="utf-8") for one in near if one.exists() and one.parent != TESTS
    )


def test_suites_that_run_apart_are_marked() -> None:
    apart = [path for path in suite_modules() if path.relative_to(TESTS).parts[0] in APART]
    assert [str(path.relative_to(ROOT)) for path in apart if not marked(path)] == []


def test_every_suite_has_tests() -> None:
    suites = ("unit", "integration", "property", "architecture", "e2e", "dialogue", "nlu")
    held = {path.relative_to(TESTS).parts[0] for path in suite_modules()}
    assert held >= set(suites)


def test_no_test_is_switched_off_for_good() -> None:
    off = re.compile(r"mark\.(skip|xfail)\b")
    assert [
        path.name for path in suite_modules() if path != Path(__file__) and off.search(path.read_text())
    ] == []


def test_test_modules_have_names_of_their_own() -> None:
    """Two modules of one folder name are told apart in reports by their folder only: keep folders distinct."""
    places = [path.relative_to(TESTS) for path in suite_modules()]
    assert len(places) == len(set(places))
    assert all(len(place.parts) > 1 for place in places), "a test stands outside every suite"


@pytest.mark.parametrize(
    ("arguments", "run"),
    [
        ([], {"app": [], "end to end": [], "language": [str(TESTS / "nlu")]}),
        (
            ["-k", "codes"],
            {
                "app": ["-k", "codes"],
                "end to end": ["-k", "codes"],
                "language": ["-k", "codes", str(TESTS / "nlu")],
            },
        ),
        (["tests/nlu"], {"language": ["tests/nlu"]}),
        (["tests/unit", "tests/nlu", "-x"], {"app": ["tests/unit", "-x"], "language": ["tests/nlu", "-x"]}),
    ],
)
def test_arguments_reach_the_parts_they_mean(arguments: list[str], run: dict[str, list[str]]) -> None:
    settings = read_settings(ROOT, {})
    assert {part.name: arguments_of(part, arguments) for part in parts(settings, arguments)} == run


def test_a_model_is_trained_only_for_tests_that_ask_one() -> None:
    assert needs_model([])
    assert needs_model(["tests/e2e"])
    assert needs_model(["tests"])
    assert not needs_model(["tests/unit/text", "tests/architecture"])
