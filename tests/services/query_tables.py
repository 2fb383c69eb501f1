"""Small plain tables for the query tests: no project, no database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from app.domain.categories import Category
from app.domain.images import Image, ImageState
from app.domain.labels import LabelState, Source
from app.services.query_context import make_context
from app.storage.decisions import DecisionSummary

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


def decided(image_id, days_ago, source=Source.HUMAN, labelled=True):
    return DecisionSummary(image_id, source, labelled, NOW - timedelta(days=days_ago))


def labels(images, categories, states):
    """int8 [N,C] from a mapping (image, category) -> state."""
    table = np.full((len(images), len(categories)), LabelState.UNKNOWN.target, np.int8)
    rows = {one.id: row for row, one in enumerate(images)}
    columns = {one.id: column for column, one in enumerate(categories)}
    for (image_id, category_id), state in states.items():
        table[rows[image_id], columns[category_id]] = state.target
    return table


def context_of(images, names=(), states=None, decisions=(), **more):
    categories = [Category(i, name) for i, name in enumerate(names, 1)]
    return make_context(images, categories, labels(images, categories, states or {}), decisions, **more)
