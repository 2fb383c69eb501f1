"""The content of an annotation file, whatever its format."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class ImageStatement:
    """One entry about an image; categories are positions in ``LabelFile.categories``.

    ``place`` is its place in the file, for messages ("images[3]"). ``reviewed``: a person has reviewed the
    image, so categories in none of the three sets are absent; otherwise they are unknown. ``open`` holds the
    categories that a review left open. ``suggested``: what a model found, with its confidence in 0..1; it is
    never an answer.
    """

    place: str
    file_name: str
    reviewed: bool = False
    yes: set[int] = field(default_factory=set)
    no: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)
    suggested: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry that was not used: its place in the file ("annotations[7]", "line 12") and the reason."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class LabelFile:
    """``categories`` has the name of each entry, so a name may occur twice; ``category_places`` is the place
    of each in the file.

    ``left_out`` are the entries that cannot be used. ``notes`` are sentences about how the file was
    understood: its encoding and separator, the meaning of its columns. ``model`` names what made the
    suggestions.
    """

    categories: Sequence[str]
    category_places: Sequence[str]
    images: Sequence[ImageStatement]
    left_out: Sequence[LeftOut] = ()
    notes: Sequence[str] = ()
    model: str | None = None
