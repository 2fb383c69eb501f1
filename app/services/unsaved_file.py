"""The file that keeps answers which could not be written to the database, until the person decides.

JSON lines, one change each, in their order.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from app.domain.auto_accept import AcceptPlan
from app.domain.errors import BadInputError, KnownError
from app.domain.labels import LabelState
from app.domain.review import Card
from app.domain.unsaved import UnsavedChange, unsaved_change
from app.services.interchange.files import atomic_writer

NAME: Final = "unsaved.jsonl"
_ARGUMENTS: Final[dict[str, TypeAdapter[Any]]] = {
    "decide": TypeAdapter(tuple[list[int], int | str, LabelState]),
    "add_and_decide": TypeAdapter(tuple[list[int], str, LabelState]),
    "review": TypeAdapter(tuple[list[int], bool]),
    "reviewing.decide": TypeAdapter(tuple[int, list[Card], LabelState]),
    "accepting.apply": TypeAdapter(tuple[AcceptPlan]),
}


class UnsavedFile:
    """Lies in the project's folder, or in ``fallback`` where that cannot be written to."""

    def __init__(self, project_folder: Path, fallback: Path | None = None) -> None:
        self._path = project_folder / NAME
        key = hashlib.sha256(str(project_folder).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self._other = None if fallback is None else fallback / f"{key}.jsonl"

    def read(self) -> list[UnsavedChange]:
        """What was kept last. Raises BadInputError for a damaged file, which is set aside, and KnownError."""
        for path in (self._other, self._path):
            if path is not None and path.is_file():
                return _read(path)
        return []

    def write(self, changes: Sequence[UnsavedChange]) -> int:
        """Keep the answers among these in place of what was kept before; their number. Without any the file
        is removed. Raises KnownError.
        """
        lines = [_line(one) for one in changes if one.operation in _ARGUMENTS]
        if not lines:
            self._remove(self._path)
            self._remove(self._other)
            return 0
        try:
            _write(self._path, lines)
        except KnownError:
            if self._other is None:
                raise
            _write(self._other, lines)
        else:
            self._remove(self._other)
        return len(lines)

    def _remove(self, path: Path | None) -> None:
        try:
            if path is not None:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise KnownError(f"{path} cannot be removed: {error.strerror}.") from error


def _write(path: Path, lines: Sequence[str]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KnownError(f"{path} cannot be written: {error.strerror}.") from error
    with atomic_writer(path) as stream:
        stream.write("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass"))


def _line(change: UnsavedChange) -> str:
    arguments = _ARGUMENTS[change.operation].dump_python(change.arguments, mode="json")
    return json.dumps({"operation": change.operation, "arguments": arguments, "words": change.words})


def _read(path: Path) -> list[UnsavedChange]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise KnownError(
            f"{path} holds answers that could not be saved last time, and cannot be read: {error.strerror}."
        ) from error
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(_change(json.loads(line)))
        except (ValueError, TypeError, KeyError, RecursionError, ValidationError) as error:
            aside = _set_aside(path)
            raise BadInputError(
                f"Line {number} of {path.name} is damaged, so the answers that could not be saved last time "
                f"cannot be offered; they are kept in {aside}."
            ) from error
    return found


def _change(record: Any) -> UnsavedChange:
    operation, words = record["operation"], record["words"]
    if not isinstance(words, str):
        raise TypeError("words")
    arguments = _ARGUMENTS[operation].validate_python(record["arguments"])
    return unsaved_change(operation, arguments, words)


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    try:
        return path.rename(aside)
    except OSError:
        return path
