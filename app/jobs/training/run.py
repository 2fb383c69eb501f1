"""One training run as the window shows it: its curves, its log, how it ended. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.domain.language import number, translate
from app.domain.models import BANDS, Verdict
from app.domain.progress import Phase
from app.domain.training import CurvePoint
from app.jobs.values.session import JobInfo, JobPhase

ALL_IMAGES: Final = "None"
"""The key of the curve over all images in a version's card."""


@dataclass(frozen=True, slots=True)
class RunEnding:
    """How a run ended. ``version`` is None if none was made; ``activated``: it is in use."""

    sentence: str
    verdict: Verdict | None = None
    """Of the version: why it is in use or not."""
    version: str | None = None
    activated: bool = False
    stopped: bool = False
    trouble: bool = False
    """It failed, or its worker crashed."""
    unfinished: bool = False
    """It can be resumed."""


@dataclass
class TrainingRun:
    """``points`` in the order of training; each line of the ``log`` starts with its time."""

    job: JobInfo
    points: list[CurvePoint] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    ending: RunEnding | None = None
    estimate: float | None = None
    """Seconds that it would take, guessed before it began."""

    @property
    def active(self) -> bool:
        return self.ending is None

    @property
    def parts(self) -> int:
        """0 before the first part has begun."""
        return self.job.parts or (self.points[-1].parts if self.points else 0)

    @property
    def judging(self) -> bool:
        return self.job.phase is Phase.JUDGING

    @property
    def can_keep(self) -> bool:
        """Whether stopping now leaves a version: every fold is done (docs/decisions/0175)."""
        last = self.points[-1] if self.points else None
        if last is None or self.judging or self.job.state is not JobPhase.RUNNING:
            return False
        return last.fold is None

    def follow(self, job: JobInfo) -> bool:
        """Take over the state of the job; return whether it has reached another stage."""
        stage = job.stage != self.job.stage and bool(job.stage)
        self.job = job
        if stage:
            self.note(job.stage)
        return stage

    def note(self, line: str) -> None:
        """Add a line to the log."""
        self.log.append(f"{datetime.now():%H:%M:%S}  {line}")

    def hear(self, point: CurvePoint) -> None:
        """Add a point of the curves. It replaces this and later points of before a resumption."""
        place = (point.part, point.epoch)
        self.points = [one for one in self.points if (one.part, one.epoch) < place]
        self.points.append(point)
        self.note(point_words(point))


def point_words(point: CurvePoint) -> str:
    """A point as a line of the log."""
    held_out = (
        translate("Jobs", "all images")
        if point.fold is None
        else translate("Jobs", "fold {part} held out").format(part=point.part)
    )
    words = translate("Jobs", "Part {part} of {parts} ({held_out}), epoch {epoch} of {epochs}").format(
        part=point.part, parts=point.parts, held_out=held_out, epoch=point.epoch, epochs=point.epochs
    )
    numbers = [translate("Jobs", "loss {loss}").format(loss=number(point.loss, 4))]
    for band in BANDS:
        value = getattr(point, band)
        if value is not None:
            numbers.append(f"{band} {value:.3f}")
    return f"{words}: {', '.join(numbers)}"


def points_of(curves: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[CurvePoint]:
    """The curves of a version's card as points; malformed records are left out."""
    names = sorted((name for name in curves if name.lstrip("-").isdigit()), key=int)
    order = [*names, *(name for name in curves if name == ALL_IMAGES)]
    found = []
    for part, name in enumerate(order, start=1):
        records = curves[name]
        for record in records:
            try:
                found.append(
                    CurvePoint(
                        part,
                        len(order),
                        None if name == ALL_IMAGES else int(name),
                        int(record["epoch"]),
                        len(records),
                        float(record["loss"]),
                        *(_known(record.get(band)) for band in BANDS),
                    )
                )
            except (KeyError, TypeError, ValueError):
                continue
    return found


def _known(value: Any) -> float | None:
    return None if value is None else float(value)
