"""From how many labels a head is tuned, and how much of it. No torch: it is shown before a run starts."""

from typing import Final

LEAST_IMAGES: Final = 5
LEAST_YES: Final = 3
INTERACTION_IMAGES, INTERACTION_YES = 100, 200
"""From this many images and yes labels the interaction is tuned too, and `Suggester` tries CPRFL."""


def interaction_suffices(images: int, yes: int) -> bool:
    """Whether there are enough labels to tune weights that all categories share without overfitting."""
    return images >= INTERACTION_IMAGES and yes >= INTERACTION_YES


def tuned_words(images: int, yes: int) -> str:
    """Which weights are tuned, and why, for a start that is not random."""
    labels = f"{images} images with {yes} yes labels"
    if interaction_suffices(images, yes):
        return f"prompts and interaction, because {labels} suffice"
    return (
        f"prompts alone, because {labels} are too few for the interaction "
        f"({INTERACTION_IMAGES} and {INTERACTION_YES})"
    )
