"""From how many labels on a head is tuned, and how much of it. No torch: it is told before a run starts."""

from typing import Final

LEAST_IMAGES: Final = 5
LEAST_YES: Final = 3
INTERACTION_IMAGES, INTERACTION_YES = 100, 200
"""From so many images and yes labels on, the interaction is tuned too."""


def interaction_suffices(images: int, yes: int) -> bool:
    """Whether the weights that all categories share can learn more than these images by heart."""
    return images >= INTERACTION_IMAGES and yes >= INTERACTION_YES


def tuned_words(images: int, yes: int) -> str:
    """What learns, and why, for a start that means something."""
    labels = f"{images} images with {yes} yes labels"
    if interaction_suffices(images, yes):
        return f"prompts and interaction, because {labels} suffice"
    return (
        f"prompts alone, because {labels} are too few for the interaction "
        f"({INTERACTION_IMAGES} and {INTERACTION_YES})"
    )
