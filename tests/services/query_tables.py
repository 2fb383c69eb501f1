"""Small plain tables for the query tests: no project, no database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from app.domain.categories import Category
from app.domain.images import Image, ImageState
from app.domain.labels import LabelState, Source
from app.services.query.context import QueryContext
from app.services.query.image_table import ImageTable
from app.storage.decisions import SOURCE_BITS, DecisionColumns

NOW = datetime(2030, 6, 1, tzinfo=UTC)


def image(image_id, path=None, *, state=ImageState.OK, reviewed=False, content="", mtime=0):
    """``content`` "" stands for a content that no other image has."""
    content = None if content is None else content or f"unique {image_id}"
    path = f"{image_id}.jpg" if path is None else path
    reviewed_at = NOW if reviewed else None
    return Image(image_id, 1, path, 1, mtime, 4, 3, content, state, None, reviewed_at)


@dataclass
class Scores:
    """A plain table of scores [R,C] in place of live suggestions."""

    image_ids: list[int]
    table: dict[int, list[float]]
    thresholds: dict[int, float | None] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    def for_category(self, category_id):
        self.asked.append(category_id)
        return np.array(self.table[category_id], np.float32)

    def threshold(self, category_id):
        return self.thresholds.get(category_id)


class Decided(NamedTuple):
    image_id: int
    source: Source
    labelled: bool
    latest: datetime


def decided(image_id, days_ago, source=Source.HUMAN, labelled=True):
    """All standing decisions of one source on one image, taken together."""
    return Decided(image_id, source, labelled, NOW - timedelta(days=days_ago))


def labels(images, categories, states):
    """int8 [N,C] from a mapping (image, category) -> state."""
    table = np.full((len(images), len(categories)), LabelState.UNKNOWN.target, np.int8)
    rows = {one.id: row for row, one in enumerate(images)}
    columns = {one.id: column for column, one in enumerate(categories)}
    for (image_id, category_id), state in states.items():
        table[rows[image_id], columns[category_id]] = state.target
    return table


def columns_of(decisions):
    """DecisionColumns of any number of decided()."""
    ids = sorted({one.image_id for one in decisions})
    parts = [[one for one in decisions if one.image_id == image_id] for image_id in ids]
    return DecisionColumns(
        np.array(ids, np.int64),
        np.array([sum({SOURCE_BITS[one.source] for one in part}) for part in parts], np.uint8),
        np.array([any(one.labelled for one in part) for part in parts], bool),
        np.array([max(one.latest.timestamp() for one in part) for part in parts], np.float64),
    )


def newer(one):
    """How many categories are newer than the review of an image, in these tables."""
    return one.id % 2 if one.reviewed_at is not None else 0


def context_of(images, names=(), states=None, decisions=(), **more):
    categories = [Category(i, name) for i, name in enumerate(names, 1)]
    table = labels(images, categories, states or {})
    return QueryContext(
        images=ImageTable.of(images),
        categories=categories,
        reviewed=np.array([one.reviewed_at is not None for one in images], bool),
        read_labels=lambda *_: np.ascontiguousarray(table.T),
        read_decisions=lambda: columns_of(decisions),
        read_changed=lambda: [one.id for one in images if one.id % 3 == 0],
        read_newer=lambda _labels: np.array([newer(one) for one in images], np.int64),
        **more,
    )
