"""``bench NAME``: runs a module of ``benchmarks/`` in this process; its last line is one JSON object."""

from __future__ import annotations

import importlib
import json
import pkgutil
from pathlib import Path

import benchmarks
from bot.cli.errors import CommandError

_SHARED = frozenset({"load", "nlu_child", "pipelines", "servers", "stores"})
#: A name that Python keeps for itself.
_MODULES = {"import": "imports"}


def names() -> list[str]:
    return sorted(one.name for one in pkgutil.iter_modules(benchmarks.__path__) if one.name not in _SHARED)


def bench(name: str, file: Path | None) -> int:
    """Raises CommandError for an unknown name."""
    module_name = _MODULES.get(name, name.replace("-", "_"))
    if module_name not in names():
        raise CommandError(f"no benchmark {name!r}; there are: {', '.join(names())}")
    module = importlib.import_module(f"benchmarks.{module_name}")
    figures = module.run(file)
    for key, value in figures.items():
        shown = {k: round(v, 2) for k, v in value.items()} if isinstance(value, dict) else value
        print(f"{key:24} {shown}")
    print(json.dumps(figures))
    return 0
