"""Evidence about a tuned head: what the suggestions are worth with it and without, out of fold.

Shapes: R images with features, N labelled images of a snapshot, C categories.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.models import CategoryMeasure, Measure, Verdict
from cprfl_core.evaluation.gate import PartVerdict
from cprfl_core.evaluation.measures import measure
from cprfl_core.tuning.held_out import HeldOutSuggestions, judge_on
from cprfl_core.tuning.scores import TunedScores
from cprfl_core.tuning.snapshot import TuningSnapshot

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """One set of out-of-fold scores, measured by band and by category [C] (NaN where too few)."""

    scores: Floats
    bands: Mapping[str, Measure]
    by_category: Floats


@dataclass(frozen=True, slots=True)
class Comparison:
    verdict: PartVerdict
    current: Side
    new: Side


class Bench:
    """The learners on a snapshot: refitted for each fold, judged on the fold that they have not seen."""

    def __init__(
        self,
        snapshot: TuningSnapshot,
        image_ids: NDArray[np.int64],
        vectors: NDArray[np.floating],
        text_scores: NDArray[np.float32] | None,
        trust: NDArray[np.float64] | None = None,
    ) -> None:
        """``image_ids`` [R] ascending and ``vectors`` [R, D] of all images; ``text_scores`` [R, C] and the
        ``trust`` in them [C], or None."""
        self._snapshot = snapshot
        self._suggestions = HeldOutSuggestions(snapshot, image_ids, vectors, text_scores, trust=trust)

    def blend(self, tuned: TunedScores | None, on_fold: Callable[[int], None] | None = None) -> Side:
        """The suggestions with a tuned head, or without."""
        return self._measured(self._suggestions.scores(tuned, on_fold))

    def alone(self, tuned: TunedScores) -> Side:
        """The tuned head by itself."""
        matrix = tuned.matrix(self._snapshot.image_ids, self._snapshot.category_ids)
        return self._measured(np.nan_to_num(matrix.astype(np.float64)))

    def compare(self, current: Side, new: Side) -> Comparison:
        return Comparison(judge_on(self._snapshot, current.scores, new.scores), current, new)

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


def verdict_of(found: PartVerdict) -> Verdict:
    """The gate's verdict as a value of the application."""
    band = found.decisive
    if band is None:
        return Verdict(found.ground.value)
    return Verdict(found.ground.value, band.band, round(band.current, 4), round(band.new, 4))


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
