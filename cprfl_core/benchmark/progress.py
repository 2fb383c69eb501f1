"""Writes the progress of a benchmark run to a stream: training, epoch, rate and remaining time."""

import time
from collections.abc import Callable
from typing import Final, TextIO

from cprfl_core.evaluation.evidence import BANDS
from cprfl_core.training.events import (
    TrainingEpoch,
    TrainingEvent,
    TrainingProgress,
    TrainingStarted,
    TrainingWarning,
)
from cprfl_core.training.options import EpochRecord

_SECONDS_BETWEEN: Final = 5.0


class Watcher:
    """Reports progress; ``title`` names the current training, such as ``seed 0, fold 2 of 5``."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self.title = ""
        self._stream, self._clock = stream, clock
        self._last_time = -_SECONDS_BETWEEN
        self._epochs = 0

    def write(self, sentence: str) -> None:
        """Write a line immediately."""
        self._stream.write(f"{f'{self.title}: ' if self.title else ''}{sentence}\n")
        self._stream.flush()

    def on_event(self, event: TrainingEvent, epochs: int) -> None:
        """Report an event of a training that ends after ``epochs``."""
        match event:
            case TrainingStarted():
                self._started(event, epochs)
            case TrainingProgress() if self._clock() - self._last_time >= _SECONDS_BETWEEN:
                self._last_time = self._clock()
                per_epoch = event.steps // self._epochs
                self.write(
                    f"epoch {event.epoch} of {epochs}, step {event.step} of {per_epoch * epochs}, "
                    f"loss {event.loss:.4g}{_pace(event, per_epoch * epochs)}"
                )
            case TrainingEpoch():
                self.write(_epoch(event.record, epochs))
            case TrainingWarning():
                self.write(event.sentence)
            case _:
                pass

    def scoring(self, done: int, total: int) -> None:
        """Report the number of test images scored."""
        if done == total or self._clock() - self._last_time >= _SECONDS_BETWEEN:
            self._last_time = self._clock()
            self.write(f"scored {done} of {total} images")

    def _started(self, event: TrainingStarted, epochs: int) -> None:
        self._epochs = event.epochs
        per_epoch = event.steps // event.epochs
        begun = f", resuming from step {event.resumed_at}" if event.resumed_at else ""
        self.write(
            f"{event.images} images, {event.categories} categories, {event.trained / 1e6:.1f} M weights, "
            f"{epochs} epochs of {per_epoch} steps in {event.precision} on {event.device}{begun}"
        )


def _pace(event: TrainingProgress, last_step: int) -> str:
    if event.rate is None or event.remaining is None:
        return ""
    # The schedule may be longer than the training.
    share = max(last_step - event.step, 0) / max(event.steps - event.step, 1)
    return f", {event.rate:.3g} images/s, {duration(event.remaining * share)} left"


def _epoch(record: EpochRecord, epochs: int) -> str:
    scores = [f"{name} {100 * value:.2f}" for name in BANDS if (value := getattr(record, name)) is not None]
    metrics = f", mAP {', '.join(scores)}" if scores else ""
    done = f"epoch {record.epoch} of {epochs} done in {duration(record.seconds)}"
    return f"{done}, loss {record.loss:.4g}{metrics}"


def duration(seconds: float) -> str:
    """A duration in seconds, minutes or hours."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
