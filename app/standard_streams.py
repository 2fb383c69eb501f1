"""The three standard streams of a process, open whatever the caller has closed."""

import os
import sys


def open_missing_streams() -> None:
    """Point closed standard descriptors at the null device, so that no file opened later takes their number.

    Otherwise a stray print could land in a database. What is written to a closed standard output still fails,
    because the result of a command must not vanish; what is written to a closed standard error is dropped.
    """
    for descriptor, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            # The lowest free number is taken, and that is this one. Children have it too.
            os.set_inheritable(os.open(os.devnull, flags), True)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
