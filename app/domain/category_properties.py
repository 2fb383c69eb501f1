"""The properties of a category: what a person may change, and where its text score comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.categories import Category

AUTOMATIC: Final = "auto"
"""In place of a sense: the program chooses the meaning."""


@dataclass(frozen=True, slots=True)
class CategoryEdit:
    """New values; None leaves a property as it is. ``sense``: of the dictionary of nouns, or AUTOMATIC;
    ``shortcut``: one of CATEGORY_KEYS, or empty for none; ``parent``: the id of a category, or 0 for none;
    ``colour``: ``#rrggbb``, or empty for none.
    """

    name: str | None = None
    aliases: tuple[str, ...] | None = None
    description: str | None = None
    templates: tuple[str, ...] | None = None
    sense: str | None = None
    shortcut: str | None = None
    parent: int | None = None
    group: str | None = None
    colour: str | None = None


class Conflicting(StrEnum):
    """Which answer counts where a merged category says yes and the other no."""

    KEEP = "keep"
    """That of the category that stays."""
    YES = "yes"
    OPEN = "open"
    """Neither: the image is left unknown."""


@dataclass(frozen=True, slots=True)
class MergeEffects:
    """What merging ``source`` into ``target`` does, in images.

    ``yes`` and ``no``: answers that move, because ``target`` has none. ``both_yes`` and ``both_no``: both say
    the same. ``conflicts``: one says yes and the other no. ``aliases``: new other names of ``target``.
    ``children``: categories that get ``target`` as their parent. ``key``: what ``target`` takes over.
    """

    source: Category
    target: Category
    yes: int
    no: int
    both_yes: int
    both_no: int
    conflicts: int
    aliases: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    key: str | None = None


class MeaningUse(StrEnum):
    """How the image model scores a meaning."""

    DIRECT = "direct"
    """By the classes that are of this kind."""
    RELATED = "related"
    """By the classes of more general meanings."""
    NONE = "none"
    """Not at all: even the nearest classes are too far away."""


@dataclass(frozen=True, slots=True)
class PossibleMeaning:
    """One sense of a noun. ``names`` has its synonyms; ``classes`` counts those of a DIRECT meaning."""

    sense: str
    names: str
    definition: str
    use: MeaningUse
    classes: int = 0

    @property
    def words(self) -> str:
        """``seal: any of numerous marine mammals that come on shore to breed``."""
        return f"{self.names}: {self.definition}"


@dataclass(frozen=True, slots=True)
class CategoryProperties:
    """``by_nouns``: the image model reads the name as a noun with ``meanings``; otherwise it reads prompts.

    ``parent``: its name, ``children`` theirs; ``place`` counts from 1, without archived categories, 0 for one
    of those.

    ``used`` is the meaning in use and ``automatic`` the one that the program would choose. ``problem`` says
    why there is no meaning; empty if there is one.
    """

    category: Category
    by_nouns: bool
    meanings: Sequence[PossibleMeaning] = ()
    used: PossibleMeaning | None = None
    automatic: PossibleMeaning | None = None
    problem: str = ""
    parent: str = ""
    children: Sequence[str] = ()
    place: int = 0

    @property
    def chosen(self) -> bool:
        """Whether a person chose the meaning in use."""
        return self.used is not None and self.used.sense == self.category.sense
