"""A small province with officers of every reach, and registers that are written as files and imported."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions import documents
from actions.base import Reply, Turn
from backend.db.engine import Database
from backend.db.unit_of_work import SqlUnitOfWork
from backend.domain.agency import Agency
from backend.domain.messaging import Address, ChannelName
from backend.domain.running import Account
from backend.domain.understanding import Entity, Understanding
from backend.domain.viewer import Viewer
from backend.importers.base import Report
from backend.importers.documents_table import COLUMNS, import_documents
from backend.services.documents.asking import Asked
from backend.services.documents.lookup import Answer, look_up
from bot.replies.renderer import Replies
from tests.conftest import NOW

REPLIES = Replies(Path(__file__).parents[3] / "bot" / "replies")
HEADINGS = {name: headings[0] for name, (headings, _example) in COLUMNS.items()}
AGENCIES = (
    Agency("H50", "Ủy ban nhân dân tỉnh", "province", aliases=("UBND tỉnh",)),
    Agency("H50.04", "Sở Xây dựng", "department", "H50", aliases=("sxd",)),
    Agency("H50.05", "Sở Y tế", "department", "H50"),
    Agency("H50.06", "Sở Tài chính", "department", "H50"),
)
#: Direction, number, kind, day, issuer, subject, in whose hands, sent to, field.
_REGISTER = """
Đi|1234/QĐ-UBND|Quyết định|12/10/2026|UBND tỉnh|Giao chỉ tiêu nhà ở xã hội|Sở Xây dựng|Sở Tài chính|Nhà ở
Đi|1502/UBND-KT|Công văn|15/10/2026|UBND tỉnh|Đẩy nhanh giải ngân vốn đầu tư công|Sở Tài chính||Đầu tư công
Đến|88/BXD-QLN|Công văn|20/10/2026|Bộ Xây dựng|Hướng dẫn quản lý nhà ở xã hội|Sở Xây dựng||Nhà ở
Đến|45/SYT-NVY|Công văn|21/10/2026|Sở Y tế|Phương án trực cấp cứu|Sở Y tế||Y tế
Công báo|77/2026/QĐ-UBND|Quyết định|02/11/2026|UBND tỉnh|Ban hành Bảng giá các loại đất|||Đất đai
Công báo|77/2025/QĐ-UBND|Quyết định|02/11/2025|UBND tỉnh|Ban hành Bảng giá các loại đất|||Đất đai
"""
ROWS = tuple(tuple(line.split("|")) for line in _REGISTER.strip().splitlines())
_NAMES = ("direction", "number", "kind", "issued", "issuer", "subject", "agency", "readers", "field")


@dataclass
class Registry:
    db: Database
    folder: Path

    def load(self, *rows: Sequence[str], **more: Any) -> Report:
        """Import these rows; values of further columns come as mappings at the end of a row."""
        cells = [dict(zip(_NAMES, row, strict=False)) for row in rows]
        return self.load_cells(*cells, **more)

    def load_cells(self, *cells: Mapping[str, str], as_of: Any = NOW, **more: Any) -> Report:
        path = self.folder / "so-van-ban.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(HEADINGS.values()))
            writer.writeheader()
            for row in cells:
                writer.writerow({HEADINGS[name]: value for name, value in row.items()})
        return import_documents(path, self.db.write_now, source="Sổ văn bản", as_of=as_of, **more)

    def numbers(self) -> list[str]:
        """Every number that is kept, whoever asks."""
        query = "SELECT number FROM documents ORDER BY number"
        return self.db.read_now(
            lambda uow: [row[0] for row in uow.connection.exec_driver_sql(query).fetchall()]
        )

    def viewer(self, uow: SqlUnitOfWork, who: str, channel: ChannelName, group: bool) -> Viewer:
        address = Address(channel, "main", who or "dan")
        number = uow.conversations.lock_or_start(address, uow.now)
        known = uow.accounts.by_name(who) if who else None
        return Viewer(number, address, account=who, roles=known.roles if known else frozenset(), group=group)

    def ask(self, who: str, text: str, **how: Any) -> Reply:
        """One question through the action; entities as keywords."""
        channel = how.pop("channel", ChannelName.WEB)
        group, again, context = how.pop("group", False), how.pop("again", False), how.pop("context", {})
        given = how.pop("given", {})
        entities = tuple(
            Entity(name, value, text.find(value), text.find(value) + len(value))
            for name, value in how.items()
        )

        def work(uow: SqlUnitOfWork) -> Reply:
            viewer = self.viewer(uow, who, channel, group)
            read = Understanding("document_lookup", 1.0, entities, source="model")
            rows_on = frozenset({ChannelName.WEB})
            turn = Turn(uow, viewer, text, read, context, given, rows_on=rows_on, again=again)
            reply = documents.document_lookup(turn)
            assert isinstance(reply, Reply)
            return reply

        return self.db.write_now(work)

    def look(self, scope: Any, **said: str) -> Answer:
        return self.db.read_now(lambda uow: look_up(uow, scope, Asked(said)))

    @staticmethod
    def text(reply: Reply) -> str:
        parts = [one for one in (reply, reply.foot) if one is not None]
        return "\n".join(REPLIES.render(one.key, one.values) for one in parts)


def furnish(uow: SqlUnitOfWork) -> None:
    ids = {one.code: uow.agencies.put(one) for one in AGENCIES}
    for account in (
        Account("lanhdao", "Lãnh đạo", frozenset({"office_leader"})),
        Account("xaydung", "Cán bộ Sở Xây dựng", frozenset({"officer"}), ids["H50.04"]),
        Account("taichinh", "Cán bộ Sở Tài chính", frozenset({"officer"}), ids["H50.06"]),
        Account("chuyenvien", "Chuyên viên theo dõi y tế", frozenset({"specialist"}), fields=("Y tế",)),
        Account("tongdai", "Tổng đài", frozenset({"operator"})),
    ):
        uow.accounts.add(account, "", uow.now)


@pytest.fixture
def registry(db: Database, tmp_path: Path) -> Registry:
    db.write_now(furnish)
    return Registry(db, tmp_path)


@pytest.fixture
def filled(registry: Registry) -> Registry:
    assert registry.load(*ROWS).created == len(ROWS)
    return registry


def found(reply: Reply) -> list[str]:
    """The numbers that an answer lists."""
    return [row["number"] for row in reply.values["rows"]]


TODAY = date(2026, 11, 21)
