"""The sense of the noun that a person has chosen for a category."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("category", sa.Column("sense", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("category", "sense")
