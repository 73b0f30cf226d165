"""The office's own wordings, as the commands are typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.db.engine import Database
from backend.db.tables.people import audit
from bot.cli.errors import CommandError

KEY = "notices/dossier_ready"


def traces(db: Database) -> list[tuple[str, str]]:
    query = select(audit.c.action, audit.c.subject).order_by(audit.c.id)
    return [tuple(row) for row in db.read_now(lambda uow: uow.connection.execute(query).all())]


def test_a_wording_is_set_shown_exported_and_given_back(run: Any, db: Database, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("Mời nhận {{ code }}", "utf-8")
    run("replies", "set", KEY, "--file", str(file))
    shown = run("replies", "show", KEY).stdout
    assert shown.index("Mời nhận {{ code }}") < shown.index("--- the file's")
    assert f"{KEY}  [vi shell" in run("replies", "list", "notices").stdout
    assert "Mời nhận {{ code }}" in run("replies", "export").stdout
    run("replies", "reset", KEY)
    assert "Mời nhận" not in run("replies", "export").stdout
    assert "(given back to the file)" in run("replies", "show", KEY).stdout
    assert traces(db) == [("reply_set", KEY), ("reply_reset", KEY)]


@pytest.mark.parametrize(
    ("words", "said", "told"),
    [
        (("set", "notices/nothing"), "x", "no such reply"),
        (("set", KEY, "--language", "fr"), "x", "no such language; there are en, vi"),
        (("set", KEY), "  ", "1 to 8000 characters"),
        (("set", KEY), "{{ password }}", "password"),
        (("set", KEY, "--file", "/no/such/file"), "", "cannot be read"),
        (("reset", "notices/nothing"), "", "no such reply"),
        (("reset", KEY, "--language", "fr"), "", "no such language"),
        (("show", "notices/nothing"), "", "no such reply"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_kept(
    run: Any, db: Database, words: tuple[str, ...], said: str, told: str
) -> None:
    with pytest.raises(CommandError, match=told):
        run("replies", *words, say=said)
    assert db.read_now(lambda uow: list(uow.wordings.present())) == []
    assert traces(db) == []
