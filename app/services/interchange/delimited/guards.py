"""Guards against cells that a spreadsheet would run as a formula, and undoing them.

Spreadsheets treat a cell that begins with ``=``, ``+``, ``-`` or ``@`` as a formula. So such a path is
written with ``./`` before it, which names the same file, and such a category with ``'``. A name that looks
guarded gets one guard more, so removing one always gives the name back.
"""

import re

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_GUARD = "'"
_GUARDED = re.compile(f"{_GUARD}*[{re.escape(''.join(_FORMULA))}]")
"""Names that are written with a guard: those that look like a formula, and those that look guarded."""


def guarded_path(path: str) -> str:
    return "./" + path if path.startswith(_FORMULA) else path


def plain_path(cell: str) -> str:
    """The path in a cell of an export."""
    return cell[2:] if cell.startswith("./") and cell[2:].startswith(_FORMULA) else cell


def guarded_name(name: str) -> str:
    return _GUARD + name if _GUARDED.match(name) else name


def plain_name(cell: str) -> str:
    """The category in a cell of an export."""
    return cell[1:] if cell.startswith(_GUARD) and _GUARDED.match(cell) else cell
