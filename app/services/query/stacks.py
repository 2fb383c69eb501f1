"""Which of the images that look most alike are near-duplicates of each other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from app.domain.duplicates import LIKE_FEATURES
from cprfl_core.common.mapped_arrays import release
from cprfl_core.evaluation.queues import near_duplicates

if TYPE_CHECKING:
    from app.services.suggestions.suggestions import LiveSuggestions

LOOKED_AT: Final = 200
"""Images from the beginning of the list that are compared with each other."""


def stacks_of(live: "LiveSuggestions", image_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """By the first image of each group of near-duplicates, the others, in the order given.

    As in the list of near-duplicates of a project, embeddings of two of them have a cosine of at least
    LIKE_FEATURES. Only the first LOOKED_AT images are compared. Images without features are in no group.
    """
    wanted = np.asarray(image_ids[:LOOKED_AT], np.int64)
    known = wanted[live.has(wanted)]
    rows = np.searchsorted(live.image_ids, known)
    leader = near_duplicates(np.asarray(live.vectors[rows], np.float32), LIKE_FEATURES)
    release(live.vectors)
    found: dict[int, list[int]] = {}
    for place, first in enumerate(leader.tolist()):
        if place != first:
            found.setdefault(int(known[first]), []).append(int(known[place]))
    return {first: tuple(others) for first, others in found.items()}
