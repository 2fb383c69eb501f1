"""Entries of JSON files that other programs wrote: lists, ids, texts, and what is wrong with them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from app.domain.categories import clean_name
from app.domain.errors import BadInputError
from app.domain.language import QT_TRANSLATE_NOOP, translate, translated
from app.services.interchange.statements import LeftOut
from app.services.text_files import read_json

Id = int | str
_KINDS = {
    str: QT_TRANSLATE_NOOP("Interchange", "a text"),
    bool: QT_TRANSLATE_NOOP("Interchange", "true or false"),
    list: QT_TRANSLATE_NOOP("Interchange", "a list"),
    dict: QT_TRANSLATE_NOOP("Interchange", "an object"),
}
_WHOLE_NUMBER = re.compile(r"(0|-?[1-9][0-9]{0,17})(\.0{1,6})?")
"""Texts that are the id of that number; any other text, such as 007, is only itself."""
_MOST_SHOWN = 40


class UnusableError(Exception):
    """Why one entry cannot be used."""


@dataclass(slots=True)
class Reader:
    """Collects what is left out of one file, and notes about it."""

    path: Path
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def document(self) -> Any:
        return read_json(self.path)

    def refused(self, reason: str) -> BadInputError:
        return BadInputError(f"{self.path}: {reason}.")

    def leave_out(self, place: str, reason: object) -> None:
        self.left_out.append(LeftOut(place, str(reason)))

    def objects(self, name: str, entries: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """The objects of a list with their places; anything else is left out."""
        for index, entry in enumerate(entries):
            place = f"{name}[{index}]"
            if isinstance(entry, dict):
                yield place, entry
            else:
                self.leave_out(
                    place,
                    translate("Interchange", "must be an object, not {found}").format(found=described(entry)),
                )


@dataclass(slots=True)
class NamedCategories:
    """The categories of a file that only names them, in the order in which they are first named."""

    names: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    _positions: dict[str, int] = field(default_factory=dict)

    def position(self, name: Any, place: str) -> int:
        """The position of a category, added if it is new. Raises UnusableError for what cannot be a name."""
        if isinstance(name, str) and name in self._positions:
            return self._positions[name]
        cleaned = category_name(name)
        if cleaned not in self._positions:
            self._positions[cleaned] = len(self.names)
            self.names.append(cleaned)
            self.places.append(place)
        return self._positions[cleaned]


def id_of(value: Any) -> Id | None:
    """An id is only a name: 1, 1.0, "1" and "1.0" are the same one. None for what cannot be an id."""
    kind = type(value)
    if kind is int:
        return int(value)
    if kind is str:
        return int(value.split(".")[0]) if _WHOLE_NUMBER.fullmatch(value) else str(value)
    if kind is float and value.is_integer():
        return int(value)
    return None


def required_id(entry: Mapping[str, Any], name: str) -> Id:
    """Raises UnusableError."""
    value = entry.get(name)
    found = id_of(value)
    if found is None:
        if value is None:
            raise UnusableError(
                translate("Interchange", "{name} is null").format(name=name)
                if name in entry
                else translate("Interchange", "it has no {name}").format(name=name)
            )
        raise UnusableError(
            translate("Interchange", "{name} must be a number or a text, not {found}").format(
                name=name, found=described(value)
            )
        )
    return found


def required(entry: Mapping[str, Any], name: str, kind: type) -> Any:
    """The value of a field of this kind: str, bool, list or dict. Raises UnusableError."""
    value = entry.get(name)
    if type(value) is not kind:
        if name not in entry:
            raise UnusableError(translate("Interchange", "it has no {name}").format(name=name))
        raise UnusableError(
            translate("Interchange", "{name} must be {kind_words}, not {found}").format(
                name=name, kind_words=_kind_words(kind), found=described(value)
            )
        )
    return value


def file_name(entry: Mapping[str, Any], name: str) -> str:
    """Raises UnusableError for what cannot be the name of a file."""
    value: str = required(entry, name, str)
    if not PurePosixPath(value.replace("\\", "/")).name or "\0" in value:
        raise UnusableError(
            translate("Interchange", "{name} {found} is not a file name").format(
                name=name, found=described(value)
            )
        )
    return value


def category_name(value: Any) -> str:
    """Raises UnusableError for what cannot be the name of a category; a number is its text."""
    number = id_of(value) if type(value) in (int, float) else value
    if not isinstance(number, int | str):
        raise UnusableError(
            translate("Interchange", "the name of a category must be a text, not {found}").format(
                found=described(value)
            )
        )
    try:
        return clean_name(str(number))
    except BadInputError as error:
        raise UnusableError(error.sentence.rstrip(".")) from None


def chance(value: Any) -> float | None:
    """A confidence in 0..1; None for anything else."""
    if type(value) in (int, float) and 0 <= value <= 1:
        return float(value)
    return None


def _kind_words(kind: type) -> str:
    return translated("Interchange", _KINDS[kind])


def described(value: Any) -> str:
    if isinstance(value, dict | list):
        return _kind_words(type(value))
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 3] + "..."
