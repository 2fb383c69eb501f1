"""Thresholds of all categories of a large collection at once, estimated on some of its images.

Working out one category over 100,000 images takes a tenth of a second, and one image's suggestions name
dozens of thresholds. So some thousand images stand for all: those that each category's text likes best and
some that carry its yes, which rare categories cannot do without, stand for themselves, and others, drawn, for
the rest.

Shapes: N images, C categories, R images that are looked at.
"""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from cprfl_core.entry_sample import fixed_chance
from cprfl_core.live_learner import LiveLearner
from cprfl_core.thresholds import best_f1_threshold

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

DRAWN = 3_072
# Of each category: images that its text likes best, and such that carry its yes.
LIKED, SHOWN = 16, 16
_BLOCK_ROWS = 128


def estimating(learner: LiveLearner) -> Generator[None, None, Floats]:
    """The F1-optimal thresholds [C] on calibrated probabilities, with a pause after each bit of work."""
    rows, weights = standing_for_all(learner)
    yield
    chances = np.empty((len(rows), learner.categories), dtype=np.float32)
    for start in range(0, len(rows), _BLOCK_ROWS):
        block = rows[start : start + _BLOCK_ROWS]
        chances[start : start + len(block)] = learner.probabilities_rows(block)
        yield
    return np.array([best_f1_threshold(one, weights) for one in chances.T])


def standing_for_all(learner: LiveLearner) -> tuple[Ints, Floats]:
    """Rows [R], ascending, and for how many images each stands; the same as long as the labels are."""
    every = np.arange(learner.images, dtype=np.intp)
    number = fixed_chance(every, np.zeros_like(every))
    certain = [learner.liked_by_text(category, LIKED) for category in range(learner.categories)]
    for category in range(learner.categories):
        yes = np.flatnonzero(learner.states(category) == 1)
        certain.append(yes[np.argsort(number[yes], kind="stable")[:SHOWN]])
    fixed = np.unique(np.concatenate([*certain, np.zeros(0, dtype=np.intp)]))
    rest = np.setdiff1d(every, fixed, assume_unique=True)
    drawn = rest[np.argsort(number[rest], kind="stable")[:DRAWN]]
    rows = np.concatenate([fixed, drawn])
    weights = np.append(np.ones(len(fixed)), np.full(len(drawn), len(rest) / max(len(drawn), 1)))
    order = np.argsort(rows)
    return rows[order], weights[order]
