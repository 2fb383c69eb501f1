"""From a query tree and a context to image ids, with one boolean array [N] per term."""

from functools import reduce
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from app.domain.labels import LabelState, Source
from app.domain.query import Query, resolve, to_text
from app.domain.query.nodes import (
    And,
    Comparison,
    DecidedWithin,
    Expr,
    FromSource,
    HasState,
    InBand,
    Is,
    Not,
    Or,
    PathLike,
    Property,
    Score,
    SimilarTo,
    SortBy,
    SortByScore,
    SortKey,
    Suggested,
    Unsure,
)
from app.domain.query.paths import glob_matcher
from app.domain.query.resolve import terms
from app.services.query.context import QueryContext
from app.services.query.scores import Mask, ScoreReader, Scores, cosines, undecided
from app.storage.decisions import SOURCE_BITS
from cprfl_core.common.stable_order import stable_order

DAY_SECONDS = 86_400.0


def evaluate(context: QueryContext, query: Query, now: float) -> list[int]:
    """The ids of the images that the query selects, in its order. ``now`` is in seconds since the epoch.

    Raises QueryError for an unknown category, MissingScoresError if the query needs scores or embeddings that
    do not exist, and NotFoundError for an unknown image in similar:.
    """
    evaluation = _Evaluation(context, resolve(query, context.categories), now)
    selected = evaluation.visible(query.expr)
    if query.expr is not None:
        selected = selected & evaluation.mask(query.expr)
    by_path = context.images.path_order
    positions = by_path[selected[by_path]]
    key = evaluation.key(query, positions)
    if key is not None:
        positions = positions[stable_order(key)]  # NaN sorts last
    chosen: list[int] = context.image_ids[positions[: query.limit]].tolist()
    return chosen


class _Evaluation:
    """One evaluation of a query; ``ids`` maps its category names to ids."""

    def __init__(self, context: QueryContext, ids: dict[str, int], now: float) -> None:
        self._context = context
        self._ids = ids
        self._now = now
        self._scores = ScoreReader(context)

    def visible(self, expr: Expr | None) -> Mask:
        """Readable images, and those that the query asks for with is:unreadable and is:missing."""
        asked = set() if expr is None else _asked(expr)
        hidden = np.zeros(len(self._context.images), bool)
        if Property.UNREADABLE not in asked:
            hidden |= self._context.images.unreadable
        if Property.MISSING not in asked:
            hidden |= self._context.images.missing
        return ~hidden

    def mask(self, expr: Expr) -> Mask:
        """Which images match the expression, bool [N]."""
        match expr:
            case Not(operand):
                return ~self.mask(operand)
            case And(operands):
                return reduce(np.logical_and, map(self.mask, operands))
            case Or(operands):
                return reduce(np.logical_or, map(self.mask, operands))
            case Is() | FromSource() | PathLike() | DecidedWithin():
                return self._image_mask(expr)
            case _:
                return self._category_mask(expr)

    def _category_mask(self, term: HasState | Suggested | Unsure | Score | InBand) -> Mask:
        written = to_text(Query(term))
        match term:
            case HasState(name, state):
                return np.equal(self._context.labels_of(self._ids[name]), state.target)
            case Suggested(name):
                return self._scores.suggested(self._ids[name], written)
            case Unsure(name):
                return self._scores.unsure(self._ids[name], written)
            case Score(name, comparison, value):
                return _compare(self._scores.of(self._ids[name], written), comparison, value)
            case InBand():
                return self._in_band(term, written)
            case _:
                assert_never(term)

    def _in_band(self, term: InBand, written: str) -> Mask:
        context = self._context
        found = np.zeros(len(context.images), bool)
        for category in context.categories:
            yes = np.equal(context.labels_of(category.id), LabelState.YES.target)
            if context.cuts.band(int(context.counts[context.rows[category.id], 1])) is term.band:
                found |= yes
                if self._scores.exist:
                    found |= self._scores.suggested(category.id, written)
        return found

    def _image_mask(self, term: Is | FromSource | PathLike | DecidedWithin) -> Mask:
        context = self._context
        match term:
            case Is(word):
                return has_property(context, word)
            case FromSource(source):
                return from_source(context, source)
            case PathLike(glob):
                matches = glob_matcher(glob)
                return context.images.matching(matches)
            case DecidedWithin(days):
                return np.greater_equal(context.decided_at, self._now - days * DAY_SECONDS)
            case _:
                assert_never(term)

    def key(
        self, query: Query, positions: NDArray[np.int64]
    ) -> NDArray[np.floating] | NDArray[np.int64] | None:
        """What the selected positions are ordered by, NaN for an image without a key; None: by path."""
        context = self._context
        key: NDArray[np.floating] | NDArray[np.int64] | None
        match query.order:
            case None:
                key = None
            case SortByScore(name):
                key = -self._scores.of(self._ids[name], to_text(Query(order=query.order)))[positions]
            case SimilarTo(image):
                key = -cosines(context, image, positions)
            case SortBy(SortKey.UNSURE):
                key = self._nearest_threshold(query.expr)[positions]
            case SortBy(SortKey.TIME):
                key = -context.images.modified[positions]
            case SortBy(SortKey.NAME):
                key = context.images.name_rank[positions]
            case SortBy(SortKey.FOLDER):
                key = context.images.folder_rank[positions]
            case SortBy(SortKey.DECIDED):
                key = -context.decided_at[positions]
            case _:
                raise AssertionError(f"unknown order {query.order!r}")
        return key

    def _nearest_threshold(self, expr: Expr | None) -> Scores:
        """Distance [N] to the nearest threshold of an undecided category; NaN if no category is undecided.

        Of the categories whose undecided images or scores the query asks for, else of all categories.
        """
        asked = {self._ids[name] for name in _undecided_names(expr)} if expr is not None else set()
        nearest = np.full(len(self._context.images), np.nan)
        for category_id in asked or self._context.rows:
            distance = self._scores.distance(category_id, "sort:unsure")
            nearest = np.fmin(nearest, np.where(undecided(self._context, category_id), distance, np.nan))
        return nearest


def from_source(context: QueryContext, source: Source) -> Mask:
    """Whether ``source:SOURCE`` matches, bool [N]."""
    return np.bitwise_and(context.sources, SOURCE_BITS[source]).astype(bool)


def has_property(context: QueryContext, word: Property) -> Mask:
    """Whether ``is:WORD`` matches, bool [N]."""
    match word:
        case Property.REVIEWED:
            found = context.reviewed
        case Property.UNREVIEWED:
            found = ~context.reviewed
        case Property.OUTDATED:
            found = context.newer > 0
        case Property.LABELLED:
            found = context.labelled
        case Property.UNLABELLED:
            found = ~context.labelled
        case Property.UNREADABLE:
            found = context.images.unreadable
        case Property.MISSING:
            found = context.images.missing
        case Property.DUPLICATE:
            found = context.images.duplicate
        case Property.CHANGED:
            found = context.changed
        case _:
            assert_never(word)
    return found


def _compare(scores: Scores, comparison: Comparison, value: float) -> Mask:
    match comparison:
        case Comparison.GREATER:
            return np.greater(scores, value)
        case Comparison.GREATER_EQUAL:
            return np.greater_equal(scores, value)
        case Comparison.LESS:
            return np.less(scores, value)
        case Comparison.LESS_EQUAL:
            return np.less_equal(scores, value)
        case _:
            assert_never(comparison)


def _asked(expr: Expr, positive: bool = True) -> set[Property]:
    """The properties that the expression asks for, not those that it only excludes."""
    if isinstance(expr, Not):
        return _asked(expr.operand, not positive)
    if isinstance(expr, And | Or):
        return set().union(*(_asked(operand, positive) for operand in expr.operands))
    return {expr.word} if isinstance(expr, Is) and positive else set()


def _undecided_names(expr: Expr) -> list[str]:
    return [
        term.name
        for term in terms(expr)
        if isinstance(term, Suggested | Unsure | Score)
        or (isinstance(term, HasState) and term.state is LabelState.UNKNOWN)
    ]
