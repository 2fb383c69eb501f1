"""Progress of long work on stderr: a live bar on a terminal, occasional lines elsewhere."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app.cli.text import duration
from app.domain.progress import Progress
from app.domain.sizes import size_words

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

LINE_INTERVAL = 10.0


def describe(progress: Progress) -> str:
    """ "indexing: 320 of 1,200, 45.2/s, 20 s left" without unknown parts."""
    if not progress.done and progress.total is None:
        return f"{progress.stage} ..."
    total = "" if progress.total is None else f" of {_amount(progress, progress.total)}"
    return ", ".join([f"{progress.stage}: {_amount(progress, progress.done)}{total}", *_pace(progress)])


def _amount(progress: Progress, count: int) -> str:
    return size_words(count) if progress.in_bytes else f"{count:,}"


def _of_total(progress: Progress) -> str:
    """ "320/1200" beside a bar; sizes for bytes, which nobody counts."""
    if progress.in_bytes:
        total = "?" if progress.total is None else size_words(progress.total)
        return f"{size_words(progress.done)}/{total}"
    return f"{progress.done}/{'?' if progress.total is None else progress.total}"


def _pace(progress: Progress) -> list[str]:
    parts = []
    if progress.rate:
        parts.append(f"{size_words(progress.rate) if progress.in_bytes else format(progress.rate, '.3g')}/s")
    if progress.remaining is not None and progress.done != progress.total:
        parts.append(f"{duration(progress.remaining)} left")
    return parts


class ProgressPrinter:
    """A ProgressCallback within a ``with`` block."""

    def __init__(self, interval: float = LINE_INTERVAL) -> None:
        self._interval = interval
        self._live = sys.stderr.isatty()
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}
        self._last: Progress | None = None
        self._shown: Progress | None = None
        self._next_line = time.monotonic() + interval

    def __enter__(self) -> Self:
        return self

    def __call__(self, progress: Progress) -> None:
        if self._live:
            self._show_bar(progress)
        else:
            self._show_line(progress)

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()
        elif not self._live:
            self._write_last()

    def _show_line(self, progress: Progress) -> None:
        if self._last is not None and self._last.stage != progress.stage:
            self._write_last()
        self._last = progress
        if time.monotonic() >= self._next_line:
            self._write_last()

    def _write_last(self) -> None:
        if self._last is not None and self._last is not self._shown:
            sys.stderr.write(describe(self._last) + "\n")
            self._shown = self._last
            self._next_line = time.monotonic() + self._interval

    def _show_bar(self, progress: Progress) -> None:
        bars = self._bars or self._start_bars()
        task = self._tasks.get(progress.stage)
        if task is None:
            task = self._tasks[progress.stage] = bars.add_task(
                progress.stage, total=progress.total, count="", detail=""
            )
        bars.update(
            task,
            completed=progress.done,
            total=progress.total,
            count=_of_total(progress),
            detail=", ".join(_pace(progress)),
        )

    def _start_bars(self) -> "Bars":
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bars

        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[count]}", markup=False),
            TextColumn("{task.fields[detail]}", markup=False),
            console=Console(file=sys.stderr),
        )
        self._bars.start()
        return self._bars
