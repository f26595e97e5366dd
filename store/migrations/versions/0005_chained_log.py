"""The activity log is a chain for each account; log, consents and tombstones outlive the account"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import store.types as types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_heads",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", types.Moment(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_activity_heads")),
    )
    op.create_table(
        "tombstones",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("matricule_index", sa.LargeBinary(), nullable=False),
        sa.Column("erased_at", types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("matricule_index", "erased_at", name=op.f("pk_tombstones")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_constraint("fk_activity_account_id", type_="foreignkey")
        batch_op.alter_column("account_id", type_=sa.BigInteger(), existing_nullable=False)
        batch_op.add_column(sa.Column("seq", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("before", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("before_at", types.Moment(), nullable=True))
        batch_op.add_column(sa.Column("mac", sa.LargeBinary(), nullable=True))
        batch_op.create_index(batch_op.f("ix_activity_at"), ["at"], unique=False)
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_constraint("fk_consents_account_id", type_="foreignkey")
        batch_op.alter_column("account_id", type_=sa.BigInteger(), existing_nullable=False)


def downgrade() -> None:
    # What the number of an erased account stands for is gone: the older tables have no place for it.
    op.execute("DELETE FROM consents WHERE account_id NOT IN (SELECT id FROM accounts)")
    op.execute("DELETE FROM activity WHERE account_id NOT IN (SELECT id FROM accounts)")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_foreign_key("fk_consents_account_id", "accounts", ["account_id"], ["id"])
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_at"))
        for column in ("mac", "before_at", "before", "seq"):
            batch_op.drop_column(column)
        batch_op.create_foreign_key("fk_activity_account_id", "accounts", ["account_id"], ["id"])
    op.drop_table("tombstones")
    op.drop_table("activity_heads")
