"""The canonical text of a query."""

from collections.abc import Sequence
from typing import assert_never

from app.domain.labels import LabelState
from app.domain.query.nodes import (
    And,
    DecidedWithin,
    Expr,
    FromSource,
    HasState,
    InBand,
    Is,
    Not,
    Or,
    Order,
    PathLike,
    Query,
    Score,
    SimilarTo,
    SortBy,
    SortByScore,
    Suggested,
    Term,
    Unsure,
)
from app.domain.query.words import quoted, written

_FIELD_OF = {LabelState.YES: "", LabelState.NO: "no:", LabelState.UNKNOWN: "unknown:"}


def query_of(names: Sequence[str]) -> str:
    """The text for images with yes for all of these categories."""
    terms = tuple(HasState(name, LabelState.YES) for name in names)
    return to_text(Query(terms[0] if len(terms) == 1 else And(terms)))


def to_text(query: Query) -> str:
    """The canonical text: ``parse(to_text(query)) == query``."""
    parts = [] if query.expr is None else [_expr(query.expr)]
    if query.order is not None:
        parts.append(_order(query.order))
    if query.limit is not None:
        parts.append(f"limit:{query.limit}")
    return " ".join(parts)


def _expr(expr: Expr) -> str:
    match expr:
        case Or(operands):
            return " OR ".join(_within(operand, Or) for operand in operands)
        case And(operands):
            return " ".join(_within(operand, And, Or) for operand in operands)
        case Not(operand):
            return "-" + _within(operand, Not, And, Or)
    return _term(expr)


def _within(operand: Expr, *binding_no_tighter: type) -> str:
    text = _expr(operand)
    return f"({text})" if isinstance(operand, binding_no_tighter) else text


def _term(term: Term) -> str:
    match term:
        case HasState(name, state):
            text = _FIELD_OF[state] + written(name)
        case Suggested(name):
            text = f"suggested:{written(name)}"
        case Unsure(name):
            text = f"unsure:{written(name)}"
        case Score(name, comparison, value):
            text = f"score:{written(name)}{comparison}{_number(value)}"
        case Is(word):
            text = f"is:{word}"
        case FromSource(source):
            text = f"source:{source}"
        case InBand(band):
            text = f"band:{band}"
        case PathLike(glob):
            text = f"path:{written(glob)}"
        case DecidedWithin(days):
            text = f"decided:{_number(days)}d"
        case _:
            assert_never(term)
    return text


def _order(order: Order) -> str:
    match order:
        case SortByScore(name):
            return f"sort:score:{written(name)}"
        case SortBy(key):
            return f"sort:{key}"
        case SimilarTo(image):
            return f"similar:{quoted(image)}"
        case _:
            assert_never(order)


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")
