"""What the window offers for finding images: how many images each filter has, saved queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.labels import Source
from app.domain.query.nodes import Property


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How many images of the whole project each filter shows when it is the only one.

    ``folders``: readable images below each folder, subfolders included, in natural order; ``more_folders``:
    how many deeper folders are left out. ``newer``: categories that are newer than some review and unknown
    there, at most on one image.
    """

    properties: Mapping[Property, int]
    sources: Mapping[Source, int]
    folders: Mapping[str, int] = field(default_factory=dict)
    more_folders: int = 0
    newer: int = 0


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
