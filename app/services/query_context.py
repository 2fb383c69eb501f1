"""What a query is answered from, as arrays over all images."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import BandCuts, Category
from app.domain.errors import NotFoundError
from app.domain.images import Image, ImageState
from app.domain.labels import Source
from app.domain.query.paths import natural_key
from app.storage.decisions import DecisionSummary

SOURCE_BITS = {source: 1 << i for i, source in enumerate(Source)}


class ScoreSource(Protocol):
    """Calibrated probabilities [R] of one category for the images ``image_ids`` [R], and its threshold."""

    @property
    def image_ids(self) -> Sequence[int] | NDArray[np.int64]: ...

    def for_category(self, category_id: int) -> NDArray[np.floating]: ...

    def threshold(self, category_id: int) -> float | None: ...


Embeddings = tuple[NDArray[np.int64], NDArray[np.floating]]


def _no_embeddings() -> Embeddings:
    return np.empty(0, np.int64), np.empty((0, 0), np.float32)


def _not_found(reference: str) -> int:
    raise NotFoundError(f"There is no image {reference!r} in this project.")


@dataclass
class QueryContext:
    """N images in the order of their ids, C categories. Built once and used for many queries.

    ``labels`` int8 [C,N] in {1, 0, -1} with implied no; ``reviewed`` and ``labelled`` (has an explicit yes or
    no) bool [N]; ``sources`` uint8 [N], a set of SOURCE_BITS; ``decided_at`` float64 [N], seconds since the
    epoch of the newest standing decision, -inf without one. ``find_image`` raises NotFoundError.
    ``embeddings`` gives image ids [R] and rows [R,D] and is called by similar: alone.
    """

    images: Sequence[Image]
    categories: Sequence[Category]
    labels: NDArray[np.int8]
    reviewed: NDArray[np.bool_]
    labelled: NDArray[np.bool_]
    sources: NDArray[np.uint8]
    decided_at: NDArray[np.float64]
    cuts: BandCuts = field(default_factory=BandCuts)
    suggestions: ScoreSource | None = None
    find_image: Callable[[str], int] = _not_found
    embeddings: Callable[[], Embeddings] = _no_embeddings

    @cached_property
    def image_ids(self) -> NDArray[np.int64]:
        """int64 [N], ascending."""
        return np.array([image.id for image in self.images], np.int64)

    @cached_property
    def unreadable(self) -> NDArray[np.bool_]:
        return self._each(lambda image: image.state is ImageState.UNREADABLE)

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        return self._each(lambda image: image.state is ImageState.MISSING)

    @cached_property
    def duplicate(self) -> NDArray[np.bool_]:
        """Whether another readable image has the same content."""
        copies = Counter(image.content_hash for image in self.images if image.state is ImageState.OK)
        return self._each(
            lambda image: (
                image.content_hash is not None
                and copies[image.content_hash] > (1 if image.state is ImageState.OK else 0)
            )
        )

    @cached_property
    def modified(self) -> NDArray[np.int64]:
        """Nanoseconds since the epoch at which the file was last changed."""
        return np.array([image.mtime_ns for image in self.images], np.int64)

    @cached_property
    def path_rank(self) -> NDArray[np.int64]:
        """The place of each image in the natural order of the paths."""
        return _ranks([(natural_key(image.path), image.path, image.id) for image in self.images])

    @cached_property
    def name_rank(self) -> NDArray[np.int64]:
        """The place of each image in the natural order of the file names; equal names by path."""
        names = [natural_key(image.path.rpartition("/")[2]) for image in self.images]
        return _ranks(list(zip(names, self.path_rank.tolist(), strict=True)))

    @cached_property
    def rows(self) -> dict[int, int]:
        """From a category's id to its row in ``labels``."""
        return {category.id: row for row, category in enumerate(self.categories)}

    @cached_property
    def paths(self) -> list[str]:
        """The paths as globs are matched against: NFC, as some file systems give decomposed names."""
        return [unicodedata.normalize("NFC", image.path) for image in self.images]

    def labels_of(self, category_id: int) -> NDArray[np.int8]:
        """int8 [N] in {1, 0, -1}."""
        states: NDArray[np.int8] = self.labels[self.rows[category_id]]
        return states

    def positions(self, image_ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """Where these images stand in the arrays; -1 for an image that is not here."""
        wanted = np.asarray(image_ids, np.int64)
        if not len(self.images):
            return np.full(len(wanted), -1, np.int64)
        place = np.minimum(np.searchsorted(self.image_ids, wanted), len(self.images) - 1)
        return np.where(self.image_ids[place] == wanted, place, -1)

    def forget_decisions(self, at: NDArray[np.int64]) -> None:
        """Remove what :meth:`note_decisions` entered for the images at these places."""
        self.labelled[at] = False
        self.sources[at] = 0
        self.decided_at[at] = -np.inf

    def note_decisions(self, summaries: Iterable[DecisionSummary]) -> None:
        """Enter standing decisions into ``labelled``, ``sources`` and ``decided_at``."""
        known = list(summaries)
        for at, summary in zip(self.positions([s.image_id for s in known]).tolist(), known, strict=True):
            if at >= 0:
                self.labelled[at] |= summary.labelled
                self.sources[at] |= SOURCE_BITS[summary.source]
                self.decided_at[at] = max(self.decided_at[at], summary.latest.timestamp())

    def _each(self, test: Callable[[Image], bool]) -> NDArray[np.bool_]:
        return np.fromiter(map(test, self.images), bool, len(self.images))


def make_context(
    images: Sequence[Image],
    categories: Sequence[Category],
    labels: NDArray[np.int8],
    decisions: Iterable[DecisionSummary] = (),
    *,
    cuts: BandCuts | None = None,
    suggestions: ScoreSource | None = None,
    find_image: Callable[[str], int] = _not_found,
    embeddings: Callable[[], Embeddings] = _no_embeddings,
) -> QueryContext:
    """A context of plain values: ``images`` by ascending id, ``labels`` int8 [N,C] in {1, 0, -1}."""
    count = len(images)
    context = QueryContext(
        images=images,
        categories=categories,
        labels=np.ascontiguousarray(labels.T),
        reviewed=np.fromiter((image.reviewed_at is not None for image in images), bool, count),
        labelled=np.zeros(count, bool),
        sources=np.zeros(count, np.uint8),
        decided_at=np.full(count, -np.inf),
        cuts=cuts or BandCuts(),
        suggestions=suggestions,
        find_image=find_image,
        embeddings=embeddings,
    )
    context.note_decisions(decisions)
    return context


def _ranks(keys: Sequence[tuple[object, ...]]) -> NDArray[np.int64]:
    ranks = np.empty(len(keys), np.int64)
    ranks[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    return ranks
