"""Parent, group and place of a category."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("category", sa.Column("parent_id", sa.Integer(), nullable=True))
    op.add_column("category", sa.Column("group_name", sa.Text(), nullable=True))
    op.add_column("category", sa.Column("position", sa.Double(), nullable=True))


def downgrade() -> None:
    for name in ("position", "group_name", "parent_id"):
        op.drop_column("category", name)
