"""Lets a service that blocks in a thread of its own use the window's worker."""

import queue
import threading
from functools import partial

from PySide6.QtCore import QObject, QThread, Signal

from app.domain.progress import StopCheck
from app.jobs.worker_process import WorkerProcess
from app.protocol.messages import Crashed, Event, JobCommand, SentTerminal, Terminal
from app.services.runner import EventCallback
from app.services.worker_launch import crash

POLL = 0.05


class WorkerRunner(QObject):
    """A services.runner.Runner over a WorkerProcess: lives in that one's thread and is called from others.

    The jobs of several threads wait for each other. Closing or deleting the worker ends the job of a waiting
    thread like any other end.
    """

    _wanted = Signal(object)
    _unwanted = Signal(str)

    def __init__(self, worker: WorkerProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._told: queue.SimpleQueue[Event | Crashed | _Refusal] = queue.SimpleQueue()
        self._one_job = threading.Lock()
        self._job: str | None = None
        self._wanted.connect(self._begin)
        self._unwanted.connect(self._stop)
        worker.event_received.connect(self._hear)
        worker.finished.connect(self._hear_end)
        gone = crash(None, None, (), "The worker process was ended together with the window.")
        worker.destroyed.connect(partial(self._told.put, gone))

    def run(
        self, command: JobCommand, on_event: EventCallback, should_stop: StopCheck | None = None
    ) -> Terminal:
        """As the protocol says, in the calling thread; the callbacks are called in it too.

        Raises RuntimeError in the worker's own thread, or when the worker runs a job of somebody else.
        """
        if QThread.currentThread() is self.thread():
            raise RuntimeError("a job that blocks must not run in the thread of the event loop")
        with self._one_job:
            self._wanted.emit(command)
            try:
                return self._follow(command.job, on_event, should_stop or _never)
            except _Refusal as refusal:
                raise RuntimeError(str(refusal)) from refusal
            except BaseException:
                # a bug in a callback: the job has lost its listener and must end before the next one
                self._unwanted.emit(command.job)
                self._follow(command.job, _ignore, _never)
                raise

    def _follow(self, job: str, on_event: EventCallback, should_stop: StopCheck) -> Terminal:
        stopping = False
        while True:
            if not stopping and should_stop():
                stopping = True
                self._unwanted.emit(job)
            try:
                told = self._told.get(timeout=POLL)
            except queue.Empty:
                continue
            if isinstance(told, _Refusal):
                raise told
            if isinstance(told, Crashed):
                return told.model_copy(update={"job": job})
            if isinstance(told, SentTerminal):
                return told
            on_event(told)

    # --- in the worker's thread

    def _begin(self, command: JobCommand) -> None:
        self._job = command.job
        try:
            self._worker.run(command)
        except RuntimeError as error:
            self._job = None
            self._told.put(_Refusal(str(error)))

    def _stop(self, job: str) -> None:
        if self._worker.job == job:
            self._worker.cancel()

    def _hear(self, event: Event) -> None:
        if self._job is not None:
            self._told.put(event)

    def _hear_end(self, terminal: Terminal) -> None:
        if terminal.job == self._job:
            self._job = None
            self._told.put(terminal)


class _Refusal(Exception):
    """The worker did not begin the job."""


def _ignore(_event: Event) -> None:
    return


def _never() -> bool:
    return False
