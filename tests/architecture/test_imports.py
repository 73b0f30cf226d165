"""Who may import whom: the table of ``docs/architecture.md``. Arrows only downward, no circles."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

from tests.architecture.tree import PACKAGES, modules, within


@dataclass(frozen=True)
class Rule:
    """What a package may import: our own packages, and third-party ones by their top name."""

    own: tuple[str, ...] = ()
    third: frozenset[str] = field(default_factory=frozenset)
    anything_third: bool = False
    but: tuple[str, ...] = ()


_DOMAIN = ("backend.domain", "backend.text")
_SERVICES = ("backend.services", *_DOMAIN)
_UPPER_BACKEND = (*_SERVICES, "backend.settings")
_LOG = "structlog"
_ROOT = Rule(("backend", "actions", "bot"), anything_third=True, but=("bot.nlu",))

#: The longest name that fits counts.
RULES = {
    "backend": Rule(),
    "backend.text": Rule(),
    "backend.domain": Rule(("backend.text",)),
    # pure computation only: nothing that opens a file, a socket or a database
    "backend.services": Rule(_DOMAIN, frozenset({"rapidfuzz", "argon2", "pyotp"})),
    "backend.db": Rule(_DOMAIN, frozenset({"sqlalchemy", "alembic", "cryptography", "msgspec", "psycopg"})),
    "backend.clocks": Rule(("backend.domain",)),
    "backend.settings": Rule(("backend.domain",)),
    "backend.importers": Rule(
        _UPPER_BACKEND,
        frozenset({"PIL", "defusedxml", "holidays", "msgspec", "openpyxl", "yaml", "zxingcpp", _LOG}),
    ),
    # pure: values in, bytes out
    "backend.products": Rule(_DOMAIN, frozenset({"docx", "matplotlib", "openpyxl", "PIL"})),
    "backend.jobs": Rule(_UPPER_BACKEND, frozenset({"apscheduler", _LOG})),
    # its worker runs in an environment of its own
    "backend.speech": Rule((), frozenset({"av", "numpy", "sherpa_onnx", "vietasr"})),
    "backend.web": Rule(_UPPER_BACKEND, frozenset({"aiohttp", "jinja2", "msgspec", "segno", _LOG})),
    "backend.demo": Rule(_UPPER_BACKEND, frozenset({"yaml", _LOG})),
    "actions": Rule(_SERVICES),
    "bot.replies": Rule(("backend.domain",), frozenset({"jinja2", "yaml"})),
    "bot.channels": Rule(_DOMAIN, frozenset({"telegram", "aiohttp", "msgspec", _LOG})),
    "bot.dialogue": Rule(
        ("bot.replies", "bot.channels.ports", "actions", *_SERVICES), frozenset({"aiohttp", "msgspec", _LOG})
    ),
    # a notice is rendered and put into the outbox as a turn's replies are
    "bot.notices": Rule(("bot.replies", "bot.dialogue", "actions", *_SERVICES), frozenset({_LOG})),
    "bot.nlu": Rule(
        ("backend.text",),
        frozenset({"rasa", "pyvi", "numpy", "scipy", "sklearn", "sklearn_crfsuite", "pycrfsuite", "yaml"}),
    ),
    # the composition root: bot/app.py, the other modules directly in bot/, and the commands
    "bot": _ROOT,
    "bot.cli": _ROOT,
}


def rule_of(module: str) -> tuple[str, Rule]:
    package = max((one for one in RULES if within(module, one)), key=len)
    return package, RULES[package]


def wrong_own(module: str, imported: Iterable[str]) -> list[str]:
    """Our own modules that this one may not import."""
    package, rule = rule_of(module)
    return [
        one
        for one in imported
        if any(within(one, other) for other in rule.but)
        or not any(within(one, allowed) for allowed in (package, *rule.own))
    ]


def wrong_third(module: str, imported: Iterable[str]) -> list[str]:
    _, rule = rule_of(module)
    return [] if rule.anything_third else [one for one in imported if one not in rule.third]


def third_party(tree: ast.AST) -> set[str]:
    """Top names of the imported packages that are neither ours nor Python's."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.name.split(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - set(PACKAGES)


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def test_own_imports_follow_the_table(graph: grimp.ImportGraph) -> None:
    wrong = [
        f"{module} imports {one}"
        for module in sorted(graph.modules)
        for one in wrong_own(module, sorted(graph.find_modules_directly_imported_by(module)))
    ]
    assert wrong == []


def test_third_party_imports_follow_the_table() -> None:
    wrong = [
        f"{module.shown} imports {one}"
        for module in modules()
        for one in wrong_third(module.name, sorted(third_party(module.tree)))
    ]
    assert wrong == []


def test_floors_stand_on_each_other_only_downward(graph: grimp.ImportGraph) -> None:
    floors = {"backend": 0, "actions": 1, "bot": 2}
    upward = [
        f"{module} imports {one}"
        for module in graph.modules
        for one in graph.find_modules_directly_imported_by(module)
        if floors[one.split(".")[0]] > floors[module.split(".")[0]]
    ]
    assert upward == []


def test_no_circles_between_modules(graph: grimp.ImportGraph) -> None:
    needs = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_nothing_is_imported_relatively() -> None:
    wrong = [
        f"{module.shown}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "imported", "allowed"),
    [
        ("backend.domain.dossier", "backend.db.engine", False),
        ("backend.services.dossiers.explain", "backend.db.tables", False),
        ("backend.services.dossiers.explain", "backend.domain.dossier", True),
        ("actions.dossier", "bot.dialogue.turn", False),
        ("bot.dialogue.turn", "bot.channels.web", False),
        ("bot.dialogue.chat_desk", "bot.channels.ports", True),
        ("bot.channels.web", "bot.dialogue.turn", False),
        ("bot.app", "bot.nlu.tokenizer", False),
        ("bot.cli.run", "backend.db.engine", True),
        ("backend.settings", "backend.db.engine", False),
    ],
)
def test_the_table_itself_refuses_what_it_should(module: str, imported: str, allowed: bool) -> None:
    assert (wrong_own(module, [imported]) == []) is allowed


def test_third_party_scan_sees_every_form_of_import() -> None:
    tree = ast.parse(
        "import os\nimport yaml.loader\nfrom aiohttp import web\nfrom backend.text import fold\n"
    )
    assert third_party(tree) == {"yaml", "aiohttp"}
    assert wrong_third("backend.domain.clock", ["yaml"]) == ["yaml"]
