"""The command ``tailspotter``: its commands, exit status and error messages."""

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
    backbones,
    category,
    demonstrating,
    exchanging,
    image_model,
    insights,
    inspecting,
    labelling,
    merging,
    project_settings,
    projects,
    protecting,
    queries,
    relinking,
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
from app.domain.errors import is_known

PROGRAM = "tailspotter"

log = logging.getLogger(__name__)


def run(arguments: Sequence[str], command_line: CommandLine) -> int:
    """Run one command: 0 done, 1 known error (one sentence on stderr), 2 usage, 130 Ctrl+C.

    A system error (OSError) is a known error too; the log has its traceback. Any other exception is a bug and
    passes through.
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
        complain("stopped; an unfinished step has changed nothing.")
        return INTERRUPTED
    except ReaderGoneError:
        return 0
    except Exception as error:
        if is_known(error):
            complain(str(error))
            return 1
        sentence = _foreign(error, arguments)
        if not sentence:
            raise
        log.exception("the command was stopped")
        complain(sentence)
        return 1
    return 0


def _foreign(error: Exception, arguments: Sequence[str]) -> str:
    """The sentence for an error of the system or of an encoding; empty for a bug."""
    if isinstance(error, UnicodeEncodeError):
        return _undecodable(arguments)
    return _system_error(error) if isinstance(error, OSError) else ""


def _system_error(error: OSError) -> str:
    """A system error as a sentence, for code that did not expect one."""
    try:
        Path.cwd()
    except OSError:
        return "The current folder no longer exists; change to another folder and try again."
    where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    if is_full(error):
        return f"{where or 'A file'} cannot be written: {fault_and_remedy(error)}."
    what = f"{where}: " if where else ""
    return f"A system call failed ({what}{fault(error)}); the command has stopped."


def _undecodable(arguments: Sequence[str]) -> str:
    """A sentence about the argument with bytes that are not UTF-8; empty if there is none."""
    odd = [given for given in arguments if given != given.encode(errors="replace").decode()]
    return f"{odd[0]!r} is not valid UTF-8 text; give a different name." if odd else ""


def build() -> typer.Typer:
    app = typer.Typer(name=PROGRAM, add_completion=False, pretty_exceptions_enable=False)
    app.callback(invoke_without_command=True)(options)
    for group in (
        windows,
        projects,
        relinking,
        roots,
        labelling,
        suggesting,
        category,
        project_settings,
        accepting,
        simulating,
        training,
        image_model,
        backbones,
        exchanging,
        merging,
        inspecting,
        queries,
        insights,
        protecting,
        demonstrating,
    ):
        group.register(app)
    return app


def options(
    context: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the log on stderr.")] = False,
    separate_process: Annotated[
        bool, typer.Option("--separate-process", help="Run the model in a separate process.")
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
