"""How and when the current labels were given, per image."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.domain.labels import Source
from app.storage.chunks import chunks
from app.storage.columns import image_ranges, read_columns
from app.storage.models import CATEGORY, LABEL

SOURCE_BITS = {source: 1 << i for i, source in enumerate(Source)}


@dataclass(frozen=True, slots=True)
class DecisionColumns:
    """A summary of the current labels of each of R images; images without one are left out.

    ``sources`` uint8, a set of SOURCE_BITS; ``labelled`` bool, whether one of them is a yes or a no (and not
    an explicit unknown); ``latest`` float64, when the newest was given, in seconds since the epoch.
    """

    image_ids: NDArray[np.int64]
    sources: NDArray[np.uint8]
    labelled: NDArray[np.bool_]
    latest: NDArray[np.float64]


def decision_columns(s: Session, image_ids: Iterable[int] | None = None) -> DecisionColumns:
    """Of all images, or of these, without the labels of archived categories."""
    query = _query()
    image = LABEL.c.image_id
    if image_ids is None:
        parts = [query.where(image > above, image <= up_to) for above, up_to in image_ranges(s)]
    else:
        parts = [query.where(image.in_(chunk)) for chunk in chunks(image_ids)]
    numbers = np.empty((3, 0), np.int64)
    times: list[str] = []
    for part in parts:
        found, (latest,) = read_columns(s, part, 3)
        numbers = np.concatenate([numbers, found], axis=1)
        times += latest
    seconds = np.array(times, "datetime64[us]").astype(np.int64) / 1e6
    return DecisionColumns(numbers[0], numbers[1].astype(np.uint8), numbers[2] >= 0, seconds)


def _query() -> Select[tuple[int, int, int, object]]:
    """Grouped by image, which is the order of the table, so nothing has to be sorted."""
    bits = [func.max(case((LABEL.c.source == source.value, bit), else_=0)) for source, bit in _BITS]
    archived = select(CATEGORY.c.id).where(CATEGORY.c.archived_at.is_not(None))
    return (
        select(
            LABEL.c.image_id,
            sum(bits[1:], bits[0]).label("sources"),
            func.max(LABEL.c.state).label("state"),
            func.max(LABEL.c.decided_at).label("latest"),
        )
        .where(LABEL.c.category_id.not_in(archived))
        .group_by(LABEL.c.image_id)
    )


_BITS = list(SOURCE_BITS.items())
