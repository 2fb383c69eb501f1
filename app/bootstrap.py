"""The composition root: the only place that knows every room, and wires them."""

import contextlib
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import KnownError
from cprfl_core.errors import CoreError

if TYPE_CHECKING:
    from app.services.runner import Runner

LOG_NAME = "tailspotter.log"
LOG_BYTES = 1_000_000
OWN_LOGGERS = ("app", "cprfl_core")


def run_command_line(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status: 0, 1 known error, 2 usage, 130 interrupted."""
    from app.cli.context import CommandLine
    from app.cli.main import run

    with _own_logging() as log:
        return run(arguments, CommandLine(make_runner, log.start, known_errors=(KnownError, CoreError)))


def make_runner(separate_process: bool) -> "Runner":
    """Runs the model in this process, or in a child process that cannot take this one down with it."""
    if separate_process:
        from app.services.subprocess_runner import SubprocessRunner

        return SubprocessRunner()
    from app.worker.inprocess import InProcessRunner

    return InProcessRunner()


class _Log:
    def __init__(self) -> None:
        self.handlers: list[logging.Handler] = []

    def start(self, folder: Path | None, verbose: bool) -> None:
        """Log to a file in ``folder`` from now on and, when verbose, to stderr.

        A folder that cannot be written is no reason to fail: the project may lie on a read-only disk.
        """
        if folder is not None:
            from logging.handlers import RotatingFileHandler

            with contextlib.suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
                self._add(
                    RotatingFileHandler(
                        folder / LOG_NAME,
                        maxBytes=LOG_BYTES,
                        backupCount=3,
                        encoding="utf-8",
                        errors="backslashreplace",
                    )
                )
        if verbose:
            self._add(logging.StreamHandler(sys.stderr))
        for name in OWN_LOGGERS:
            logging.getLogger(name).setLevel(logging.INFO)

    def _add(self, handler: logging.Handler) -> None:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logging.getLogger().addHandler(handler)
        self.handlers.append(handler)


@contextlib.contextmanager
def _own_logging() -> Iterator[_Log]:
    """Logging for the length of one command. Until it is started somewhere, nothing is printed."""
    log = _Log()
    silent = logging.NullHandler()
    logging.getLogger().addHandler(silent)
    logging.captureWarnings(True)
    try:
        yield log
    finally:
        logging.captureWarnings(False)
        for handler in (silent, *log.handlers):
            logging.getLogger().removeHandler(handler)
            handler.close()
