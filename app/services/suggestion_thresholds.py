"""The thresholds beside suggestions: followed at every decision while that is cheap, estimated beyond."""

from collections.abc import Callable, Generator

import numpy as np
from numpy.typing import NDArray

from cprfl_core.calibration import SHARED_CURVE_FROM
from cprfl_core.live_learner import LiveLearner
from cprfl_core.live_thresholds import estimating
from cprfl_core.thresholds import best_f1_threshold


class Thresholds:
    """F1-optimal thresholds on calibrated probabilities, by column of the learner."""

    def __init__(
        self, learner: LiveLearner, chances: Callable[[int], NDArray[np.float32]], *, large: bool
    ) -> None:
        """``chances`` gives the probabilities of one column over the collection, ``large`` says that this
        takes too long to be done for each suggestion."""
        self._learner, self._chances, self._large = learner, chances, large
        self._known: dict[int, tuple[int, float]] = {}
        self._estimates: NDArray[np.float64] | None = None

    def exact(self, column: int) -> float | None:
        """None below three yes labels. In a large collection it is found anew when the category's yes labels
        change, not at every decision."""
        yes = int(self._learner.yes_counts()[column])
        if yes < SHARED_CURVE_FROM:
            return None
        known = self._known.get(column)
        if known is None or known[0] != yes:
            known = self._known[column] = yes, best_f1_threshold(self._chances(column))
        return known[1]

    def shown(self, column: int) -> float | None:
        """As it is told beside a suggestion: in a large collection the exact one that was last asked for, or
        an estimate from a part of the images."""
        if not self._large:
            return self.exact(column)
        if self._learner.yes_counts()[column] < SHARED_CURVE_FROM:
            return None
        if column in self._known:
            return self._known[column][1]
        if self._estimates is None:
            for _ in self.estimating():
                pass
        assert self._estimates is not None
        return float(self._estimates[column]) if column < len(self._estimates) else self.exact(column)

    def estimating(self) -> Generator[None, None, None]:
        """Estimate all of them anew, with a pause after each bit of work."""
        if self._large:
            self._estimates = yield from estimating(self._learner)
        self._known.clear()

    def follow(self) -> None:
        """Labels have changed."""
        if not self._large:
            self._known.clear()

    def forget(self) -> None:
        """All scores have changed."""
        self._known.clear()
        self._estimates = None
