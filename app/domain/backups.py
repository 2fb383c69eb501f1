"""Backups of a project, what they hold, and what restoring one would change."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Backup:
    """A file in the folder of backups. ``made_at`` is in UTC; ``reason``: manual, daily, before-..."""

    path: Path
    made_at: datetime
    reason: str
    size: int

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class Contents:
    """Numbers of one database; ``steps`` are batches of the ledger, the time is in UTC."""

    project_id: str
    images: int
    reviewed: int
    categories: int
    yes: int
    no: int
    steps: int
    last_change: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What restoring a backup would change: numbers of labels, reviews, images and steps; names.

    ``images_changed``: those that had another place, content or state then.
    """

    labels_removed: int
    labels_returned: int
    labels_changed: int
    reviews_removed: int
    reviews_returned: int
    images_removed: int
    images_returned: int
    categories_removed: list[str]
    categories_returned: list[str]
    steps_removed: int
    steps_returned: int
    images_changed: int

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__dataclass_fields__)
