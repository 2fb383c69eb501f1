"""Ranges of numbers and readers of values that the options of all commands share."""

import os
from pathlib import Path
from typing import Final

import typer

MAX_SEED: Final = 2**32 - 1
"""NumPy's, scikit-learn's and torch's generators all take seeds up to this one."""
MAX_COUNT: Final = 10**9
"""More than any collection holds, and far from where NumPy and SQLite overflow."""
MAX_EPOCHS: Final = 10_000


def share(text: str | float) -> float:
    """A number from 0 to 1, in digits."""
    try:
        number = float(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a number") from None
    if not 0 <= number <= 1:  # which "nan" is not either
        raise typer.BadParameter(f"{text} is not in the range from 0 to 1")
    return number


def given_path(text: str | Path) -> Path:
    """A path that is not empty, which would mean the current folder; ``~`` is the home folder."""
    if not str(text):
        raise typer.BadParameter("the path is empty; the current folder is '.'")
    # pathlib's expanduser raises where there is no such person; the name may be meant as it is written
    return Path(os.path.expanduser(text))  # noqa: PTH111
