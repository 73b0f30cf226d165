"""Petitions on paper: outside numbers, outcomes, fields with what is learnt of them, duplicates; first rows of data.

Revision ID: 0006
Revises: 0005
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

from backend.db import types
from backend.text.fold import fold

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_COLUMNS = ("kind", "step", "amount", "unit", "valid_from", "source", "law")
_OFFICE = "quy định riêng của cơ quan (mặc định, cần duyệt)"
_FIRST_DECISION = "Luật Khiếu nại 02/2011/QH13 Đ28"
_RECEPTION = "Luật Tiếp công dân 42/2013/QH13"
_DENUNCIATION = "Luật Tố cáo 25/2018/QH14"
_2012, _2014, _2019 = date(2012, 7, 1), date(2014, 7, 1), date(2019, 1, 1)
_FILED = ("feedback", "proposal", "complaint")
_RULES = [
    ("complaint", "answer_complex", 45, "calendar", _2012, _FIRST_DECISION, True),
    ("complaint", "answer_far", 45, "calendar", _2012, _FIRST_DECISION, True),
    ("complaint", "answer_far_complex", 60, "calendar", _2012, _FIRST_DECISION, True),
    *((kind, "visit", 10, "working", _2014, f"{_RECEPTION} Đ28.1", True) for kind in _FILED),
    *((kind, "report_back", 7, "working", _2014, f"{_RECEPTION} Đ27.2", True) for kind in _FILED),
    *((kind, "ask_elsewhere", 15, "working", _2012, _OFFICE, False) for kind in _FILED),
    ("denunciation", "accept", 7, "working", _2019, f"{_DENUNCIATION} Đ24.1", True),
    ("denunciation", "report_back", 20, "calendar", _2019, f"{_DENUNCIATION} Đ26", True),
]
#: code, name, who usually handles it, words of the department's name, words that lift it there; metres, days.
_FIELDS = [
    ("environment", "Môi trường, rác thải", "commune", ["môi trường"], ["nhà máy", "khu công nghiệp", "xả thải", "chất thải nguy hại"], 300, 30),
    ("roads", "Hạ tầng giao thông", "commune", ["xây dựng", "giao thông"], ["quốc lộ", "tỉnh lộ", "đường tỉnh", "cao tốc"], 150, 30),
    ("lighting", "Điện, chiếu sáng", "commune", ["công thương"], ["trạm biến áp", "cao thế", "tiền điện", "lưới điện", "cúp điện", "mất điện"], 150, 21),
    ("water", "Cấp nước, thoát nước, ngập", "commune", ["xây dựng"], ["nước máy", "công ty nước", "nhà máy nước", "mất nước"], 300, 14),
    ("land", "Đất đai", "department", ["môi trường", "tài nguyên"], [], 100, 180),
    ("building", "Xây dựng trái phép", "commune", ["xây dựng"], ["chung cư", "khu đô thị", "chủ đầu tư"], 80, 60),
    ("order", "An ninh trật tự, tiếng ồn", "commune", ["công an"], ["ma túy", "đánh bạc", "cờ bạc", "tín dụng đen", "đua xe"], 150, 14),
    ("health", "Y tế, an toàn thực phẩm", "department", ["y tế"], [], 150, 30),
    ("education", "Giáo dục", "department", ["giáo dục"], [], 150, 60),
    ("welfare", "An sinh xã hội", "commune", ["nội vụ", "lao động", "y tế"], ["lương hưu", "bảo hiểm xã hội"], 300, 60),
    ("conduct", "Thái độ cán bộ, thủ tục hành chính", "department", ["nội vụ"], [], 100, 30),
    ("farming", "Nông nghiệp, thú y, rừng", "commune", ["nông nghiệp"], ["phá rừng", "khai thác gỗ", "tàu cá", "phân bón giả"], 1000, 30),
    ("labour", "Lao động, việc làm", "department", ["nội vụ", "lao động"], [], 200, 60),
    ("culture", "Văn hóa, thể thao, du lịch", "department", ["văn hóa", "du lịch"], [], 200, 60),
    ("other", "Khác", "commune", [], [], 150, 30),
]  # fmt: skip
_PORTAL = "Cổng Dịch vụ công quốc gia"


def upgrade() -> None:
    rules = op.create_table(
        "duplicate_rules",
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("radius_m", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("alike", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("field", name=op.f("pk_duplicate_rules")),
    )
    op.create_table(
        "field_evidence",
        sa.Column("gram", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("gram", "field", name=op.f("pk_field_evidence")),
    )
    fields = op.create_table(
        "petition_fields",
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("agency_words", types.Json(), nullable=False),
        sa.Column("raised_by", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_petition_fields")),
    )
    op.create_table(
        "sealed_outcomes",
        sa.Column("report_id", types.BigId, autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("document", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["sealed_reports.id"], name=op.f("fk_sealed_outcomes_report_id")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_sealed_outcomes")),
    )
    op.create_table(
        "petition_origins",
        sa.Column("id", types.BigId, nullable=False),
        sa.Column("petition_id", types.BigId, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("place_key", sa.String(length=200), nullable=False),
        sa.Column("number_key", sa.String(length=60), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("report_by", types.Instant(timezone=True), nullable=True),
        sa.Column("reported", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_petition_origins_petition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_origins")),
        sa.UniqueConstraint("place_key", "number_key", name=op.f("uq_petition_origins_place_key_number_key")),
    )
    op.create_index(
        op.f("ix_petition_origins_petition_id"), "petition_origins", ["petition_id"], unique=False
    )
    op.create_index(op.f("ix_petition_origins_report_by"), "petition_origins", ["report_by"], unique=False)
    op.create_table(
        "petition_papers",
        sa.Column("petition_id", types.BigId, autoincrement=False, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("representative", sa.LargeBinary(), nullable=True),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("skips_level", sa.Boolean(), nullable=False),
        sa.Column("document", sa.String(length=60), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("body_agency_id", types.BigId, nullable=True),
        sa.Column("answer_number", sa.String(length=60), nullable=False),
        sa.Column("accepted_at", types.Instant(timezone=True), nullable=True),
        sa.Column("complex_case", sa.Boolean(), nullable=False),
        sa.Column("remote", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_agency_id"], ["agencies.id"], name=op.f("fk_petition_papers_body_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_petition_papers_petition_id")
        ),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_petition_papers")),
    )
    op.create_table(
        "petition_suggestions",
        sa.Column("petition_id", types.BigId, autoincrement=False, nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("second", sa.String(length=30), nullable=False),
        sa.Column("agency_id", types.BigId, nullable=True),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("at", types.Instant(timezone=True), nullable=False),
        sa.Column("decided_field", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_petition_suggestions_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petitions.id"], name=op.f("fk_petition_suggestions_petition_id")
        ),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_petition_suggestions")),
    )
    op.create_index(
        op.f("ix_petition_suggestions_decided_field"), "petition_suggestions", ["decided_field"], unique=False
    )
    op.create_index(
        op.f("ix_petitions_commune_id_received_at"), "petitions", ["commune_id", "received_at"], unique=False
    )
    op.create_index(
        op.f("ix_petitions_field_name_received_at"), "petitions", ["field_name", "received_at"], unique=False
    )
    op.create_index(
        op.f("ix_petitions_latitude_longitude"), "petitions", ["latitude", "longitude"], unique=False
    )
    op.create_index(op.f("ix_petitions_merged_into_id"), "petitions", ["merged_into_id"], unique=False)
    op.bulk_insert(
        fields,
        [
            {"code": code, "name": name, "level": level, "agency_words": words, "raised_by": raised}
            for code, name, level, words, raised, _metres, _days in _FIELDS
        ],
    )
    near = [("any", 200, 30), *((one[0], one[5], one[6]) for one in _FIELDS)]
    op.bulk_insert(
        rules,
        [{"field": field, "radius_m": metres, "days": days, "alike": 0.5} for field, metres, days in near],
    )
    deadlines = sa.table(
        "deadline_rules",
        *(sa.column(name) for name in ("kind", "step", "amount", "unit")),
        sa.column("valid_from", sa.Date()),
        sa.column("source"),
        sa.column("law", sa.Boolean()),
    )
    _without_own(deadlines)
    _carry_over_numbers()


def _without_own(deadlines: sa.TableClause) -> None:
    """Each rule but those that the office entered for the same day itself."""
    known = {
        tuple(row)
        for row in op.get_bind().execute(
            sa.select(*(deadlines.c[one] for one in ("kind", "step", "valid_from")))
        )
    }
    new = [dict(zip(_COLUMNS, one, strict=True)) for one in _RULES if (one[0], one[1], one[4]) not in known]
    op.bulk_insert(deadlines, new)


def _carry_over_numbers() -> None:
    """Outside numbers stood in a column of the petition; each had one place only, and was unique by itself."""
    bind = op.get_bind()
    old = bind.execute(
        sa.text("SELECT id, source, outside_number FROM petitions WHERE outside_number IS NOT NULL")
    )
    insert = sa.text(
        "INSERT INTO petition_origins (petition_id, kind, place, number, place_key, number_key, reported)"
        " VALUES (:petition_id, :kind, :place, :number, :place_key, :number_key, '')"
    )
    seen = set()
    for petition_id, source, number in old.fetchall():
        place = _PORTAL if source == "portal" else ""
        key = "".join(fold(number).split())[:60]
        if (place, key) not in seen:
            seen.add((place, key))
            row = {
                "petition_id": petition_id,
                "kind": "portal" if place else "other",
                "place": place,
                "number": number,
            }
            bind.execute(insert, {**row, "place_key": fold(place), "number_key": key})


def downgrade() -> None:
    op.execute(
        "DELETE FROM deadline_rules WHERE step IN ('answer_complex', 'answer_far', 'answer_far_complex', 'visit', 'report_back', 'ask_elsewhere') OR kind = 'denunciation'"
    )
    op.drop_index(op.f("ix_petitions_merged_into_id"), table_name="petitions")
    op.drop_index(op.f("ix_petitions_latitude_longitude"), table_name="petitions")
    op.drop_index(op.f("ix_petitions_field_name_received_at"), table_name="petitions")
    op.drop_index(op.f("ix_petitions_commune_id_received_at"), table_name="petitions")
    op.drop_index(op.f("ix_petition_suggestions_decided_field"), table_name="petition_suggestions")
    op.drop_table("petition_suggestions")
    op.drop_table("petition_papers")
    op.drop_index(op.f("ix_petition_origins_report_by"), table_name="petition_origins")
    op.drop_index(op.f("ix_petition_origins_petition_id"), table_name="petition_origins")
    op.drop_table("petition_origins")
    op.drop_table("sealed_outcomes")
    op.drop_table("petition_fields")
    op.drop_table("field_evidence")
    op.drop_table("duplicate_rules")
