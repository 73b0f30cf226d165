"""Small rules that keep the floors honest."""

from __future__ import annotations

import ast

from tests.architecture.tree import ROOT, modules

#: Packages where time comes from the unit of work, never from the machine.
_TIMELESS = (
    "backend.domain",
    "backend.services",
    "backend.text",
    "actions",
    "bot.dialogue",
    "bot.replies",
    "bot.notices",
)
_MACHINE_TIME = {("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today")}
_VAGUE = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}


def machine_time(tree: ast.AST) -> list[int]:
    """Lines that read the machine's calendar: ``datetime.now()``, ``date.today()`` and the like, ``time.time()``."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (
            (node.value.id if isinstance(node.value, ast.Name) else node.value.attr, node.attr)
            in _MACHINE_TIME | {("time", "time")}
        )
    ]


def test_the_domain_is_told_what_time_it_is() -> None:
    wrong = [
        f"{module.shown}:{line}"
        for module in modules()
        if module.name.startswith(_TIMELESS)
        for line in machine_time(module.tree)
    ]
    assert wrong == []


def test_machine_time_is_recognised() -> None:
    source = (
        "import datetime as d\nx = datetime.now(tz)\ny = d.date.today()\nz = uow.now\nt = time.monotonic()\n"
    )
    assert machine_time(ast.parse(source)) == [2, 3]


def test_packages_that_rasa_imports_start_empty() -> None:
    """Rasa's environment lacks the app's libraries: importing our language code must import nothing else."""
    for name in ("bot/__init__.py", "backend/__init__.py", "backend/text/__init__.py", "bot/nlu/__init__.py"):
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        assert all(isinstance(one, ast.Expr) for one in tree.body), f"{name} holds code"


def test_no_module_has_a_vague_name() -> None:
    assert [one.shown for one in modules() if _VAGUE & set(one.name.split(".")[-1].split("_"))] == []


def test_environment_is_read_in_settings_and_by_the_commands_only() -> None:
    """``MOTCUA_…`` settings reach everything else as ``Settings``."""
    allowed = ("backend.settings", "bot.cli")
    # python-telegram-bot is switched to its own future by a variable, before it is imported
    libraries = {"bot.channels.telegram.api"}
    wrong = [
        f"{module.shown}:{node.lineno}"
        for module in modules()
        if not module.name.startswith((*allowed, "bot.nlu")) and module.name not in libraries
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in {("os", "environ"), ("os", "getenv")}
    ]
    assert wrong == []
