"""Results on standard output, as text for a person or JSON for a program; everything else on stderr.

Only this module handles streams that cannot be written: everything that prints (a command, typer, rich)
writes to the guards with which ``safe_streams`` replaces the process's streams.
"""

import contextlib
import errno
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO, cast

from app.cli.text import printable
from app.domain.disk import fault
from app.domain.errors import KnownError


class OutputError(KnownError):
    """Standard output cannot be written: the disk is full, or the stream is closed."""


class ReaderGoneError(Exception):
    """The reader of standard output has closed it (``| head``)."""


class Output:
    """Where a command puts its results."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def json(self, value: object) -> None:
        """One JSON value on one line, in ASCII, so that it is valid in any terminal encoding."""
        sys.stdout.write(json.dumps(value, allow_nan=False) + "\n")

    def lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            sys.stdout.write(line + "\n")

    def result(self, value: object, lines: Iterable[str]) -> None:
        """``value`` with --json, otherwise ``lines``."""
        if self.as_json:
            self.json(value)
        else:
            self.lines(lines)

    def table(
        self, headings: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[int] = ()
    ) -> None:
        """Aligned columns, ``numeric`` ones to the right. Cells are made printable."""
        cells = [list(headings), *([printable(cell) for cell in row] for row in rows)]
        widths = [max(_width(row[column]) for row in cells) for column in range(len(headings))]
        for row in cells:
            padded = [
                " " * (width - _width(cell)) + cell
                if column in numeric
                else cell + " " * (width - _width(cell))
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            sys.stdout.write("  ".join(padded).rstrip() + "\n")

    def flush(self) -> None:
        sys.stdout.flush()


def _width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


@contextlib.contextmanager
def safe_streams() -> "Iterator[Results]":
    """Guard standard output and error within the block; characters they cannot encode are escaped.

    A failed write to standard output raises OutputError or ReaderGoneError; one to standard error is dropped,
    because it cannot be reported anywhere.
    """
    before = sys.stdout, sys.stderr
    for stream in before:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    results = Results(before[0])
    sys.stdout, sys.stderr = cast("TextIO", results), cast("TextIO", _Messages(before[1]))
    try:
        yield results
    finally:
        sys.stdout, sys.stderr = before


class _Guard:
    """A text stream that passes its first failure to ``failed`` and is silent afterwards."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._silent = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with self._failures():
            self._stream.write(text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        with self._failures():
            self._stream.flush()

    def failed(self, error: Exception) -> None:
        raise NotImplementedError

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except UnicodeError:
            raise
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            if not self._silent:
                self._silent = True
                _silence(self._stream)
                self.failed(error)


class Results(_Guard):
    """``failure``: why standard output could not be written, or None.

    It is also stored, because a library that probes a stream may swallow the exception.
    """

    failure: OutputError | None = None

    def failed(self, error: Exception) -> None:
        if isinstance(error, BrokenPipeError):
            raise ReaderGoneError from None
        closed = not isinstance(error, OSError) or error.errno == errno.EBADF
        reason = fault(error) if isinstance(error, OSError) and not closed else "it is closed"
        self.failure = OutputError(
            f"Standard output cannot be written ({reason}), so the result is incomplete; "
            "what the command has changed is kept."
        )
        raise self.failure from None


class _Messages(_Guard):
    def failed(self, error: Exception) -> None:
        del error  # it cannot be reported anywhere


def _silence(stream: TextIO) -> None:
    """Redirect a stream to the null device, so that the interpreter's flush at exit cannot fail."""
    with contextlib.suppress(OSError, ValueError):
        descriptor = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def complain(sentence: str) -> None:
    """One sentence on stderr."""
    sys.stderr.write(f"tailspotter: {printable(sentence)}\n")
