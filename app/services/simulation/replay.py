"""Simulates an annotator with known ground truth in different review orders, and counts what each finds.

Starts without labels, in memory: the project is not changed. After each page of fully labelled images the
live learner is updated and the queue is rebuilt, as in the program.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import BadInputError, CancelledError
from app.domain.models import BANDS
from app.domain.progress import ProgressCallback, RateMeter, StopCheck
from app.services.features.indexing import NotIndexedError, embeddings_to_learn_from
from app.services.project.project import Project
from app.services.runner.runner import Runner
from app.services.simulation.truth import KnownTruth
from app.services.suggestions.text_scores import CategoryTexts, scores_and_trust, texts_of
from app.storage import categories
from cprfl_core.evaluation import queues
from cprfl_core.evaluation.metrics import average_precision, long_tail_report
from cprfl_core.live.learner import LiveLearner

Floats = NDArray[np.float64]


class Order(StrEnum):
    """``rare``: as in the program; ``uncertainty``: the least certain images first; ``random``."""

    RARE = "rare"
    UNCERTAINTY = "uncertainty"
    RANDOM = "random"


def order_named(name: str) -> Order:
    """Raises BadInputError, naming the orders."""
    try:
        return Order(name.lower())
    except ValueError:
        raise BadInputError(f"There is no queue {name!r} to simulate; there is {', '.join(Order)}.") from None


@dataclass(frozen=True, slots=True)
class ReplayPoint:
    """The state after ``reviewed`` images. Rare categories are those in the tail by ground truth.

    Mean average precisions are over the whole collection, with labelled images scored leave-one-out.
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

    Images without features are left out. Raises NotIndexedError if no image has any, BadInputError for a
    share outside (0, 1], CancelledError.
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
    data = _Data(vectors[rows], _texts(project, runner, truth), known, project.cuts.medium, project.cuts.head)
    found: dict[str, list[ReplayPoint]] = {}
    seconds: dict[str, float] = {}
    for order in orders:
        started = time.perf_counter()
        report = reporter(
            f"replaying, {order} order",
            "The replay was stopped; the project is unchanged.",
            on_progress,
            should_stop,
        )
        found[order.value] = _Annotator(data, order, page, seed).review_until(until, report)
        seconds[order.value] = round(time.perf_counter() - started, 2)
    return ReplayReport(
        images=len(known),
        categories=known.shape[1],
        rare_categories=int(data.rare.sum()),
        rare_positives=int(known[:, data.rare].sum()),
        page=page,
        seed=seed,
        queues=found,
        seconds=seconds,
    )


@dataclass(frozen=True, slots=True)
class _Data:
    """Embeddings [N, D], texts or None, truth [N, C] and the cuts of the bands."""

    vectors: NDArray[np.floating]
    texts: CategoryTexts | None
    truth: NDArray[np.bool_]
    medium: int
    head: int

    @property
    def rare(self) -> NDArray[np.bool_]:
        """Categories [C] in the tail by ground truth with at least one positive."""
        positives = self.truth.sum(axis=0)
        rare: NDArray[np.bool_] = (positives > 0) & (positives < self.medium)
        return rare


class _Annotator:
    """Reviews images in one order."""

    def __init__(self, data: _Data, order: Order, page: int, seed: int) -> None:
        self._data, self._order, self._page = data, order, page
        self._rng = np.random.default_rng(seed)
        by_text, trust = scores_and_trust(data.texts, data.vectors)
        self._learner = LiveLearner(data.vectors, by_text, categories=data.truth.shape[1], trust=trust)
        self._reviewed = np.zeros(len(data.truth), np.bool_)

    def review_until(self, share: float, report: Callable[[int, int], None]) -> list[ReplayPoint]:
        images = len(self._reviewed)
        goal = round(share * images)
        marks = [round(mark * images) for mark in MARKS if mark < share] + [goal]
        points = [self._point()]
        while (done := int(self._reviewed.sum())) < goal:
            report(done, goal)
            upcoming = next(mark for mark in marks if mark > done)
            self._review(self._next(min(self._page, upcoming - done)))
            if int(self._reviewed.sum()) == upcoming:
                points.append(self._point())
        report(goal, goal)
        return points

    def _next(self, count: int) -> NDArray[np.intp]:
        """The images of the next page."""
        free = np.flatnonzero(~self._reviewed)
        if self._order is Order.RANDOM:
            return self._rng.choice(free, size=min(count, len(free)), replace=False)
        chances = self._by_category(self._learner.probabilities)
        if self._order is Order.UNCERTAINTY:
            values = -np.abs(chances - 0.5).min(axis=1)
        else:
            values = queues.review_values(chances, self._learner.yes_counts(), self._reviewed)
        best = free[np.argsort(-values[free], kind="stable")]
        if self._order is Order.UNCERTAINTY:
            return best[:count]
        return queues.with_audit(best[:count], best[count:], self._rng, limit=count).rows

    def _review(self, rows: NDArray[np.intp]) -> None:
        categories = self._data.truth.shape[1]
        self._learner.set_labels(
            np.repeat(rows, categories),
            np.tile(np.arange(categories), len(rows)),
            self._data.truth[rows].ravel().astype(np.int8),
        )
        self._learner.refresh()
        self._reviewed[rows] = True

    def _by_category(self, of: Callable[[int], NDArray[np.floating]]) -> Floats:
        """The values [N] that ``of`` returns for each category, as [N, C]."""
        found = np.empty((len(self._reviewed), self._learner.categories))
        for category in range(self._learner.categories):
            found[:, category] = of(category)
        return found

    def _point(self) -> ReplayPoint:
        data, done = self._data, int(self._reviewed.sum())
        scores = self._by_category(self._learner.scores)
        cuts = (data.medium, data.head)
        report = long_tail_report(average_precision(scores, data.truth), data.truth.sum(axis=0), cuts)
        total = int(data.truth[:, data.rare].sum())
        found = int(data.truth[self._reviewed][:, data.rare].sum())
        bands = {key: rounded(report[key]) for key in BANDS}
        share = round(found / total, 4) if total else None
        return ReplayPoint(done, round(done / len(data.truth), 4), found, share, **bands)


def _texts(project: Project, runner: Runner, truth: KnownTruth) -> CategoryTexts | None:
    with project.db.read() as s:
        present = {one.id: one for one in categories.all_categories(s)}
    return texts_of(project, runner, [present[one] for one in truth.category_ids])


def reporter(
    stage: str, stopped: str, on_progress: ProgressCallback | None, should_stop: StopCheck | None
) -> Callable[[int, int], None]:
    """A callback for (done, total). When stopped, it raises CancelledError with the sentence ``stopped``."""
    meter = RateMeter(stage)

    def report(done: int, total: int) -> None:
        if should_stop is not None and should_stop():
            raise CancelledError(stopped)
        if on_progress is not None:
            meter.total = total
            on_progress(meter.progress(done))

    return report


def rounded(value: float | int | None) -> float | None:
    return None if value is None else round(float(value), 4)
