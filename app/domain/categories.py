"""Categories, their names, and the head / medium / tail bands."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Generic, Protocol, TypeVar

from app.domain.errors import BadInputError
from app.domain.language import translate

DEFAULT_TEMPLATE = "a photo of a {name}."
MAX_NAME_LENGTH = 200

_BLANK_ENDS = " \u200b\u2060\ufeff"
"""Zero-width characters that web pages and files leave at the ends of a text; inside a name they are kept."""
DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Direction controls, which affect the text around a name."""
_INVISIBLE = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0xE0000, 0xE0FFF),
)
"""Characters that are invisible, besides those of the Unicode categories Z and C."""
_NO_KEY = dict.fromkeys((0xAD, 0x61C, 0x200B, 0x200E, 0x200F, *range(0x2060, 0x2070), 0xFEFF))
"""Characters that change neither the look nor the meaning of a name, unlike joiners and emoji tags."""
_JOINERS = "\u200c\u200d"


class Band(StrEnum):
    HEAD = "head"
    MEDIUM = "medium"
    TAIL = "tail"


@dataclass(frozen=True, slots=True)
class BandCuts:
    """Head from ``head`` yes labels on, tail below ``medium``, as in the CPRFL paper (100 and 20)."""

    medium: int = 20
    head: int = 100

    def band(self, yes: int) -> Band:
        if yes >= self.head:
            return Band.HEAD
        return Band.MEDIUM if yes >= self.medium else Band.TAIL


class Banded(Protocol):
    """Anything of one category whose band is known."""

    @property
    def band(self) -> Band | None: ...


def bands_differ(rows: Iterable[Banded]) -> bool:
    """Whether bands say anything: in a new project every category is in the tail."""
    return len({one.band for one in rows} - {None}) > 1


CATEGORY_KEYS: Final = "1234567890BCILOPQWZ"
"""Keys that a category may own: the digits, and the letters that no command has by default."""


@dataclass(frozen=True, slots=True)
class Category:
    """``shortcut`` is one of CATEGORY_KEYS, which no other category that is not archived has.

    ``sense``: the meaning of its name that a person has chosen, as in the dictionary of nouns. ``parent``:
    the id of a category that is yes wherever this one is (app.domain.hierarchy). ``group`` is a heading, and
    ``position`` the place in the person's order, None for that of its creation.
    """

    id: int
    name: str
    templates: tuple[str, ...] = (DEFAULT_TEMPLATE,)
    aliases: tuple[str, ...] = field(default=())
    description: str = ""
    shortcut: str | None = None
    colour: str | None = None
    sense: str | None = None
    created_at: datetime | None = None
    archived_at: datetime | None = None
    parent: int | None = None
    group: str = ""
    position: float | None = None

    @property
    def place(self) -> tuple[float, int]:
        """Its place in the person's order, for sorting."""
        return (self.id if self.position is None else self.position, self.id)

    def prompts(self) -> tuple[str, ...]:
        """The texts whose embeddings are averaged for this category."""
        return tuple(template.replace("{name}", self.name) for template in self.templates)


class Named(Protocol):
    """Anything with a name and other names."""

    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class JoinedNames:
    """Names that are spellings of one ``category``: ``names`` as written, and the ``places`` of each."""

    category: str
    names: tuple[str, ...]
    places: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"category": self.category, "names": list(self.names), "places": list(self.places)}


def clean_name(name: str) -> str:
    """A category name without control characters, in composed form (NFC), with single spaces.

    Everything else is kept, also invisible characters: joiners, soft hyphens and emoji tags are part of the
    spelling. Raises BadInputError for a name that is empty, too long or not valid text.
    """
    text = name if name.isascii() and name.isprintable() else _without_controls(name)
    text = " ".join(text.split()).strip(_BLANK_ENDS)
    if not any(map(_is_visible, text)):
        raise BadInputError(translate("Domain", "A category needs a name; the given one is empty."))
    if len(text) > MAX_NAME_LENGTH:
        raise BadInputError(
            translate(
                "Domain", "The category name {text}... is longer than {max_name_length} characters."
            ).format(text=repr(text[:40]), max_name_length=MAX_NAME_LENGTH)
        )
    return text


def name_key(name: str) -> str:
    """Names with the same key are the same category: case, width and invisible marks are ignored."""
    text = clean_name(name)
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFKC", text.translate(_NO_KEY).strip(_JOINERS)).casefold()


T = TypeVar("T", bound=Named)


class NameIndex(Generic[T]):
    """Finds categories by name, else by alias; the exact spelling first, then others with the same key."""

    def __init__(self, categories: Iterable[T] = ()) -> None:
        self._spelled: dict[str, T] = {}
        self._folded: dict[str, T] = {}
        self._aliases: dict[str, T] = {}
        self._folded_aliases: dict[str, T] = {}
        for one in categories:
            self.add(one)

    def add(self, category: T) -> None:
        self._spelled.setdefault(category.name, category)
        self._folded.setdefault(name_key(category.name), category)
        for alias in category.aliases:
            if alias.strip():
                self._aliases.setdefault(alias, category)
                self._folded_aliases.setdefault(name_key(alias), category)

    def find(self, name: str) -> T | None:
        """Raises BadInputError for an invalid name."""
        spelling, key = clean_name(name), name_key(name)
        for names, wanted in (
            (self._spelled, spelling),
            (self._folded, key),
            (self._aliases, spelling),
            (self._folded_aliases, key),
        ):
            if wanted in names:
                return names[wanted]
        return None


def join_names(given: Iterable[tuple[str, str]]) -> tuple[list[str], list[JoinedNames]]:
    """The distinct categories among (place, name), in their first spelling, and those with several spellings.

    Raises BadInputError naming the place.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for place, name in given:
        try:
            groups.setdefault(name_key(name), []).append((place, clean_name(name)))
        except BadInputError as error:
            raise BadInputError(f"{place}: {error.sentence}") from None
    joined = [
        JoinedNames(group[0][1], tuple(name for _, name in group), tuple(place for place, _ in group))
        for group in groups.values()
        if len(group) > 1
    ]
    return [group[0][1] for group in groups.values()], joined


def _without_controls(name: str) -> str:
    for at, character in enumerate(name, 1):
        if "\ud800" <= character <= "\udfff":
            raise BadInputError(
                translate(
                    "Domain",
                    "The category name {name} is not valid text: character {at} is an undecodable byte "
                    "or half a character; write the name in UTF-8.",
                ).format(name=repr(name[:40]), at=at)
            )
    kept = (
        character
        for character in name
        if character.isspace() or (unicodedata.category(character) != "Cc" and character not in DIRECTION)
    )
    return unicodedata.normalize("NFC", "".join(kept))


def _is_visible(character: str) -> bool:
    category = unicodedata.category(character)
    if category[0] == "Z" or category in {"Cc", "Cf"}:
        return False
    return not any(first <= ord(character) <= last for first, last in _INVISIBLE)
