"""The append-only ledger: batches, their entries, and the two stacks of undo and redo.

The stacks are lists linked by ``below_id``; the newest batch alone determines their tops. So finding the next
undo takes three look-ups by key, whatever the number of batches.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, insert, literal, select
from sqlalchemy.orm import Session

from app.domain.changes import BatchKind
from app.domain.errors import NothingToUndoError
from app.domain.labels import Source
from app.domain.language import translate
from app.storage import settings
from app.storage.models import BATCH, LEDGER
from app.storage.rows import insert_row


class EntryKind(StrEnum):
    LABEL = "label"
    REVIEW = "review"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Batch:
    """One step of the ledger. ``target_id`` is the batch that an undo or a redo reverts."""

    id: int
    kind: BatchKind
    target_id: int | None
    source: Source
    description: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; for the meaning of the values see :class:`app.storage.models.LedgerRow`."""

    id: int
    batch_id: int
    kind: EntryKind
    image_id: int | None = None
    category_id: int | None = None
    before: int | None = None
    after: int | None = None
    before_category: dict[str, Any] | None = field(default=None, hash=False)
    after_category: dict[str, Any] | None = field(default=None, hash=False)
    operation: str | None = None
    score: float | None = None
    model: str | None = None
    queue: str | None = None
    inclusion: float | None = None


_ENTRY_COLUMNS = [LEDGER.c[name] for name in Entry.__dataclass_fields__]
_ONE_BATCH = select(BATCH).where(BATCH.c.id == bindparam("id"))
_LAST_BATCH = select(BATCH).order_by(BATCH.c.id.desc()).limit(1)
_ENTRIES = select(*_ENTRY_COLUMNS).where(LEDGER.c.batch_id == bindparam("batch")).order_by(LEDGER.c.id)
_NEW_BATCH = insert(BATCH)
_NEW_ENTRIES = insert(LEDGER)
_FIRST_STEP = "made_by_batch"
_KINDS = {kind.value: kind for kind in EntryKind}


def begin(s: Session, source: Source, description: str) -> Batch:
    """Start a change: it goes on top of the undo stack, and the redo stack is emptied."""
    undo_top, _ = _tops(s)
    return _new_batch(
        s, BatchKind.DO, target_id=None, below_id=undo_top, source=source, description=description
    )


def begin_undo(s: Session) -> Batch:
    """Start an undo of the newest change. Raises NothingToUndoError."""
    undo_top, redo_top = _undoable(s)
    if undo_top is None:
        raise NothingToUndoError(translate("Storage", "There is nothing to undo."))
    return _new_reversal(s, BatchKind.UNDO, get(s, undo_top), below_id=redo_top)


def begin_redo(s: Session) -> Batch:
    """Start a redo of the newest undo, if nothing was changed since. Raises NothingToUndoError."""
    _, redo_top = _tops(s)
    if redo_top is None:
        raise NothingToUndoError(translate("Storage", "There is nothing to redo."))
    return _new_reversal(s, BatchKind.REDO, get(s, redo_top), below_id=None)


def next_undo(s: Session) -> Batch | None:
    """The change that an undo would revert."""
    undo_top, _ = _undoable(s)
    return None if undo_top is None else get(s, undo_top)


def keep_from_undo(s: Session) -> None:
    """What was done so far is never undone: it made the project."""
    settings.set(s, _FIRST_STEP, last_batch_id(s))


def next_redo(s: Session) -> Batch | None:
    """The undo that a redo would revert; its description is that of the change."""
    _, redo_top = _tops(s)
    return None if redo_top is None else get(s, redo_top)


def get(s: Session, batch_id: int) -> Batch:
    return _batch(s.execute(_ONE_BATCH, {"id": batch_id}).one())


def append(s: Session, batch: Batch, entries: Sequence[dict[str, Any]]) -> None:
    """Write entries, each a mapping of the columns of :class:`app.storage.models.LedgerRow`."""
    if entries:
        s.execute(_NEW_ENTRIES, [{"batch_id": batch.id, **entry} for entry in entries])


def append_reversal(s: Session, batch: Batch) -> None:
    """Write the reverse of each entry of the batch that ``batch`` reverts."""
    old = LEDGER.c
    mirrored = select(
        literal(batch.id),
        old.kind,
        old.image_id,
        old.category_id,
        old.after,
        old.before,
        func.coalesce(old.after_entry_id, old.id),
        old.before_entry_id,
        old.after_category,
        old.before_category,
        old.operation,
    ).where(old.batch_id == batch.target_id)
    columns = [
        "batch_id",
        "kind",
        "image_id",
        "category_id",
        "before",
        "after",
        "before_entry_id",
        "after_entry_id",
        "before_category",
        "after_category",
        "operation",
    ]
    s.execute(insert(LEDGER).from_select(columns, mirrored.order_by(old.id.desc())))


def entries_of(s: Session, batch_id: int, kind: EntryKind | None = None) -> list[Entry]:
    """The entries of one batch, oldest first."""
    if kind is None:
        return _entries(s.execute(_ENTRIES, {"batch": batch_id}))
    return _entries(s.execute(_ENTRIES.where(LEDGER.c.kind == kind.value), {"batch": batch_id}))


def size_of(s: Session, batch_id: int) -> int:
    """The number of labels, reviews and changes of categories in a batch."""
    counted = select(func.count()).where(LEDGER.c.batch_id == batch_id)
    return s.execute(counted).scalar_one()


def tail(s: Session, after_entry_id: int) -> list[Entry]:
    """Every entry newer than ``after_entry_id``, oldest first."""
    query = select(*_ENTRY_COLUMNS).where(LEDGER.c.id > after_entry_id).order_by(LEDGER.c.id)
    return _entries(s.execute(query).all())


def entries_after(s: Session, batch_id: int) -> list[Entry]:
    """Every entry of the batches after this one, oldest first."""
    query = select(*_ENTRY_COLUMNS).where(LEDGER.c.batch_id > batch_id).order_by(LEDGER.c.id)
    return _entries(s.execute(query).all())


def batches(s: Session) -> list[Batch]:
    """All batches, oldest first."""
    return [_batch(row) for row in s.execute(select(BATCH).order_by(BATCH.c.id))]


def in_force(s: Session, batch_id: int) -> bool:
    """Whether a change exists and is not undone."""
    if s.scalar(select(BATCH.c.id).where(BATCH.c.id == batch_id)) is None:
        return False
    undone = select(BATCH.c.id).where(BATCH.c.target_id == batch_id, BATCH.c.kind == BatchKind.UNDO.value)
    numbers = list(s.scalars(undone))
    redone = select(func.count()).where(BATCH.c.target_id.in_(numbers), BATCH.c.kind == BatchKind.REDO.value)
    return len(numbers) == (s.scalar(redone) or 0)


def count_since(s: Session, after_entry_id: int) -> tuple[int, int]:
    """How many labels and reviews differ from what they were after that entry, without reading the entries.

    As in changes.change_since, without what was changed and changed back.
    """
    keys = {
        EntryKind.LABEL: (LEDGER.c.image_id, LEDGER.c.category_id),
        EntryKind.REVIEW: (LEDGER.c.image_id,),
    }
    found = []
    for kind, key in keys.items():
        span = (
            select(func.min(LEDGER.c.id).label("first"), func.max(LEDGER.c.id).label("last"))
            .where(LEDGER.c.id > after_entry_id, LEDGER.c.kind == kind.value)
            .group_by(*key)
            .subquery()
        )
        first, last = LEDGER.alias(), LEDGER.alias()
        query = (
            select(func.count())
            .select_from(span)
            .join(first, first.c.id == span.c.first)
            .join(last, last.c.id == span.c.last)
            .where(first.c.before.is_distinct_from(last.c.after))
        )
        found.append(s.execute(query).scalar_one())
    return found[0], found[1]


def last_batch_id(s: Session) -> int:
    """The id of the newest batch, 0 in a new project."""
    return s.scalar(select(func.max(BATCH.c.id))) or 0


def last_entry_id(s: Session) -> int:
    """The id of the newest entry, 0 in a new project."""
    return s.scalar(select(func.max(LEDGER.c.id))) or 0


def _entries(rows: Iterable[Any]) -> list[Entry]:
    return [Entry(row[0], row[1], _KINDS[row[2]], *row[3:]) for row in rows]


def _tops(s: Session) -> tuple[int | None, int | None]:
    """The tops of the undo stack (a change) and of the redo stack (an undo)."""
    last = s.execute(_LAST_BATCH).first()
    if last is None:
        return None, None
    if last.kind == BatchKind.DO:
        return last.id, None
    target = s.execute(_ONE_BATCH, {"id": last.target_id}).one()
    if last.kind == BatchKind.UNDO:
        return target.below_id, last.id
    return target.target_id, target.below_id


def _undoable(s: Session) -> tuple[int | None, int | None]:
    """As _tops(), without what made the project."""
    undo_top, redo_top = _tops(s)
    made = undo_top is not None and undo_top <= settings.get(s, _FIRST_STEP, 0)
    return (None if made else undo_top), redo_top


def _new_reversal(s: Session, kind: BatchKind, target: Batch, *, below_id: int | None) -> Batch:
    return _new_batch(
        s,
        kind,
        target_id=target.id,
        below_id=below_id,
        source=target.source,
        description=target.description,
    )


def _new_batch(
    s: Session,
    kind: BatchKind,
    *,
    target_id: int | None,
    below_id: int | None,
    source: Source,
    description: str,
) -> Batch:
    now = datetime.now(UTC)
    values = {
        "kind": kind.value,
        "target_id": target_id,
        "below_id": below_id,
        "source": source.value,
        "description": description,
        "created_at": now,
    }
    return Batch(insert_row(s, _NEW_BATCH, values), kind, target_id, source, description, now)


def _batch(row: Any) -> Batch:
    return Batch(
        row.id, BatchKind(row.kind), row.target_id, Source(row.source), row.description, row.created_at
    )
