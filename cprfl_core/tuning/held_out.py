"""Suggestions for labelled images by learners that have not seen their labels, for the gate. NumPy only.

Shapes: R images of the collection, N labelled ones of a snapshot, C categories, D embedding width.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.evaluation.gate import PartVerdict, judge
from cprfl_core.live.label_matrix import EXACT_LIMIT
from cprfl_core.live.learner import LiveLearner
from cprfl_core.tuning.scores import TunedScores
from cprfl_core.tuning.snapshot import TuningSnapshot

Floats = NDArray[np.float64]


class HeldOutSuggestions:
    """The live learners on a snapshot, refitted for each fold without its labels."""

    def __init__(
        self,
        snapshot: TuningSnapshot,
        image_ids: NDArray[np.int64],
        vectors: ArrayLike,
        text_scores: ArrayLike | None,
        *,
        trust: ArrayLike | None = None,
        exact_limit: int = EXACT_LIMIT,
    ) -> None:
        """``image_ids`` [R] ascending and ``vectors`` [R, D] of all images; ``text_scores`` [R, C] and the
        ``trust`` in them [C], or None."""
        self._snapshot = snapshot
        self._ids = image_ids
        self._rows = np.searchsorted(image_ids, snapshot.image_ids)
        self._learner = LiveLearner(
            vectors,
            text_scores,
            categories=len(snapshot.category_ids),
            trust=trust,
            exact_limit=exact_limit,
        )
        self._told = np.full_like(snapshot.labels, -1)

    def scores(self, tuned: TunedScores | None, on_fold: Callable[[int], None] | None = None) -> Floats:
        """Probabilities [N, C] of the labelled images, with a tuned head or without.

        The head's scores of the images that the learners are fitted on are out of fold too. Those come from
        heads that have seen the fold that is judged, but only affect the few weights that all categories
        share. ``on_fold`` is called before each fold.
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
        return scores

    def _hold_out(self, held_out: NDArray[np.intp]) -> None:
        """Give the learner all labels but those of these images.

        In one step: the fold that returns and the one that leaves then cost one solution together.
        """
        wanted = self._snapshot.labels.copy()
        wanted[held_out] = -1
        at, category = np.nonzero(wanted != self._told)
        if len(at):
            self._learner.set_labels(self._rows[at], category, wanted[at, category])
        self._told = wanted


def judge_on(snapshot: TuningSnapshot, current: ArrayLike, new: ArrayLike) -> PartVerdict:
    """The gate for two sets of out-of-fold scores [N, C] of the snapshot's images. Raises InputError."""
    return judge(
        current,
        new,
        snapshot.labels,
        positives=snapshot.positives,
        weights=snapshot.weights,
        groups=snapshot.groups,
        cuts=snapshot.cuts,
    )
