"""The content of an annotation file, whatever its format."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class ImageStatement:
    """One entry about an image; categories are positions in ``LabelFile.categories``.

    ``place`` is its place in the file, for messages ("images[3]"). ``reviewed``: a person has reviewed the
    image, so categories in none of the three sets are absent; otherwise they are unknown. ``open`` holds the
    categories that a review left open.
    """

    place: str
    file_name: str
    reviewed: bool = False
    yes: set[int] = field(default_factory=set)
    no: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class LabelFile:
    """``categories`` has the name of each entry, so a name may occur twice; ``category_places`` is the place
    of each in the file."""

    categories: Sequence[str]
    category_places: Sequence[str]
    images: Sequence[ImageStatement]
