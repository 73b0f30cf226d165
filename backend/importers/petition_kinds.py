"""The officers' file of words by which people name the four kinds of petitions."""

from __future__ import annotations

from pathlib import Path

import yaml

from backend.domain.petition import PetitionKind
from backend.importers.base import FileRefused
from backend.services.petitions.kinds import KindWords, use_kind_words
from backend.text.fold import nfc


def install_kinds(nlu_data: Path) -> None:
    """Read the file and let every later reading of this process use it. Raises FileRefused."""
    use_kind_words(load_kinds(nlu_data / "lookups" / "petition_kinds.yml"))


def load_kinds(path: Path) -> KindWords:
    try:
        body = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise FileRefused(f"Không đọc được {path.name}: {error}") from error
    if not isinstance(body, dict) or set(body) != {str(kind) for kind in PetitionKind}:
        raise FileRefused(f"{path.name} phải có đúng bốn mục: {', '.join(PetitionKind)}.")
    words: dict[str, dict[PetitionKind, tuple[str, ...]]] = {"said": {}, "hints": {}}
    for kind in PetitionKind:
        for part, known in words.items():
            found = body[kind].get(part) if isinstance(body[kind], dict) else None
            if not isinstance(found, list):
                raise FileRefused(f"{path.name}: “{kind}” thiếu danh sách {part}.")
            known[kind] = tuple(nfc(str(one)).lower().strip() for one in found)
    return KindWords(words["said"], words["hints"])
