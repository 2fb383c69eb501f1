"""Stratified folds of a training list, with each category distributed as evenly as possible."""

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.errors import DatasetError


def stratified_folds(labels: NDArray[np.int8], folds: int, seed: int = 0) -> NDArray[np.int64]:
    """The fold, 0 to ``folds`` - 1, of each image of ``labels`` [N,C] in {0,1}.

    Iterative stratification (Sechidis et al., ECML 2011): the category with the fewest remaining images is
    assigned first, each image to the fold that lacks it most. Images without a category come last. The same
    seed gives the same folds. Raises DatasetError if there are fewer images than folds.
    """
    if not 2 <= folds <= len(labels):
        raise DatasetError(
            f"{len(labels)} training images cannot be split into {folds} folds; use 2 to {len(labels)}."
        )
    draw = np.random.default_rng(seed)
    fold = np.full(len(labels), -1, dtype=np.int64)
    lacking = np.tile(labels.sum(axis=0) / folds, (folds, 1))  # of each category [folds,C]
    room = np.full(folds, len(labels) / folds)
    while (fold < 0).any():
        free = fold < 0
        left = labels[free].sum(axis=0)
        if left.any():
            category = int(np.argmin(np.where(left > 0, left, np.iinfo(np.int64).max)))
            images = np.flatnonzero(free & (labels[:, category] == 1))
        else:
            category, images = -1, np.flatnonzero(free)
        for image in draw.permutation(images):
            wants = lacking[:, category] if category >= 0 else np.zeros(folds)
            # The fold that lacks the category most; of equals the smallest; of these a random one.
            order = np.lexsort((draw.random(folds), -room, -wants))
            chosen = int(order[0])
            fold[image] = chosen
            lacking[chosen] -= labels[image]
            room[chosen] -= 1
    return fold
