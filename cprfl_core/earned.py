"""Whether a further part of the blend has earned its place: a gain out of fold in at least one band.

The learner is asked for what it says of its labelled images, each without its own label, with the part and
without it. The part's scores are out of fold, and its weight is one of a few that all categories share.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.live_learner import LiveLearner
from cprfl_core.metrics import average_precision

# A category is judged from so many yes on, and with at least one no; a band from so many categories on.
JUDGED_YES, JUDGED_CATEGORIES = 3, 3
# The least gain in mean average precision that counts, in how many standard errors it must show, and the fall
# that nobody could tell.
LEAST_GAIN, ERRORS, TOLERANCE = 0.003, 2.0, 0.002


@dataclass(frozen=True, slots=True)
class Verdict:
    """``gains`` by band: mean gain in average precision, its standard error over categories, and how many
    there were; ``reason`` says in a sentence why the part takes part or not."""

    earned: bool
    reason: str
    gains: dict[str, tuple[float, float, int]]


def judge_part(
    live: LiveLearner, scores: ArrayLike, labels: NDArray[np.int8], cuts: Sequence[int] = (20, 100)
) -> Verdict:
    """Judge ``scores`` [N, C], out of fold and standardised, beside a learner that has the labels [N, C].

    Leaves the learner without the part.
    """
    rows = np.flatnonzero((labels >= 0).any(axis=1))
    live.set_tuned(None)
    without = average_precision(live.scores_rows(rows), labels[rows])
    live.set_tuned(scores)
    joined = average_precision(live.scores_rows(rows), labels[rows])
    live.set_tuned(None)
    yes = (labels == 1).sum(axis=0)
    judged = (yes >= JUDGED_YES) & (labels == 0).any(axis=0)
    bands = {
        "total": judged,
        "head": judged & (yes >= cuts[1]),
        "medium": judged & (yes >= cuts[0]) & (yes < cuts[1]),
        "tail": judged & (yes < cuts[0]),
    }
    gains = {
        name: _gain(joined[chosen] - without[chosen])
        for name, chosen in bands.items()
        if chosen.sum() >= JUDGED_CATEGORIES
    }
    return _verdict(gains)


def _gain(each: NDArray[np.float64]) -> tuple[float, float, int]:
    return float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each))), len(each)


def _verdict(gains: dict[str, tuple[float, float, int]]) -> Verdict:
    if not gains:
        words = f"fewer than {JUDGED_CATEGORIES} categories have {JUDGED_YES} yes and a no"
        return Verdict(False, f"Left out: {words}, too little to judge by.", gains)
    told = ", ".join(f"{name} {gain:+.3f} ± {error:.3f}" for name, (gain, error, _) in gains.items())
    worse = [name for name, (gain, _, _) in gains.items() if name in ("total", "tail") and gain < -TOLERANCE]
    better = [name for name, (gain, error, _) in gains.items() if gain > max(LEAST_GAIN, ERRORS * error)]
    if worse:
        return Verdict(False, f"Left out: it costs in {' and '.join(worse)} ({told}).", gains)
    if not better:
        return Verdict(False, f"Left out: no band gains more than twice its error ({told}).", gains)
    return Verdict(True, f"Takes part: it gains in {' and '.join(better)} ({told}).", gains)
