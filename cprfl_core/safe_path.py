"""Keeps the current folder off Python's search path: a file beside somebody's photographs is never imported.

Imports only what an interpreter that runs ``python -m`` has loaded already: more could come from that folder.
"""

import os
import site
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PACKAGE_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
"""The folder that holds the packages, in a source tree or in an installation."""
_SAFE = "PYTHONSAFEPATH"
_PATH = "PYTHONPATH"


def leave_out_current_folder() -> None:
    """Take off ``sys.path`` and ``PYTHONPATH`` what means the current folder, unless the packages lie there.

    That is the entry that ``python -m`` and ``python -c`` put first, and the empty and relative ones of
    PYTHONPATH. Entries that name a folder in full are somebody's choice and stay.
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
    """Python processes that multiprocessing starts within the block import nothing from the current folder.

    Such a process begins with ``python -c``, before it takes over the search path of its parent.
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
    """Where Python itself and installed packages lie; one may stand in one of them."""
    return {os.path.dirname(os.__file__), *site.getsitepackages(), site.getusersitepackages()}  # noqa: PTH120


def _current_folder() -> str:
    """Empty where it has been deleted."""
    try:
        return os.getcwd()  # noqa: PTH109
    except OSError:
        return ""
