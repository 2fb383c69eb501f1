"""What the Categories place shows of each category."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.categories import Band, JoinedNames


@dataclass(frozen=True, slots=True)
class Reading:
    """What the image model reads, and the average precision of the suggestions; None with too few labels."""

    text: str
    quality: float | None


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category. ``place`` in the person's order, from 1. Counts are None for archived ones.

    ``parent``: the name of the category above it, empty for none. ``reading`` follows later.
    """

    id: int
    name: str
    place: int
    aliases: tuple[str, ...] = ()
    shortcut: str | None = None
    colour: str | None = None
    yes: int | None = None
    no: int | None = None
    unknown: int | None = None
    band: Band | None = None
    parent: str = ""
    group: str = ""
    archived: bool = False
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class NamesPreview:
    """What adding names would do: ``new`` categories, ``known`` ones with the name that found them, spellings
    that are ``joined``, and ``problem``, a sentence on what cannot be used; empty if nothing.
    """

    new: Sequence[str] = ()
    known: Sequence[tuple[str, str]] = ()
    joined: Sequence[JoinedNames] = ()
    problem: str = ""
