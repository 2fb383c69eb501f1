"""How a worker process is started, and how its end is reported."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from app.domain.language import translate
from app.protocol.messages import PROTOCOL_VERSION, Crashed, Hello

PROGRAM: Final = Path(__file__).absolute().parents[2] / "__main__.py"
LOG_LINES = 50
MAX_LOG_LINE = 500
KILL_SECONDS = 2.0


def worker_command() -> list[str]:
    """Program and arguments of the worker, from a source tree, an installation or a frozen application."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "worker"]
    # By its path and with a safe search path (-P): nothing in the current folder is taken for the program.
    return [sys.executable, "-P", str(PROGRAM), "worker"]


def kill_tree(pid: int) -> None:
    """Kill the running process ``pid`` and everything it started. The caller still has to reap it."""
    import psutil  # not needed before a worker has to die

    _require_other(pid)
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        family = []
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            process.kill()
    kill_group(pid)
    psutil.wait_procs(family[1:], timeout=KILL_SECONDS)


def kill_group(pid: int) -> None:
    """Kill what is left of the process group that the worker ``pid`` led, if the system has groups."""
    _require_other(pid)
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def _require_other(pid: int) -> None:
    """To the system, zero and negative numbers mean this process's group or every process."""
    if pid <= 1 or pid == os.getpid():
        raise ValueError(f"{pid} is not the number of a worker process")


def wrong_protocol(hello: Hello) -> str | None:
    """A sentence when the worker speaks another protocol than this program, else None."""
    if hello.protocol == PROTOCOL_VERSION:
        return None
    return translate(
        "Runner",
        "The worker process speaks protocol {protocol} and this program {protocol_version}: "
        "two versions of Tailspotter are mixed, install it again.",
    ).format(protocol=hello.protocol, protocol_version=PROTOCOL_VERSION)


def crash(job: str | None, exit_code: int | None, log: Iterable[str], message: str | None = None) -> Crashed:
    """The terminal event for a worker that sent none; ``message`` replaces the one about the exit code."""
    lines = tuple(line.rstrip()[:MAX_LOG_LINE] for line in log)[-LOG_LINES:]
    return Crashed(job=job, message=message or _how_it_ended(exit_code), exit_code=exit_code, log=lines)


def _how_it_ended(exit_code: int | None) -> str:
    if exit_code is None:
        return translate("Runner", "The worker process could not be started.")
    if exit_code >= 0:
        return translate(
            "Runner",
            "The worker process ended unexpectedly with exit code {exit_code}; see its log for details.",
        ).format(exit_code=exit_code)
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:
        name = str(-exit_code)
    hint = (
        translate("Runner", ": perhaps the memory ran out")
        if name == "SIGKILL"
        else translate("Runner", "; see its log for details")
    )
    return translate("Runner", "The worker process was ended by signal {name}{hint}.").format(
        name=name, hint=hint
    )
