"""The first schema: roots, images, categories, labels, the ledger, models, jobs, queries, settings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # one table after the other
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("below_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('do', 'undo', 'redo')", name=op.f("ck_batch_kind")),
        sa.ForeignKeyConstraint(["below_id"], ["batch.id"], name=op.f("fk_batch_below_id_batch")),
        sa.ForeignKeyConstraint(["target_id"], ["batch.id"], name=op.f("fk_batch_target_id_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("templates", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("aliases", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("shortcut", sa.Text(), nullable=True),
        sa.Column("colour", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.Column("spans", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("name_key", name=op.f("uq_category_name_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("arguments", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('running', 'completed', 'cancelled', 'failed', 'crashed', 'interrupted')",
            name=op.f("ck_job_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("backbone", sa.Text(), nullable=False),
        sa.Column("metrics", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("activated_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model")),
        sa.UniqueConstraint("name", name=op.f("uq_model_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "root",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_root")),
        sa.UniqueConstraint("path", name=op.f("uq_root_path")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "saved_query",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_query")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_query_name")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "image",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(), nullable=True),
        sa.Column("reviewed_batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('ok', 'unreadable', 'missing')", name=op.f("ck_image_state")),
        sa.ForeignKeyConstraint(
            ["reviewed_batch_id"], ["batch.id"], name=op.f("fk_image_reviewed_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(["root_id"], ["root.id"], name=op.f("fk_image_root_id_root")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_image_content_hash"), "image", ["content_hash"], unique=False)
    op.create_index(
        "uq_image_root_id_path",
        "image",
        ["root_id", "path"],
        unique=True,
        sqlite_where=sa.text("state <> 'missing'"),
        postgresql_where=sa.text("state <> 'missing'"),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("image_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column("before_entry_id", sa.Integer(), nullable=True),
        sa.Column("after_entry_id", sa.Integer(), nullable=True),
        sa.Column("before_category", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after_category", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("operation", sa.String(length=16), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("inclusion", sa.Double(), nullable=True),
        sa.CheckConstraint("kind IN ('label', 'review', 'category')", name=op.f("ck_ledger_kind")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_ledger_batch_id_batch")),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_ledger_image_id_image")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_ledger_batch_id_kind_image_id_category_id"),
        "ledger",
        ["batch_id", "kind", "image_id", "category_id"],
        unique=True,
    )
    op.create_table(
        "label",
        sa.Column("image_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("state IN (-1, 0, 1)", name=op.f("ck_label_state")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_label_category_id_category")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger.id"], name=op.f("fk_label_entry_id_ledger")),
        sa.ForeignKeyConstraint(["image_id"], ["image.id"], name=op.f("fk_label_image_id_image")),
        sa.PrimaryKeyConstraint("image_id", "category_id", name=op.f("pk_label")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_label_category_id_state"), "label", ["category_id", "state"], unique=False)


def downgrade() -> None:
    op.drop_index(
        op.f("ix_label_category_id_state"),
        "label",
    )
    op.drop_table("label")
    op.drop_index(
        op.f("ix_ledger_batch_id_kind_image_id_category_id"),
        "ledger",
    )
    op.drop_table("ledger")
    op.drop_index(
        "uq_image_root_id_path",
        "image",
        sqlite_where=sa.text("state <> 'missing'"),
        postgresql_where=sa.text("state <> 'missing'"),
    )
    op.drop_index(
        op.f("ix_image_content_hash"),
        "image",
    )
    op.drop_table("image")
    op.drop_table("setting")
    op.drop_table("saved_query")
    op.drop_table("root")
    op.drop_table("model")
    op.drop_table("job")
    op.drop_table("category")
    op.drop_table("batch")
