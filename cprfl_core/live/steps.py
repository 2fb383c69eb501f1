"""Long work in small steps: a generator that yields after each, and returns the result.

What cannot be cut, and reads nothing that a decision changes, is yielded as a Piece: whoever runs the steps
may run it on another thread before the next step. Otherwise it is computed when its result is needed.
"""

from collections.abc import Callable, Generator
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

SMALL: Final = 4_096
"""Entries that take no longer than a step."""


class Piece(Generic[T]):
    """One call, made once."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._found: T
        self._error: BaseException | None = None
        self._ran = False

    def run(self) -> None:
        """Raises nothing; see result()."""
        try:
            self._found = self._call()
        except BaseException as error:
            self._error = error
        self._ran = True

    def result(self) -> T:
        """What the call returns. Raises what it raises."""
        if not self._ran:
            self.run()
        if self._error is not None:
            raise self._error
        return self._found


Steps = Generator[Piece[Any] | None, None, T]


def aside(call: Callable[[], T], entries: int) -> Steps[T]:
    """Yield a call over so many entries as a Piece, unless it is small; returns its result."""
    if entries <= SMALL:
        return call()
    piece = Piece(call)
    yield piece
    return piece.result()


def run_all(steps: Steps[T]) -> T:
    """Run all steps and return the result."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
