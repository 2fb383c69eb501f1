"""Merging the work of two people: what both changed differently, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")


class Choice(StrEnum):
    """Whose answer counts."""

    MINE = "mine"
    THEIRS = "theirs"


LABEL: Final = "label"
CATEGORY: Final = "category"


@dataclass(frozen=True, slots=True)
class ConflictKey:
    """``kind`` label: an image (its name) and a category; category: a category and one of its fields."""

    kind: str
    category: str
    image: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed one thing differently. The values are texts; ``base`` is that before the copies."""

    key: ConflictKey
    base: str
    mine: str
    theirs: str
    decided: Choice


Decisions = Mapping[ConflictKey, Choice]


@dataclass(frozen=True, slots=True)
class MergeReport:
    """``labels``: answers that are taken over, without no's that follow from a review; ``reviews``: images.

    ``common_steps``: how many steps both histories share. ``unmatched``: their images with changes that this
    project lacks, by path. ``unused``: decisions about what is no conflict. ``suggestions``: how many were
    imported there since, by model; they are not merged.
    """

    other: Path
    common_steps: int
    their_steps: int
    images: int
    unmatched: list[str]
    labels: int
    reviews: int
    categories_created: list[str]
    categories_changed: list[str]
    conflicts: list[Conflict]
    unused: list[ConflictKey] = field(default_factory=list)
    suggestions: dict[str, int] = field(default_factory=dict)
    applied: bool = False
    backup: Path | None = None


def merged(base: T, mine: T, theirs: T) -> tuple[T, bool]:
    """The value after a merge in which mine counts in a conflict, and whether there is a conflict."""
    if theirs in (base, mine):
        return mine, False
    if mine == base:
        return theirs, False
    return mine, True
