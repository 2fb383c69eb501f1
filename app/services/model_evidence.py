"""Evidence about a tuned head: what the suggestions are worth with it and without, out of fold.

Shapes: R images with features, N labelled images of a snapshot, C categories.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.models import CategoryMeasure, Measure
from cprfl_core.evidence import Verdict, judge
from cprfl_core.evidence_measures import measure
from cprfl_core.live_learner import LiveLearner
from cprfl_core.tuned_scores import TunedScores
from cprfl_core.tuning_snapshot import TuningSnapshot

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """One set of out-of-fold scores, measured by band and by category [C] (NaN where too few)."""

    scores: Floats
    bands: Mapping[str, Measure]
    by_category: Floats


@dataclass(frozen=True, slots=True)
class Comparison:
    verdict: Verdict
    current: Side
    new: Side


class Bench:
    """The learners on a snapshot: refitted for each fold, judged on the fold that they have not seen."""

    def __init__(
        self,
        snapshot: TuningSnapshot,
        image_ids: NDArray[np.int64],
        vectors: NDArray[np.floating],
        cosines: NDArray[np.float32] | None,
    ) -> None:
        """``image_ids`` [R] ascending and ``vectors`` [R, D] of all images; ``cosines`` [R, C] or None."""
        self._snapshot = snapshot
        self._ids = image_ids
        self._rows = np.searchsorted(image_ids, snapshot.image_ids)
        self._learner = LiveLearner(vectors, cosines, categories=len(snapshot.category_ids))
        self._told = np.full_like(snapshot.labels, -1)

    def blend(self, tuned: TunedScores | None, on_fold: Callable[[int], None] | None = None) -> Side:
        """The suggestions with a tuned head, or without.

        The head's scores of the images that the learners are fitted on are out of fold too. They come from
        heads that have seen the fold that is judged, and touch nothing but the few common weights.
        """
        snapshot, learner = self._snapshot, self._learner
        learner.set_tuned(None if tuned is None else tuned.matrix(self._ids, snapshot.category_ids))
        scores = np.zeros(snapshot.labels.shape)
        for fold in snapshot.fold_numbers:
            if on_fold is not None:
                on_fold(fold)
            held_out = np.flatnonzero(snapshot.folds == fold)
            self._hold_out(held_out)
            scores[held_out] = learner.probabilities_rows(self._rows[held_out])
        return self._measured(scores)

    def alone(self, tuned: TunedScores) -> Side:
        """The tuned head by itself."""
        matrix = tuned.matrix(self._snapshot.image_ids, self._snapshot.category_ids)
        return self._measured(np.nan_to_num(matrix.astype(np.float64)))

    def compare(self, current: Side, new: Side) -> Comparison:
        snapshot = self._snapshot
        verdict = judge(
            current.scores,
            new.scores,
            snapshot.labels,
            positives=snapshot.positives,
            weights=snapshot.weights,
            groups=snapshot.groups,
            cuts=snapshot.cuts,
        )
        return Comparison(verdict, current, new)

    def _measured(self, scores: Floats) -> Side:
        snapshot = self._snapshot
        bands, by_category = measure(
            scores,
            snapshot.labels,
            positives=snapshot.positives,
            weights=snapshot.weights,
            groups=snapshot.groups,
            cuts=snapshot.cuts,
        )
        told: dict[str, Measure] = {
            one.band: Measure(one.value, one.low, one.high, one.categories) for one in bands
        }
        return Side(scores, told, by_category)

    def _hold_out(self, held_out: NDArray[np.intp]) -> None:
        """Tell the learner everything but the labels of these images.

        In one step, so that the fold which returns and the one that leaves cost one solution together.
        """
        wanted = self._snapshot.labels.copy()
        wanted[held_out] = -1
        at, category = np.nonzero(wanted != self._told)
        if len(at):
            self._learner.set_labels(self._rows[at], category, wanted[at, category])
        self._told = wanted


def category_measures(snapshot: TuningSnapshot, blend: Side, head: Side) -> tuple[CategoryMeasure, ...]:
    """Blend and tuned head by category, in the order of the snapshot."""
    return tuple(
        CategoryMeasure(
            int(number), name, int(yes), _told(blend.by_category[at]), _told(head.by_category[at])
        )
        for at, (number, name, yes) in enumerate(
            zip(snapshot.category_ids, snapshot.names, snapshot.positives, strict=True)
        )
    )


def _told(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
