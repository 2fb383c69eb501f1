"""The content of an annotation file, whatever its format."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class ImageStatement:
    """One entry about an image; categories are positions in ``LabelFile.categories``.

    ``place`` is its place in the file, for messages ("images[3]"). ``reviewed``: a person has reviewed the
    image, so categories in none of the three sets are absent; otherwise they are unknown. ``answered``: a
    person has looked at the image; otherwise an import of complete labels does not count it as reviewed.
    ``open`` holds the categories that a review left open. ``suggested``: what a model found, with its
    confidence in 0..1; it is never an answer.

    ``without_suffix``: the file name lacks the suffix of the image file. ``short_name``: what its name is if
    its first folder is the name of a category, and ``size`` that file's size in bytes, if known.
    """

    place: str
    file_name: str
    reviewed: bool = False
    answered: bool = True
    yes: set[int] = field(default_factory=set)
    no: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)
    suggested: dict[int, float] = field(default_factory=dict)
    without_suffix: bool = False
    short_name: str | None = None
    size: int | None = None


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

    ``groups`` are positions of entries that only group others: a review does not answer for them, and they
    are not created. ``left_out`` are the entries that cannot be used. ``notes`` are sentences about how the
    file was understood: its encoding and separator, the meaning of its columns. ``model`` names what made the
    suggestions. ``folder``: the real path of the folder to which the file names are relative, if there are
    images in it.
    """

    categories: Sequence[str]
    category_places: Sequence[str]
    images: Sequence[ImageStatement]
    left_out: Sequence[LeftOut] = ()
    notes: Sequence[str] = ()
    model: str | None = None
    groups: frozenset[int] = frozenset()
    folder: Path | None = None
