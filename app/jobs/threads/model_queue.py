"""Work for the model, one piece after another, on a thread that owns the window's worker process."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from weakref import ref

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.errors import CancelledError
from app.domain.language import translate
from app.domain.progress import Progress, ProgressCallback, StopCheck
from app.domain.stored_words import device_words
from app.jobs.threads.receivers import Receiver
from app.protocol.messages import (
    Cancelled,
    Completed,
    DeviceInfo,
    EpochDone,
    Event,
    JobCommand,
    Started,
    Terminal,
    WorkerWarning,
)
from app.services.runner.runner import EventCallback, Interruption, WorkInterrupted
from app.services.runner.subprocess_runner import SubprocessRunner

CLOSE_SECONDS: Final = 12.0
"""Together with the limits of storage and pictures, the window closes within 20 seconds."""
TELL_SECONDS: Final = 0.1
"""Least time between two deliveries of progress."""

log = logging.getLogger(__name__)

Work = Callable[["ModelQueue", ProgressCallback, StopCheck], Any]
"""Called on the queue's thread with the queue, which is a Runner; what it returns or raises is delivered."""


@dataclass(eq=False, slots=True)
class Task:
    """One piece of work. ``error`` is what it raised; ``stop`` asks it to end soon, ``why`` says for what
    reason it will be resumed."""

    number: int
    work: Work
    then: Receiver | None
    failed: Receiver | None
    on_progress: Receiver | None
    brief: bool = False
    stop: bool = False
    unwanted: bool = False
    why: Interruption | None = None
    result: Any = None
    error: BaseException | None = None
    told: float = 0.0

    def should_stop(self) -> bool:
        return self.stop


class ModelQueue(QObject):
    """One accelerator job at a time. Has no parent; the owner closes it, and its deletion ends the worker.

    The worker starts with the first command; work that needs none, such as downloads, never starts it.
    Results and progress arrive on the thread that made the queue, in methods of living QObjects.
    """

    device_known = Signal(str, str)
    """Name of the device on which the model runs, and why it was chosen."""
    event_received = Signal(object)
    """An EpochDone or WorkerWarning of the running job; everything else reaches the work alone."""
    _arrived = Signal()

    def __init__(self, runner: SubprocessRunner | None = None, *, thread: str = "model") -> None:
        super().__init__()
        self._runner = runner or SubprocessRunner()
        self._condition = threading.Condition()
        self._waiting: deque[Task] = deque()
        self._news: deque[tuple[Task, Progress | None]] = deque()
        self._running: list[Task] = []  # the last one runs, between two parts of the one before it
        self._closing = False
        self._device: str | None = None
        self._fastest: str | None = None
        self._count = 0
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name=thread, daemon=True)
        self._thread.start()
        self.destroyed.connect(partial(_end_deleted, ref(self)))

    @property
    def worker_pid(self) -> int | None:
        """Process id of the worker; None while there is none."""
        return self._runner.pid

    def another_runner(self) -> SubprocessRunner:
        """With a worker of its own, for what cannot wait; whoever asks closes it."""
        return self._runner.another()

    def submit(
        self,
        work: Work,
        *,
        then: Callable[[Any], Any] | None = None,
        failed: Callable[[BaseException], Any] | None = None,
        on_progress: Callable[[Progress], Any] | None = None,
        brief: bool = True,
    ) -> Task:
        """Do ``work`` after what waits already. Raises RuntimeError after close().

        ``brief`` work does not wait for long work to end, only until it calls do_brief_work().
        """
        self._count += 1
        task = Task(
            self._count, work, Receiver.of(then), Receiver.of(failed), Receiver.of(on_progress), brief
        )
        with self._condition:
            if self._closing:
                raise RuntimeError("work was given to the model queue after it was closed")
            self._waiting.append(task)
            self._condition.notify_all()
        return task

    def cancel(self, task: Task) -> None:
        """The work ends soon, with a CancelledError; one that still waits never begins."""
        with self._condition:
            task.stop = True
            waiting = task in self._waiting
            if waiting:  # what runs before it may take hours
                self._waiting.remove(task)
                stopped = CancelledError(translate("Jobs", "The work was stopped before it had begun."))
                task.error = stopped if task.why is None else WorkInterrupted(task.why)
        if waiting:
            self._tell(task, None)

    def discard(self, task: Task) -> None:
        """As cancel(), but also work that would return a partial result ends with CancelledError."""
        task.unwanted = True
        self.cancel(task)

    def interrupt(self, task: Task, why: Interruption) -> None:
        """As cancel(), but the work ends with WorkInterrupted: it keeps what it needs to be resumed."""
        task.why = why
        self.cancel(task)

    def use_device(self, device: str | None) -> None:
        """Jobs that begin from now on compute there; None lets the worker choose the fastest."""
        self._device = device

    @property
    def device(self) -> str | None:
        """Where the next job computes; None while the worker has not chosen."""
        return self._device or self._fastest

    def is_running(self, task: Task) -> bool:
        return task in self._running

    @property
    def closed(self) -> bool:
        """Whether submit() would raise."""
        return self._closing

    @property
    def pending(self) -> int:
        with self._condition:
            return len(self._waiting) + len(self._running) + len(self._news)

    def close(self, limit: float = CLOSE_SECONDS) -> bool:
        """Stop what runs, drop what waits, end the worker. Nothing is delivered afterwards. Idempotent.

        False if the running work has not ended after ``limit`` seconds; its worker is killed all the same.
        """
        self._begin_to_close()
        self._thread.join(limit)
        self._news.clear()
        if self._thread.is_alive():
            log.error("closed while a piece of work for the model still runs")
            self._runner.kill()
        return not self._thread.is_alive()

    def _begin_to_close(self) -> None:
        with self._condition:
            self._closing = True
            self._waiting.clear()
            for task in self._running:
                if not task.stop:  # else it has been cancelled or paused, and stays so
                    task.why = Interruption.CLOSED
                task.stop = True
            self._condition.notify_all()
        self._runner.end_soon()

    # --- on the queue's thread

    def run(
        self, command: JobCommand, on_event: EventCallback, should_stop: StopCheck | None = None
    ) -> Terminal:
        """Run ``command`` in the worker, as services.runner.Runner says.

        Raises WorkInterrupted or CancelledError if the work was paused, discarded or closed.
        """
        device = self._device
        if device is not None and "device" in type(command).model_fields:
            command = command.model_copy(update={"device": device})

        def hear(event: Event) -> None:
            self._tell_window(event, chosen=device is not None)
            on_event(event)

        terminal = self._runner.run(command, hear, should_stop)
        if isinstance(terminal, Completed):
            early = getattr(terminal.result, "stopped", False)
        else:
            early = self._closing or isinstance(terminal, Cancelled)
        if early:
            self.raise_interruption()
        return terminal

    def is_unwanted(self) -> bool:
        """For work that has a partial result: whether it was discarded."""
        return self._current is not None and self._current.unwanted

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """For work in this process: turns its CancelledError into WorkInterrupted if it will be resumed."""
        try:
            yield
        except CancelledError:
            self.raise_interruption()
            raise

    def raise_interruption(self) -> None:
        """For work that has ended early.

        Raises WorkInterrupted if it will be resumed, CancelledError if it was discarded.
        """
        current = self._current
        if current is not None and current.unwanted:
            raise CancelledError(translate("Jobs", "The work was stopped; nothing was kept."))
        if current is not None and current.why is not None:
            raise WorkInterrupted(current.why)

    def do_brief_work(self) -> None:
        """For long work, between two of its parts: do the brief work that waits."""
        while (task := self._next_brief()) is not None:
            self._do(task)

    @property
    def _current(self) -> Task | None:
        return self._running[-1] if self._running else None

    def _tell_window(self, event: Event, chosen: bool) -> None:
        match event:
            case DeviceInfo():
                self._fastest = event.device
                self.device_known.emit(event.name or event.device, device_words(event.reason))
            case Started() if chosen:
                self.device_known.emit(
                    event.device, translate("Jobs", "You chose this device in the preferences.")
                )
            case EpochDone() | WorkerWarning():
                self.event_received.emit(event)

    def _work(self) -> None:
        while (task := self._next()) is not None:
            self._do(task)
        self._runner.close()

    def _do(self, task: Task) -> None:
        """Do the task that was begun last."""
        try:
            task.result = task.work(self, self._teller(task), task.should_stop)
        except BaseException as error:
            task.error = error
        with self._condition:
            self._running.remove(task)
        self._tell(task, None)

    def _next(self) -> Task | None:
        with self._condition:
            while not self._waiting:
                if self._closing:
                    return None
                self._condition.wait()
            task = self._waiting.popleft()
            self._running.append(task)
            return task

    def _next_brief(self) -> Task | None:
        with self._condition:
            task = next((one for one in self._waiting if one.brief), None)
            if task is not None:
                self._waiting.remove(task)
                self._running.append(task)
            return task

    def _teller(self, task: Task) -> ProgressCallback:
        def tell(progress: Progress) -> None:
            now = time.monotonic()
            if now - task.told >= TELL_SECONDS or progress.done == progress.total:
                task.told = now
                self._tell(task, progress)

        return tell

    def _tell(self, task: Task, progress: Progress | None) -> None:
        with self._condition:
            self._news.append((task, progress))
            if not self._closing:
                self._arrived.emit()

    # --- in the owner's thread

    @Slot()
    def _deliver(self) -> None:
        while self._news:
            task, progress = self._news.popleft()
            if progress is not None:
                _call(task.on_progress, progress)
            elif task.error is not None:
                _call(task.failed, task.error)
            else:
                _call(task.then, task.result)


def _end_deleted(deleted: "ref[ModelQueue]") -> None:
    queue = deleted()
    if queue is not None:  # its thread holds it until it is closed
        queue._begin_to_close()
        queue._runner.kill()


def _call(receiver: Receiver | None, value: Any) -> None:
    if receiver is not None:
        receiver.call(value)
