"""The file with the answers that could not be saved to the database, until the person decides about them.

JSON lines, one change each, in order.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from app.domain.auto_accept import AcceptPlan
from app.domain.errors import BadInputError, KnownError
from app.domain.labels import LabelState
from app.domain.language import translate
from app.domain.review import Card
from app.domain.unsaved import (
    AcceptAndReview,
    AcceptLikely,
    AddCategoryAndDecide,
    Answer,
    Decide,
    DecideCards,
    MarkReviewed,
    UnsavedChange,
)
from app.services.text_files import atomic_writer

NAME: Final = "unsaved.jsonl"
_KINDS: Final[dict[str, tuple[type[Answer], TypeAdapter[Any]]]] = {
    "decide": (Decide, TypeAdapter(tuple[list[int], int | str, LabelState])),
    "add_and_decide": (AddCategoryAndDecide, TypeAdapter(tuple[list[int], str, LabelState])),
    "review": (MarkReviewed, TypeAdapter(tuple[list[int], bool])),
    "accept_and_review": (AcceptAndReview, TypeAdapter(tuple[list[int], list[int], list[int]])),
    "reviewing.decide": (DecideCards, TypeAdapter(tuple[int, list[Card], LabelState])),
    "accepting.apply": (AcceptLikely, TypeAdapter(tuple[AcceptPlan])),
}
"""By the name in the file: the action, and the types of its fields in their order."""
_NAMES: Final = {kind: name for name, (kind, _) in _KINDS.items()}


class UnsavedFile:
    """The file is in the project's folder, or in ``fallback`` if that cannot be written to."""

    def __init__(self, project_folder: Path, fallback: Path | None = None) -> None:
        self._path = project_folder / NAME
        key = hashlib.sha256(str(project_folder).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        self._other = None if fallback is None else fallback / f"{key}.jsonl"

    def read(self) -> list[UnsavedChange]:
        """The changes in the file. Raises KnownError, BadInputError for a damaged file, which is renamed."""
        for path in (self._other, self._path):
            if path is not None and path.is_file():
                return _read(path)
        return []

    def write(self, changes: Sequence[UnsavedChange]) -> int:
        """Replace the file with the answers among these changes and return their number; without any, delete
        it. Raises KnownError.
        """
        lines = [_line(one.action, one.words) for one in changes if isinstance(one.action, Answer)]
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
            raise KnownError(
                translate("Project", "{path} cannot be removed: {reason}.").format(
                    path=path, reason=error.strerror
                )
            ) from error


def _write(path: Path, lines: Sequence[str]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KnownError(
            translate("Project", "{path} cannot be written: {reason}.").format(
                path=path, reason=error.strerror
            )
        ) from error
    with atomic_writer(path) as stream:
        stream.write("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass"))


def _line(action: Answer, words: str) -> str:
    name = _NAMES[type(action)]
    values = tuple(getattr(action, one.name) for one in fields(action))
    arguments = _KINDS[name][1].dump_python(values, mode="json")
    return json.dumps({"operation": name, "arguments": arguments, "words": words})


def _read(path: Path) -> list[UnsavedChange]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise KnownError(
            translate(
                "Project",
                "{path} has answers that could not be saved last time, but it cannot be read: {reason}.",
            ).format(path=path, reason=error.strerror)
        ) from error
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(_change(json.loads(line)))
        except (ValueError, TypeError, KeyError, RecursionError, ValidationError) as error:
            aside = _set_aside(path)
            raise BadInputError(
                translate(
                    "Project",
                    "Line {number} of {path} is damaged, so the answers that could not be saved last "
                    "time cannot be restored; they are kept in {aside}.",
                ).format(number=number, path=path.name, aside=aside)
            ) from error
    return found


def _change(record: Any) -> UnsavedChange:
    words = record["words"]
    if not isinstance(words, str):
        raise TypeError("words")
    kind, types = _KINDS[record["operation"]]
    return UnsavedChange(kind(*types.validate_python(record["arguments"])), words)


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    try:
        return path.rename(aside)
    except OSError:
        return path
