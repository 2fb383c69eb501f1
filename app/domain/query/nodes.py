"""The tree of a query. Nodes are equal if they mean the same; their position (``at``) is ignored."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.categories import Band
from app.domain.labels import LabelState, Source


class Comparison(StrEnum):
    GREATER = ">"
    GREATER_EQUAL = ">="
    LESS = "<"
    LESS_EQUAL = "<="


class Property(StrEnum):
    """The words after ``is:``."""

    REVIEWED = "reviewed"
    UNREVIEWED = "unreviewed"
    OUTDATED = "outdated"
    LABELLED = "labelled"
    UNLABELLED = "unlabelled"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    DUPLICATE = "duplicate"
    CHANGED = "changed"


class SortKey(StrEnum):
    """The words after ``sort:``, beside ``sort:score:NAME``."""

    UNSURE = "unsure"
    TIME = "time"
    NAME = "name"
    FOLDER = "folder"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class HasState:
    """``NAME`` (yes), ``no:NAME`` (no, explicit or implied by review) or ``unknown:NAME`` (neither)."""

    name: str
    state: LabelState
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Suggested:
    """``suggested:NAME``: undecided, and the probability is at or above the threshold."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Unsure:
    """``unsure:NAME``: undecided, and the probability is near the threshold."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Score:
    """``score:NAME>=0.5``: the calibrated probability, whatever the label."""

    name: str
    comparison: Comparison
    value: float
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Is:
    word: Property


@dataclass(frozen=True, slots=True)
class FromSource:
    """``source:WORD``: has a current label from this source."""

    source: Source


@dataclass(frozen=True, slots=True)
class InBand:
    """``band:WORD``: has a yes or a suggestion in a category of this band."""

    band: Band


@dataclass(frozen=True, slots=True)
class PathLike:
    """``path:GLOB`` on the path inside the image folder, or on the name of the image."""

    glob: str


@dataclass(frozen=True, slots=True)
class DecidedWithin:
    """``decided:NUMBERd``: has a current label from the last NUMBER days."""

    days: float


Term = HasState | Suggested | Unsure | Score | Is | FromSource | InBand | PathLike | DecidedWithin


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Expr"


@dataclass(frozen=True, slots=True)
class And:
    """Two or more operands."""

    operands: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Two or more operands."""

    operands: tuple["Expr", ...]


Expr = Term | Not | And | Or


@dataclass(frozen=True, slots=True)
class SortByScore:
    """``sort:score:NAME``: highest probability first."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SortBy:
    key: SortKey


@dataclass(frozen=True, slots=True)
class SimilarTo:
    """``similar:"IMAGE"``: nearest to this image first."""

    image: str
    at: int = field(default=0, compare=False)


Order = SortByScore | SortBy | SimilarTo


@dataclass(frozen=True, slots=True)
class Query:
    """``expr`` None means every image; ``order`` None means by path. ``text`` is the source text."""

    expr: Expr | None = None
    order: Order | None = None
    limit: int | None = None
    text: str = field(default="", compare=False)
