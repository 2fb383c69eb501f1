"""The open project as the window sees it: plain values, made on the storage thread."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from app.domain.categories import Band
from app.domain.images import Image, ImageState
from app.domain.labels import LabelState, Source
from app.domain.progress import Phase
from app.domain.project_settings import ProjectSettings
from app.domain.suggestions import Suggestion


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    """One category that is not archived. ``yes`` and ``no`` count images, including a *no* implied by review.

    ``threshold`` is a probability; None with too few labels.
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
    parent: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class ProjectInfo:
    """``images`` counts all, ``readable`` those whose files can be read, ``indexed`` those with features.

    ``warning`` is a sentence for the person. ``read_only`` is the reason why nothing can be changed, as the
    end of a sentence, or None. ``folders_missing``: an image folder is missing. ``counted`` is False right
    after opening: the categories' yes, no and band follow soon. ``categories`` are in the person's order.
    ``passed_over`` lists the files that the last scan skipped; empty for none.
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
    settings: ProjectSettings = field(default_factory=ProjectSettings)


@dataclass(frozen=True, slots=True)
class LabelInfo:
    """One category's label on an image: explicit (``source``, ``when`` in UTC), or implied by a review.

    ``below``: a category below with a yes. A yes without a source is derived from it; it contradicts a *no*.
    """

    category_id: int
    name: str
    state: LabelState
    source: Source | None
    implied: bool
    when: datetime | None
    below: str = ""

    @property
    def derived(self) -> bool:
        return self.implied and self.state is LabelState.YES


@dataclass(frozen=True, slots=True)
class ImageDetail:
    """One image. ``suggestions``: most likely first, empty without features.

    ``labels``: explicit ones, newest first, then those implied by a review, by name. ``changed``: the picture
    was replaced after the image was labelled. ``note``: what is odd about a usable file.
    """

    image: Image
    absolute_path: Path
    labels: Sequence[LabelInfo]
    suggestions: Sequence[Suggestion] = field(default=())
    changed: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class FolderInfo:
    """An image folder of the project; ``there``: whether it exists."""

    path: Path
    images: int
    there: bool


@dataclass(frozen=True, slots=True)
class YesLabel:
    """A category with a yes on an image; ``colour`` as ``#rrggbb``, None for none."""

    name: str
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class GridBadge:
    """What the grid shows of one image; ``name``: Image.name.

    ``suggestions``: undecided categories at or above their threshold. ``labels``: in the order of the
    categories.
    """

    name: str
    state: ImageState
    problem: str | None
    reviewed: bool
    suggestions: int = 0
    labels: tuple[YesLabel, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryCandidate:
    """One completion of a query: ``text`` is the completed query, ``cursor`` the position in it.

    ``whole``: a saved or recent query, which can be run as it is.
    """

    label: str
    description: str
    text: str
    cursor: int
    whole: bool = False


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
    def active(self) -> bool:
        """Waiting, running or about to end."""
        return self in {JobPhase.WAITING, JobPhase.RUNNING, JobPhase.PAUSING, JobPhase.CANCELLING}

    @property
    def can_resume(self) -> bool:
        return self in {JobPhase.PAUSED, JobPhase.INTERRUPTED, JobPhase.CRASHED}


@dataclass(frozen=True, slots=True)
class JobInfo:
    """One job as the window shows it.

    ``rate`` in items per second, ``remaining`` in seconds. ``message`` says how it ended; ``log`` has the
    last lines of a worker that crashed. ``kept``: what closing the window keeps of it, as the end of a
    sentence. ``done``, ``total`` and ``rate`` are in bytes if ``in_bytes``. ``subject``: the name of the
    image model that is downloaded or checked; empty for other kinds. ``can_retry``: after a failure.
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
    phase: Phase | None = None
    part: int = 0
    parts: int = 0
    message: str = ""
    log: Sequence[str] = ()
    can_pause: bool = False
    kept: str = ""
    in_bytes: bool = False
    subject: str = ""
    can_retry: bool = False

    @property
    def can_begin_again(self) -> bool:
        """Whether it can be resumed or retried."""
        return self.state.can_resume or (self.can_retry and self.state is JobPhase.FAILED)


@dataclass(frozen=True, slots=True)
class Location:
    """``found`` of ``known`` images of the folder ``old`` are in ``new``; ``lost``: paths of a few others."""

    old: Path
    new: Path
    found: int
    known: int
    lost: tuple[str, ...] = ()


class VersionStep(StrEnum):
    ACTIVATED = "activated"
    DELETED = "deleted"
    NOTED = "noted"


class VersionAnswer(NamedTuple):
    """What was done with a version, or "none", in MutationResult.answer. ``freed`` in bytes."""

    step: VersionStep
    name: str
    freed: int = 0
