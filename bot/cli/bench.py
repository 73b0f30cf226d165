"""``bench NAME``: runs a module of ``benchmarks/`` in this process; its last line is one JSON object."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import benchmarks
from bot.cli.errors import CommandError

_SHARED = frozenset({"load", "nlu_child", "pipelines", "servers", "stores", "telegram_far_end"})
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
        print(f"{key:24} {_rounded(value)}")
    print(json.dumps(figures))
    return 0


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(one) for key, one in value.items()}
    return round(value, 3) if isinstance(value, float) else value
