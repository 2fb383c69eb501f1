"""The thresholds of suggestions: exact in a small collection, partly estimated in a large one."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cprfl_core.calibration.platt import SHARED_CURVE_FROM
from cprfl_core.calibration.thresholds import best_f_threshold
from cprfl_core.live.learner import LiveLearner
from cprfl_core.live.steps import Steps, run_all
from cprfl_core.live.thresholds import SLICE_ROWS, estimate_thresholds


class Thresholds:
    """The thresholds on calibrated probabilities with the best F measure, by column of the learner."""

    def __init__(
        self,
        learner: LiveLearner,
        probabilities: Callable[[int], NDArray[np.float32]],
        *,
        large: bool,
        beta: float = 1.0,
    ) -> None:
        """``probabilities`` returns those of one column over the collection; ``large``: this is too slow for
        each suggestion. ``beta``: the weight of recall."""
        self._learner, self._probabilities, self._large = learner, probabilities, large
        self.beta = beta
        """Takes effect with the next scores_changed(), or at the end of estimating()."""
        self._known: dict[int, tuple[int, float]] = {}
        self._estimates: NDArray[np.float64] | None = None
        self._enough: NDArray[np.bool_] | None = None
        """Which categories have enough labels; counted once for all of them after each change."""

    def exact(self, column: int) -> float | None:
        """None below three yes labels, and without a no: the probabilities are guesses until then. In a large
        collection it is updated only when the number of the category's yes labels changes."""
        if self._too_few_labels(column):
            return None
        yes = int(self._learner.yes_counts()[column])
        known = self._known.get(column)
        if known is None or known[0] != yes:
            known = self._known[column] = yes, best_f_threshold(self._probabilities(column), beta=self.beta)
        return known[1]

    def shown(self, column: int) -> float | None:
        """The threshold to show with a suggestion: in a large collection the last exact one, or an estimate
        from a part of the images."""
        if not self._large:
            return self.exact(column)
        if self._too_few_labels(column):
            return None
        if column in self._known:
            return self._known[column][1]
        if self._estimates is None:
            self._estimates = run_all(estimate_thresholds(self._learner, self.beta))
            self._known.clear()
        assert self._estimates is not None
        return float(self._estimates[column]) if column < len(self._estimates) else self.exact(column)

    def _too_few_labels(self, column: int) -> bool:
        if self._enough is None or column >= len(self._enough):
            yes = self._learner.yes_counts()
            self._enough = (yes >= SHARED_CURVE_FROM) & self._learner.learned_enough()
        return not self._enough[column]

    def estimating(self) -> Steps[None]:
        """Estimate all thresholds again, in small steps."""
        if self._large:
            steps = estimate_thresholds(self._learner, self.beta, block_rows=SLICE_ROWS)
            self._estimates = yield from steps
        self._known.clear()

    def labels_changed(self) -> None:
        self._enough = None
        if not self._large:
            self._known.clear()

    def scores_changed(self) -> None:
        self._enough = None
        self._known.clear()
        self._estimates = None
