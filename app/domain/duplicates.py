"""Groups of images that are copies of each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LIKE_FEATURES: Final = 0.95
"""Above what two photographs of other things reach, as nobody is asked (docs/decisions/0286)."""


class DuplicateKind(StrEnum):
    """What the images of a group have in common; the closest kind that holds for all."""

    SAME_FILE = "same file"
    SAME_PICTURE = "same picture, other metadata"
    LOOKS_ALIKE = "looks alike"


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Two or more images, in the natural order of their names."""

    kind: DuplicateKind
    ids: Sequence[int]
    names: Sequence[str]
