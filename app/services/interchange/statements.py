"""What an annotation file says, whatever its format."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class ImageStatement:
    """What the file says about one image; categories are positions in ``LabelFile.categories``.

    ``place`` is where it stands in the file, for messages ("images[3]"). ``open`` holds the categories that
    even a review left open. ``reviewed`` says that a person has gone over the image: then what is in none of
    the three sets is absent; otherwise nothing is said about it.
    """

    place: str
    file_name: str
    reviewed: bool = False
    yes: set[int] = field(default_factory=set)
    no: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class LabelFile:
    """``categories`` has a name for each entry, so one name may stand there twice; ``category_places`` is
    where each stands in the file."""

    categories: Sequence[str]
    category_places: Sequence[str]
    images: Sequence[ImageStatement]
