"""The training loop over epochs and batches: checks for a stop, reports progress, writes checkpoints."""

from __future__ import annotations

import copy
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.errors import TrainingError
from cprfl_core.evaluation.metrics import average_precision, long_tail_report
from cprfl_core.training.checkpoints import Position, load_checkpoint, save_checkpoint
from cprfl_core.training.data import Batch
from cprfl_core.training.events import (
    TrainingEpoch,
    TrainingEvent,
    TrainingFinished,
    TrainingProgress,
    TrainingStarted,
)
from cprfl_core.training.options import EpochRecord
from cprfl_core.training.schedule import pace
from cprfl_core.training.step import NotFiniteError, Stepper

_CHECKPOINT_SECONDS: Final = 300.0
_PROGRESS_SECONDS: Final = 0.1
_RATE_SECONDS: Final = 15.0

OnEvent = Callable[[TrainingEvent], None]


class Data(Protocol):
    """Images with labels; implemented by `PatchData` and `ImageData`."""

    images: int
    skipped: int
    steps_per_epoch: int

    def epoch(self, epoch: int, start: int) -> Iterator[Batch]: ...

    def in_order(self, size: int) -> Iterator[Batch]: ...


class Loop:
    """One run, from its checkpoint or from the start, to its end or a stop."""

    def __init__(
        self,
        stepper: Stepper,
        data: Data,
        *,
        validation: Data | None,
        train_positives: NDArray[np.int64] | None,
        folder: Path | None,
        run: dict[str, Any],
        on_event: OnEvent,
        should_stop: Callable[[], bool],
    ) -> None:
        self.stepper, self.data, self.options = stepper, data, stepper.options
        self.position = Position()
        self.stopped = False
        self._validation, self._train_positives = validation, train_positives
        self._folder, self._run = folder, run
        self._on_event, self._should_stop = on_event, should_stop
        self._clock = _Clock(0)
        self._began = self._written = self._last_progress = time.monotonic()

    def go(self) -> None:
        """Train.

        Raises:
            TrainingError: the numbers are not finite; names epoch and step. The last checkpoint is kept.
            DeviceMemoryError, InputError, ModelFileError: from steps and checkpoints.
        """
        if self._folder is not None:
            self.position = load_checkpoint(self._folder, self._run, self.stepper) or self.position
        self._clock = _Clock(self.position.step)
        self._report_start()
        position = self.position
        while len(position.history) < self.options.epochs and not self.stopped:
            epoch = len(position.history)
            self._rest_of_epoch(epoch, position.step - epoch * self.data.steps_per_epoch)
            began = time.monotonic()
            if not self.stopped:
                self._end_epoch()
            self._save()
            self._clock.between_epochs(time.monotonic() - began)
        seconds = time.monotonic() - self._began
        epochs = len(position.history)
        self._on_event(TrainingFinished(epochs, position.step, self.stopped, seconds))

    def _rest_of_epoch(self, epoch: int, start: int) -> None:
        position = self.position
        since = time.monotonic()
        batches = self.data.epoch(epoch, start)
        with ExitStack() as stack:
            if close := getattr(batches, "close", None):
                stack.callback(close)
            for _ in range(start, self.data.steps_per_epoch):
                if self._should_stop():
                    self.stopped = True
                    return
                self._step(next(batches), epoch)
                now = time.monotonic()
                position.seconds, since = position.seconds + now - since, now
                if now - self._written > _CHECKPOINT_SECONDS:
                    self._save()

    def _step(self, batch: Batch, epoch: int) -> None:
        position, steps = self.position, self.stepper.steps
        try:
            loss = self.stepper.step(batch, position.step)
        except NotFiniteError as error:
            kept = "; the last checkpoint is kept" if self._folder is not None else ""
            wider = "" if self.options.precision == "float32" else ", or float32"
            raise TrainingError(
                f"Training failed in epoch {epoch + 1} at step {position.step + 1} of {steps}: {error}. "
                f"Use a learning rate below {self.options.learning_rate:g}{wider}{kept}."
            ) from error
        position.skipped += int((batch.targets < 0).all(1).sum())
        if loss is not None:
            position.loss_sum, position.loss_steps = position.loss_sum + loss, position.loss_steps + 1
        position.step += 1
        self._clock.mark(position.step, len(batch))
        now = time.monotonic()
        if now - self._last_progress >= _PROGRESS_SECONDS or position.step % self.data.steps_per_epoch == 0:
            self._last_progress = now
            rate, remaining = self._clock.rate(steps - position.step, self.data.steps_per_epoch)
            self._on_event(
                TrainingProgress(
                    epoch + 1, position.step, steps, self._mean_loss(), self._rate(), rate, remaining
                )
            )

    def _end_epoch(self) -> None:
        position = self.position
        began = time.monotonic()
        report = self._validate()
        if self.stopped:  # the epoch ends after resuming
            return
        seconds = position.seconds + time.monotonic() - began
        record = EpochRecord(
            len(position.history) + 1, self._mean_loss(), self._rate(), round(seconds, 3), **report
        )
        position.history.append(record)
        if self.options.keep == "best" and self._is_best(record):
            position.best_epoch = record.epoch
            position.best = copy.deepcopy(self.stepper.average.network.state_dict())
        position.skipped_before = position.skipped
        position.loss_sum, position.loss_steps, position.seconds, position.skipped = 0.0, 0, 0.0, 0
        self._on_event(TrainingEpoch(record))

    def _validate(self) -> dict[str, Any]:
        if self._validation is None:
            return {}
        network = self.stepper.average.network.eval()
        scores, targets = [], []
        for batch in self._validation.in_order(self.options.batch_size):
            if self._should_stop():
                self.stopped = True
                return {}
            scores.append(self.stepper.logits(network, batch).numpy())
            targets.append(batch.targets.numpy())
        logits = np.concatenate(scores)
        if not np.isfinite(logits).all():
            raise TrainingError(
                f"Scores of the averaged weights of epoch {len(self.position.history) + 1} are not finite; "
                "use float32 or a smaller learning rate."
            )
        ap = average_precision(logits, np.concatenate(targets))
        if self._train_positives is None:
            known = ap[~np.isnan(ap)]
            total = float(known.mean()) if known.size else None
            return {"total": total, "absent": int(np.isnan(ap).sum())}
        return long_tail_report(ap, self._train_positives)

    def _is_best(self, record: EpochRecord) -> bool:
        best = self.position.best_epoch
        if record.total is None or best is None:
            return record.total is not None
        before = self.position.history[best - 1].total
        return before is None or record.total > before

    def _mean_loss(self) -> float:
        return self.position.loss_sum / max(self.position.loss_steps, 1)

    def _rate(self) -> float:
        """The learning rate of the last step."""
        step = max(self.position.step - 1, 0)
        options = self.options
        return options.learning_rate * pace(options.schedule, step, self.stepper.steps, options.warmup).rate

    def _save(self) -> None:
        if self._folder is not None:
            save_checkpoint(self._folder, self._run, self.stepper, self.position)
        self._written = time.monotonic()

    def _report_start(self) -> None:
        self._on_event(
            TrainingStarted(
                images=self.data.images,
                skipped=self.data.skipped,
                categories=len(self.stepper.network.text_features),
                epochs=self.options.epochs,
                steps=self.stepper.steps,
                resumed_at=self.position.step,
                batch_size=self.options.batch_size,
                device=str(self.stepper.device),
                precision=self.options.precision,
                trained=sum(weight.numel() for weight in self.stepper.network.learning()),
            )
        )


class _Clock:
    """Recent images per second, so that a slow start does not matter for long, and the remaining time."""

    def __init__(self, step: int) -> None:
        self._marks: deque[tuple[float, int, int]] = deque([(time.monotonic(), step, 0)])
        self._images = 0
        self._between = 0.0

    def mark(self, step: int, images: int) -> None:
        """Record a completed step."""
        now = time.monotonic()
        self._images += images
        self._marks.append((now, step, self._images))
        while len(self._marks) > 2 and now - self._marks[0][0] > _RATE_SECONDS:
            self._marks.popleft()

    def between_epochs(self, seconds: float) -> None:
        """Exclude the duration of validation and checkpoint from the rate."""
        self._between = seconds
        self._marks = deque((then + seconds, step, images) for then, step, images in self._marks)

    def rate(self, steps_left: int, steps_per_epoch: int) -> tuple[float | None, float | None]:
        """Images per second and seconds left."""
        (since, step_before, before), (now, step, images) = self._marks[0], self._marks[-1]
        if now <= since or step == step_before:
            return None, None
        remaining = steps_left * (now - since) / (step - step_before)
        remaining += -(-steps_left // steps_per_epoch) * self._between
        return (images - before) / (now - since), remaining
