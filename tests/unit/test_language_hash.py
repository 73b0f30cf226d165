"""What a language model depends on is hashed; what it never reads is not: nobody trains three minutes for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.language import fingerprint


@pytest.fixture
def root(tmp_path: Path) -> Path:
    read = ("config.yml", "requirements/nlu.txt", "nlu_data/nlu/a.yml", "bot/nlu/a.py", "backend/text/a.py")
    for name in (*read, "nlu_data/petitions/fields.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("config.yml", True),
        ("nlu_data/nlu/a.yml", True),
        ("nlu_data/nlu/fields.yml", True),
        ("nlu_data/petitions/fields.yml", False),
        ("nlu_data/lookups/petition_kinds.yml", False),
    ],
)
def test_only_what_training_reads_counts(root: Path, name: str, counts: bool) -> None:
    before = fingerprint(root)
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("2", encoding="utf-8")
    assert (fingerprint(root) != before) is counts
