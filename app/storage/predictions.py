"""The suggestions of other models, by the step of the ledger that imported them (docs/decisions/0305)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Select, and_, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from app.domain.changes import BatchKind
from app.storage.categories import merged
from app.storage.chunks import chunks
from app.storage.ledger import Batch, get
from app.storage.models import PREDICTION, PREDICTION_BATCH

Scores = Mapping[int, Mapping[int, float]]
"""Scores in 0..1 by image, then category; an image without any was looked at, and nothing was found."""

_ROWS = 10_000
_LOOKED_AT = 0
"""Category 0, which no category has, marks the images that a batch looked at."""


@dataclass(frozen=True, slots=True)
class Prediction:
    image_id: int
    category_id: int
    score: float
    model: str


def add(s: Session, batch: Batch, model: str, scores: Scores) -> None:
    s.execute(insert(PREDICTION_BATCH), {"batch_id": batch.id, "model": model, "undone": False})
    rows = (
        {"category_id": category_id, "image_id": image_id, "batch_id": batch.id, "score": score}
        for image_id, found in scores.items()
        for category_id, score in ({_LOOKED_AT: 0.0} | dict(found)).items()
    )
    while some := list(islice(rows, _ROWS)):
        s.execute(insert(PREDICTION), some)


def revert(s: Session, batch: Batch) -> None:
    """Follow an undo or a redo of a batch that imported suggestions."""
    undone, target = batch.kind is BatchKind.UNDO, batch.target_id
    if batch.kind is BatchKind.REDO and target is not None:
        target = get(s, target).target_id
    here = PREDICTION_BATCH.c
    s.execute(update(PREDICTION_BATCH).where(here.batch_id == target).values(undone=undone))


def size_of(s: Session, batch: Batch) -> int:
    """The number of suggestions that a batch has imported, or has restored as a redo."""
    target: int | None = batch.id
    if batch.kind is BatchKind.REDO and batch.target_id is not None:
        target = get(s, batch.target_id).target_id
    if s.scalar(select(PREDICTION_BATCH.c.batch_id).where(PREDICTION_BATCH.c.batch_id == target)) is None:
        return 0  # counting reads all suggestions, and this is asked after every undo
    own = PREDICTION.c
    counted = select(func.count()).where(own.batch_id == target, own.category_id != _LOOKED_AT)
    return s.execute(counted).scalar_one()


def move(s: Session, pairs: Iterable[tuple[int, int]]) -> None:
    """Give the suggestions for the first image of each pair to the second.

    Where one batch looked at both, only what it says about the first is kept.
    """
    for image_id, to in pairs:
        own, batches = PREDICTION.c, select(PREDICTION.c.batch_id).where(PREDICTION.c.image_id == image_id)
        s.execute(delete(PREDICTION).where(own.image_id == to, own.batch_id.in_(batches)))
        s.execute(update(PREDICTION).where(own.image_id == image_id).values(image_id=to))


def of_category(s: Session, category_id: int) -> list[Prediction]:
    """For each image the highest suggestion in force, highest first."""
    into = merged(s)
    wanted = [one for one in {category_id, *into} if into.get(one, one) == category_id]
    return sorted(_best(s, [_in_force().where(PREDICTION.c.category_id.in_(wanted))], into), key=_first)


def of_images(s: Session, image_ids: Iterable[int]) -> list[Prediction]:
    """For each image and category the highest suggestion in force, highest first."""
    queries = [_in_force().where(PREDICTION.c.image_id.in_(some)) for some in chunks(image_ids)]
    return sorted(_best(s, queries, merged(s)), key=_first)


def counts(s: Session, after: int = 0) -> dict[str, int]:
    """How many suggestions were imported in steps with a higher id that are not undone, by model."""
    query = (
        select(PREDICTION_BATCH.c.model, func.count(PREDICTION.c.batch_id))
        .outerjoin(
            PREDICTION,
            and_(
                PREDICTION.c.batch_id == PREDICTION_BATCH.c.batch_id, PREDICTION.c.category_id != _LOOKED_AT
            ),
        )
        .where(PREDICTION_BATCH.c.batch_id > after, ~PREDICTION_BATCH.c.undone)
        .group_by(PREDICTION_BATCH.c.model)
        .order_by(PREDICTION_BATCH.c.model)
    )
    return {row.model: row[1] for row in s.execute(query)}


def exist(s: Session) -> bool:
    return bool(s.scalar(select(exists().where(~PREDICTION_BATCH.c.undone))))


def of_model(s: Session, model: str, image_ids: Collection[int]) -> dict[int, dict[int, float]]:
    """What is in force of one model, for those of the images that it has looked at."""
    found: dict[int, dict[int, float]] = {}
    into = merged(s)
    for some in chunks(image_ids):
        query = _in_force(looked_at=True).where(
            PREDICTION.c.image_id.in_(some), PREDICTION_BATCH.c.model == model
        )
        for row in s.execute(query):
            scores = found.setdefault(row.image_id, {})
            if row.category_id != _LOOKED_AT:
                category_id = into.get(row.category_id, row.category_id)
                scores[category_id] = max(row.score, scores.get(category_id, 0.0))
    return found


def _in_force(*, looked_at: bool = False) -> Select[tuple[int, int, float, str]]:
    """Of each model and image, the rows of the newest batch that is not undone."""
    row, batch = PREDICTION.c, PREDICTION_BATCH.c
    later, later_batch = PREDICTION.alias(), PREDICTION_BATCH.alias()
    newest = (
        select(func.max(later.c.batch_id))
        .join(later_batch, later_batch.c.batch_id == later.c.batch_id)
        .where(
            and_(
                later.c.image_id == row.image_id,
                later_batch.c.model == batch.model,
                ~later_batch.c.undone,
            )
        )
        .scalar_subquery()
    )
    query = (
        select(row.image_id, row.category_id, row.score, batch.model)
        .join(PREDICTION_BATCH, batch.batch_id == row.batch_id)
        .where(~batch.undone, row.batch_id == newest)
    )
    return query if looked_at else query.where(row.category_id != _LOOKED_AT)


def _best(
    s: Session, queries: Iterable[Select[tuple[int, int, float, str]]], into: Mapping[int, int]
) -> list[Prediction]:
    """``into``: the category that has the answers of one that was merged, as ``merged`` says."""
    found: dict[tuple[int, int], Prediction] = {}
    for query in queries:
        for row in s.execute(query):
            category_id = into.get(row.category_id, row.category_id)
            one = Prediction(row.image_id, category_id, row.score, row.model)
            key = (one.image_id, one.category_id)
            if key not in found or found[key].score < one.score:
                found[key] = one
    return list(found.values())


def _first(one: Prediction) -> tuple[float, int, int]:
    return -one.score, one.image_id, one.category_id
