"""Whether Qt can open a window here. Qt ends the process when it cannot, so this is tested first."""

import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Final

from app.domain.errors import KnownError, NoDisplayError
from app.services.runner.launch import worker_command
from app.services.system_libraries import missing_packages

PROBE_SECONDS: Final = 60.0
"""Long: a remote display or a slow disk is no failure. Without the probe, Qt would wait forever."""
_CHOICES: Final = ("QT_QPA_PLATFORM", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")
_NO_PLATFORM: Final = re.compile(r'Could not find the Qt platform plugin "([^"]*)"')
_PLATFORMS: Final = re.compile(r"Available platform plugins are: ([^\n]*?)\.?$", re.MULTILINE)
_NO_X: Final = re.compile(r"could not connect to display(?: (.+))?$", re.MULTILINE)
_NO_WAYLAND: Final = 'Could not load the Qt platform plugin "wayland'
_REFUSED: Final = re.compile(r"authorization|MIT-MAGIC-COOKIE", re.IGNORECASE)

log = logging.getLogger(__name__)


def require_display_libraries() -> None:
    """Raises KnownError naming the packages to install if Qt would fail for missing system libraries."""
    missing = missing_packages()
    if missing:
        raise KnownError(
            "The window needs system libraries that are not installed; "
            f"on Debian or Ubuntu: apt install {' '.join(missing)}."
        )


class DisplayProbe:
    """A child process that opens Qt's display; it has ended when the context ends.

    It runs while the window's modules are imported, so it costs almost no time. On Windows and macOS, unless
    a variable selects another platform, nothing can fail and nothing is started.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "DisplayProbe":
        if sys.platform in {"win32", "darwin"} and not any(os.environ.get(name) for name in _CHOICES):
            return self
        self._process = subprocess.Popen(
            probe_command(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
        return self

    def require(self) -> None:
        """Wait for the result. Raises NoDisplayError with the reason if Qt cannot open a window."""
        if self._process is None:
            return
        try:
            _, output = self._process.communicate(timeout=PROBE_SECONDS)
        except subprocess.TimeoutExpired:
            raise NoDisplayError(
                f"No window can be opened: the display did not answer within {PROBE_SECONDS:g} seconds; "
                "check the display, or use the commands that need no window."
            ) from None
        if self._process.returncode != 0:
            log.warning("the display probe ended with %s: %s", self._process.returncode, output.strip())
            raise NoDisplayError(_sentence(*why_no_window(self._process.returncode, output, os.environ)))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


def probe_command() -> list[str]:
    """The command line of the probe: that of the worker with a different last argument."""
    return [*worker_command()[:-1], "display-probe"]


def why_no_window(status: int, output: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """What failed and what to do about it, from the probe's exit status and Qt's output."""
    chosen = environment.get("QT_QPA_PLATFORM", "")
    missing = _NO_PLATFORM.search(output)
    if missing and chosen:
        found = _PLATFORMS.search(output)
        names = f" or choose one of {found[1]}" if found else ""
        return f"QT_QPA_PLATFORM names “{missing[1]}”, which Qt does not have", f"unset it{names}"
    session = "start it from a desktop session"
    elsewhere = f"unset QT_QPA_PLATFORM ({chosen}) or {session}" if chosen else session
    x = _NO_X.search(output)
    if x and x[1] and _REFUSED.search(output):
        return (
            f"the display “{x[1]}” refused this program",
            "set XAUTHORITY to the key file of the user who is logged in there",
        )
    silent = [f"“{x[1]}” (DISPLAY)"] if x and x[1] else []
    if _NO_WAYLAND in output:
        name = environment.get("WAYLAND_DISPLAY")
        silent.insert(0, f"“{name}” (WAYLAND_DISPLAY)" if name else "of Wayland (QT_QPA_PLATFORM)")
    if silent:
        return f"nothing answers at the display {' or '.join(silent)}", elsewhere
    if x:
        return "DISPLAY names no display", elsewhere
    if status < 0:
        return f"Qt was killed by signal {_signal_name(-status)}", "update the graphics driver"
    last = next((line for line in reversed(output.splitlines()) if line.strip()), "")
    return f"Qt cannot use the display ({last.strip().rstrip('.') or f'exit status {status}'})", (
        f"unset QT_QPA_PLATFORM ({chosen})" if chosen else "check the display"
    )


def _sentence(cause: str, todo: str) -> str:
    return f"No window can be opened: {cause}; {todo}, or use the commands that need no window."


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
