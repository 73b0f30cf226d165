"""An index over unfinished dossiers, for officers who ask what is late or due.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_UNFINISHED = sa.text("finished_at IS NULL AND stage NOT IN (3, 7, 8, 9, 10)")


def upgrade() -> None:
    op.create_index(
        "ix_dossiers_open",
        "dossiers",
        ["agency_id", "due_at", "stage", "procedure_code", "source"],
        sqlite_where=_UNFINISHED,
        postgresql_where=_UNFINISHED,
    )


def downgrade() -> None:
    op.drop_index("ix_dossiers_open", table_name="dossiers")
