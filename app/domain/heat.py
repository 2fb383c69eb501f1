"""Where in an image the model sees a category."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heat:
    """``rows`` of values in 0 to 1, the least and the greatest in the image.

    ``rectangle``: left, top, right, bottom of the whole grid in pixels of the image, beyond which it may
    reach. ``tuned``: a trained version sees it so, otherwise the text of the category.
    """

    image_id: int
    category_id: int
    category: str
    rows: tuple[tuple[float, ...], ...]
    rectangle: tuple[float, float, float, float]
    tuned: bool
