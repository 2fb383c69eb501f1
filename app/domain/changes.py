"""The change made by a mutation, so that every view can decide whether to refresh."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.labels import LabelState, Source


class BatchKind(StrEnum):
    """A batch is one step of undo."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class LabelChange:
    """The label of one category on one image changed; both states are effective ones, including reviews."""

    image_id: int
    category_id: int
    before: LabelState
    after: LabelState


@dataclass(frozen=True, slots=True)
class ReviewChange:
    image_id: int
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """The effect of one batch. Empty if nothing changed (then no batch was written)."""

    batch_id: int | None = None
    kind: BatchKind = BatchKind.DO
    source: Source = Source.HUMAN
    description: str = ""
    labels: Sequence[LabelChange] = field(default=())
    reviews: Sequence[ReviewChange] = field(default=())
    categories: Sequence[int] = field(default=())
    images: Sequence[int] = field(default=())

    @property
    def size(self) -> int:
        """How many labels, reviews and categories changed."""
        return len(self.labels) + len(self.reviews) + len(self.categories)

    def __bool__(self) -> bool:
        return bool(self.labels or self.reviews or self.categories or self.images)
