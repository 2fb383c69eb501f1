"""Leave-one-out scores of the learners at labelled entries."""

import numpy as np
from numpy.typing import NDArray

from cprfl_core.blend import Parts, kernel_scale, kernel_score
from cprfl_core.live.label_matrix import LabelMatrix
from cprfl_core.live.text_scores import TextScores

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_FEW_ENTRIES = 512


def leave_one_out_parts(
    labels: LabelMatrix,
    text: TextScores,
    slots: Ints,
    categories: Ints,
    plain: Floats | None = None,
) -> tuple[Parts, Floats]:
    """Parts [E] at labelled entries and their yes counts, both without the entry's own label.

    ``plain`` [E] are the discriminant's scores including it, if already computed.
    """
    ridge, discriminant = labels.ridge, labels.discriminant
    yes = ridge.states[slots, categories] == 1
    counts = discriminant.counts[categories].astype(np.float64)
    others = counts - yes
    known = ridge.known_counts[categories]
    prior, spread = kernel_scale(others, known - 1)
    targets, side, ones = ridge.leave_one_out(slots, categories).T
    plain = labels.discriminant_at(slots, categories) if plain is None else plain
    without = discriminant.leave_one_out_scores(plain, labels.self_scores[slots], counts)
    # Without its only yes a category has no positive example: the live scores are 0.
    lone = counts <= 1
    by_text = text.values[labels.images[slots], categories].astype(np.float64)
    if len(slots) > _FEW_ENTRIES:
        text.release()
    parts = Parts(
        by_text,
        np.where(lone, 0.0, kernel_score(targets, ones, prior, spread)),
        side,
        np.where(lone, 0.0, np.where(yes, without, plain)),
    )
    return parts, np.where(lone, 0.0, others)
