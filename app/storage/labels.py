"""The explicit labels of images."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    String,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from app.domain.labels import STATE_OF, LabelState, Source
from app.storage.chunks import chunks
from app.storage.ledger import Batch, EntryKind
from app.storage.models import BATCH, LABEL, LEDGER
from app.storage.rows import joined, joined_rows, streamed_rows


@dataclass(frozen=True, slots=True)
class CurrentLabel:
    """A current label: its stored state, its ledger entry and its source."""

    state: int
    entry_id: int
    source: Source


@dataclass(frozen=True, slots=True)
class ExplicitLabel:
    """A label of one image; ``decided_at`` is in UTC."""

    category_id: int
    state: LabelState
    source: Source
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class LabelDetail:
    """An explicit label with its decision. ``state`` as from by_state(); ``queue`` and ``score``: where the
    image came from and what was suggested at that moment, if anything; ``decided_at`` is in UTC."""

    state: int
    source: Source
    queue: str | None
    score: float | None
    decided_at: datetime


_CURRENT = joined(
    LABEL.c.image_id, LABEL.c.category_id, LABEL.c.state, LABEL.c.entry_id, LABEL.c.source
).where(LABEL.c.image_id.in_(bindparam("ids", expanding=True)))
_CURRENT_OF_FEW = _CURRENT.where(LABEL.c.category_id.in_(bindparam("categories", expanding=True)))
_FEW_CATEGORIES = 8


def details(s: Session) -> dict[tuple[int, int], LabelDetail]:
    """Every explicit label with its decision, by (image, category)."""
    query = select(
        LABEL.c.image_id,
        LABEL.c.category_id,
        LABEL.c.state,
        LABEL.c.source,
        LEDGER.c.queue,
        LEDGER.c.score,
        LABEL.c.decided_at,
    ).join(LEDGER, LEDGER.c.id == LABEL.c.entry_id)
    return {(row[0], row[1]): _detail(*row[2:]) for row in streamed_rows(s, query)}


@lru_cache(maxsize=1024)
def _detail(state: int, source: str, queue: str | None, score: float | None, decided_at: str) -> LabelDetail:
    """Labels of one step, mostly of an import, share theirs: there may be millions."""
    return LabelDetail(
        state, Source(source), queue, score, datetime.fromisoformat(decided_at).replace(tzinfo=UTC)
    )


def by_state(s: Session) -> list[tuple[int, int, NDArray[np.int64]]]:
    """Every explicit label, as (category, state, images int64 [R]).

    States: 1 yes, 0 no, -1 explicitly unknown on a reviewed image.

    Read in the order of the index, each group in one step of the driver (see app.storage.columns).
    """
    images = func.aggregate_strings(cast(LABEL.c.image_id, String), ",")
    query = select(LABEL.c.category_id, LABEL.c.state, images).group_by(LABEL.c.category_id, LABEL.c.state)
    rows = s.execute(query).all()
    return [(category, state, np.fromstring(text, np.int64, sep=",")) for category, state, text in rows]


def yes_of(s: Session, image_ids: Iterable[int]) -> dict[int, list[int]]:
    """The categories with an explicit yes, by image; images without any are left out."""
    found: dict[int, list[int]] = {}
    query = select(LABEL.c.image_id, LABEL.c.category_id).where(
        LABEL.c.image_id.in_(bindparam("ids", expanding=True)), LABEL.c.state == 1
    )
    for part in chunks(image_ids):
        for image_id, category_id in s.execute(query, {"ids": part}):
            found.setdefault(image_id, []).append(category_id)
    return found


def explicit_of(s: Session, image_id: int) -> list[ExplicitLabel]:
    """The explicit labels of one image, newest first."""
    query = (
        select(LABEL.c.category_id, LABEL.c.state, LABEL.c.source, LABEL.c.decided_at)
        .where(LABEL.c.image_id == image_id)
        .order_by(LABEL.c.decided_at.desc(), LABEL.c.category_id)
    )
    return [
        ExplicitLabel(category_id, STATE_OF[state], Source(source), decided_at)
        for category_id, state, source, decided_at in s.execute(query)
    ]


def current(
    s: Session, image_ids: Iterable[int], category_ids: Collection[int]
) -> dict[tuple[int, int], CurrentLabel]:
    """The current labels of some images for some categories, by (image, category)."""
    found: dict[tuple[int, int], CurrentLabel] = {}
    wanted = set(category_ids)
    few = 0 < len(wanted) <= _FEW_CATEGORIES
    query, values = (_CURRENT_OF_FEW, {"categories": sorted(wanted)}) if few else (_CURRENT, {})
    for chunk in chunks(image_ids):
        for image, category, state, entry, source in joined_rows(s, query, {"ids": chunk, **values}):
            if int(category) in wanted:
                found[int(image), int(category)] = CurrentLabel(int(state), int(entry), Source(source))
    return found


@dataclass(frozen=True, slots=True)
class TwoLabels:
    """What one image says about two categories, as in the table; None where there is no row.

    ``entry``: the ledger entry of the first one's label; ``other_entry`` likewise.
    """

    image_id: int
    state: int
    entry: int
    other: int | None
    other_entry: int | None


def side_by_side(s: Session, category_id: int, other_id: int) -> list[TwoLabels]:
    """The images with a label for the first category, by number, with their labels for the other."""
    other = LABEL.alias()
    query = (
        select(LABEL.c.image_id, LABEL.c.state, LABEL.c.entry_id, other.c.state, other.c.entry_id)
        .outerjoin(other, and_(other.c.image_id == LABEL.c.image_id, other.c.category_id == other_id))
        .where(LABEL.c.category_id == category_id)
        .order_by(LABEL.c.image_id)
    )
    return [TwoLabels(*row) for row in s.execute(query)]


def from_queues(s: Session, category_id: int, patterns: Iterable[str]) -> set[int]:
    """The images whose label for a category was given in a queue LIKE one of these."""
    named = or_(*(LEDGER.c.queue.like(pattern) for pattern in patterns))
    query = select(LABEL.c.image_id).join(LEDGER, LEDGER.c.id == LABEL.c.entry_id)
    return set(s.scalars(query.where(LABEL.c.category_id == category_id, named)))


def explicit_unknown(s: Session, category_id: int) -> set[int]:
    """The reviewed images on which a category was explicitly set to unknown."""
    query = select(LABEL.c.image_id).where(LABEL.c.category_id == category_id, LABEL.c.state == -1)
    return set(s.scalars(query))


def apply(s: Session, batch: Batch) -> None:
    """Apply the batch's label entries, whatever its kind and size, in two statements."""
    s.execute(_CLEAR, {"batch": batch.id})
    s.execute(_FILL, {"batch": batch.id})


def _label_entries() -> tuple[ColumnElement[bool], ...]:
    return LEDGER.c.batch_id == bindparam("batch"), LEDGER.c.kind == EntryKind.LABEL.value


def _clear() -> Delete:
    named = select(LEDGER.c.image_id, LEDGER.c.category_id).where(*_label_entries())
    return delete(LABEL).where(tuple_(LABEL.c.image_id, LABEL.c.category_id).in_(named))


def _fill() -> Insert:
    entry, origin, origin_batch = LEDGER.c, LEDGER.alias(), BATCH.alias()
    columns: dict[str, ColumnElement[Any]] = {
        "image_id": entry.image_id,
        "category_id": entry.category_id,
        "state": entry.after,
        "entry_id": origin.c.id,
        "source": origin_batch.c.source,
        "decided_at": origin_batch.c.created_at,
    }
    labels_after = (
        select(*columns.values())
        .join(origin, origin.c.id == func.coalesce(entry.after_entry_id, entry.id))
        .join(origin_batch, origin_batch.c.id == origin.c.batch_id)
        .where(*_label_entries(), entry.after.is_not(None))
    )
    return insert(LABEL).from_select(list(columns), labels_after)


# Built once: SQLAlchemy takes longer to build them than SQLite to run them for one decision.
_CLEAR = _clear()
_FILL = _fill()
