"""Figures and words for the products under test: the shipped sentences, names that are written out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from backend.domain.brief import AgencyWeek, Pending, WeekBrief
from backend.domain.figure import Figure, FigureSet, Line, Period
from backend.products.words import Definition
from bot.replies.renderer import Replies

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
YEAR = Period(date(2026, 1, 1), date(2026, 11, 14), "year")
BEFORE = Period(date(2025, 1, 1), date(2025, 11, 14), "year")
LONG_NAME = "Ban Quản lý Khu kinh tế và các khu công nghiệp, bộ phận tiếp nhận hồ sơ và trả kết quả"
REPLIES = Replies(Path(__file__).resolve().parents[3] / "bot" / "replies")
NAMES = {
    "dossiers/received": "Hồ sơ tiếp nhận",
    "dossiers/late": "Hồ sơ trả quá hạn",
    "dossiers/rated": "Mức độ hài lòng",
}


class ShippedWords:
    def say(self, key: str, /, **values: object) -> str:
        return REPLIES.render(key, values)

    def title(self, topic: str) -> str:
        return {"dossiers": "Giải quyết hồ sơ thủ tục hành chính"}[topic]

    def define(self, figure: Figure) -> Definition:
        return Definition(
            NAMES.get(figure.key, figure.key), "Đếm hồ sơ theo ngày.", figure.key == "dossiers/late"
        )


WORDS = ShippedWords()


def figure(key: str, value: int | Decimal | None, **more: Any) -> Figure:
    return Figure(key, value, source="hệ thống một cửa", as_of=NOW, **more)


def figures(
    values: Sequence[int | None] = (128_063, 1, 0, None), names: Sequence[str] = (), **more: Any
) -> FigureSet:
    """``values`` are received dossiers of one agency each."""
    named = [*names, "Sở Xây dựng", "Sở Nông nghiệp và Môi trường", LONG_NAME, "Đặc khu Lý Sơn"]
    lines = tuple(
        Line(name, (figure("dossiers/received", value), figure("dossiers/late", 0, of=value)))
        for name, value in zip(named, values, strict=False)
    )
    whole = (figure("dossiers/received", 128_063), figure("dossiers/late", 1_063, of=65_761))
    before = FigureSet("dossiers", BEFORE, (figure("dossiers/received", 121_000),), NOW)
    given: dict[str, Any] = {"scope": "Phạm vi: toàn tỉnh.", "lines": lines, "before": before, **more}
    return FigureSet("dossiers", YEAR, given.pop("figures", whole), NOW, **given)


def brief(**more: Any) -> WeekBrief:
    agencies = (
        AgencyWeek("Sở Xây dựng", given=6, done=3, overdue=9, worst_days=62),
        AgencyWeek(LONG_NAME, given=2, done=1, overdue=1, worst_days=1),
        AgencyWeek("Sở Tư pháp", done=2),
    )
    pending = (
        Pending("extension", "NV-2026-0113", "Sở Xây dựng", "Tham mưu quy định phân cấp", date(2026, 11, 20)),
    )
    given: dict[str, Any] = {"agencies": agencies, "pending": pending, "scope": "Phạm vi: toàn tỉnh.", **more}
    return WeekBrief(date(2026, 11, 16), date(2026, 11, 22), NOW, 8, 6, 1, 10, 12, 1, 2, **given)
