"""The command ``tailspotter``: its commands, its exit status, its manners."""

import sys
from collections.abc import Sequence
from importlib import metadata
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
from app.cli.output import complain, make_streams_safe, silence_stdout
from app.cli.stopping import INTERRUPTED, Interrupted, interrupts
from app.domain.disk import fault_and_remedy, is_full

PROGRAM = "tailspotter"


def run(arguments: Sequence[str], command_line: CommandLine) -> int:
    """Run one command: 0 done, 1 known error (one sentence on stderr), 2 usage, 130 Ctrl+C.

    Any other exception is a bug and passes through.
    """
    make_streams_safe()
    command = typer.main.get_command(build())
    try:
        with interrupts():
            try:
                command(args=list(arguments), prog_name=PROGRAM, obj=Options(command_line))
            finally:
                sys.stdout.flush()  # what a full disk refuses is told here, and not after the end
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except Interrupted:
        complain("stopped; a step that was not finished has changed nothing.")
        return INTERRUPTED
    except BrokenPipeError:
        silence_stdout()
    except command_line.known_errors as error:
        complain(str(error))
        return 1
    except OSError as error:
        if not is_full(error):
            raise
        if error.filename is None:
            silence_stdout()
        complain(f"{error.filename or 'The output'} cannot be written: {fault_and_remedy(error)}.")
        return 1
    return 0


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
        typer.echo(f"{PROGRAM} {metadata.version('tailspotter')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        open_window = context.obj.command_line.open_window
        if open_window is None:
            typer.echo(context.get_help())
        else:
            raise typer.Exit(open_window(None, None))
