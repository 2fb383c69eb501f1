"""Label formats, imports and exports as the window sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

AUTO = "auto"
"""In place of a format's name: find out which it is."""


class OptionKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class FormatOption:
    """One option of a format. ``choices`` are its values if it is a choice, else empty."""

    name: str
    kind: OptionKind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormatInfo:
    """A label format. ``suffix`` of a new file, with the dot; empty for a format that is a folder.

    ``no``: it holds single no's; ``reviews``: which review marks it holds, "all", "empty" or "none".
    ``splits``: it names the part of each image itself.
    """

    name: str
    title: str
    suffix: str
    no: bool
    reviews: str
    readable: bool
    writable: bool
    read_options: tuple[FormatOption, ...] = ()
    write_options: tuple[FormatOption, ...] = ()
    splits: bool = False


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is imported, and how; see app/services/interchange/importing.py. ``options`` by name."""

    path: Path
    format: str = AUTO
    complete: bool = False
    overwrite: bool = False
    match_names: bool = False
    nothing: Sequence[str] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is exported. ``path`` is None while it is only counted; ``image_ids`` None for all images.

    ``query``: what chose them, empty if it was not a query. ``answered``: only images with an answer or a
    review. ``split``: shares such as "80/10/10", empty for one part. ``card``: the file of a data card.
    """

    format: str
    path: Path | None = None
    image_ids: Sequence[int] | None = None
    everything: bool = False
    query: str = ""
    answered: bool = False
    split: str = ""
    card: Path | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
