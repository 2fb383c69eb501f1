"""From the text of a query to tokens with their positions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from app.domain.language import translate
from app.domain.query.errors import QueryError
from app.domain.query.words import CURLY_QUOTES, MODIFIERS, OPERATORS, quoted, split_field

_COMPARISON = re.compile(r"\s*([<>=!]+)\s*([^\s()\"]*)")
_BARE = re.compile(r'[^\s()"]*')
_BARE_SCORE = re.compile(r'[^\s()"<>=]*')


class Kind(Enum):
    OPEN = auto()
    CLOSE = auto()
    MINUS = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    TERM = auto()
    MODIFIER = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """``text[start:end]``. ``value`` (at ``value_start``) is without its quotes and escapes.

    ``comparison`` and ``number`` (at ``number_start``) are only for score:, and may be empty.
    """

    kind: Kind
    start: int
    end: int
    field: str = ""
    value: str = ""
    value_start: int = 0
    comparison: str = ""
    number: str = ""
    number_start: int = 0


def tokens(text: str) -> Iterator[Token]:
    """Each token of the query, then one END. Raises QueryError for bad quotes and lower-case operators."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token(text, at)
        yield token
        at = token.end
    yield Token(Kind.END, len(text), len(text))


def _token(text: str, at: int) -> Token:
    simple = {"(": Kind.OPEN, ")": Kind.CLOSE, "-": Kind.MINUS}.get(text[at])
    if simple is not None:
        return Token(simple, at, at + 1)
    if text[at] == '"':
        value, end = _quoted(text, at)
        _require_gap(text, at, end)
        return Token(Kind.TERM, at, end, "", value, at)
    if text[at] in CURLY_QUOTES:
        raise _curly(text, at)
    match = _BARE.match(text, at)
    assert match is not None
    word, end = match.group(), match.end()
    if word in OPERATORS:
        return Token(Kind[word], at, end)
    if word.upper() in OPERATORS:
        raise QueryError(
            translate("Query", '"{word}" is an operator in capitals and a category in quotes').format(
                word=word
            ),
            at,
            word.upper(),
            text=text,
            end=end,
        )
    field, length = split_field(word)
    if field:
        return _field_token(text, at, field, at + length)
    _require_no_quote(text, end)
    return Token(Kind.TERM, at, end, "", word, at)


def _field_token(text: str, at: int, field: str, value_start: int) -> Token:
    kind = Kind.MODIFIER if field.partition(":")[0] in MODIFIERS else Kind.TERM
    if text.startswith('"', value_start):
        value, end = _quoted(text, value_start)
        if field != "score" or end == len(text) or text[end] not in "<>=!":
            _require_gap(text, value_start, end)
    else:
        if value_start < len(text) and text[value_start] in CURLY_QUOTES:
            raise _curly(text, value_start)
        match = (_BARE_SCORE if field == "score" else _BARE).match(text, value_start)
        assert match is not None
        value, end = match.group(), match.end()
        _require_no_quote(text, end)
    if field != "score":
        return Token(kind, at, end, field, value, value_start)
    comparison = _COMPARISON.match(text, end)
    if comparison is None:
        return Token(kind, at, end, field, value, value_start)
    operator, number = comparison.groups()
    return Token(kind, at, comparison.end(), field, value, value_start, operator, number, comparison.start(2))


def _quoted(text: str, at: int) -> tuple[str, int]:
    """The value of the quoted string that opens at ``at``, and the index after its closing quote."""
    value: list[str] = []
    i = at + 1
    while i < len(text):
        char = text[i]
        if char == '"':
            return "".join(value), i + 1
        if char == "\\":
            if i + 1 < len(text) and text[i + 1] not in '"\\':
                raise QueryError(
                    translate("Query", 'in quotes a backslash is allowed only before " or another backslash'),
                    i,
                    "\\\\",
                    text=text,
                )
            i += 1
        value.append(text[i : i + 1])
        i += 1
    rest = "".join(value).rstrip()
    raise QueryError(
        translate("Query", "this quote is never closed"),
        at,
        quoted(rest) if rest else None,
        text=text,
        end=len(text),
    )


def _require_gap(text: str, at: int, end: int) -> None:
    """After a closing quote there must be a space, a bracket or the end."""
    if end < len(text) and not text[end].isspace() and text[end] not in "()":
        raise QueryError(
            translate(
                "Query", "after the closing quote of {text} there must be a space, a bracket or the end"
            ).format(text=text[at:end]),
            end,
            text=text,
        )


def _require_no_quote(text: str, end: int) -> None:
    if end < len(text) and text[end] == '"':
        raise QueryError(
            translate(
                "Query", 'a quote is allowed only at the beginning of a name; inside a quoted name, write \\"'
            ),
            end,
            text=text,
        )


def _curly(text: str, at: int) -> QueryError:
    match = re.compile(rf"[{CURLY_QUOTES}]([^{CURLY_QUOTES}\"]*)[{CURLY_QUOTES}\"]?").match(text, at)
    assert match is not None
    inside = match.group(1).strip()
    return QueryError(
        translate("Query", 'use straight quotes (") for names'),
        at,
        quoted(inside) if inside else None,
        text=text,
        end=match.end(),
    )
