"""What app.bootstrap gives to the command line, and the context of each command."""

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
    from app.services.project.project import Project
    from app.services.runner.runner import Runner

ProjectArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PROJECT", parser=given_path, help="Project folder, or an image folder that contains one."
    ),
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Built by app.bootstrap, the only place that knows every room.

    ``make_runner(True)`` returns a runner that loads the model in a separate process. ``start_log(folder,
    verbose)`` sends the log to a folder (None: nowhere) and, if verbose, to stderr. ``open_window(project,
    demo)`` shows the window with a project, with the demo in a folder, or with the start page (both None),
    and returns its exit status when it is closed; None if no window can be shown.
    """

    make_runner: Callable[[bool], "Runner"]
    start_log: Callable[[Path | None, bool], None]
    open_window: Callable[[Path | None, Path | None], int] | None = None


@dataclass(slots=True)
class Options:
    """The options before the command."""

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
        """A runner that is closed when the command ends."""
        runner = self._options.command_line.make_runner(separate or self._options.separate_process)
        close = getattr(runner, "close", None)
        if close is not None:
            self._context.call_on_close(close)
        return runner

    def log_to(self, folder: Path | None) -> None:
        self._options.command_line.start_log(folder, self._options.verbose)

    @contextlib.contextmanager
    def open(self, folder: Path) -> Iterator["Project"]:
        from app.services.project.project import open_project

        with open_project(folder) as project:
            self.log_to(project.layout.logs if project.read_only is None else None)
            if project.warning:
                complain(project.warning)
            yield project

    @contextlib.contextmanager
    def long_work(self, kept: str) -> Iterator[tuple[ProgressPrinter, Stopper]]:
        """Progress and Ctrl+C for a block; ``kept`` says what is kept if it is interrupted.

        A stopped block ends the command with status 130, after the block has reported.
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
