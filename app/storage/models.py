"""The tables of project.db, as typed SQLAlchemy models."""

from datetime import datetime
from typing import Any, ClassVar, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.storage.types import PathText, UtcDateTime

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Ids are never reused, even after an undone creation: the ledger refers to them permanently.
NEVER_REUSE = {"sqlite_autoincrement": True}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        str: Text(),
    }


class RootRow(Base):
    """A folder of images. ``path`` is relative to the project folder if one is inside the other."""

    __tablename__ = "root"
    __table_args__ = (NEVER_REUSE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(PathText(), unique=True)


class ImageRow(Base):
    """One image file. ``reviewed_batch_id``: the batch of its review.

    ``changed_batch_id``: the newest batch when a scan found a different picture in the file; labels up to it
    are about the old one. A review up to it does not count and is in ``set_aside_batch_id`` instead.
    ``labelled_hash``: the content that the labels are about, if not the present one (docs/decisions/0232).
    """

    __tablename__ = "image"

    id: Mapped[int] = mapped_column(primary_key=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("root.id"))
    path: Mapped[str] = mapped_column(PathText())
    size: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    content_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    state: Mapped[str] = mapped_column(String(16))
    problem: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    changed_batch_id: Mapped[int | None]
    set_aside_batch_id: Mapped[int | None]
    labelled_hash: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (
        CheckConstraint("state IN ('ok', 'unreadable', 'missing')", name="state"),
        # A missing image keeps its old path even if another file has taken it since.
        Index(
            "uq_image_root_id_path",
            "root_id",
            "path",
            unique=True,
            sqlite_where=text("state <> 'missing'"),
            postgresql_where=text("state <> 'missing'"),
        ),
        Index(
            None,
            "changed_batch_id",
            sqlite_where=text("changed_batch_id IS NOT NULL"),
            postgresql_where=text("changed_batch_id IS NOT NULL"),
        ),
        NEVER_REUSE,
    )


class PictureRow(Base):
    """What is known about a picture by the hash of its file; kept when the file is gone.

    ``data_hash``: the encoded picture without metadata (cprfl_core.images.picture_data). ``look``: its
    perceptual hash (cprfl_core.images.look), None until computed. ``note``: what is odd about a usable file.
    """

    __tablename__ = "picture"

    content_hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    data_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    look: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str | None]


class RelinkRow(Base):
    """A missing image that a person linked to another file: its former file, and the hash of the new one.

    The rows of one ``step`` are undone together.
    """

    __tablename__ = "relink"
    __table_args__ = (NEVER_REUSE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(index=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), index=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("root.id"))
    path: Mapped[str] = mapped_column(PathText())
    size: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    content_hash: Mapped[str | None] = mapped_column(String(32))
    new_hash: Mapped[str | None] = mapped_column(String(32))


class CategoryRow(Base):
    """One category. ``spans`` lists when it was active, as pairs [from batch, to batch or null].

    ``parent_id`` is not a foreign key: a parent that does not exist counts as none.
    """

    __tablename__ = "category"
    __table_args__ = (NEVER_REUSE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    templates: Mapped[list[Any]]
    aliases: Mapped[list[Any]]
    description: Mapped[str]
    shortcut: Mapped[str | None]
    colour: Mapped[str | None]
    sense: Mapped[str | None]
    parent_id: Mapped[int | None]
    group_name: Mapped[str | None]
    position: Mapped[float | None] = mapped_column(Double)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    spans: Mapped[list[Any]]


class BatchRow(Base):
    """One step of the ledger: a change, an undo of one, or a redo.

    ``target_id``: the change that an undo reverts, or the undo that a redo reverts. ``below_id``: the batch
    below this one on the undo stack (a change) or on the redo stack (an undo). Rows never change.
    """

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    target_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    below_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    source: Mapped[str] = mapped_column(String(16))
    description: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("kind IN ('do', 'undo', 'redo')", name="kind"), NEVER_REUSE)


class LedgerRow(Base):
    """One entry; rows are only ever added.

    kind ``label``: ``before`` and ``after`` are 1 yes, 0 no, -1 explicitly unknown, null no row; the
    ``*_entry_id`` are the ledger entries of these labels (null: this entry itself).
    kind ``review``: they are the batch of the review, null for not reviewed.
    kind ``category``: the ``*_category`` hold the whole category, null if it does not exist.
    ``category_id`` is not a foreign key: the creation of a category can be undone, its history stays.
    """

    __tablename__ = "ledger"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    kind: Mapped[str] = mapped_column(String(8))
    image_id: Mapped[int | None] = mapped_column(ForeignKey("image.id"))
    category_id: Mapped[int | None]
    before: Mapped[int | None]
    after: Mapped[int | None]
    before_entry_id: Mapped[int | None]
    after_entry_id: Mapped[int | None]
    before_category: Mapped[dict[str, Any] | None]
    after_category: Mapped[dict[str, Any] | None]
    operation: Mapped[str | None] = mapped_column(String(16))
    score: Mapped[float | None] = mapped_column(Double)
    model: Mapped[str | None]
    queue: Mapped[str | None]
    inclusion: Mapped[float | None] = mapped_column(Double)

    __table_args__ = (
        CheckConstraint("kind IN ('label', 'review', 'category')", name="kind"),
        Index(None, "batch_id", "kind", "image_id", "category_id", unique=True),
        Index(None, "image_id"),
        Index(None, "operation", sqlite_where=text("operation IS NOT NULL")),
        NEVER_REUSE,
    )


class LabelRow(Base):
    """The explicit label of one category on one image; no row means not labelled.

    ``state``: 1 yes, 0 no, -1 unknown, set on a reviewed image (docs/decisions/0010). ``entry_id``,
    ``source`` and ``decided_at`` belong to the decision in force, also after undo and redo.
    """

    __tablename__ = "label"

    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), primary_key=True)
    state: Mapped[int]
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger.id"))
    source: Mapped[str] = mapped_column(String(16))
    decided_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("state IN (-1, 0, 1)", name="state"),
        Index(None, "category_id", "state"),
        {"sqlite_with_rowid": False},
    )


class PredictionBatchRow(Base):
    """A step of the ledger that imported what another model suggests. ``undone``: it is not in force."""

    __tablename__ = "prediction_batch"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    model: Mapped[str]
    undone: Mapped[bool]


class PredictionRow(Base):
    """One imported suggestion; ``category_id`` 0: the model looked at the image, whatever it found.

    Of the batches in force of one model, the newest that looked at an image counts for it. Rows are only ever
    added, or given to another image by a relink. ``category_id`` is not a foreign key: the creation of a
    category can be undone.
    """

    __tablename__ = "prediction"

    category_id: Mapped[int] = mapped_column(primary_key=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("prediction_batch.batch_id"), primary_key=True)
    score: Mapped[float] = mapped_column(Double)

    __table_args__ = (Index(None, "image_id", "batch_id"), {"sqlite_with_rowid": False})


class ModelRow(Base):
    """A tuned model version; its weights and card are in models/<id>/."""

    __tablename__ = "model"
    __table_args__ = (NEVER_REUSE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    backbone: Mapped[str]
    metrics: Mapped[dict[str, Any]]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]


class JobRow(Base):
    """A long job. ``arguments`` are what is needed to resume it."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    arguments: Mapped[dict[str, Any]]
    message: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "state IN ('running', 'completed', 'cancelled', 'failed', 'crashed', 'interrupted')", name="state"
        ),
        NEVER_REUSE,
    )


class SavedQueryRow(Base):
    __tablename__ = "saved_query"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    query: Mapped[str]
    created_at: Mapped[datetime]


class SettingRow(Base):
    """One setting of the project, its value as JSON."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


# The same tables without the mapping, for queries over many rows: they take half the time.
IMAGE = cast(Table, ImageRow.__table__)
BATCH = cast(Table, BatchRow.__table__)
LEDGER = cast(Table, LedgerRow.__table__)
CATEGORY = cast(Table, CategoryRow.__table__)
LABEL = cast(Table, LabelRow.__table__)
PREDICTION_BATCH = cast(Table, PredictionBatchRow.__table__)
PREDICTION = cast(Table, PredictionRow.__table__)
PICTURE = cast(Table, PictureRow.__table__)
RELINK = cast(Table, RelinkRow.__table__)
SAVED_QUERY = cast(Table, SavedQueryRow.__table__)
