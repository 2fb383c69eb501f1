"""Work for the model, one piece after another, on a thread of its own with the window's worker process."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot

from app.domain.errors import CancelledError
from app.domain.progress import Progress, ProgressCallback, StopCheck
from app.jobs.receivers import Receiver
from app.jobs.worker_process import WorkerProcess
from app.jobs.worker_runner import WorkerRunner
from app.protocol.messages import Cancelled, Completed, DeviceInfo, Event, JobCommand, Started, Terminal
from app.services.runner import EventCallback, Interruption, WorkInterrupted

CLOSE_SECONDS: Final = 12.0
"""With what storage and pictures may take to end, a window is closed within 20 seconds."""
TELL_SECONDS: Final = 0.1
"""Progress is told at most this often."""

log = logging.getLogger(__name__)

Work = Callable[["ModelQueue", ProgressCallback, StopCheck], Any]
"""Called on the queue's thread with the queue, which is a Runner; what it returns or raises is delivered."""


@dataclass(eq=False, slots=True)
class Task:
    """One piece of work. ``error`` is what it raised; ``stop`` asks it to end soon, ``why`` for what reason
    it is to go on later."""

    number: int
    work: Work
    then: Receiver | None
    failed: Receiver | None
    on_progress: Receiver | None
    stop: bool = False
    unwanted: bool = False
    why: Interruption | None = None
    result: Any = None
    error: BaseException | None = None
    told: float = 0.0


class ModelQueue(QObject):
    """One accelerator job at a time. Has no parent; the owner closes it.

    Results and progress arrive on the thread that made the queue, in methods of living QObjects.
    """

    device_known = Signal(str, str)
    """Name of the device on which the model runs, and why it was chosen."""
    _arrived = Signal()

    def __init__(self, worker: WorkerProcess | None = None) -> None:
        super().__init__()
        self._worker = worker or WorkerProcess()
        self._worker.setParent(self)
        self._worker.event_received.connect(self._hear_worker)
        self._runner = WorkerRunner(self._worker, self)
        self._condition = threading.Condition()
        self._waiting: deque[Task] = deque()
        self._news: deque[tuple[Task, Progress | None]] = deque()
        self._running: Task | None = None
        self._closing = False
        self._device: str | None = None
        self._count = 0
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="model", daemon=True)
        self._thread.start()

    @property
    def worker(self) -> WorkerProcess:
        return self._worker

    def submit(
        self,
        work: Work,
        *,
        then: Callable[[Any], Any] | None = None,
        failed: Callable[[BaseException], Any] | None = None,
        on_progress: Callable[[Progress], Any] | None = None,
    ) -> Task:
        """Do ``work`` after what waits already. Raises RuntimeError after close()."""
        self._count += 1
        task = Task(self._count, work, Receiver.of(then), Receiver.of(failed), Receiver.of(on_progress))
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
                stopped = CancelledError("The work was stopped before it had begun.")
                task.error = stopped if task.why is None else WorkInterrupted(task.why)
        if waiting:
            self._tell(task, None)

    def discard(self, task: Task) -> None:
        """As cancel(), but a result of which a part is there already is an end with CancelledError too."""
        task.unwanted = True
        self.cancel(task)

    def interrupt(self, task: Task, why: Interruption) -> None:
        """As cancel(), but the work ends with WorkInterrupted: it keeps what it needs to go on later."""
        task.why = why
        self.cancel(task)

    def use_device(self, device: str | None) -> None:
        """Jobs that begin from now on compute there; None lets the worker choose the fastest."""
        self._device = device

    def is_running(self, task: Task) -> bool:
        return self._running is task

    @property
    def closed(self) -> bool:
        """Nothing is taken any more."""
        return self._closing

    @property
    def pending(self) -> int:
        with self._condition:
            return len(self._waiting) + (self._running is not None) + len(self._news)

    def close(self, limit: float = CLOSE_SECONDS) -> bool:
        """Stop what runs, drop what waits, end the worker process. Idempotent.

        False when a piece of work does not end within ``limit`` seconds; nothing is heard of it any more.
        """
        with self._condition:
            self._closing = True
            self._waiting.clear()
            if self._running is not None:
                if not self._running.stop:  # else it has been cancelled or paused, and stays so
                    self._running.why = Interruption.CLOSED
                self._running.stop = True
            self._condition.notify_all()
        deadline = time.monotonic() + limit
        while True:
            # The thread may be on the way into the worker: that call is queued for this one.
            self._worker.close()
            self._thread.join(0.05)
            if not self._thread.is_alive() or time.monotonic() > deadline:
                break
            QCoreApplication.sendPostedEvents(self._runner)
        self._worker.close()
        self._news.clear()
        if self._thread.is_alive():
            log.error("closed while a piece of work for the model still runs")
        return not self._thread.is_alive()

    # --- on the queue's thread

    def run(
        self, command: JobCommand, on_event: EventCallback, should_stop: StopCheck | None = None
    ) -> Terminal:
        """A services.runner.Runner that starts nothing any more once the work is interrupted.

        Raises WorkInterrupted when that ends the job.
        """
        if self._closing:
            self.raise_interruption()
            raise WorkInterrupted(Interruption.CLOSED)

        def stop() -> bool:
            return self._closing or (should_stop is not None and should_stop())

        device = self._device
        if device is not None and "device" in type(command).model_fields:
            command = command.model_copy(update={"device": device})

        def hear(event: Event) -> None:
            if device is not None and isinstance(event, Started):
                self.device_known.emit(event.device, "You chose this device in the preferences.")
            on_event(event)

        terminal = self._runner.run(command, hear, stop)
        if isinstance(terminal, Completed):
            early = getattr(terminal.result, "stopped", False)
        else:
            early = self._closing or isinstance(terminal, Cancelled)
        if early:
            self.raise_interruption()
        return terminal

    def is_unwanted(self) -> bool:
        """For work that could give something though it ended early: whether nobody wants that."""
        return self._running is not None and self._running.unwanted

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """For work in this process: its CancelledError is a WorkInterrupted where it is to go on later."""
        try:
            yield
        except CancelledError:
            self.raise_interruption()
            raise

    def raise_interruption(self) -> None:
        """For work that has ended early: raises WorkInterrupted where it is to go on later.

        Raises CancelledError where nothing of it is wanted.
        """
        running = self._running
        if running is not None and running.unwanted:
            raise CancelledError("The work was stopped and nothing of it was kept.")
        if running is not None and running.why is not None:
            raise WorkInterrupted(running.why)

    def _work(self) -> None:
        while (task := self._next()) is not None:
            try:
                task.result = task.work(self, self._teller(task), lambda task=task: task.stop)
            except BaseException as error:
                task.error = error
            with self._condition:
                self._running = None
            self._tell(task, None)

    def _next(self) -> Task | None:
        with self._condition:
            while not self._waiting:
                if self._closing:
                    return None
                self._condition.wait()
            self._running = self._waiting.popleft()
            return self._running

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

    @Slot(object)
    def _hear_worker(self, event: Event) -> None:
        if isinstance(event, DeviceInfo):
            self.device_known.emit(event.name or event.device, event.reason)


def _call(receiver: Receiver | None, value: Any) -> None:
    if receiver is not None:
        receiver.call(value)
