"""One worker process and its three pipes, without Qt."""

import contextlib
import logging
import os
import queue
import subprocess
import threading
from collections import deque
from collections.abc import Sequence

from app.protocol.framing import GarbageLine, LineSplitter, decode_event, encode
from app.protocol.messages import Command, Event
from app.services.worker_launch import LOG_LINES, kill_group, kill_tree

CHUNK = 1 << 16
LOGGED_GARBAGE = 20
REAP_SECONDS = 5.0
LAST_WORDS_SECONDS = 1.0

log = logging.getLogger(__name__)


class Ended:
    """Stands in the stream of events for its end."""


class WorkerConnection:
    """Owns the process from start to ``close``: afterwards no process, thread or pipe is left.

    Raises OSError when the program cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
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

    def send(self, command: Command) -> None:
        """A worker that is gone does not hear it; the end of its events says so."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(encode(command))
            self._process.stdin.flush()

    def next(self, timeout: float) -> Event | Ended | None:
        """The next event, or None when none came within ``timeout`` seconds."""
        try:
            return self._events.get(timeout=timeout)
        except queue.Empty:
            return None if self._process.poll() is None else self._last_words()

    def _last_words(self) -> Event | Ended:
        """Of a process that is gone while something that it started may still hold its pipes."""
        kill_group(self._process.pid)
        self._threads[0].join(LAST_WORDS_SECONDS)
        try:
            return self._events.get_nowait()
        except queue.Empty:
            return Ended()

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        if self._process.poll() is None:
            kill_tree(self._process.pid)

    def close(self, grace: float) -> tuple[int, list[str]]:
        """End the process (its standard input ends; after ``grace`` seconds it is killed), free everything.

        Returns the exit code and the last lines of the log.
        """
        process = self._process
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            kill_tree(process.pid)
            process.wait(REAP_SECONDS)
        kill_group(process.pid)
        for thread, pipe in zip(self._threads, (process.stdout, process.stderr), strict=True):
            thread.join(LAST_WORDS_SECONDS)
            if thread.is_alive():  # a pipe must not be closed under a read
                log.warning("a process that the worker started outlives it and holds its %s", thread.name)
            else:
                pipe.close()
        return process.returncode, list(self._log)

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
