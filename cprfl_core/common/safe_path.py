"""Keeps the current folder off Python's search path, so that no Python file among images is ever imported.

Imports only modules that ``python -m`` has already loaded; others could come from that folder.
"""

import os
import site
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PACKAGE_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
"""The folder that contains the packages, in a source tree or in an installation."""
_SAFE = "PYTHONSAFEPATH"
_PATH = "PYTHONPATH"


def leave_out_current_folder() -> None:
    """Remove the current folder from ``sys.path`` and ``PYTHONPATH``, unless it contains the packages.

    That is the entry that ``python -m`` and ``python -c`` put first, and empty and relative entries of
    PYTHONPATH. Absolute entries were set on purpose and stay.
    """
    here = _current_folder()
    if not sys.flags.safe_path and sys.path and sys.path[0] in {"", here}:
        sys.path[0:1] = [PACKAGE_ROOT] if here == PACKAGE_ROOT else []
    sys.path[:] = [entry for entry in sys.path if entry]
    given = os.environ.get(_PATH, "").split(os.pathsep)
    relative = {os.path.abspath(entry) for entry in given if not os.path.isabs(entry)} if here else set()  # noqa: PTH100, PTH117
    unwanted = relative - {PACKAGE_ROOT, *_own_folders()}
    sys.path[:] = [entry for entry in sys.path if entry not in unwanted]
    if _PATH in os.environ:
        os.environ[_PATH] = _without_relative(given)


@contextmanager
def safe_children() -> Iterator[None]:
    """Keep processes that multiprocessing starts in this block from importing from the current folder.

    Such a process starts with ``python -c``, before it adopts its parent's search path.
    """
    before = {name: os.environ.get(name) for name in (_SAFE, _PATH)}
    os.environ[_SAFE] = "1"
    given = os.environ.get(_PATH)
    if given is not None:
        os.environ[_PATH] = _without_relative(given.split(os.pathsep))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _without_relative(entries: list[str]) -> str:
    return os.pathsep.join(entry for entry in entries if os.path.isabs(entry))  # noqa: PTH117


def _own_folders() -> set[str]:
    """The folders of Python and of installed packages, which may be the current folder."""
    return {os.path.dirname(os.__file__), *site.getsitepackages(), site.getusersitepackages()}  # noqa: PTH120


def _current_folder() -> str:
    """The current folder; empty if it was deleted."""
    try:
        return os.getcwd()  # noqa: PTH109
    except OSError:
        return ""
