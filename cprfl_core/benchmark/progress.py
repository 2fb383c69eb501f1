"""How a benchmark run goes, in lines on a stream: which training, epoch, rate and what is left of it."""

import time
from collections.abc import Callable
from typing import Final, TextIO

from cprfl_core.training_events import (
    TrainingEpoch,
    TrainingEvent,
    TrainingProgress,
    TrainingStarted,
    TrainingWarning,
)
from cprfl_core.training_options import EpochRecord

_SECONDS_BETWEEN: Final = 5.0


class Watcher:
    """Tells what happens; ``title`` names the training that is under way, such as ``seed 0, fold 2 of 5``."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self.title = ""
        self._stream, self._clock = stream, clock
        self._told = -_SECONDS_BETWEEN
        self._epochs = 0

    def say(self, sentence: str) -> None:
        """Write a line at once."""
        self._stream.write(f"{f'{self.title}: ' if self.title else ''}{sentence}\n")
        self._stream.flush()

    def on_event(self, event: TrainingEvent, epochs: int) -> None:
        """Tell an event of a training that ends after ``epochs``."""
        match event:
            case TrainingStarted():
                self._started(event, epochs)
            case TrainingProgress() if self._clock() - self._told >= _SECONDS_BETWEEN:
                self._told = self._clock()
                per_epoch = event.steps // self._epochs
                self.say(
                    f"epoch {event.epoch} of {epochs}, step {event.step} of {per_epoch * epochs}, "
                    f"loss {event.loss:.4g}{_pace(event, per_epoch * epochs)}"
                )
            case TrainingEpoch():
                self.say(_epoch(event.record, epochs))
            case TrainingWarning():
                self.say(event.sentence)
            case _:
                pass

    def scoring(self, done: int, total: int) -> None:
        """Tell how many images of a test are scored."""
        if done == total or self._clock() - self._told >= _SECONDS_BETWEEN:
            self._told = self._clock()
            self.say(f"scored {done} of {total} images")

    def _started(self, event: TrainingStarted, epochs: int) -> None:
        self._epochs = event.epochs
        per_epoch = event.steps // event.epochs
        begun = f", going on from step {event.resumed_at}" if event.resumed_at else ""
        self.say(
            f"{event.images} images, {event.categories} categories, {event.trained / 1e6:.1f} M weights, "
            f"{epochs} epochs of {per_epoch} steps in {event.precision} on {event.device}{begun}"
        )


def _pace(event: TrainingProgress, last_step: int) -> str:
    if event.rate is None or event.remaining is None:
        return ""
    # The schedule may be longer than what is trained of it.
    share = max(last_step - event.step, 0) / max(event.steps - event.step, 1)
    return f", {event.rate:.3g} images/s, {duration(event.remaining * share)} left"


def _epoch(record: EpochRecord, epochs: int) -> str:
    judged = [
        f"{name} {100 * value:.2f}"
        for name in ("total", "head", "medium", "tail")
        if (value := getattr(record, name)) is not None
    ]
    told = f", mAP {', '.join(judged)}" if judged else ""
    return (
        f"epoch {record.epoch} of {epochs} done in {duration(record.seconds)}, loss {record.loss:.4g}{told}"
    )


def duration(seconds: float) -> str:
    """Seconds, minutes or hours, as a person says it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
