"""Replays an annotator from known truth under different queues, and counts what each finds.

It starts from no labels at all, in memory: the project is not touched. After every page of whole images the
live learner follows and the queue is made anew, as in the program.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import BadInputError, CancelledError
from app.domain.progress import Progress, ProgressCallback, StopCheck
from app.services.indexing import (
    NotIndexedError,
    TextFeatures,
    embeddings_to_learn_from,
    ensure_text_features,
)
from app.services.project import Project
from app.services.runner import Runner
from app.services.truth import KnownTruth
from cprfl_core import queues
from cprfl_core.live_learner import LiveLearner
from cprfl_core.metrics import average_precision, long_tail_report

Floats = NDArray[np.float64]


class Order(StrEnum):
    """``rare`` is the program's queue, ``uncertainty`` takes the least decided images, ``random`` any."""

    RARE = "rare"
    UNCERTAINTY = "uncertainty"
    RANDOM = "random"


def order_named(name: str) -> Order:
    """Raises BadInputError, naming the orders there are."""
    try:
        return Order(name.lower())
    except ValueError:
        raise BadInputError(f"There is no queue {name!r} to simulate; there is {', '.join(Order)}.") from None


@dataclass(frozen=True, slots=True)
class ReplayPoint:
    """After ``reviewed`` images. Rare are the categories in the tail by truth.

    The mean average precisions are over the whole collection, labelled images scored leave-one-out.
    """

    reviewed: int
    share: float
    rare_found: int
    rare_share: float | None
    total: float | None
    head: float | None
    medium: float | None
    tail: float | None


@dataclass(frozen=True, slots=True)
class ReplayReport:
    images: int
    categories: int
    rare_categories: int
    rare_positives: int
    page: int
    seed: int
    queues: dict[str, list[ReplayPoint]]
    seconds: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


MARKS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def replay(
    project: Project,
    truth: KnownTruth,
    runner: Runner,
    *,
    orders: Sequence[Order] = tuple(Order),
    until: float = 0.5,
    page: int = queues.PAGE,
    seed: int = 0,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> ReplayReport:
    """Review up to the share ``until`` of the images in each order, ``page`` images at a time.

    Images without features take no part. Raises NotIndexedError when none has any, BadInputError for a share
    outside (0, 1], CancelledError.
    """
    if not 0 < until <= 1:
        raise BadInputError(f"The share of images to review is {until}; give a number above 0 and up to 1.")
    ids, vectors = embeddings_to_learn_from(project)
    rows = np.isin(ids, truth.image_ids)
    if not rows.any():
        raise NotIndexedError(
            "None of these images has features yet; run 'tailspotter index' on the project."
        )
    known = truth.truth[np.searchsorted(truth.image_ids, ids[rows])]
    field = _Field(
        vectors[rows], _text(project, runner, truth), known, project.cuts.medium, project.cuts.head
    )
    found: dict[str, list[ReplayPoint]] = {}
    seconds: dict[str, float] = {}
    for order in orders:
        started = time.perf_counter()
        tell = _teller(f"replaying, {order} order", on_progress, should_stop)
        found[order.value] = _Run(field, order, page, seed).until(until, tell)
        seconds[order.value] = round(time.perf_counter() - started, 2)
    return ReplayReport(
        images=len(known),
        categories=known.shape[1],
        rare_categories=int(field.rare.sum()),
        rare_positives=int(known[:, field.rare].sum()),
        page=page,
        seed=seed,
        queues=found,
        seconds=seconds,
    )


@dataclass(frozen=True, slots=True)
class _Field:
    """Embeddings [N, D], text features [C, D] or None, truth [N, C] and the cuts of the bands."""

    vectors: NDArray[np.floating]
    text: NDArray[np.float32] | None
    truth: NDArray[np.bool_]
    medium: int
    head: int

    @property
    def rare(self) -> NDArray[np.bool_]:
        """Categories [C] in the tail by truth that have a positive at all."""
        positives = self.truth.sum(axis=0)
        rare: NDArray[np.bool_] = (positives > 0) & (positives < self.medium)
        return rare


class _Run:
    """One annotator in one order."""

    def __init__(self, field: _Field, order: Order, page: int, seed: int) -> None:
        self._field, self._order, self._page = field, order, page
        self._rng = np.random.default_rng(seed)
        cosines = None if field.text is None else field.vectors.astype(np.float32) @ field.text.T
        self._learner = LiveLearner(field.vectors, cosines, categories=field.truth.shape[1])
        self._reviewed = np.zeros(len(field.truth), np.bool_)

    def until(self, share: float, tell: Callable[[int, int], None]) -> list[ReplayPoint]:
        images = len(self._reviewed)
        goal = round(share * images)
        marks = [round(mark * images) for mark in MARKS if mark < share] + [goal]
        points = [self._point()]
        while (done := int(self._reviewed.sum())) < goal:
            tell(done, goal)
            upcoming = next(mark for mark in marks if mark > done)
            self._review(self._next(min(self._page, upcoming - done)))
            if int(self._reviewed.sum()) == upcoming:
                points.append(self._point())
        tell(goal, goal)
        return points

    def _next(self, count: int) -> NDArray[np.intp]:
        """The images of the next page."""
        free = np.flatnonzero(~self._reviewed)
        if self._order is Order.RANDOM:
            return self._rng.choice(free, size=min(count, len(free)), replace=False)
        chances = self._chances()
        if self._order is Order.UNCERTAINTY:
            values = -np.abs(chances - 0.5).min(axis=1)
        else:
            values = queues.review_values(chances, self._learner.yes_counts(), self._reviewed)
        best = free[np.argsort(-values[free], kind="stable")]
        if self._order is Order.UNCERTAINTY:
            return best[:count]
        return queues.with_audit(best[:count], best[count:], self._rng, limit=count).rows

    def _review(self, rows: NDArray[np.intp]) -> None:
        categories = self._field.truth.shape[1]
        self._learner.set_labels(
            np.repeat(rows, categories),
            np.tile(np.arange(categories), len(rows)),
            self._field.truth[rows].ravel().astype(np.int8),
        )
        self._learner.refresh()
        self._reviewed[rows] = True

    def _chances(self) -> Floats:
        return self._by_category(self._learner.probabilities)

    def _by_category(self, of: Callable[[int], NDArray[np.floating]]) -> Floats:
        """What ``of`` says [N] of each category, [N, C]."""
        found = np.empty((len(self._reviewed), self._learner.categories))
        for category in range(self._learner.categories):
            found[:, category] = of(category)
        return found

    def _point(self) -> ReplayPoint:
        field, done = self._field, int(self._reviewed.sum())
        scores = self._by_category(self._learner.scores)
        cuts = (field.medium, field.head)
        report = long_tail_report(average_precision(scores, field.truth), field.truth.sum(axis=0), cuts)
        there = int(field.truth[:, field.rare].sum())
        found = int(field.truth[self._reviewed][:, field.rare].sum())
        bands = {key: _rounded(report[key]) for key in ("total", "head", "medium", "tail")}
        share = round(found / there, 4) if there else None
        return ReplayPoint(done, round(done / len(field.truth), 4), found, share, **bands)


def _text(project: Project, runner: Runner, truth: KnownTruth) -> NDArray[np.float32] | None:
    features: TextFeatures = ensure_text_features(project, runner)
    place = {category_id: at for at, category_id in enumerate(features.category_ids)}
    matrix: NDArray[np.float32] = features.matrix[[place[one] for one in truth.category_ids]]
    return matrix


def _teller(
    words: str, on_progress: ProgressCallback | None, should_stop: StopCheck | None
) -> Callable[[int, int], None]:
    begin = time.perf_counter()

    def tell(done: int, total: int) -> None:
        if should_stop is not None and should_stop():
            raise CancelledError("The replay was stopped; the project is as it was.")
        if on_progress is not None:
            rate = done / max(1e-9, time.perf_counter() - begin) if done else None
            left = (total - done) / rate if rate else None
            on_progress(Progress(words, done, total, rate, left))

    return tell


def _rounded(value: float | int | None) -> float | None:
    return None if value is None else round(float(value), 4)
