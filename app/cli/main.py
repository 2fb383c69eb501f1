"""The command ``tailspotter``: its commands, its exit status, its manners."""

import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.cli import (
    accepting,
    demonstrating,
    exchanging,
    inspecting,
    labelling,
    projects,
    roots,
    simulating,
    suggesting,
    training,
    windows,
)
from app.cli.context import CommandLine, Options
from app.cli.output import OutputError, ReaderGoneError, complain, safe_streams
from app.cli.stopping import INTERRUPTED, Interrupted, interrupts
from app.domain.disk import fault, fault_and_remedy, is_full

PROGRAM = "tailspotter"

log = logging.getLogger(__name__)


def run(arguments: Sequence[str], command_line: CommandLine) -> int:
    """Run one command: 0 done, 1 known error (one sentence on stderr), 2 usage, 130 Ctrl+C.

    What the system refuses (OSError) is a known error too; the log has its traceback. Any other exception is
    a bug and passes through.
    """
    with safe_streams() as results:
        code = _run(arguments, command_line)
        with contextlib.suppress(ReaderGoneError, OutputError):
            sys.stdout.flush()
        if code == 0 and results.failure is not None:
            complain(str(results.failure))
            return 1
        return code


def _run(arguments: Sequence[str], command_line: CommandLine) -> int:
    command = typer.main.get_command(build())
    try:
        with interrupts():
            try:
                command(args=list(arguments), prog_name=PROGRAM, obj=Options(command_line))
            finally:
                sys.stdout.flush()  # a full disk is reported here, not by the interpreter at exit
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except Interrupted:
        complain("stopped; a step that was not finished has changed nothing.")
        return INTERRUPTED
    except ReaderGoneError:
        return 0
    except (OutputError, *command_line.known_errors) as error:
        complain(str(error))
        return 1
    except (OSError, UnicodeEncodeError) as error:
        sentence = _refusal(error) if isinstance(error, OSError) else _no_text(arguments)
        if not sentence:
            raise
        log.exception("the command was stopped")
        complain(sentence)
        return 1
    return 0


def _refusal(error: OSError) -> str:
    """What the system said, in a sentence, for a place in the program that expected it to agree."""
    try:
        Path.cwd()
    except OSError:
        return "The current folder no longer exists; change to another folder and try again."
    where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    if is_full(error):
        return f"{where or 'A file'} cannot be written: {fault_and_remedy(error)}."
    what = f"{where}: " if where else ""
    return f"The system refused an operation ({what}{fault(error)}); the command has stopped."


def _no_text(arguments: Sequence[str]) -> str:
    """Which argument holds bytes that cannot be stored or looked up, in a sentence; empty where none does."""
    odd = [given for given in arguments if given != given.encode(errors="replace").decode()]
    return f"Nothing can be called {odd[0]!r}, which is no text in UTF-8; give another name." if odd else ""


def build() -> typer.Typer:
    app = typer.Typer(name=PROGRAM, add_completion=False, pretty_exceptions_enable=False)
    app.callback(invoke_without_command=True)(options)
    for group in (
        windows,
        projects,
        roots,
        labelling,
        suggesting,
        accepting,
        simulating,
        training,
        exchanging,
        inspecting,
        demonstrating,
    ):
        group.register(app)
    return app


def options(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the log on stderr.")] = False,
    separate_process: Annotated[
        bool, typer.Option("--separate-process", help="Run the model in a process of its own.")
    ] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Label image collections with many tags, helped by a model that learns from every decision."""
    assert isinstance(context.obj, Options)
    context.obj.verbose = verbose
    context.obj.separate_process = separate_process
    if version:
        from app import __version__

        typer.echo(f"{PROGRAM} {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        open_window = context.obj.command_line.open_window
        if open_window is None:
            typer.echo(context.get_help())
        else:
            raise typer.Exit(open_window(None, None))
