"""What is known about pictures by their content, and images that were linked to another file."""

import sqlalchemy as sa
from alembic import op

from app.storage.types import PathText

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture",
        sa.Column("content_hash", sa.String(length=32), nullable=False),
        sa.Column("data_hash", sa.String(length=32), nullable=True),
        sa.Column("look", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("content_hash", name=op.f("pk_picture")),
    )
    op.create_index(op.f("ix_picture_data_hash"), "picture", ["data_hash"], unique=False)
    op.create_table(
        "relink",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("path", PathText(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(length=32), nullable=True),
        sa.Column("new_hash", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_relink_image_id_image")),
        sa.ForeignKeyConstraint(["root_id"], ["root.id"], name=op.f("fk_relink_root_id_root")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relink")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_relink_image_id"), "relink", ["image_id"], unique=False)
    op.create_index(op.f("ix_relink_step"), "relink", ["step"], unique=False)
    # An image can only be removed after a look whether the ledger refers to it.
    op.create_index(op.f("ix_ledger_image_id"), "ledger", ["image_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_ledger_image_id"), "ledger")
    op.drop_table("relink")
    op.drop_table("picture")
