"""Numbers that stood in the petition itself before are found as numbers of a place afterwards, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, create_engine, text

from backend.db import migrate as migrating
from tests.conftest import postgres_url

_BEFORE, _AT = "0005", "0006"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'old.sqlite3'}"
    server = request.getfixturevalue("postgres")
    with server.root_engine.connect() as connection:
        connection.execute(text("CREATE DATABASE before_papers"))
    return postgres_url(server, "before_papers")


def upgrade(connection: Connection, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    connection.commit()


def petition(code: str, source: str, number: str | None) -> dict[str, Any]:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    return {
        "code": code, "kind": "feedback", "source": source, "state": "closed", "field_name": "", "hidden": False,
        "received_at": now, "owner": "duty", "alarm": "", "raised": 0, "reopened": 0, "demo": "",
        "outside_number": number,
    }  # fmt: skip


def test_numbers_are_carried_over_and_rules_of_the_office_stay(empty_url: str) -> None:
    engine = create_engine(empty_url)
    with engine.connect() as connection:
        upgrade(connection, _BEFORE)
        known = MetaData()
        known.reflect(connection, only=["petitions", "deadline_rules"])
        rows = [
            petition("PA-1", "portal", "PAKN 1"),
            petition("PA-2", "letter", "7/CV"),
            petition("PA-3", "chat", None),
        ]
        for row in rows:
            connection.execute(known.tables["petitions"].insert(), row)
        own = "INSERT INTO deadline_rules (kind, step, amount, unit, valid_from, source, law) VALUES "
        values = "('complaint', 'answer_complex', 40, 'calendar', '2012-07-01', 'QĐ 1', :no)"
        connection.execute(text(own + values), {"no": False})
        connection.commit()
        upgrade(connection, _AT)
        found = connection.execute(
            text("SELECT kind, place, number, place_key, number_key FROM petition_origins ORDER BY id")
        )
        assert [tuple(row) for row in found] == [
            ("portal", "Cổng Dịch vụ công quốc gia", "PAKN 1", "cong dich vu cong quoc gia", "pakn1"),
            ("other", "", "7/CV", "", "7/cv"),
        ]
        complex_ = "SELECT amount FROM deadline_rules WHERE step = 'answer_complex'"
        assert connection.execute(text(complex_)).scalars().all() == [40]
    engine.dispose()
