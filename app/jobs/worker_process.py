"""The window's worker: a child process that runs one job at a time and is kept warm between them."""

import logging
import os
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from app.jobs.event_slices import EventBacklog
from app.protocol.framing import LineSplitter, encode
from app.protocol.messages import (
    Cancel,
    Cancelled,
    Command,
    DeviceInfo,
    Event,
    Hello,
    JobCommand,
    SentTerminal,
    Terminal,
)
from app.services.worker_launch import (
    LOG_LINES,
    crash,
    kill_group,
    kill_tree,
    worker_command,
    wrong_protocol,
)

REAP_MS = 5_000

log = logging.getLogger(__name__)


class WorkerProcess(QObject):
    """Owns the process: neither ``close`` nor the deletion of this object leaves one behind.

    Cancelling climbs a ladder: the Cancel command, after ``cancel_grace`` seconds a termination signal, after
    ``terminate_grace`` more the whole process tree is killed.
    """

    event_received = Signal(object)
    """Every event that is not terminal; of progress in a row only the newest."""
    finished = Signal(object)
    """The one terminal event of the job: Completed, Cancelled, Failed or Crashed."""
    crashed = Signal(object)
    """A Crashed: the process ended without being asked to, with or without a job."""

    hello: Hello | None
    device: DeviceInfo | None
    _pid: int | None
    _exit_code: int | None
    _verdict: str | None
    _cancelling: bool

    def __init__(
        self,
        command: Sequence[str] | None = None,
        *,
        hello_timeout: float = 60.0,
        cancel_grace: float = 10.0,
        terminate_grace: float = 3.0,
        close_grace: float = 2.5,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._command = list(command) if command is not None else worker_command()
        self._hello_ms = round(hello_timeout * 1000)
        self._graces_ms = (round(cancel_grace * 1000), round(terminate_grace * 1000))
        self._close_ms = round(close_grace * 1000)
        self._living: list[QProcess] = []
        self.destroyed.connect(partial(_end_at_once, self._living))
        self._alarm = QTimer(self, singleShot=True)
        self._alarm.timeout.connect(self._ring)
        self._slices = QTimer(self, singleShot=True, interval=0)
        self._slices.timeout.connect(self._tell_slice)
        self._job: JobCommand | None = None
        self._forget_process()

    @property
    def busy(self) -> bool:
        return self._job is not None

    @property
    def job(self) -> str | None:
        """Name of the running job."""
        return None if self._job is None else self._job.job

    @property
    def pid(self) -> int | None:
        """Of the living process; None while there is none."""
        return self._pid if self._living else None

    def start(self) -> None:
        """Start the process ahead of the first job, so that the job need not wait for it."""
        if self._living:
            return
        process = QProcess()
        process.setProgram(self._command[0])
        process.setArguments(self._command[1:])
        process.readyReadStandardOutput.connect(self._read_events)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._living.append(process)
        self._set_alarm(self._hello_ms, self._give_up_waiting)
        process.start()
        self._pid = process.processId() or None  # asked later, a dead process has none

    def run(self, command: JobCommand) -> None:
        """Run ``command``; ``finished`` tells how it ended. Raises RuntimeError while another job runs."""
        if self._job is not None:
            raise RuntimeError("this worker runs a job already")
        while self._over:  # it died while idle, and that has not been told yet
            self._tell_slice()
        self._job = command
        if self.hello is not None:
            self._send(command)
        self.start()

    def cancel(self) -> None:
        """End the running job; ``finished`` follows in any case. Without a job, or twice, it does nothing."""
        if self._job is None or self._cancelling:
            return
        self._cancelling = True
        if self.hello is None:
            self._kill()
            return
        self._send(Cancel(job=self._job.job))
        cancel_ms, terminate_ms = self._graces_ms
        self._rungs.extend([(self._terminate, terminate_ms), (self._kill, 0)])
        self._set_alarm(cancel_ms, self._climb)

    def close(self) -> None:
        """End the process and wait for that; a running job gets its terminal event before this returns."""
        if not self._living:
            return
        process = self._living[0]
        self._closing = True
        process.closeWriteChannel()
        if not process.waitForFinished(self._close_ms):
            self._kill()
            process.waitForFinished(REAP_MS)
        self._slices.stop()
        while self._living:
            self._tell_slice()

    def _forget_process(self) -> None:
        """The state of one process, before it is started."""
        self._pid = None
        self.hello = None
        self.device = None
        self._splitter = LineSplitter()
        self._backlog = EventBacklog()
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._log_rest = b""
        self._exit_code = None
        self._over = False
        self._closing = False
        self._cancelling = False
        self._verdict = None
        self._rungs: deque[tuple[Callable[[], None], int]] = deque()

    # --- from the process

    def _read_events(self) -> None:
        self._backlog.extend(self._splitter.feed(bytes(self._living[0].readAllStandardOutput().data())))
        if self._backlog and not self._slices.isActive():
            self._slices.start()

    def _read_log(self) -> None:
        *lines, rest = (self._log_rest + bytes(self._living[0].readAllStandardError().data())).split(b"\n")
        self._log_rest = rest[-4096:]
        for line in lines:
            text = line.decode("utf-8", "backslashreplace").rstrip()
            self._log.append(text)
            log.debug("worker: %s", text)

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        killed = status is QProcess.ExitStatus.CrashExit and os.name == "posix"
        self._exit_code = -code if killed else code
        self._end_of_process()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            reason = self._living[0].errorString()
            self._verdict = f"The worker process could not be started ({self._command[0]}: {reason})."
            self._end_of_process()

    def _end_of_process(self) -> None:
        """What it said before is still told; the slice that tells the last of it draws the conclusion."""
        self._read_events()
        self._read_log()
        if self._log_rest:
            self._log.append(self._log_rest.decode("utf-8", "backslashreplace"))
        self._over = True
        if not self._slices.isActive():
            self._slices.start()

    # --- to the window

    def _tell_slice(self) -> None:
        for event in self._backlog.take():
            self._tell(event)
        if self._backlog:
            self._slices.start()
        elif self._over:
            self._conclude()

    def _tell(self, event: Event) -> None:
        if isinstance(event, Hello):
            self._greet(event)
        elif isinstance(event, DeviceInfo):
            self.device = event
        if getattr(event, "job", self.job) not in (self.job, None):
            return
        if isinstance(event, SentTerminal):
            self._finish(event)
        else:
            self.event_received.emit(event)

    def _greet(self, hello: Hello) -> None:
        self._alarm.stop()
        self._verdict = wrong_protocol(hello)
        if self._verdict is not None:
            self._kill()
            return
        self.hello = hello
        if self._job is not None:
            self._send(self._job)

    def _finish(self, terminal: Terminal) -> None:
        self._alarm.stop()
        self._rungs.clear()
        self._job, self._cancelling = None, False
        self.finished.emit(terminal)

    def _conclude(self) -> None:
        """The process is gone and everything it said has been told."""
        process = self._living.pop()
        self._alarm.stop()
        if self._pid is not None:
            kill_group(self._pid)
        job = self.job
        asked = self._closing or self._cancelling
        forced = self.hello is not None
        crashed = crash(job, self._exit_code, self._log, self._verdict)
        process.deleteLater()
        self._forget_process()
        if job is not None:
            self._finish(Cancelled(job=job, forced=forced) if asked else crashed)
        if not asked:
            self.crashed.emit(crashed)

    # --- timers and the ladder

    def _set_alarm(self, milliseconds: int, action: Callable[[], None]) -> None:
        self._action = action
        self._alarm.start(milliseconds)

    def _ring(self) -> None:
        self._action()

    def _give_up_waiting(self) -> None:
        self._verdict = f"The worker process did not answer within {self._hello_ms / 1000:g} seconds."
        self._kill()

    def _climb(self) -> None:
        if self._rungs:
            rung, wait_ms = self._rungs.popleft()
            rung()
            self._set_alarm(wait_ms, self._climb)

    def _terminate(self) -> None:
        self._living[0].terminate()

    def _kill(self) -> None:
        if self._pid is not None and self._living[0].state() is not QProcess.ProcessState.NotRunning:
            kill_tree(self._pid)

    def _send(self, command: Command) -> None:
        self._living[0].write(encode(command))


def _end_at_once(living: list[QProcess]) -> None:
    """For the deletion of the owner; must not hold a reference to it."""
    while living:
        process = living.pop()
        process.blockSignals(True)
        if process.state() is not QProcess.ProcessState.NotRunning:
            kill_tree(process.processId())
            process.waitForFinished(REAP_MS)
