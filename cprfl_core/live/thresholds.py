"""Thresholds of all categories of a large collection, estimated on a sample of its images.

Scoring one category over 100,000 images takes a tenth of a second, and the suggestions for one image need
dozens of thresholds. So a few thousand images represent all: for each category the images with the highest
text scores and some with a yes, which rare categories need, with weight 1; and random others with the
remaining weight.

Shapes: N images, C categories, R sampled images.
"""

import numpy as np
from numpy.typing import NDArray

from cprfl_core.calibration.thresholds import best_f_threshold
from cprfl_core.live.label_sampling import fixed_chance
from cprfl_core.live.learner import LiveLearner
from cprfl_core.live.steps import Steps, run_all

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

DRAWN = 3_072
# Of each category: images with the highest text scores, and images with a yes.
BY_TEXT, BY_YES = 16, 16
# Images that are scored in one step: a few milliseconds, and as many more for each step whatever its size.
SLICE_ROWS = 16
_BLOCK_ROWS = 128


def estimate_thresholds(
    learner: LiveLearner, beta: float = 1.0, *, block_rows: int = _BLOCK_ROWS
) -> Steps[Floats]:
    """The thresholds [C] on calibrated probabilities with the best F measure."""
    rows, weights = yield from _sample_steps(learner)
    chances = np.empty((len(rows), learner.categories), dtype=np.float32)
    for start in range(0, len(rows), block_rows):
        block = rows[start : start + block_rows]
        chances[start : start + len(block)] = learner.probabilities_rows(block)
        yield None
    found = np.empty(learner.categories)
    for category, column in enumerate(chances.T):
        found[category] = best_f_threshold(column, weights, beta=beta)
        yield None
    return found


def weighted_sample(learner: LiveLearner) -> tuple[Ints, Floats]:
    """Rows [R], ascending, and the number of images that each represents; depends on the labels only."""
    return run_all(_sample_steps(learner))


def _sample_steps(learner: LiveLearner) -> Steps[tuple[Ints, Floats]]:
    every = np.arange(learner.images, dtype=np.intp)
    number = fixed_chance(every, np.zeros_like(every))
    certain = []
    for category in range(learner.categories):
        certain.append(learner.top_by_text(category, BY_TEXT))
        yes = np.flatnonzero(learner.states(category) == 1)
        certain.append(yes[np.argsort(number[yes], kind="stable")[:BY_YES]])
        yield None
    fixed = np.unique(np.concatenate([*certain, np.zeros(0, dtype=np.intp)]))
    rest = np.setdiff1d(every, fixed, assume_unique=True)
    drawn = rest[np.argsort(number[rest], kind="stable")[:DRAWN]]
    rows = np.concatenate([fixed, drawn])
    weights = np.append(np.ones(len(fixed)), np.full(len(drawn), len(rest) / max(len(drawn), 1)))
    order = np.argsort(rows)
    return rows[order], weights[order]
