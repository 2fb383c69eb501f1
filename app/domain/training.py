"""Values of training: what a run would learn from, its progress, and how two versions differ."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.categories import Band
from app.domain.models import Verdict


class Remedy(StrEnum):
    """What would let a blocked run start."""

    NONE = ""
    FEATURES = "features"
    PATCHES = "patches"
    """There are features, but without patch tokens."""
    LABELS = "labels"
    IMAGES = "images"


class NeedKind(StrEnum):
    IMAGES = "images"
    """Labelled images that a run can learn from."""
    YES = "yes"
    """Yes labels of the categories below."""
    CATEGORIES = "categories"
    """Categories with several yes and a no, whose quality can be measured."""


@dataclass(frozen=True, slots=True)
class Need:
    """How many there are of what a version is judged on, and how many it takes."""

    kind: NeedKind
    have: int
    want: int

    @property
    def met(self) -> bool:
        return self.have >= self.want


class Basis(StrEnum):
    """What an estimate of time comes from."""

    GUESS = "guess"
    COMPUTER = "computer"
    """An earlier run of another project on this computer."""
    PROJECT = "project"
    """The newest version of this project."""


@dataclass(frozen=True, slots=True)
class TrainingOverview:
    """What a run would learn from now.

    ``yes`` labels by band of their category; ``new_labels`` (explicit ones) and ``new_reviews`` since the
    newest version. ``usable`` labelled images have patch tokens. ``estimate`` in seconds, from ``basis``.
    ``needs`` must be met for a version to be judged; ``one_sided`` yes labels are of categories
    without a no. ``enough``: a run can start, they are met, and enough is new since the newest version.
    ``blocked`` is a sentence why a run cannot start, else empty, and ``remedy`` what would help. ``tuned``
    says what would be tuned, and why.
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
    basis: Basis = Basis.GUESS
    resumable: bool = False
    enough: bool = False
    reviewed: int = 0
    needs: tuple[Need, ...] = ()
    one_sided: int = 0
    blocked: str = ""
    remedy: Remedy = Remedy.NONE
    tuned: str = ""

    @property
    def judged(self) -> bool:
        """Whether a version trained now would be judged."""
        return bool(self.needs) and all(need.met for need in self.needs)

    @property
    def new(self) -> int:
        """Answers and reviews since the newest version."""
        return self.new_labels + self.new_reviews

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One epoch of one part of a run.

    ``part`` counts from 1; ``fold`` is held out, None in the part over all images. ``loss`` is the mean of
    the epoch; the others are mean average precisions on the held-out fold, None if unknown.
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
    """Average precision of the suggestions with either version, None with too few labels."""

    category: str
    yes: int
    a: float | None
    b: float | None
    band: Band = Band.TAIL


@dataclass(frozen=True, slots=True)
class VersionComparison:
    """Two versions compared on the present labels.

    ``verdict`` says in a sentence whether b would be activated in place of a, ``reason`` only why, ``ground``
    the same as a value. Without ``bands`` there are too few labels to judge.
    """

    a: str
    b: str
    b_is_better: bool
    verdict: str
    reason: str
    bands: Sequence[BandComparison]
    categories: Sequence[CategoryComparison]
    ground: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Flip:
    """A suggestion that only one of two versions makes; calibrated probabilities."""

    image_id: int
    category_id: int
    category: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison of two versions, and the suggestions that flip between them, largest changes first."""

    comparison: VersionComparison
    flips: Sequence[Flip]
