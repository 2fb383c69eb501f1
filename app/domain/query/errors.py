"""What can be wrong with a query."""

import unicodedata

from app.domain.categories import DIRECTION
from app.domain.errors import KnownError


class QueryError(KnownError):
    """A query that cannot be understood: one sentence with the column, and the likely fix.

    ``position`` is the index of the first wrong character in ``text`` (code points from 0; the column in
    the sentence counts from 1). ``suggestion`` is what to write in place of ``text[span[0]:span[1]]``, None
    where nothing likely is known; the span begins at the position unless more than the wrong part changes.
    """

    def __init__(
        self,
        message: str,
        position: int,
        suggestion: str | None = None,
        *,
        text: str = "",
        end: int | None = None,
        whole: bool = False,
    ) -> None:
        hint = f"; did you mean {one_line(suggestion)}?" if suggestion else "."
        super().__init__(f"Query, column {position + 1}: {message}{hint}")
        self.message = message
        self.position = position
        self.suggestion = suggestion
        self.text = text
        self.span = (0, len(text)) if whole else (position, position + 1 if end is None else end)

    def fixed(self) -> str | None:
        """The whole query with the suggestion put in place; None without a suggestion."""
        if self.suggestion is None:
            return None
        start, end = self.span
        return self.text[:start] + self.suggestion + self.text[end:]

    def caret(self) -> str:
        """Two lines: the query, and a caret under the place (for a fixed-width font)."""
        before = self.text[: self.position]
        return f"{one_line(self.text)}\n{' ' * _cells(before)}^"


class MissingScoresError(KnownError):
    """A query asks for scores or embeddings that do not exist yet."""


def one_line(text: str) -> str:
    """The text with each blank and control character shown as one space.

    Joiners and other formatting characters stay: they are part of a name.
    """
    return "".join(" " if _moves_text(c) else c for c in text)


def _moves_text(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "Z" or category in {"Cc", "Cs"} or character in DIRECTION


def _cells(text: str) -> int:
    """Width in terminal cells: East Asian wide letters take two, marks without width none."""
    return sum(
        0 if _has_no_width(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in one_line(text)
    )


def _has_no_width(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me", "Cf"} and character != "\xad"
