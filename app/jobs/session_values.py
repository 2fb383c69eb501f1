"""What the window is told of the open project: plain values, made on the storage thread."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from app.domain.categories import Band
from app.domain.images import Image, ImageState
from app.domain.labels import LabelState, Source
from app.domain.suggestions import Suggestion


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    """One category that is not archived. ``yes`` and ``no`` count images, a review's *no* included.

    ``threshold`` lies on the scale of the probabilities; None while too little is known.
    """

    id: int
    name: str
    band: Band
    yes: int
    no: int
    aliases: tuple[str, ...] = ()
    shortcut: str | None = None
    colour: str | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class ProjectInfo:
    """``images`` counts all, ``readable`` those whose files can be read, ``indexed`` those with features;
    ``warning`` is a sentence for the person.

    ``read_only`` says why nothing can be changed, in words that go on a sentence, None where all can.
    ``folders_missing``: an image folder is not there. ``counted`` is False right after opening: the yes, no
    and band of the categories follow at once. ``passed_over`` lists the files that the last scan did not look
    into; empty for none.
    """

    folder: Path
    name: str
    images: int
    categories: Sequence[CategoryInfo]
    readable: int = 0
    indexed: int = 0
    reviewed: int = 0
    read_only: str | None = None
    warning: str | None = None
    folders_missing: bool = False
    backbone: str = "bundled"
    counted: bool = True
    passed_over: str = ""


@dataclass(frozen=True, slots=True)
class LabelInfo:
    """One category with a label on an image: said (``source``, ``when`` in UTC), or implied by a review."""

    category_id: int
    name: str
    state: LabelState
    source: Source | None
    implied: bool
    when: datetime | None


@dataclass(frozen=True, slots=True)
class ImageDetail:
    """All that is known of one image. ``suggestions`` are likeliest first, empty without features.

    ``labels``: said ones first, the newest first; then those that a review implies, by name. ``changed``: the
    picture was replaced since the image was labelled.
    """

    image: Image
    absolute_path: Path
    labels: Sequence[LabelInfo]
    suggestions: Sequence[Suggestion] = field(default=())
    changed: bool = False


@dataclass(frozen=True, slots=True)
class FolderInfo:
    """An image folder of the project; ``there``: whether it is in its place."""

    path: Path
    images: int
    there: bool


@dataclass(frozen=True, slots=True)
class GridBadge:
    """What the grid shows of one image; ``name``: Image.name.

    ``suggestions``: undecided categories at or above their threshold.
    """

    name: str
    state: ImageState
    problem: str | None
    reviewed: bool
    suggestions: int = 0

    @property
    def has_suggestion(self) -> bool:
        return self.suggestions > 0


@dataclass(frozen=True, slots=True)
class QueryCandidate:
    """One way to go on writing a query: ``text`` is the whole query then, ``cursor`` the place in it."""

    label: str
    description: str
    text: str
    cursor: int


class JobPhase(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    PAUSING = "pausing"
    CANCELLING = "cancelling"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    CRASHED = "crashed"
    INTERRUPTED = "interrupted"

    @property
    def going_on(self) -> bool:
        """It waits for its turn, computes, or is just coming to an end."""
        return self in {JobPhase.WAITING, JobPhase.RUNNING, JobPhase.PAUSING, JobPhase.CANCELLING}

    @property
    def unfinished(self) -> bool:
        """It has stopped and can go on."""
        return self in {JobPhase.PAUSED, JobPhase.INTERRUPTED, JobPhase.CRASHED}


@dataclass(frozen=True, slots=True)
class JobInfo:
    """One job as the window shows it.

    ``rate`` in items a second, ``remaining`` in seconds; ``message`` is the sentence of its end, ``log`` the
    last lines of a worker that died, and ``kept`` what closing the window leaves of it, in words that go on
    a sentence.
    """

    id: str
    kind: str
    name: str
    state: JobPhase
    stage: str = ""
    done: int = 0
    total: int | None = None
    rate: float | None = None
    remaining: float | None = None
    message: str = ""
    log: Sequence[str] = ()
    can_pause: bool = False
    kept: str = ""


class VersionAnswer(NamedTuple):
    """What was done with a version, to be found again in Done.answer."""

    words: str
    """A sentence."""
    in_use: bool
    """Whether another version is in use now."""
