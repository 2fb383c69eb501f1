"""Ranges and parsers for the options of all commands."""

import os
from pathlib import Path
from typing import Final

import typer

MAX_SEED: Final = 2**32 - 1
"""The highest seed that NumPy, scikit-learn and torch all accept."""
MAX_COUNT: Final = 10**9
"""More than any collection has, and far below where NumPy and SQLite overflow."""
MAX_EPOCHS: Final = 10_000


def share(text: str | float) -> float:
    """A number from 0 to 1."""
    try:
        number = float(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a number") from None
    if not 0 <= number <= 1:  # excludes "nan" too
        raise typer.BadParameter(f"{text} is not in the range from 0 to 1")
    return number


def given_path(text: str | Path) -> Path:
    """A path; ``~`` is the home folder. Empty ones, which would mean the current folder, are refused."""
    if not str(text):
        raise typer.BadParameter("the path is empty; the current folder is '.'")
    # pathlib's expanduser raises for an unknown user; here such a name is kept as written
    return Path(os.path.expanduser(text))  # noqa: PTH111
