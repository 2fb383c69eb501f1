"""Errors in queries."""

import unicodedata

from app.domain.categories import DIRECTION
from app.domain.errors import KnownError
from app.domain.language import translate


class QueryError(KnownError):
    """A query that cannot be parsed: one sentence with the column, and a likely fix.

    ``position`` is the index of the first wrong character in ``text`` (code points from 0; the column in the
    sentence counts from 1). ``suggestion`` replaces ``text[span[0]:span[1]]``; None without a likely fix. The
    span begins at the position, unless more than the wrong part changes.
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
        hint = (
            translate("Query", "; did you mean {suggestion}?").format(suggestion=one_line(suggestion))
            if suggestion
            else "."
        )
        super().__init__(
            translate("Query", "Query, column {position}: {message}{hint}").format(
                position=position + 1, message=message, hint=hint
            )
        )
        self.message = message
        self.position = position
        self.suggestion = suggestion
        self.text = text
        self.span = (0, len(text)) if whole else (position, position + 1 if end is None else end)

    def fixed(self) -> str | None:
        """The whole query with the suggestion applied; None without a suggestion."""
        if self.suggestion is None:
            return None
        start, end = self.span
        return self.text[:start] + self.suggestion + self.text[end:]


class MissingScoresError(KnownError):
    """A query asks for scores or embeddings that do not exist yet."""


def one_line(text: str) -> str:
    """The text with each white space and control character replaced by a space.

    Joiners and other format characters stay: they are part of a name.
    """
    return "".join(" " if _moves_text(c) else c for c in text)


def _moves_text(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "Z" or category in {"Cc", "Cs"} or character in DIRECTION
