"""Find the few operations on categories among many answers."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_ledger_operation"),
        "ledger",
        ["operation"],
        sqlite_where=sa.text("operation IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_ledger_operation"), "ledger")
