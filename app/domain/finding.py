"""What the window offers for finding images: how many images each filter has, saved queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.labels import Source
from app.domain.query.nodes import Property


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How many images of the whole project each filter shows when it is the only one.

    ``folders``: readable images below each folder, subfolders included, in natural order; without the deepest
    ones where there are very many.
    """

    properties: Mapping[Property, int]
    sources: Mapping[Source, int]
    folders: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query that a person gave a name; ``created_at`` in UTC."""

    id: int
    name: str
    query: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Queries:
    """The queries of a project: those that are saved, by name, and those that were run, newest first."""

    saved: Sequence[SavedQuery] = ()
    history: Sequence[str] = ()


def spaced(name: str) -> str:
    """The name of a saved query as it is kept: with single spaces."""
    return " ".join(name.split())


def find_saved(queries: Iterable[SavedQuery], name: str) -> SavedQuery | None:
    """Upper and lower case are the same."""
    wanted = spaced(name).casefold()
    return next((one for one in queries if one.name.casefold() == wanted), None)
