"""Where in an image the model sees a category."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heat:
    """``rows`` of values, scaled to 0 (least) to 1 (greatest in the image).

    ``rectangle``: left, top, right, bottom of the whole grid in pixels of the image; it may extend beyond the
    image. ``tuned``: from a tuned version, else from the text of the category.
    """

    image_id: int
    category_id: int
    category: str
    rows: tuple[tuple[float, ...], ...]
    rectangle: tuple[float, float, float, float]
    tuned: bool
