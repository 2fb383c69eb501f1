"""Images whose file was replaced: since when, what the answers were about, which review is set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("image", sa.Column("changed_batch_id", sa.Integer(), nullable=True))
    op.add_column("image", sa.Column("set_aside_batch_id", sa.Integer(), nullable=True))
    op.add_column("image", sa.Column("labelled_hash", sa.String(length=32), nullable=True))
    op.create_index(
        op.f("ix_image_changed_batch_id"),
        "image",
        ["changed_batch_id"],
        sqlite_where=sa.text("changed_batch_id IS NOT NULL"),
        postgresql_where=sa.text("changed_batch_id IS NOT NULL"),
    )


def downgrade() -> None:
    # An older version knows no review that is set aside: there the mark counts again, as it did.
    op.execute(
        "UPDATE image SET reviewed_batch_id = set_aside_batch_id, "
        "reviewed_at = (SELECT created_at FROM batch WHERE batch.id = set_aside_batch_id) "
        "WHERE set_aside_batch_id IS NOT NULL"
    )
    op.drop_index(op.f("ix_image_changed_batch_id"), "image")
    op.drop_column("image", "labelled_hash")
    op.drop_column("image", "set_aside_batch_id")
    op.drop_column("image", "changed_batch_id")
