"""From a reply key and values to the words a person reads.

Sentences live in ``vi/*.yml`` (and ``en/*.yml``): the file's name is the first part of the key, the entry the
second ("dossier/explained"). Templates are sandboxed Jinja: officers may edit them.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.replies.filters import filters

_MANY_BREAKS = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t]{2,}")


class UnknownReply(KeyError):
    """No sentence under this key: a bug, caught by a test of the structure."""


def environment(language: str = "vi") -> ImmutableSandboxedEnvironment:
    """Sandboxed, with the language's ways of writing dates and money."""
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,
    )
    made.filters.update(filters(language))
    return made


class Replies:
    """Every sentence the bot says, by language; compiled once."""

    def __init__(self, folder: Path, default: str = "vi") -> None:
        self._default = default
        self._made: dict[str, ImmutableSandboxedEnvironment] = {}
        self._templates: dict[str, dict[str, Template]] = {}
        self._plain: dict[tuple[str, str], str] = {}  # sentences with nothing to fill in: most button titles
        self.sources: dict[str, dict[str, str]] = {}
        for language in sorted(
            path.name for path in folder.iterdir() if path.is_dir() and len(path.name) == 2
        ):
            texts = _read(folder / language)
            self.sources[language] = texts
            made = self._made[language] = environment(language)
            self._templates[language] = {key: made.from_string(text) for key, text in texts.items()}
            self._plain |= {(language, key): _tidy(text) for key, text in texts.items() if "{" not in text}

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self.sources)

    def knows(self, key: str) -> bool:
        return key in self._templates[self._default]

    def keys(self) -> frozenset[str]:
        return frozenset(self._templates[self._default])

    def render(self, key: str, values: Any = None, language: str = "vi", **more: Any) -> str:
        """The words of ``key``; a language that lacks it falls back to Vietnamese.

        Raises:
            UnknownReply: no such key in any language.
        """
        if (plain := self._plain.get((language, key))) is not None:
            return plain
        template = self._templates.get(language, {}).get(key) or self._templates[self._default].get(key)
        if template is None:
            raise UnknownReply(key)
        return _tidy(template.render({**_names(values), **more}))

    def override(self, language: str, key: str, text: str) -> None:
        """Put an officer's wording in place of the file's; an empty text gives the key back to the file."""
        text = text or self.sources.get(language, {}).get(key, "")
        self._plain.pop((language, key), None)
        if not text:
            self._templates.get(language, {}).pop(key, None)
            return
        made = self._made.setdefault(language, environment(language))
        self._templates.setdefault(language, {})[key] = made.from_string(text)

    def fault(self, language: str, key: str, text: str) -> str:
        """Why this text cannot stand under this key, in one line of Vietnamese; empty when it can."""
        known = self.sources.get(language, {}).get(key) or self.sources[self._default].get(key)
        if known is None:
            return "không có câu nào mang khóa này"
        made = environment(language)
        try:
            tree = made.parse(text)
            made.from_string(text)
        except TemplateError as error:
            return f"mẫu câu sai cú pháp: {error.message}"
        strange = meta.find_undeclared_variables(tree) - meta.find_undeclared_variables(made.parse(known))
        strange -= {"office"}
        return f"không có giá trị nào tên {', '.join(sorted(strange))}" if strange else ""


def _names(values: Any) -> Mapping[str, Any]:
    if values is None:
        return {}
    if isinstance(values, Mapping):
        return values
    if dataclasses.is_dataclass(values):
        return {one.name: getattr(values, one.name) for one in dataclasses.fields(values)}
    raise TypeError(f"reply values must be a mapping or a dataclass, not {type(values).__name__}")


def _tidy(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.splitlines())
    return _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip()


def _read(folder: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        for name, text in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
            texts[f"{path.stem}/{name}"] = str(text)
    return texts
