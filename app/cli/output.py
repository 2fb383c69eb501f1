"""Results on standard output, as text for a person or JSON for a program; everything else on stderr."""

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence

import typer

from app.cli.text import printable


class Output:
    """Where a command puts its results.

    A reader that goes away (``| head``) ends the command quietly with exit status 0.
    """

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def json(self, value: object) -> None:
        """One JSON value on one line, in ASCII: valid whatever the encoding of the terminal."""
        self._write(json.dumps(value, allow_nan=False) + "\n")

    def lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._write(line + "\n")

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
            self._write("  ".join(padded).rstrip() + "\n")

    def flush(self) -> None:
        with self._reader():
            sys.stdout.flush()

    def _write(self, text: str) -> None:
        with self._reader():
            sys.stdout.write(text)

    @contextlib.contextmanager
    def _reader(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            silence_stdout()
            raise typer.Exit(0) from None


def _width(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def silence_stdout() -> None:
    """Point standard output nowhere, so that the interpreter's own flush at exit cannot fail."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def make_streams_safe() -> None:
    """Print what the terminal's encoding lacks as an escape instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def complain(sentence: str) -> None:
    """One sentence on stderr, in the form that every command uses."""
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(f"tailspotter: {printable(sentence)}\n")
