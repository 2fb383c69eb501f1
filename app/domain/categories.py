"""Categories and the head / medium / tail bands."""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.errors import BadInputError

DEFAULT_TEMPLATE = "a photo of a {name}."
MAX_NAME_LENGTH = 200


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


@dataclass(frozen=True, slots=True)
class Category:
    id: int
    name: str
    templates: tuple[str, ...] = (DEFAULT_TEMPLATE,)
    aliases: tuple[str, ...] = field(default=())
    description: str = ""
    shortcut: str | None = None
    colour: str | None = None
    created_at: datetime | None = None
    archived_at: datetime | None = None

    def prompts(self) -> tuple[str, ...]:
        """The texts whose embeddings are averaged for this category."""
        return tuple(template.replace("{name}", self.name) for template in self.templates)


def clean_name(name: str) -> str:
    """Normalise a category name: NFC, single spaces, no control characters.

    Raises BadInputError for an empty or overlong name.
    """
    text = unicodedata.normalize("NFC", name)
    text = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())
    if not text:
        raise BadInputError("A category needs a name: the one given is empty.")
    if len(text) > MAX_NAME_LENGTH:
        raise BadInputError(
            f"The category name {text[:40]!r}... is longer than {MAX_NAME_LENGTH} characters."
        )
    return text


def name_key(name: str) -> str:
    """Two names with the same key are the same category."""
    return unicodedata.normalize("NFKC", clean_name(name)).casefold()
