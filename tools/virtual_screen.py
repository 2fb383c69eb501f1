"""A screen for windows: the existing one, or a temporary virtual one."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

STOP_SECONDS: Final = 10


@contextlib.contextmanager
def screen(size: tuple[int, int] = (1440, 900)) -> Iterator[None]:
    """Provide a screen, a virtual one of this size; exits with a sentence if that is impossible."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("DISPLAY"):
        yield
        return
    program = shutil.which("Xvfb")
    if program is None:
        raise SystemExit(
            "There is no display and no Xvfb to make one; install Xvfb (Debian, Ubuntu: apt install xvfb "
            "libxcb-cursor0) and try again."
        )
    read, write = os.pipe()
    command = [
        program,
        "-displayfd",
        str(write),
        "-screen",
        "0",
        f"{size[0]}x{size[1]}x24",
        "-nolisten",
        "tcp",
    ]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        try:
            with os.fdopen(read) as told:
                number = told.readline().strip()
            if not number:
                raise SystemExit(f"{program} did not start; run it by hand to see why.")
            os.environ["DISPLAY"] = f":{number}"
            os.environ["QT_QPA_PLATFORM"] = "xcb"
            yield
        finally:
            os.environ.pop("DISPLAY", None)
            server.terminate()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
