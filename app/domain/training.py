"""Values of training: what a run would have to go on, how it goes, and how two versions differ."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.categories import Band


class Remedy(StrEnum):
    """What lets a run start that cannot."""

    NONE = ""
    FEATURES = "features"
    PATCHES = "patches"
    """There are features, and they lack patch tokens."""
    LABELS = "labels"
    IMAGES = "images"


@dataclass(frozen=True, slots=True)
class TrainingOverview:
    """What a run would be given now. ``yes`` by band of the categories; ``new_labels`` (said ones) and
    ``new_reviews`` since the newest version.

    ``usable`` labelled images have patch tokens. ``estimate`` in seconds, ``measured``: from an earlier run
    of this project. ``enough``: there is enough to judge a version and enough new; ``hint`` tells it.
    ``blocked`` is a sentence why a run cannot start, empty where it can, and ``remedy`` what mends that.
    ``tuned`` says what would learn, and why.
    """

    images: int
    usable: int
    yes: dict[str, int] = field(default_factory=dict)
    no: int = 0
    categories: int = 0
    new_labels: int = 0
    new_reviews: int = 0
    newest: str | None = None
    active: str | None = None
    backbone: str = ""
    estimate: float | None = None
    measured: bool = False
    resumable: bool = False
    enough: bool = False
    hint: str = ""
    reviewed: int = 0
    blocked: str = ""
    remedy: Remedy = Remedy.NONE
    tuned: str = ""

    @property
    def new(self) -> int:
        """Answers and reviews since the newest version."""
        return self.new_labels + self.new_reviews

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One pass over the images of one part of a run, as it is told while it goes on.

    ``part`` counts from 1; ``fold`` is held out, None in the part over all images. ``loss`` is the mean of
    the epoch; the others are mean average precisions on the held-out fold, None where there is none.
    """

    part: int
    parts: int
    fold: int | None
    epoch: int
    epochs: int
    loss: float
    total: float | None = None
    head: float | None = None
    medium: float | None = None
    tail: float | None = None


@dataclass(frozen=True, slots=True)
class BandComparison:
    """``low`` and ``high`` bound b minus a, paired on the same images, at 90 %."""

    band: str
    categories: int
    a: float
    b: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CategoryComparison:
    """Average precision of the suggestions with either version, None where too little is known."""

    category: str
    yes: int
    a: float | None
    b: float | None
    band: Band = Band.TAIL


@dataclass(frozen=True, slots=True)
class VersionComparison:
    """Two versions on the labels of today; ``verdict`` tells in words whether b is better than a."""

    a: str
    b: str
    b_is_better: bool
    verdict: str
    bands: Sequence[BandComparison]
    categories: Sequence[CategoryComparison]


@dataclass(frozen=True, slots=True)
class Flip:
    """A suggestion that one version makes and the other does not; calibrated probabilities."""

    image_id: int
    category_id: int
    category: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions side by side, and the suggestions that flip between them, the largest changes first."""

    comparison: VersionComparison
    flips: Sequence[Flip]
