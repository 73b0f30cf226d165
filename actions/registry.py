"""The table intent -> action, and every form, gathered from the modules of this floor."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

import actions
from actions.base import Action, Form


def gather() -> tuple[Mapping[str, Action], Mapping[str, Form]]:
    """All actions by intent and all forms by name.

    Raises:
        ValueError: two modules claim the same intent or form.
    """
    found: dict[str, Action] = {}
    forms: dict[str, Form] = {}
    for module in sorted(one.name for one in pkgutil.iter_modules(actions.__path__)):
        if module in {"base", "registry"}:
            continue
        loaded = importlib.import_module(f"actions.{module}")
        for intent, action in getattr(loaded, "ACTIONS", {}).items():
            if intent in found:
                raise ValueError(f"two actions for the intent {intent}")
            found[intent] = action
        for form in getattr(loaded, "FORMS", ()):
            if form.name in forms:
                raise ValueError(f"two forms named {form.name}")
            forms[form.name] = form
    return found, forms
