"""Files and functions stay small enough to be read at one sitting."""

from __future__ import annotations

import ast
from statistics import median

from tests.architecture.tree import ROOT, modules

LONGEST_FILE = 400  # lines
LONGEST_FUNCTION = 50
#: Aims for the code as a whole, without the tests.
MEDIAN_FILE = 100
MEDIAN_FUNCTION = 10
#: What a tool wrote from the tables is as long as the tables are.
_GENERATED = "backend/db/migrations/versions/"
_EVERYTHING = ("backend", "actions", "bot", "tests", "benchmarks")


def file_lengths(*packages: str) -> dict[str, int]:
    return {
        module.shown: len(module.path.read_text(encoding="utf-8").splitlines())
        for module in modules(*packages)
        if not module.shown.startswith(_GENERATED)
    }


def function_lengths(tree: ast.AST) -> dict[str, int]:
    """Lines from ``def`` to the last statement, decorators left out."""
    return {
        f"{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def all_function_lengths(*packages: str) -> dict[str, int]:
    return {
        f"{module.shown}:{where}": length
        for module in modules(*packages)
        if not module.shown.startswith(_GENERATED)
        for where, length in function_lengths(module.tree).items()
    }


def test_no_file_is_longer_than_the_cap() -> None:
    present = [name for name in _EVERYTHING if (ROOT / name).is_dir()]
    assert {n: lines for n, lines in file_lengths(*present).items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_the_cap() -> None:
    present = [name for name in _EVERYTHING if (ROOT / name).is_dir()]
    assert {n: lines for n, lines in all_function_lengths(*present).items() if lines > LONGEST_FUNCTION} == {}


def test_the_usual_file_and_function_are_short() -> None:
    files = [lines for lines in file_lengths().values() if lines]
    assert median(files) <= MEDIAN_FILE
    assert median(all_function_lengths().values()) <= MEDIAN_FUNCTION


def test_function_lengths_count_nested_and_async_ones() -> None:
    tree = ast.parse("async def a():\n    def b():\n        return 1\n    return b\n")
    assert function_lengths(tree) == {"1 a": 4, "2 b": 2}
