"""What the learners say of labelled entries without each entry's own label."""

import numpy as np
from numpy.typing import NDArray

from cprfl_core.blend import Parts, kernel_scale, likeness
from cprfl_core.labelled_rows import LabelledRows
from cprfl_core.text_scores import TextScores

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def left_out_parts(
    labels: LabelledRows,
    text: TextScores,
    slots: Ints,
    categories: Ints,
    plain: Floats | None = None,
) -> tuple[Parts, Floats]:
    """Parts [E] at labelled entries and the yes counts they rest on, without the entry's own label.

    ``plain`` [E] are the discriminant's scores with it, where they are at hand.
    """
    ridge, discriminant = labels.ridge, labels.discriminant
    yes = ridge.states[slots, categories] == 1
    counts = discriminant.counts[categories].astype(np.float64)
    others = counts - yes
    known = ridge.known_counts[categories]
    prior, spread = kernel_scale(others, known - 1)
    targets, side, ones = ridge.left_out(slots, categories).T
    plain = labels.discriminant_at(slots, categories) if plain is None else plain
    without = discriminant.without_own(plain, labels.self_scores[slots], counts)
    # Without its only yes a category has nothing to be like: the live learners are silent on it.
    lone = counts <= 1
    parts = Parts(
        text.values[labels.images[slots], categories].astype(np.float64),
        np.where(lone, 0.0, likeness(targets, ones, prior, spread)),
        side,
        np.where(lone, 0.0, np.where(yes, without, plain)),
    )
    return parts, np.where(lone, 0.0, others)
