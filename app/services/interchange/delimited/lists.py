"""Several categories in one cell."""

import csv
import re
from collections.abc import Iterable

from app.domain.errors import BadInputError
from app.domain.language import translate

SEPARATORS = "|;#,"
NONE = "none"
"""The value of the option that says: a cell is one category."""
_NAMES = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "bar": "|", "hash": "#", "space": " "}
_LIST = re.compile(r"\s*[\[({](.*)[\])}]\s*", re.DOTALL)
_ITEM = re.compile(r"\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")\s*,?")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_NOTHING = frozenset(("nan", "null", "none", "n/a", "na", "<na>", "#n/a", "[]", "()", "{}"))
"""What programs write for a cell without a value."""


def given_separator(option: str) -> str:
    """The separator that an option names; empty for ``none``. Raises BadInputError."""
    if option.casefold() == NONE:
        return ""
    found = _NAMES.get(option.casefold(), option)
    if len(found) != 1 or found in '\r\n"':
        raise BadInputError(
            translate("Interchange", "The separator {option} is not one character, or {none}.").format(
                option=repr(option), none=NONE
            )
        )
    return found


def found_separators(cells: Iterable[str]) -> dict[str, str]:
    """The separators that occur in cells, outside quotation marks and lists, each with an example."""
    found: dict[str, str] = {}
    for cell in cells:
        if _LIST.fullmatch(cell):
            continue
        bare = _QUOTED.sub("", cell) if '"' in cell else cell
        for one in SEPARATORS:
            if one in bare:
                found.setdefault(one, cell)
    return found


def split_cell(cell: str, separator: str) -> list[str]:
    """The categories in a cell; ``separator`` is empty if it is one. Python's lists are read too."""
    text = cell.strip()
    if not text or text.casefold() in _NOTHING:
        return []
    listed = _LIST.fullmatch(text)
    if listed is not None:
        items = _items(listed.group(1))
        if items is not None:
            return items
    parts = [part for line in text.splitlines() for part in _parts(line, separator)]
    return [part.strip() for part in parts if part.strip()]


def _parts(line: str, separator: str) -> list[str]:
    if not separator:
        return [line]
    if '"' in line:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    return line.split(separator)


def _items(text: str) -> list[str] | None:
    """The texts in quotation marks, None if there is anything else."""
    found, at = [], 0
    while at < len(text.rstrip()):
        item = _ITEM.match(text, at)
        if item is None:
            return None
        found.append(re.sub(r"\\(.)", r"\1", item.group(1) if item.group(1) is not None else item.group(2)))
        at = item.end()
    return [one.strip() for one in found if one.strip()]


def join_cell(names: Iterable[str], separator: str) -> str:
    """A cell from which :func:`split_cell` gives the names back."""
    return separator.join(
        '"' + name.replace('"', '""') + '"' if _needs_quotes(name, separator) else name for name in names
    )


def _needs_quotes(name: str, separator: str) -> bool:
    special = set(SEPARATORS + separator + '"')
    return bool(special & set(name)) or name[:1] in "[({" or name.casefold() in _NOTHING
