"""One furnished room per test, on both engines."""

from __future__ import annotations

import pytest

from backend.db.engine import Database
from tests.conftest import FixedClock
from tests.integration.products.room import Room


@pytest.fixture
def room(db: Database, clock: FixedClock) -> Room:
    return Room(db, clock).furnish()
