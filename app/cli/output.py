"""Results on standard output, as text for a person or JSON for a program; everything else on stderr.

The one place that meets a stream that cannot be written: whatever prints (a command, typer, rich) writes to
the guards that ``safe_streams`` puts in the place of the process's own streams.
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
    """Standard output cannot be written: the disk is full, or it is closed."""


class ReaderGoneError(Exception):
    """Whoever read standard output wants no more of it (``| head``)."""


class Output:
    """Where a command puts its results."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def json(self, value: object) -> None:
        """One JSON value on one line, in ASCII: valid whatever the encoding of the terminal."""
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
        """Columns aligned for a person; ``numeric`` columns to the right. Cells are made printable."""
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
    """For the block, standard output and error are guarded, and print as an escape what they cannot encode.

    A write to standard output that fails raises OutputError or ReaderGoneError; one to standard error is
    dropped, because there is nowhere left to say so.
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
    """A text stream whose failures go to ``failed``, and which is silent after the first."""

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
        except (OSError, ValueError) as error:  # ValueError: somebody has closed the stream
            if not self._silent:
                self._silent = True
                _silence(self._stream)
                self.failed(error)


class Results(_Guard):
    """``failure``: why standard output could not be written, None as long as it could.

    It is kept besides being raised, because a library that tries a stream may take the exception for an
    answer.
    """

    failure: OutputError | None = None

    def failed(self, error: Exception) -> None:
        if isinstance(error, BrokenPipeError):
            raise ReaderGoneError from None
        closed = not isinstance(error, OSError) or error.errno == errno.EBADF
        reason = fault(error) if isinstance(error, OSError) and not closed else "it is closed"
        self.failure = OutputError(
            f"Standard output cannot be written ({reason}), so the result is not complete; "
            "what the command has changed is kept."
        )
        raise self.failure from None


class _Messages(_Guard):
    def failed(self, error: Exception) -> None:
        del error  # there is nowhere to tell it


def _silence(stream: TextIO) -> None:
    """Point a stream nowhere, so that the interpreter's own flush at exit cannot fail."""
    with contextlib.suppress(OSError, ValueError):
        descriptor = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def complain(sentence: str) -> None:
    """One sentence on stderr, in the form that every command uses."""
    sys.stderr.write(f"tailspotter: {printable(sentence)}\n")
