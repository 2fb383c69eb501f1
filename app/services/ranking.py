"""Which images to look at next for a category."""

from dataclasses import dataclass

import numpy as np

from app.services.labelling import label_states
from app.services.project import Project
from app.services.suggestions import LiveSuggestions

NEAR = 0.15
"""As in the query language: within this distance of its threshold an image is unsure."""
ABOVE, CLOSE, LIKELIEST = "above the threshold", "near the threshold", "likeliest of the rest"
NO_THRESHOLD = "likeliest; too few examples for a threshold"


@dataclass(frozen=True, slots=True)
class Ranked:
    """``probability`` is calibrated; ``reason`` says in words why the image is in the list."""

    image_id: int
    probability: float
    reason: str


def undecided(project: Project, live: LiveSuggestions, category_id: int) -> list[Ranked]:
    """The images with features that have neither yes nor no for a category, likeliest first."""
    table = label_states(project)
    states = table.matrix()[:, table.category_ids.index(category_id)]
    place = np.searchsorted(np.asarray(table.image_ids), live.image_ids)
    chances = live.for_category(category_id)
    rows = np.flatnonzero(states[place] == -1)
    order = rows[np.argsort(-chances[rows], kind="stable")]
    threshold = live.threshold(category_id)
    return [
        Ranked(int(live.image_ids[row]), float(chances[row]), _reason(float(chances[row]), threshold))
        for row in order
    ]


def _reason(probability: float, threshold: float | None) -> str:
    if threshold is None:
        return NO_THRESHOLD
    if probability >= threshold:
        return ABOVE
    return CLOSE if threshold - probability <= NEAR else LIKELIEST
