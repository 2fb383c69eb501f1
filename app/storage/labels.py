"""Labels: what was said about categories on images."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    String,
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

from app.domain.labels import LabelState, Source
from app.storage.ledger import Batch, EntryKind
from app.storage.models import BATCH, LABEL, LEDGER
from app.storage.portions import portions
from app.storage.rows import raw_rows

_STATES = {1: LabelState.YES, 0: LabelState.NO, -1: LabelState.UNKNOWN}


@dataclass(frozen=True, slots=True)
class LabelColumns:
    """The explicit labels as three lists of one length, ordered by image, then category.

    ``states``: 1 yes, 0 no, -1 said to be unknown on a reviewed image.
    """

    image_ids: list[int]
    category_ids: list[int]
    states: list[int]


@dataclass(frozen=True, slots=True)
class Standing:
    """The label that stands: its stored state, its ledger entry and who decided."""

    state: int
    entry_id: int
    source: Source


_STANDING = select(
    LABEL.c.image_id, LABEL.c.category_id, LABEL.c.state, LABEL.c.entry_id, LABEL.c.source
).where(LABEL.c.image_id.in_(bindparam("ids", expanding=True)))


def explicit(s: Session) -> LabelColumns:
    """Every explicit label of the project."""
    query = select(LABEL.c.image_id, LABEL.c.category_id, LABEL.c.state)
    rows = raw_rows(s, query.order_by(LABEL.c.image_id, LABEL.c.category_id))
    return LabelColumns([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])


def by_state(s: Session) -> list[tuple[int, int, NDArray[np.int64]]]:
    """Every explicit label, as (category, state, images int64 [R]); states as in LabelColumns.

    In the order of the index, each portion one step of the driver (app.storage.columns).
    """
    images = func.aggregate_strings(cast(LABEL.c.image_id, String), ",")
    query = select(LABEL.c.category_id, LABEL.c.state, images).group_by(LABEL.c.category_id, LABEL.c.state)
    rows = s.execute(query).all()
    return [(category, state, np.fromstring(text, np.int64, sep=",")) for category, state, text in rows]


def for_image(s: Session, image_id: int) -> dict[int, LabelState]:
    """The explicit labels of one image by category id, without what a review implies."""
    rows = s.execute(select(LABEL.c.category_id, LABEL.c.state).where(LABEL.c.image_id == image_id))
    return {category_id: _STATES[state] for category_id, state in rows}


def standing(
    s: Session, image_ids: Iterable[int], category_ids: Collection[int]
) -> dict[tuple[int, int], Standing]:
    """The labels that stand on some images for some categories, by (image, category)."""
    found: dict[tuple[int, int], Standing] = {}
    wanted = set(category_ids)
    for portion in portions(image_ids):
        for image_id, category_id, state, entry_id, source in s.execute(_STANDING, {"ids": portion}):
            if category_id in wanted:
                found[image_id, category_id] = Standing(state, entry_id, Source(source))
    return found


def from_queues(s: Session, category_id: int, patterns: Iterable[str]) -> set[int]:
    """The images whose label for a category came by a queue that is LIKE one of these."""
    named = or_(*(LEDGER.c.queue.like(pattern) for pattern in patterns))
    query = select(LABEL.c.image_id).join(LEDGER, LEDGER.c.id == LABEL.c.entry_id)
    return set(s.scalars(query.where(LABEL.c.category_id == category_id, named)))


def said_unknown(s: Session, category_id: int) -> set[int]:
    """The reviewed images on which somebody has said that a category is unknown."""
    query = select(LABEL.c.image_id).where(LABEL.c.category_id == category_id, LABEL.c.state == -1)
    return set(s.scalars(query))


def counts(s: Session) -> dict[int, tuple[int, int]]:
    """(yes, explicit no) by category id; categories without either are left out."""
    query = select(LABEL.c.category_id, LABEL.c.state, func.count()).where(LABEL.c.state >= 0)
    found: dict[int, tuple[int, int]] = {}
    for category_id, state, count in s.execute(query.group_by(LABEL.c.category_id, LABEL.c.state)):
        yes, no = found.get(category_id, (0, 0))
        found[category_id] = (count, no) if state == 1 else (yes, count)
    return found


def apply(s: Session, batch: Batch) -> None:
    """Bring the labels in line with the batch's entries, whatever its kind and size: two statements."""
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
    standing_after = (
        select(*columns.values())
        .join(origin, origin.c.id == func.coalesce(entry.after_entry_id, entry.id))
        .join(origin_batch, origin_batch.c.id == origin.c.batch_id)
        .where(*_label_entries(), entry.after.is_not(None))
    )
    return insert(LABEL).from_select(list(columns), standing_after)


# Built once: SQLAlchemy takes longer to put them together than SQLite to run them for one decision.
_CLEAR = _clear()
_FILL = _fill()
