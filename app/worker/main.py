"""The worker process: commands on standard input, events on a protected standard output, log on stderr.

The process ends when standard input ends (the parent closed it or died): the running job sees its cancel
flag, and a watchdog thread outside the interpreter exits the process after EXIT_GRACE seconds.
"""

import faulthandler
import logging
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from app.protocol.framing import GarbageLine
from app.protocol.messages import (
    Cancel,
    Heartbeat,
    JobCommand,
    SentTerminal,
    Shutdown,
    WorkerWarning,
)
from app.worker.channel import EventWriter, protect_streams, read_commands
from app.worker.context import JobContext, Send
from app.worker.execution import JobTable, run_job
from app.worker.machine import hello

HEARTBEAT_SECONDS = 2.0
EXIT_GRACE = 2.0

log = logging.getLogger("app.worker")


def main(
    arguments: Sequence[str] = (),
    *,
    jobs: JobTable | None = None,
    preload: Callable[[Send], None] | None = None,
) -> int:
    """Serve until standard input ends, and return 0. ``jobs`` and ``preload`` default to the real ones."""
    if arguments:
        sys.stderr.write(f"The worker takes no arguments: {' '.join(arguments)}\n")
        return 2
    commands, events = protect_streams()
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        force=True,
    )
    if not os.isatty(commands):
        lead_process_group()
    # Ctrl+C in a terminal reaches the whole process group; the parent decides and sends Cancel
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    writer = EventWriter(events)
    writer.send(hello())
    worker = Worker(writer)
    threading.Thread(target=worker.listen, args=(commands,), name="commands", daemon=True).start()
    if jobs is None:
        from app.worker import jobs as real

        jobs, preload = real.job_table(), real.preload
    if preload is not None:
        worker.prepare(preload)
    worker.serve(jobs)
    return 0


def lead_process_group() -> None:
    """Lead a process group, so that the parent can end the child processes of a crashed worker."""
    if hasattr(os, "setpgrp"):
        with suppress(PermissionError):  # it already leads a session, and so a group
            os.setpgrp()


class Worker:
    """One job at a time on the main thread; commands arrive on another."""

    def __init__(self, writer: EventWriter) -> None:
        self._writer = writer
        self._queue: queue.SimpleQueue[JobCommand | None] = queue.SimpleQueue()
        self._accepted: set[str] = set()
        self._cancelled: set[str] = set()
        self._ending = threading.Event()

    def listen(self, descriptor: int) -> None:
        for command in read_commands(descriptor):
            match command:
                case GarbageLine():
                    log.warning("garbage on standard input (%s): %s", command.reason, command.text)
                    text = f"The worker received a line that is not a command ({command.reason})."
                    self._writer.send(WorkerWarning(job=None, text=text))
                case Shutdown():
                    break
                case Cancel():
                    if command.job in self._accepted:
                        self._cancelled.add(command.job)
                case _:
                    self._accepted.add(command.job)
                    self._queue.put(command)
        self._ending.set()
        faulthandler.dump_traceback_later(EXIT_GRACE, exit=True, file=2)
        self._queue.put(None)

    def prepare(self, preload: Callable[[Send], None]) -> None:
        try:
            preload(self._writer.send)
        except Exception:
            # the first job will fail for the same reason and report it with a traceback
            log.exception("the worker could not be prepared")

    def serve(self, jobs: JobTable) -> None:
        while (command := self._queue.get()) is not None and not self._ending.is_set():
            self._writer.send(self._run(command, jobs))

    def _run(self, command: JobCommand, jobs: JobTable) -> SentTerminal:
        job = command.job
        context = JobContext(job, self._writer.send, lambda: self._should_stop(job))
        try:
            with heartbeat(context, self._writer.send):
                return run_job(command, jobs, context)
        finally:
            self._accepted.discard(job)
            self._cancelled.discard(job)

    def _should_stop(self, job: str) -> bool:
        return job in self._cancelled or self._ending.is_set() or self._writer.broken.is_set()


@contextmanager
def heartbeat(context: JobContext, send: Send, interval: float = HEARTBEAT_SECONDS) -> Iterator[None]:
    """Send a Heartbeat, and progress that was held back, every ``interval`` seconds of the block."""
    ended = threading.Event()
    begin = time.monotonic()

    def beat() -> None:
        while not ended.wait(interval):
            context.meter.flush()
            send(Heartbeat(job=context.job, busy_seconds=time.monotonic() - begin))

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
