"""A simulated annotator that reviews one image after another from known ground truth.

Every answer goes through the same services as a person's (ledger, durable commit, live learning), so the
measurements, including speed, are those of the program.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.domain.changes import ChangeSet
from app.domain.errors import CancelledError
from app.domain.labels import Decision, LabelState, Origin
from app.domain.progress import ProgressCallback, RateMeter, StopCheck
from app.services.labelling.decisions import decide, review
from app.services.project.project import Project

Truth = Mapping[int, frozenset[int]]
"""The ids of the categories that each image id really has."""


@dataclass(slots=True)
class SimulationReport:
    """``decision_seconds``: per review, the time from the answer to a durable commit and updated scores."""

    reviewed: int = 0
    decisions: int = 0
    decision_seconds: list[float] = field(default_factory=list)

    @property
    def median_decision_seconds(self) -> float | None:
        return float(np.median(self.decision_seconds)) if self.decision_seconds else None


def random_order(image_ids: Sequence[int], seed: int) -> list[int]:
    """The images in random order: unbiased, and the hardest order for finding rare categories."""
    return [image_ids[i] for i in np.random.default_rng(seed).permutation(len(image_ids))]


def simulate_reviews(
    project: Project,
    truth: Truth,
    order: Sequence[int],
    *,
    origin: Origin,
    on_change: Callable[[ChangeSet], None] | None = None,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> SimulationReport:
    """Review the images of ``order`` one by one: yes for the categories they have, then "reviewed".

    ``origin`` describes how the order was chosen; ``on_change`` gets every change. Raises CancelledError when
    ``should_stop`` returns True; the reviews so far are kept.
    """
    report = SimulationReport()
    meter = RateMeter("reviewing", len(order))
    for image_id in order:
        if should_stop is not None and should_stop():
            raise CancelledError(
                f"The simulation was stopped after {report.reviewed} reviews; they are kept."
            )
        started = time.perf_counter()
        present = truth.get(image_id, frozenset())
        for change in _review_one(project, image_id, present, origin):
            if on_change is not None:
                on_change(change)
        report.decision_seconds.append(time.perf_counter() - started)
        report.decisions += len(present) + 1
        report.reviewed += 1
        if on_progress is not None:
            on_progress(meter.progress(report.reviewed))
    return report


def _review_one(
    project: Project, image_id: int, present: frozenset[int], origin: Origin
) -> tuple[ChangeSet, ChangeSet]:
    answers = [Decision(image_id, category, LabelState.YES) for category in sorted(present)]
    return decide(project, answers, origin=origin), review(project, [image_id], origin=origin)
