"""One worker process and its three pipes."""

import contextlib
import logging
import os
import queue
import subprocess
import threading
from collections import deque
from collections.abc import Sequence
from typing import Final

from app.protocol.framing import GarbageLine, LineSplitter, decode_event, encode
from app.protocol.messages import Command, Event
from app.services.runner.launch import LOG_LINES, kill_group, kill_tree

CHUNK = 1 << 16
LOGGED_GARBAGE = 20
REAP_SECONDS = 5.0
LAST_WORDS_SECONDS = 1.0
# On Windows a program without a console would open one for its child.
NO_WINDOW: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)

log = logging.getLogger(__name__)


class Ended:
    """The end of the stream of events."""


class WorkerConnection:
    """Owns the process from start to ``close``: afterwards no process, thread or pipe is left.

    Used by one thread; ``pid`` and ``kill`` by any. Raises OSError when the program cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=pipe, creationflags=NO_WINDOW
        )
        self._events: queue.SimpleQueue[Event | Ended] = queue.SimpleQueue()
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._threads = [
            threading.Thread(target=self._read_events, name="worker events", daemon=True),
            threading.Thread(target=self._read_log, name="worker log", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, command: Command) -> None:
        """Does nothing if the worker has ended; ``next`` returns Ended then."""
        assert self._process.stdin is not None
        line = encode(command)
        with contextlib.suppress(OSError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def next(self, timeout: float) -> Event | Ended | None:
        """The next event, or None when none came within ``timeout`` seconds."""
        try:
            return self._events.get(timeout=timeout)
        except queue.Empty:
            return None if self.alive else self._last_words()

    def _last_words(self) -> Event | Ended:
        """What is left to read after the process has ended; its children may still hold its pipes."""
        kill_group(self._process.pid)
        self._threads[0].join(LAST_WORDS_SECONDS)
        try:
            return self._events.get_nowait()
        except queue.Empty:
            return Ended()

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        """End the process and everything it started."""
        if self.alive:
            kill_tree(self.pid)

    def close(self, grace: float) -> tuple[int | None, list[str]]:
        """End the process (its standard input ends; after ``grace`` seconds it is killed), free everything.

        Returns the exit code, None where even a kill did not end it, and the last lines of the log.
        """
        process = self._process
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill()
            self._reap()
        kill_group(process.pid)
        for thread, pipe in zip(self._threads, (process.stdout, process.stderr), strict=True):
            thread.join(LAST_WORDS_SECONDS)
            if thread.is_alive():  # a pipe must not be closed under a read
                log.warning("a process that the worker started outlives it and holds its %s", thread.name)
            else:
                pipe.close()
        return self._process.poll(), list(self._log)

    def _reap(self) -> None:
        try:
            self._process.wait(REAP_SECONDS)
        except subprocess.TimeoutExpired:
            log.error("worker process %d has not ended %g s after it was killed", self.pid, REAP_SECONDS)

    def _read_events(self) -> None:
        assert self._process.stdout is not None
        splitter, garbage = LineSplitter(), 0
        descriptor = self._process.stdout.fileno()
        while chunk := os.read(descriptor, CHUNK):
            for line in splitter.feed(chunk):
                event = line if isinstance(line, GarbageLine) else decode_event(line)
                if isinstance(event, GarbageLine):
                    garbage += 1
                    if garbage <= LOGGED_GARBAGE:
                        log.warning("the worker sent garbage (%s): %s", event.reason, event.text)
                    continue
                self._events.put(event)
        self._events.put(Ended())

    def _read_log(self) -> None:
        assert self._process.stderr is not None
        descriptor, rest = self._process.stderr.fileno(), b""
        while chunk := os.read(descriptor, CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines if len(rest) < CHUNK else [*lines, rest]:
                text = line.decode("utf-8", "backslashreplace").rstrip()
                self._log.append(text)
                log.debug("worker: %s", text)
            rest = rest if len(rest) < CHUNK else b""
        if rest:
            self._log.append(rest.decode("utf-8", "backslashreplace"))
