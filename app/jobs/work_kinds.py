"""The kinds of long work in the window's one list of jobs, and what stopping means for each."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final

from app.jobs.job_works import (
    index_words,
    index_work,
    relocation_words,
    scan_words,
    scan_work,
    train_words,
    train_work,
)
from app.jobs.model_queue import Work
from app.jobs.thumbnail_work import thumbnail_words, thumbnail_work


class News(Enum):
    """What work has changed when it ends, which the screens then read anew."""

    IMAGES = auto()
    SUGGESTIONS = auto()
    PROJECT = auto()
    """A project can be opened: the result is its folder."""


@dataclass(frozen=True, slots=True)
class WorkKind:
    """``name`` is also the kind in the project's books, where unfinished work is looked for.

    ``kept`` goes on a sentence that begins with the title: what is left when the window closes. ``work``
    begins it in the project of a folder, or goes on where it was interrupted; None where it brings a new
    project. ``early``: what a cancelled one has changed.
    """

    name: str
    title: str
    kept: str
    work: Callable[[Path], Work] | None = None
    words: Callable[[Any], str] | None = None
    news: frozenset[News] = frozenset()
    early: frozenset[News] = frozenset()
    brief: bool = False
    """It is not in the books: what was stopped does not go on later."""

    @property
    def of_project(self) -> bool:
        return self.work is not None

    @property
    def can_pause(self) -> bool:
        """What is in the books can go on later."""
        return self.work is not None and not self.brief


INDEX: Final = WorkKind(
    "index",
    "Computing features",
    "what is computed is kept, and the rest follows when you open the project again.",
    index_work,
    index_words,
    frozenset({News.IMAGES, News.SUGGESTIONS}),
    frozenset({News.SUGGESTIONS}),
)
SCAN: Final = WorkKind(
    "scan",
    "Scanning the image folders",
    "what was found is kept, and the scan goes on when you open the project again.",
    scan_work,
    scan_words,
    frozenset({News.IMAGES}),
    frozenset({News.IMAGES}),
)
RELOCATE: Final = WorkKind(
    "relocate",
    "Locating an image folder",
    "the folder stays where it was.",
    scan_work,  # what is left of it once the place is known
    relocation_words,
    brief=True,
)
TRAIN: Final = WorkKind(
    "train",
    "Training",
    "it goes on from its last checkpoint when you open the project again.",
    train_work,
    train_words,
    frozenset({News.SUGGESTIONS}),
)
THUMBNAILS: Final = WorkKind(
    "thumbnails",
    "Making thumbnails",
    "what is made is kept, and the rest follows when you open the project again.",
    thumbnail_work,
    thumbnail_words,
)
CREATE: Final = WorkKind(
    "create",
    "Reading the images",
    "the images found so far are kept; scan the folders again for the rest.",
    news=frozenset({News.PROJECT}),
)
DEMO: Final = WorkKind(
    "demo", "Preparing the demo", "it is made anew the next time.", news=frozenset({News.PROJECT})
)
KINDS: Final = {kind.name: kind for kind in (INDEX, SCAN, RELOCATE, TRAIN, THUMBNAILS, CREATE, DEMO)}
