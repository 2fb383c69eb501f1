"""The data that queries are answered from, as arrays over all images."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import BandCuts, Category
from app.domain.errors import NotFoundError
from app.domain.language import translate
from app.services.query.image_table import ImageTable
from app.storage.decisions import DecisionColumns


class ScoreSource(Protocol):
    """Calibrated probabilities [R] of one category for the images ``image_ids`` [R], and its threshold."""

    @property
    def image_ids(self) -> Sequence[int] | NDArray[np.int64]: ...

    def for_category(self, category_id: int) -> NDArray[np.floating]: ...

    def threshold(self, category_id: int) -> float | None: ...


@runtime_checkable
class SimilaritySource(ScoreSource, Protocol):
    """Also knows the cosine similarities [R] of an image to those of ``image_ids``."""

    def cosines(self, image_id: int) -> NDArray[np.floating]: ...


Embeddings = tuple[NDArray[np.int64], NDArray[np.floating]]


def _no_embeddings() -> Embeddings:
    return np.empty(0, np.int64), np.empty((0, 0), np.float32)


def _none_newer(labels: NDArray[np.int8]) -> NDArray[np.int64]:
    return np.zeros(labels.shape[1], np.int64)


def _not_found(reference: str) -> int:
    raise NotFoundError(
        translate("Query", "There is no image {reference} in this project.").format(reference=repr(reference))
    )


@dataclass
class QueryContext:
    """N images in the order of their ids, C categories. Built once and used for many queries.

    ``reviewed`` bool [N]. ``read_labels`` returns ``labels``, int8 [C,N] in {1, 0, -1} with implied no;
    ``read_decisions`` how they were given. Both are called when first needed, so they may be newer than the
    rest. ``read_changed`` returns the images whose picture was replaced after labelling, ``read_newer`` the
    numbers ``newer`` [N] for the labels given. ``find_image`` raises NotFoundError. ``embeddings`` returns
    image ids [R] and rows [R,D]; only similar: calls it.
    """

    images: ImageTable
    categories: Sequence[Category]
    reviewed: NDArray[np.bool_]
    read_labels: Callable[[ImageTable, Sequence[Category]], NDArray[np.int8]]
    read_decisions: Callable[[], DecisionColumns]
    read_changed: Callable[[], Iterable[int]] = tuple
    read_newer: Callable[[NDArray[np.int8]], NDArray[np.int64]] = _none_newer
    cuts: BandCuts = field(default_factory=BandCuts)
    suggestions: ScoreSource | None = None
    find_image: Callable[[str], int] = _not_found
    embeddings: Callable[[], Embeddings] = _no_embeddings

    @cached_property
    def labels(self) -> NDArray[np.int8]:
        """int8 [C,N] in {1, 0, -1}; read on first use."""
        return self.read_labels(self.images, self.categories)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """The numbers of no and of yes images, int64 [C,2]; counted once, then updated with each change."""
        return np.array(
            [[np.count_nonzero(row == state) for state in (0, 1)] for row in self.labels], np.int64
        ).reshape(-1, 2)

    @cached_property
    def rows(self) -> dict[int, int]:
        """The row of each category id in ``labels``."""
        return {category.id: row for row, category in enumerate(self.categories)}

    @property
    def image_ids(self) -> NDArray[np.int64]:
        """int64 [N], ascending."""
        return self.images.ids

    def usable(self, image_ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the files of these images can be shown, bool [R]; also True where nothing is known."""
        hidden = self.images.unreadable | self.images.missing
        if np.array_equal(image_ids, self.image_ids):
            return ~hidden
        at = self.positions(image_ids)
        found: NDArray[np.bool_] = (at < 0) | ~hidden[at]
        return found

    @property
    def reviewed_count(self) -> int:
        return int(np.count_nonzero(self.reviewed))

    @cached_property
    def changed(self) -> NDArray[np.bool_]:
        """Whether the picture was replaced after labelling, bool [N]; read on first use."""
        at = self.positions(np.fromiter(self.read_changed(), np.int64))
        found = np.zeros(len(self.images), np.bool_)
        found[at[at >= 0]] = True
        return found

    def forget_changed(self) -> None:
        """Read ``changed`` again on next use."""
        self.__dict__.pop("changed", None)

    @cached_property
    def newer(self) -> NDArray[np.int64]:
        """How many categories are newer than an image's review and still unknown on it, int64 [N]."""
        return self.read_newer(self.labels)

    @property
    def has_newer(self) -> bool:
        return "newer" in self.__dict__

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """Whether an image has an explicit yes or no, bool [N]."""
        return self._given.labelled

    @property
    def sources(self) -> NDArray[np.uint8]:
        """The sources of an image's current labels, a set of SOURCE_BITS, uint8 [N]."""
        return self._given.sources

    @property
    def decided_at(self) -> NDArray[np.float64]:
        """Seconds since the epoch of the newest current label, -inf without one, float64 [N]."""
        return self._given.latest

    def labels_of(self, category_id: int) -> NDArray[np.int8]:
        """int8 [N] in {1, 0, -1}."""
        states: NDArray[np.int8] = self.labels[self.rows[category_id]]
        return states

    def positions(self, image_ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """The index of these images in the arrays; -1 for an image that is not in them."""
        return self.images.positions(image_ids)

    @property
    def has_labels(self) -> bool:
        """Whether the labels have been read, and so must be kept up to date."""
        return "labels" in self.__dict__

    @property
    def has_decisions(self) -> bool:
        return "_given" in self.__dict__

    def set_labels(self, at: NDArray[np.int64], states: NDArray[np.int8]) -> None:
        """Set the labels of the images at these indices to ``states``, int8 [C,R]."""
        for state in (0, 1):
            self.counts[:, state] += (states == state).sum(1) - (self.labels[:, at] == state).sum(1)
        self.labels[:, at] = states

    def set_decisions(self, at: NDArray[np.int64], found: DecisionColumns) -> None:
        """Set the decision columns of the images at these indices."""
        given = self._given
        given.labelled[at], given.sources[at], given.latest[at] = False, 0, -np.inf
        self._note(given, found)

    @cached_property
    def _given(self) -> DecisionColumns:
        """As DecisionColumns, but for all N images, including those without a label."""
        count = len(self.images)
        given = DecisionColumns(
            self.image_ids, np.zeros(count, np.uint8), np.zeros(count, np.bool_), np.full(count, -np.inf)
        )
        self._note(given, self.read_decisions())
        return given

    def _note(self, given: DecisionColumns, found: DecisionColumns) -> None:
        at = self.positions(found.image_ids)
        here = at >= 0
        given.sources[at[here]] = found.sources[here]
        given.labelled[at[here]] = found.labelled[here]
        given.latest[at[here]] = found.latest[here]
