"""Scores, thresholds and cosines for queries, aligned with the images of the context."""

import numpy as np
from numpy.typing import NDArray

from app.domain.labels import LabelState
from app.domain.language import translate
from app.domain.query import MissingScoresError
from app.domain.suggestions import UNSURE_WITHIN
from app.services.query.context import QueryContext, SimilaritySource

DEFAULT_THRESHOLD = 0.5
# Tolerance for float32: 0.85 counts as within 0.15 of 0.7.
_ROUNDING = 1e-6
_COSINE_ROWS = 8192

Mask = NDArray[np.bool_]
Scores = NDArray[np.floating]


class ScoreReader:
    """Reads the scores of a context during one query; those of a category are fetched once.

    If a score is needed and none exists, MissingScoresError names the term that needs it (``wanted_by``).
    """

    def __init__(self, context: QueryContext) -> None:
        self._context = context
        self._source = context.suggestions
        self.exist = self._source is not None and len(self._source.image_ids) > 0
        self._fetched: dict[int, Scores] = {}
        self._places: NDArray[np.int64] | None = None
        self._same_images = False

    def of(self, category_id: int, wanted_by: str) -> Scores:
        """Calibrated probabilities [N], NaN for an image without features."""
        if self._source is None or not self.exist:
            raise MissingScoresError(
                translate(
                    "Query",
                    "{wanted_by} needs scores, and there are none yet: run `tailspotter index` on this "
                    "project first.",
                ).format(wanted_by=wanted_by)
            )
        if category_id not in self._fetched:
            given = np.asarray(self._source.for_category(category_id))
            self._fetched[category_id] = self._aligned(given, np.asarray(self._source.image_ids, np.int64))
        return self._fetched[category_id]

    def _aligned(self, given: Scores, image_ids: NDArray[np.int64]) -> Scores:
        """Scores [R] of ``image_ids`` [R] as scores [N] of the context's images."""
        if self._places is None:
            self._places = self._context.positions(image_ids)
            self._same_images = np.array_equal(image_ids, self._context.image_ids)
        dtype = np.promote_types(given.dtype, np.float32)
        if self._same_images:
            return np.asarray(given, dtype)
        here = self._places >= 0
        scores = np.full(len(self._context.images), np.nan, dtype)
        scores[self._places[here]] = given[here]
        return scores

    def suggested(self, category_id: int, wanted_by: str) -> Mask:
        """Undecided, and at or above the threshold, bool [N]."""
        scores = self.of(category_id, wanted_by)
        return undecided(self._context, category_id) & (scores >= self._threshold(category_id))

    def unsure(self, category_id: int, wanted_by: str) -> Mask:
        """Undecided, and within 0.15 of the threshold, bool [N]."""
        near = self.distance(category_id, wanted_by) <= UNSURE_WITHIN + _ROUNDING
        return undecided(self._context, category_id) & near

    def distance(self, category_id: int, wanted_by: str) -> Scores:
        """The distance of each probability from the threshold, [N]."""
        distance: Scores = np.abs(self.of(category_id, wanted_by) - self._threshold(category_id))
        return distance

    def _threshold(self, category_id: int) -> float:
        given = None if self._source is None else self._source.threshold(category_id)
        return DEFAULT_THRESHOLD if given is None else float(given)


def undecided(context: QueryContext, category_id: int) -> Mask:
    return np.equal(context.labels_of(category_id), LabelState.UNKNOWN.target)


def cosines(context: QueryContext, reference: str, positions: NDArray[np.int64]) -> Scores:
    """Cosine similarity of each image at ``positions`` to the reference image; NaN without an embedding.

    Raises NotFoundError for an unknown image, MissingScoresError if it has no embedding.
    """
    image_id, source = context.find_image(reference), context.suggestions
    if isinstance(source, SimilaritySource) and image_id in source.image_ids:
        known = np.full(len(context.images) + 1, np.nan, np.float32)
        known[context.positions(source.image_ids)] = source.cosines(image_id)
        return known[positions]
    ids, rows = context.embeddings()
    reference_row = np.flatnonzero(ids == image_id)
    if not len(reference_row):
        raise MissingScoresError(
            translate(
                "Query",
                "similar: needs the features of {reference}, and there are none yet: run "
                "`tailspotter index` on this project first.",
            ).format(reference=reference)
        )
    wanted = _unit(rows[reference_row[-1:]])[0]
    selected = np.zeros(len(context.images) + 1, bool)  # index -1, "not in the table", is the last entry
    selected[positions] = True
    where = context.positions(ids)
    chosen = np.flatnonzero(selected[where])
    found = np.full(len(context.images), np.nan, np.float32)
    for start in range(0, len(chosen), _COSINE_ROWS):
        part = chosen[start : start + _COSINE_ROWS]
        found[where[part]] = _unit(rows[part]) @ wanted
    return found[positions]


def _unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows [R,D], L2-normalised; a zero row stays zero."""
    single = rows.astype(np.float32)
    single /= np.maximum(np.sqrt(np.einsum("rd,rd->r", single, single)), 1e-12)[:, None]
    return single
