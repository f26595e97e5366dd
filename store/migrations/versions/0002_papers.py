"""Papers that Telegram has already"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import store.types as types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "papers",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("file_id", sa.String(length=250), nullable=False),
        sa.Column("used_at", types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_papers")),
    )
    op.create_index(op.f("ix_papers_used_at"), "papers", ["used_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_papers_used_at"), table_name="papers")
    op.drop_table("papers")
