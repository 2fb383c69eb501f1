"""The suggestions of other models, imported with an annotation file."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prediction_batch",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_prediction_batch_batch_id_batch")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_prediction_batch")),
    )
    op.create_table(
        "prediction",
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_prediction_image_id_image")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["prediction_batch.batch_id"],
            name=op.f("fk_prediction_batch_id_prediction_batch"),
        ),
        sa.PrimaryKeyConstraint("category_id", "image_id", "batch_id", name=op.f("pk_prediction")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_prediction_image_id_batch_id"), "prediction", ["image_id", "batch_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_prediction_image_id_batch_id"), "prediction")
    op.drop_table("prediction")
    op.drop_table("prediction_batch")
