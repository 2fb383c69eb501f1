"""The ledger as columns, for statistics over all decisions; read in ranges, as it only grows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Integer, case, cast, func, select
from sqlalchemy.orm import Session

from app.domain.changes import BatchKind
from app.domain.labels import Source
from app.storage.columns import read_columns
from app.storage.ledger import EntryKind
from app.storage.models import BATCH, LABEL, LEDGER

_SCALE = 1e6
"""Scores are read as whole millionths."""


@dataclass(frozen=True, slots=True)
class EntryColumns:
    """R labels and reviews, oldest first. ``batch_ids`` and ``image_ids`` int64 [R]; ``states`` int8 [R]:
    1 yes, 0 no, -1 unknown or a review; ``scores`` float32 [R]: the probability that was suggested before
    there was any label, NaN for none."""

    batch_ids: NDArray[np.int64]
    image_ids: NDArray[np.int64]
    states: NDArray[np.int8]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BatchColumns:
    """R batches, oldest first: ids and targets (0 for none) int64 [R], times in seconds since the epoch
    float64 [R], and whether each is a person's own change ``by_hand``, an undo or a redo, bool [R]."""

    ids: NDArray[np.int64]
    targets: NDArray[np.int64]
    times: NDArray[np.float64]
    by_hand: NDArray[np.bool_]
    undo: NDArray[np.bool_]
    redo: NDArray[np.bool_]


def entry_columns(s: Session, after: int, up_to: int) -> EntryColumns:
    """The labels and reviews in a range of entries, without those of undo and redo."""
    kinds = [EntryKind.LABEL.value, EntryKind.REVIEW.value]
    is_label = LEDGER.c.kind == EntryKind.LABEL.value
    suggested = case((LEDGER.c.before.is_(None), LEDGER.c.score))
    query = (
        select(
            LEDGER.c.id,
            LEDGER.c.batch_id,
            LEDGER.c.image_id,
            _whole(is_label),
            func.coalesce(LEDGER.c.after, -1),
            func.coalesce(cast(func.round(suggested * _SCALE), Integer), -1),
        )
        .join(BATCH, BATCH.c.id == LEDGER.c.batch_id)
        .where(
            LEDGER.c.id > after,
            LEDGER.c.id <= up_to,
            LEDGER.c.kind.in_(kinds),
            BATCH.c.kind == BatchKind.DO.value,
        )
    )
    (ids, batches, images, label, after_state, millionths), _ = read_columns(s, query, 6)
    order = np.argsort(ids)
    states = np.where(label == 1, after_state, -1).astype(np.int8)
    scores = np.where(millionths < 0, np.nan, millionths / _SCALE).astype(np.float32)
    return EntryColumns(batches[order], images[order], states[order], scores[order])


def batch_columns(s: Session, after: int, up_to: int) -> BatchColumns:
    """A range of batches."""
    by_hand = (BATCH.c.kind == BatchKind.DO.value) & (BATCH.c.source == Source.HUMAN.value)
    query = select(
        BATCH.c.id,
        BATCH.c.target_id,
        _whole(by_hand),
        _whole(BATCH.c.kind == BatchKind.UNDO.value),
        _whole(BATCH.c.kind == BatchKind.REDO.value),
        BATCH.c.created_at,
    ).where(BATCH.c.id > after, BATCH.c.id <= up_to)
    (ids, targets, hand, undo, redo), (created,) = read_columns(s, query, 5)
    times = np.array(created, "datetime64[us]").astype(np.int64) / 1e6
    order = np.argsort(ids)
    return BatchColumns(
        ids[order], targets[order], times[order], hand[order] > 0, undo[order] > 0, redo[order] > 0
    )


def given_no(s: Session) -> dict[int, int]:
    """By category: the images on which somebody said no."""
    query = select(LABEL.c.category_id, func.count()).where(LABEL.c.state == 0).group_by(LABEL.c.category_id)
    return {row[0]: row[1] for row in s.execute(query)}


def _whole(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(condition, Integer)
