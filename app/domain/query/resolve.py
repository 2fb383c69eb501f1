"""The terms of a query: the categories that they name, and whether they need scores."""

import re
from collections.abc import Iterator, Sequence

from app.domain.categories import Category, NameIndex, name_key
from app.domain.language import translate
from app.domain.query.errors import QueryError
from app.domain.query.nodes import (
    And,
    Expr,
    HasState,
    InBand,
    Not,
    Or,
    Query,
    Score,
    SortBy,
    SortByScore,
    SortKey,
    Suggested,
    Unsure,
)
from app.domain.query.words import FIELDS, OPERATORS, nearest_word, quoted, written

NEAR = 65.0
_COMPARED = re.compile(r"[^<>=]+[<>]=?[0-9.]+")


def resolve(query: Query, categories: Sequence[Category]) -> dict[str, int]:
    """The category id of each name in the query; names take precedence over aliases.

    Raises QueryError for an unknown name, with similarly spelled categories.
    """
    found: dict[str, int] = {}
    asked = list(names(query))
    index = NameIndex(categories if asked else ())
    for name, at in asked:
        category = index.find(name)
        if category is None:
            raise _unknown(query.text, name, at, categories)
        found[name] = category.id
    return found


def names(query: Query) -> Iterator[tuple[str, int]]:
    """Each category name in the query and its index in the text."""
    if query.expr is not None:
        for term in terms(query.expr):
            if isinstance(term, HasState | Suggested | Unsure | Score):
                yield term.name, term.at
    if isinstance(query.order, SortByScore):
        yield query.order.name, query.order.at


def needs_scores(query: Query) -> bool:
    """Whether the query cannot be answered without suggestions."""
    by_score = isinstance(query.order, SortByScore) or query.order == SortBy(SortKey.UNSURE)
    asked = () if query.expr is None else terms(query.expr)
    return by_score or any(isinstance(term, Suggested | Unsure | Score | InBand) for term in asked)


def terms(expr: Expr) -> Iterator[Expr]:
    """Each term of the expression, from left to right."""
    if isinstance(expr, Not):
        yield from terms(expr.operand)
    elif isinstance(expr, And | Or):
        for operand in expr.operands:
            yield from terms(operand)
    else:
        yield expr


def _unknown(text: str, name: str, at: int, categories: Sequence[Category]) -> QueryError:
    end = _end(text, at, name)
    message = translate("Query", "there is no category {name}").format(name=quoted(name))
    wide = _several_words(text, at, end, categories)
    if wide is not None:
        start, end, whole = wide
        return QueryError(message, start, quoted(whole), text=text, end=end)
    field, colon, value = name.partition(":")
    alone = not text[:at].endswith(":")
    likely_field = nearest_word(field, FIELDS) if colon and value and alone else None
    if alone and _COMPARED.fullmatch(name):
        return QueryError(message, at, f"score:{name}", text=text, end=end)
    if likely_field is not None:
        return QueryError(message, at, f"{likely_field}:{value}", text=text, end=end)
    spellings = [s for category in categories for s in (category.name, *category.aliases)]
    keys = {name_key(spelling): spelling for spelling in spellings}
    from rapidfuzz import fuzz, process

    near = process.extract(name_key(name), list(keys), scorer=fuzz.WRatio, score_cutoff=NEAR, limit=3)
    likely = [keys[key] for key, _, _ in near]
    if len(likely) > 1:
        message += translate("Query", " (near: {names})").format(
            names=", ".join(quoted(other) for other in likely[1:])
        )
    return QueryError(message, at, written(likely[0]) if likely else None, text=text, end=end)


def _end(text: str, at: int, name: str) -> int:
    """The end of the name that begins at ``at``, after its closing quote."""
    if not text.startswith('"', at):
        return min(len(text), at + len(name))
    i = at + 1
    while i < len(text) and text[i] != '"':
        i += 2 if text[i] == "\\" else 1
    return min(len(text), i + 1)


def _several_words(
    text: str, at: int, end: int, categories: Sequence[Category]
) -> tuple[int, int, str] | None:
    """A category of several words, written without quotes, that contains ``text[at:end]``."""
    lowered = text.lower()
    if len(lowered) != len(text) or text[at:end].upper() in OPERATORS:
        return None
    for category in sorted(categories, key=lambda c: -len(c.name)):
        wanted = category.name.lower()
        start = lowered.find(wanted, max(0, end - len(wanted)))
        if " " in wanted and 0 <= start <= at and end <= start + len(wanted) and _alone(text, start, wanted):
            return start, start + len(wanted), category.name
    return None


def _alone(text: str, start: int, wanted: str) -> bool:
    """Whether ``wanted`` at ``start`` is not part of a longer word."""
    around = (text[start - 1 : start], text[start + len(wanted) : start + len(wanted) + 1])
    return all(not side or side.isspace() or side in "()-:" for side in around)
