"""The officers' file of sentences from which the field of a petition is learnt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from backend.importers.base import FileRefused
from backend.services.petitions.field_model import Example, FieldModel, fit
from backend.services.petitions.suggesting import use_field_model
from backend.text.fold import nfc

#: Fewer sentences of a field teach too little of how people write.
FEWEST_SENTENCES = 40
_NAME = Path("petitions") / "fields.yml"


def install_fields(nlu_data: Path) -> None:
    """Let every later guess of this process use the file; it is read when the first guess is wanted."""
    use_field_model(lambda: load_model(nlu_data))


def load_model(nlu_data: Path) -> FieldModel:
    """Raises FileRefused."""
    examples, phrases = load_examples(nlu_data / _NAME)
    return fit(examples, phrases)


def load_examples(path: Path) -> tuple[Sequence[Example], Sequence[Example]]:
    """Sentences and phrases, each with its field. Raises FileRefused."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        body = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader, in C
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise FileRefused(f"Không đọc được {path.name}: {error}") from error
    if not isinstance(body, dict) or len(body) < 2:
        raise FileRefused(f"{path.name} phải có từ hai lĩnh vực.")
    return _listed(path, body, "sentences"), _listed(path, body, "words")


def _listed(path: Path, body: dict[str, object], part: str) -> list[Example]:
    found: list[Example] = []
    for code, parts in body.items():
        lines = parts.get(part) if isinstance(parts, dict) else None
        if not isinstance(lines, list) or not all(isinstance(one, str) and one.strip() for one in lines):
            raise FileRefused(f"{path.name}: “{code}” thiếu danh sách {part}, hoặc có mục không phải là chữ.")
        if part == "sentences" and len(lines) < FEWEST_SENTENCES:
            raise FileRefused(f"{path.name}: “{code}” có {len(lines)} câu, cần ít nhất {FEWEST_SENTENCES}.")
        found += [(code, nfc(one)) for one in lines]
    return found
