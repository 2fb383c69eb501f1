"""How and when the labels that stand were given, per image."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.labels import Source
from app.storage.models import CategoryRow, LabelRow
from app.storage.portions import portions


@dataclass(frozen=True, slots=True)
class DecisionSummary:
    """All standing decisions of one source on one image, taken together.

    ``labelled`` tells whether one of them is a yes or a no (and not a spoken unknown), ``latest`` when the
    newest was made, in UTC.
    """

    image_id: int
    source: Source
    labelled: bool
    latest: datetime


def summaries(s: Session, image_ids: Iterable[int] | None = None) -> list[DecisionSummary]:
    """One summary for each image and source that has a standing decision; archived categories do not count.

    ``image_ids`` restricts it to these images.
    """
    query = (
        select(LabelRow.image_id, LabelRow.source, func.max(LabelRow.state), func.max(LabelRow.decided_at))
        .join(CategoryRow, CategoryRow.id == LabelRow.category_id)
        .where(CategoryRow.archived_at.is_(None))
        .group_by(LabelRow.image_id, LabelRow.source)
        .order_by(LabelRow.image_id, LabelRow.source)
    )
    found: list[DecisionSummary] = []
    for portion in [None] if image_ids is None else portions(image_ids):
        part = query if portion is None else query.where(LabelRow.image_id.in_(portion))
        found += [
            DecisionSummary(image_id, Source(source), state >= 0, latest)
            for image_id, source, state, latest in s.execute(part)
        ]
    return found
