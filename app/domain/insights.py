"""The values behind the plots of the Insights place, and the table of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.domain.categories import Band
from app.domain.review import Interval

Cell = str | int | float | None
MOST_TOGETHER = 40
"""Categories in a matrix of those that occur together, unless another number is asked for."""


class Insight(StrEnum):
    """The plots, by the words of the command line."""

    COUNTS = "counts"
    TOGETHER = "together"
    QUALITY = "quality"
    RELIABILITY = "reliability"
    AGREEMENT = "agreement"
    DAYS = "days"
    SESSIONS = "sessions"
    MAP = "map"


class MapMethod(StrEnum):
    """How images are placed on the map."""

    PCA = "pca"
    TSNE = "tsne"


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a plot. Columns have names for programs; times are texts in ISO 8601."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """Images of one category: yes, no given by somebody, and no implied by a review."""

    category_id: int
    name: str
    band: Band
    yes: int
    no: int
    implied: int


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """``rows`` by descending yes, then by name; ``images`` of the project."""

    rows: Sequence[CategoryCount]
    images: int

    def table(self) -> Table:
        rows = [(one.name, one.band.value, one.yes, one.no, one.implied) for one in self.rows]
        return Table(("category", "band", "yes", "no", "no_implied"), rows)


@dataclass(frozen=True, slots=True)
class Together:
    """``counts[a][b]``: images with yes for both; on the diagonal those with yes for one category.

    ``names`` are the most frequent of ``categories`` categories, most frequent first; ``clustered``: their
    places in an order in which categories that occur together are neighbours.
    """

    names: Sequence[str]
    counts: Sequence[Sequence[int]]
    clustered: Sequence[int]
    categories: int

    def table(self) -> Table:
        """One row for each pair that occurs, most frequent first."""
        pairs = [
            (self.names[a], self.names[b], self.counts[a][b], self.counts[a][a], self.counts[b][b])
            for a in range(len(self.names))
            for b in range(a)
            if self.counts[a][b]
        ]
        pairs.sort(key=lambda pair: -pair[2])
        return Table(("category", "other", "images", "yes_category", "yes_other"), pairs)


@dataclass(frozen=True, slots=True)
class CategoryQuality:
    """``precision``: average precision on the labelled images, each scored without its own label."""

    category_id: int
    name: str
    band: Band
    yes: int
    precision: Interval


@dataclass(frozen=True, slots=True)
class Quality:
    """``too_few``: categories with too few labels for a number. ``estimated``: from a part of the labels."""

    rows: Sequence[CategoryQuality]
    too_few: int
    estimated: bool = False

    def table(self) -> Table:
        rows = [(one.name, one.band.value, one.yes, *_rounded(one.precision)) for one in self.rows]
        return Table(("category", "band", "yes", "ap_low", "ap", "ap_high"), rows)


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Answers whose suggested probability was in one range: the mean probability, the share of yes with its
    90 % interval, the number of answers, and their images."""

    predicted: float
    observed: Interval
    answers: int
    images: Sequence[int] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class Reliability:
    """``error``: the mean distance of probability and share of yes; None without answers."""

    bins: Sequence[ReliabilityBin]
    answers: int
    error: float | None

    def table(self) -> Table:
        rows = [(round(one.predicted, 4), *_rounded(one.observed), one.answers) for one in self.bins]
        return Table(("probability", "yes_share_low", "yes_share", "yes_share_high", "answers"), rows)


@dataclass(frozen=True, slots=True)
class AgreementBlock:
    """Successive answers to suggestions: ``yes`` answers and how many had been suggested (probability 0.5 or
    more), ``no`` answers and how many had not. Times in UTC."""

    first: int
    last: int
    since: datetime
    until: datetime
    yes: int
    yes_suggested: int
    no: int
    no_not_suggested: int
    images: Sequence[int] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class Agreement:
    """Blocks of equally many answers, oldest first."""

    blocks: Sequence[AgreementBlock]
    answers: int

    def table(self) -> Table:
        names = ("first", "last", "since", "until", "yes", "yes_suggested", "no", "no_not_suggested")
        rows: list[tuple[Cell, ...]] = [
            (
                one.first,
                one.last,
                _time(one.since),
                _time(one.until),
                one.yes,
                one.yes_suggested,
                one.no,
                one.no_not_suggested,
            )
            for one in self.blocks
        ]
        return Table(names, rows)


@dataclass(frozen=True, slots=True)
class Day:
    """A day in local time; ``minutes``: the time in sessions, None if that is too short to tell."""

    day: date
    decisions: int
    images: int
    minutes: float
    image_ids: Sequence[int] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class WorkSession:
    """Decisions without a long pause between them; times in UTC."""

    begin: datetime
    end: datetime
    decisions: int
    images: int
    image_ids: Sequence[int] = field(repr=False, default=())

    @property
    def minutes(self) -> float:
        return (self.end - self.begin).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class Pace:
    """What people decided one by one, bulk decisions and imports left out. Oldest first."""

    days: Sequence[Day]
    sessions: Sequence[WorkSession]

    def days_table(self) -> Table:
        rows = [(one.day.isoformat(), one.decisions, one.images, round(one.minutes, 1)) for one in self.days]
        return Table(("day", "decisions", "images", "minutes"), rows)

    def sessions_table(self) -> Table:
        rows: list[tuple[Cell, ...]] = [
            (_time(one.begin), _time(one.end), one.decisions, one.images, _digits(per_minute(one)))
            for one in self.sessions
        ]
        return Table(("begin", "end", "decisions", "images", "decisions_per_minute"), rows)


LEAST_DECISIONS = 5
LEAST_MINUTES = 0.2


def per_minute(session: WorkSession) -> float | None:
    """Decisions per minute; None for a session that is too short to tell."""
    if session.decisions < LEAST_DECISIONS or session.minutes < LEAST_MINUTES:
        return None
    return (session.decisions - 1) / session.minutes


def _rounded(interval: Interval) -> tuple[float, float, float]:
    return round(interval.low, 4), round(interval.middle, 4), round(interval.high, 4)


def _digits(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _time(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class ImageMap:
    """N images, as NumPy arrays: ``ids`` int64 [N] ascending, ``places`` float32 [N, 2]. ``missing``: the
    images with features that are not on it. ``made_at``: when a kept map was computed, None for one that was
    computed just now."""

    method: MapMethod
    ids: Any
    places: Any
    missing: int = 0
    made_at: datetime | None = None


class ColourBy(StrEnum):
    """What colours the images of a map."""

    REVIEW = "review"
    CATEGORIES = "categories"
    LABELS = "labels"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class MapColours:
    """For the images of a map: ``codes`` int16 [N] into ``names``, -1 for none of them; or ``scores``
    float32 [N], NaN for none."""

    by: ColourBy
    names: tuple[str, ...] = ()
    codes: Any = None
    scores: Any = None
    category_id: int | None = None


def table_of(
    insight: Insight, value: LabelCounts | Together | Quality | Reliability | Agreement | Pace
) -> Table:
    """The numbers behind a plot other than the map."""
    if isinstance(value, Pace):
        return value.sessions_table() if insight is Insight.SESSIONS else value.days_table()
    return value.table()
