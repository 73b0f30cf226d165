"""One counter per test, on both engines."""

from __future__ import annotations

import pytest

from backend.db.engine import Database
from tests.integration.dialogue.counter import Counter, desk_of


@pytest.fixture
def counter(db: Database) -> Counter:
    return Counter(db, desk_of())
