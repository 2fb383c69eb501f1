"""The kinds of long jobs, and what stopping means for each."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final

from app.domain.language import QT_TRANSLATE_NOOP, translated
from app.jobs.threads.model_queue import Work
from app.jobs.work.comparisons import (
    duplicates_words,
    duplicates_work,
    location_words,
    relink_words,
    relink_work,
)
from app.jobs.work.tasks import (
    check_words,
    index_words,
    index_work,
    map_words,
    map_work,
    relocation_words,
    scan_words,
    scan_work,
    train_words,
    train_work,
)
from app.jobs.work.thumbnails import thumbnail_words, thumbnail_work


class Outdated(Enum):
    """What must be read again after a job."""

    IMAGES = auto()
    SUGGESTIONS = auto()


@dataclass(frozen=True, slots=True)
class WorkKind:
    """``name`` is also the kind in the project's job history.

    ``english_kept`` follows the title in a sentence: what is kept when the window closes. ``work`` starts
    or resumes the job in a project's folder; None for a job that belongs to no open project. ``words``
    describes the result. ``outdates_early``: what a cancelled or paused job outdates.
    """

    name: str
    english_title: str
    english_kept: str
    work: Callable[[Path], Work] | None = None
    words: Callable[[Any], str] | None = None
    outdates: frozenset[Outdated] = frozenset()
    outdates_early: frozenset[Outdated] = frozenset()
    brief: bool = False
    """Not in the job history, so it cannot be resumed."""
    makes_project: bool = False
    """The result is the folder of a project that can be opened."""
    between_parts: bool = False
    """Does not wait for long work to end, only for a part of it."""
    can_retry: bool = False

    @property
    def title(self) -> str:
        return translated("Jobs", self.english_title)

    @property
    def kept(self) -> str:
        return translated("Jobs", self.english_kept)

    @property
    def of_project(self) -> bool:
        return self.work is not None

    @property
    def can_pause(self) -> bool:
        return self.work is not None and not self.brief


INDEX: Final = WorkKind(
    "index",
    QT_TRANSLATE_NOOP("Jobs", "Computing features"),
    QT_TRANSLATE_NOOP(
        "Jobs", "what is computed is kept, and the rest follows when you open the project again."
    ),
    index_work,
    index_words,
    frozenset({Outdated.IMAGES, Outdated.SUGGESTIONS}),
    frozenset({Outdated.SUGGESTIONS}),
)
SCAN: Final = WorkKind(
    "scan",
    QT_TRANSLATE_NOOP("Jobs", "Scanning the image folders"),
    QT_TRANSLATE_NOOP(
        "Jobs", "what was found is kept, and the scan resumes when you open the project again."
    ),
    scan_work,
    scan_words,
    frozenset({Outdated.IMAGES}),
    frozenset({Outdated.IMAGES}),
)
RELOCATE: Final = WorkKind(
    "relocate",
    QT_TRANSLATE_NOOP("Jobs", "Locating an image folder"),
    QT_TRANSLATE_NOOP("Jobs", "the folder stays where it was."),
    scan_work,  # resumed once the new place is recorded
    relocation_words,
    brief=True,
)
COMPARE: Final = WorkKind(
    "compare",
    QT_TRANSLATE_NOOP("Jobs", "Comparing missing images"),
    QT_TRANSLATE_NOOP("Jobs", "nothing is changed."),
    relink_work,
    relink_words,
    brief=True,
    between_parts=True,
)
DUPLICATES: Final = WorkKind(
    "duplicates",
    QT_TRANSLATE_NOOP("Jobs", "Looking for duplicates"),
    QT_TRANSLATE_NOOP("Jobs", "nothing is changed; what was compared is kept."),
    duplicates_work,
    duplicates_words,
    brief=True,
    between_parts=True,
)
LOCATE: Final = WorkKind(
    "locate",
    QT_TRANSLATE_NOOP("Jobs", "Looking for the images"),
    QT_TRANSLATE_NOOP("Jobs", "the folder stays where it was."),
    scan_work,  # never resumed
    location_words,
    brief=True,
    between_parts=True,
)
TRAIN: Final = WorkKind(
    "train",
    QT_TRANSLATE_NOOP("Jobs", "Training"),
    QT_TRANSLATE_NOOP("Jobs", "it resumes from its last checkpoint when you open the project again."),
    train_work,
    train_words,
    frozenset({Outdated.SUGGESTIONS}),
)
THUMBNAILS: Final = WorkKind(
    "thumbnails",
    QT_TRANSLATE_NOOP("Jobs", "Making thumbnails"),
    QT_TRANSLATE_NOOP("Jobs", "what is made is kept, and the rest follows when you open the project again."),
    thumbnail_work,
    thumbnail_words,
)
MAP: Final = WorkKind(
    "map",
    QT_TRANSLATE_NOOP("Jobs", "Computing the map"),
    QT_TRANSLATE_NOOP("Jobs", "compute the map again the next time."),
    map_work,
    map_words,
    brief=True,
)
CREATE: Final = WorkKind(
    "create",
    QT_TRANSLATE_NOOP("Jobs", "Creating the project"),
    QT_TRANSLATE_NOOP("Jobs", "no project is created."),
    makes_project=True,
    between_parts=True,
)
DEMO: Final = WorkKind(
    "demo",
    QT_TRANSLATE_NOOP("Jobs", "Preparing the demo"),
    QT_TRANSLATE_NOOP("Jobs", "it starts again the next time."),
    makes_project=True,
)
DOWNLOAD: Final = WorkKind(
    "download",
    QT_TRANSLATE_NOOP("Jobs", "Download"),
    QT_TRANSLATE_NOOP("Jobs", "what was received is kept; download again to continue."),
    can_retry=True,
)
CHECK: Final = WorkKind(
    "check",
    QT_TRANSLATE_NOOP("Jobs", "Check"),
    QT_TRANSLATE_NOOP("Jobs", "check the image model again the next time."),
    words=check_words,
    between_parts=True,
    can_retry=True,
)
IMPORT: Final = WorkKind(
    "import",
    QT_TRANSLATE_NOOP("Jobs", "Importing labels"),
    QT_TRANSLATE_NOOP("Jobs", "either all of it is imported, or nothing."),
)
EXPORT: Final = WorkKind(
    "export",
    QT_TRANSLATE_NOOP("Jobs", "Exporting labels"),
    QT_TRANSLATE_NOOP("Jobs", "either the whole file is written, or nothing."),
)
_OF_PROJECT = (INDEX, SCAN, RELOCATE, COMPARE, DUPLICATES, LOCATE, TRAIN, THUMBNAILS, MAP)
KINDS: Final = {kind.name: kind for kind in (*_OF_PROJECT, CREATE, DEMO, DOWNLOAD, CHECK, IMPORT, EXPORT)}
