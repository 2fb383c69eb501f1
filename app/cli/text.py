"""Safe and readable text for the terminal."""

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.categories import DIRECTION

if TYPE_CHECKING:
    from app.domain.categories import JoinedNames


def printable(text: str) -> str:
    """``text`` with everything escaped that could move the cursor, hide text or break the encoding.

    File names may contain line breaks, terminal codes and undecodable bytes.
    """
    return "".join(
        character.encode("unicode_escape").decode("ascii")
        if unicodedata.category(character) in {"Cc", "Cs"} or character in DIRECTION
        else character
        for character in text
    )


def duration(seconds: float) -> str:
    """A duration, rounded for reading: "8.2 s", "3 min 20 s", "2 h 05 min"."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


LISTED = 10
"""The most lines of a list that are printed."""


def listing(items: Sequence[str], limit: int | None = LISTED) -> list[str]:
    """The first ``limit`` items (None: all) as indented lines, and how many more there are."""
    lines = [f"  {printable(item)}" for item in items[:limit]]
    if limit is not None and len(items) > limit:
        lines.append(f"  ... and {len(items) - limit:,} more")
    return lines


def joined_lines(joined: "Sequence[JoinedNames]", limit: int | None = LISTED) -> list[str]:
    """The names that were merged into one category, with their places."""
    if not joined:
        return []
    heading = "names that differ only in case, width or similar are one category:"
    return [heading, *listing([_joined(one) for one in joined], limit)]


def _joined(one: "JoinedNames") -> str:
    names = ", ".join(f'"{name}" ({place})' for name, place in zip(one.names, one.places, strict=True))
    return f"{one.category}: {names}"
