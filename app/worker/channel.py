"""The worker's ends of the two pipes, protected from everything else in the process."""

import logging
import os
import sys
import threading
from collections.abc import Iterator

from app.protocol.framing import GarbageLine, LineSplitter, decode_command, encode
from app.protocol.messages import Command, Event

CHUNK = 1 << 16

log = logging.getLogger(__name__)


def protect_streams() -> tuple[int, int]:
    """Move standard input and output to private descriptors, and return these as (input, output).

    Afterwards descriptor 1 is standard error, so that a stray print, a C library or a child process cannot
    corrupt a message, and descriptor 0 is empty, so that none of them can read a command.
    """
    private_in, private_out = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        if stream is None:  # a program built without a console
            stream = os.fdopen(descriptor, "w", closefd=False)
            setattr(sys, name, stream)
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    return private_in, private_out


class EventWriter:
    """Writes whole lines, from any thread. Once the reader is gone it logs this and writes nothing more."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self.broken = threading.Event()

    def send(self, event: Event) -> None:
        line = memoryview(encode(event))
        with self._lock:
            try:
                while line and not self.broken.is_set():
                    line = line[os.write(self._descriptor, line) :]
            except OSError as error:
                log.warning("the reader of the events is gone: %s", error)
                self.broken.set()


def read_commands(descriptor: int) -> Iterator[Command | GarbageLine]:
    """The commands as they arrive, until the stream ends or breaks."""
    splitter = LineSplitter()
    while True:
        try:
            chunk = os.read(descriptor, CHUNK)
        except OSError as error:
            log.warning("the commands can no longer be read: %s", error)
            return
        if not chunk:
            return
        for line in splitter.feed(chunk):
            yield line if isinstance(line, GarbageLine) else decode_command(line)
