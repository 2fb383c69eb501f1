"""What the composition root gives to the command line, and what each command makes of it."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import Output, complain
from app.cli.parameters import given_path
from app.cli.progress import ProgressPrinter
from app.cli.stopping import INTERRUPTED, Stopper, interrupts
from app.domain.errors import CancelledError

if TYPE_CHECKING:
    from app.services.project import Project
    from app.services.runner import Runner

ProjectArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PROJECT", parser=given_path, help="Project folder, or an image folder that holds one."
    ),
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Built by app.bootstrap, the only place that knows every room.

    ``make_runner(True)`` gives a runner whose model lives in a process of its own. ``start_log(folder,
    verbose)`` sends the log to a folder (None: nowhere) and, when verbose, to stderr. ``known_errors`` are
    told in one sentence; all others are bugs. ``open_window(project, demo)`` shows the window with a project,
    with the demo in a folder, or with the start page (both None), and gives its exit status once it has been
    closed; it is None where no window can be shown.
    """

    make_runner: Callable[[bool], "Runner"]
    start_log: Callable[[Path | None, bool], None]
    known_errors: tuple[type[Exception], ...]
    open_window: Callable[[Path | None, Path | None], int] | None = None


@dataclass(slots=True)
class Options:
    """The options that stand before the command."""

    command_line: CommandLine
    verbose: bool = False
    separate_process: bool = False


class Call:
    """One run of one command."""

    def __init__(self, context: typer.Context, as_json: bool) -> None:
        options = context.obj
        assert isinstance(options, Options)
        self._options = options
        self._context = context
        self.output = Output(as_json)

    def runner(self, *, separate: bool = False) -> "Runner":
        """A runner that ends with the command."""
        runner = self._options.command_line.make_runner(separate or self._options.separate_process)
        close = getattr(runner, "close", None)
        if close is not None:
            self._context.call_on_close(close)
        return runner

    def log_to(self, folder: Path | None) -> None:
        self._options.command_line.start_log(folder, self._options.verbose)

    @contextlib.contextmanager
    def open(self, folder: Path) -> Iterator["Project"]:
        from app.services.project import open_project

        with open_project(folder) as project:
            self.log_to(project.layout.logs if project.read_only is None else None)
            if project.warning:
                complain(project.warning)
            yield project

    @contextlib.contextmanager
    def long_work(self, kept: str) -> Iterator[tuple[ProgressPrinter, Stopper]]:
        """Progress and Ctrl+C for a block; ``kept`` tells what an interruption leaves behind.

        A stopped block ends the command with status 130, after the block had its chance to report.
        """
        stopper = Stopper()
        try:
            with interrupts(stopper), ProgressPrinter() as progress:
                yield progress, stopper
        except CancelledError:
            stopper.request()
        if stopper.requested:
            self.output.flush()
            typer.echo(f"tailspotter: stopped; {kept}", err=True)
            raise typer.Exit(INTERRUPTED)
