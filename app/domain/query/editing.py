"""Conditions added to and removed from a query, as a person would type them.

A condition is a term or a negated term that every image of the query must meet: ``fox``, ``-is:reviewed``.
``same`` gives names of one category one key; by default spellings that differ in case only.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Final

from app.domain.categories import name_key
from app.domain.query.nodes import (
    And,
    Expr,
    HasState,
    Is,
    Not,
    Or,
    PathLike,
    Property,
    Query,
    Score,
    SortByScore,
    Suggested,
    Term,
    Unsure,
)

Condition = Term | Not
Same = Callable[[str], Hashable]

_CHOICES: Final = (
    frozenset({Property.REVIEWED, Property.UNREVIEWED, Property.OUTDATED}),
    frozenset({Property.LABELLED, Property.UNLABELLED}),
    frozenset({Property.UNREADABLE, Property.MISSING}),
)
"""Properties of which a query asks for one."""


def conditions(query: Query) -> list[Expr]:
    """What the query asks for, alone or as alternatives, from left to right."""
    return [one for part in _conjuncts(query.expr) for one in _alternatives(part)]


def contains(query: Query, condition: Condition, same: Same = name_key) -> bool:
    """Whether the query asks for it, alone or as an alternative (``fox OR dog``)."""
    wanted = _key(condition, same)
    return any(_key(one, same) == wanted for one in conditions(query))


def added(query: Query, condition: Condition, same: Same = name_key) -> Query:
    """The query with the condition, in place of others that answer the same question otherwise.

    So ``no:fox`` replaces ``fox``, ``is:unreviewed`` replaces ``is:reviewed``, one folder another.
    """
    asked = _question(condition, same)
    kept = _without(query, lambda one: _question(one, same) == asked)
    return replace(query, expr=_all([*kept, condition]))


def removed(query: Query, condition: Condition, same: Same = name_key) -> Query:
    """The query without the condition; of alternatives the others stay."""
    unwanted = _key(condition, same)
    return replace(query, expr=_all(_without(query, lambda one: _key(one, same) == unwanted)))


def toggled(query: Query, condition: Condition, same: Same = name_key) -> Query:
    """Removed where the query contains it, else added."""
    change = removed if contains(query, condition, same) else added
    return change(query, condition, same)


def either(query: Query, condition: Condition, same: Same = name_key) -> Query:
    """The condition as an alternative to the last one of its kind (``fox`` becomes ``fox OR dog``).

    Removed where the query contains it; added where there is none of its kind.
    """
    if contains(query, condition, same):
        return removed(query, condition, same)
    parts = _conjuncts(query.expr)
    kind = _kind(condition)
    for at in reversed(range(len(parts))):
        alternatives = _alternatives(parts[at])
        if all(_kind(one) == kind for one in alternatives):
            parts[at] = Or((*alternatives, condition))
            return replace(query, expr=_all(parts))
    return added(query, condition, same)


def renamed(query: Query, names: Mapping[str, str]) -> Query:
    """The query with other names of categories, by the names that it has."""

    def of(expr: Expr) -> Expr:
        match expr:
            case Not(operand):
                return Not(of(operand))
            case And(operands) | Or(operands):
                return type(expr)(tuple(map(of, operands)))
            case HasState(name) | Suggested(name) | Unsure(name) | Score(name):
                return replace(expr, name=names.get(name, name))
        return expr

    order = query.order
    if isinstance(order, SortByScore):
        order = replace(order, name=names.get(order.name, order.name))
    return replace(query, expr=None if query.expr is None else of(query.expr), order=order)


def folder_condition(folder: str) -> PathLike:
    """Everything in a folder, whose name may have characters that mean something in a glob."""
    return PathLike("".join(f"[{c}]" if c in "*?[" else c for c in folder) + "/")


def _conjuncts(expr: Expr | None) -> list[Expr]:
    if expr is None:
        return []
    return [part for one in expr.operands for part in _conjuncts(one)] if isinstance(expr, And) else [expr]


def _alternatives(expr: Expr) -> list[Expr]:
    return [part for one in expr.operands for part in _alternatives(one)] if isinstance(expr, Or) else [expr]


def _without(query: Query, unwanted: Callable[[Expr], bool]) -> list[Expr]:
    """The conjuncts without the unwanted alternatives."""
    return _kept(_conjuncts(query.expr), unwanted)


def _kept(parts: Sequence[Expr], unwanted: Callable[[Expr], bool]) -> list[Expr]:
    kept: list[Expr] = []
    for part in parts:
        alternatives = _alternatives(part)
        rest = [one for one in alternatives if not unwanted(one)]
        if len(rest) == len(alternatives):
            kept.append(part)
        elif len(rest) == 1:
            kept += _kept(_conjuncts(rest[0]), unwanted) if isinstance(rest[0], And) else rest
        elif rest:
            kept.append(Or(tuple(rest)))
    return kept


def _all(parts: Sequence[Expr]) -> Expr | None:
    return And(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)


def _key(expr: Expr, same: Same) -> Hashable:
    """Equal for expressions that mean the same with these names."""
    match expr:
        case Not(operand):
            return "not", _key(operand, same)
        case And(operands) | Or(operands):
            return type(expr), tuple(_key(one, same) for one in operands)
    values = (
        same(getattr(expr, one.name)) if one.name == "name" else getattr(expr, one.name)
        for one in fields(expr)
        if one.compare
    )
    return type(expr), tuple(values)


def _question(expr: Expr, same: Same) -> Hashable:
    """Equal for conditions of which only one makes sense in a query."""
    positive = expr.operand if isinstance(expr, Not) else expr
    match positive:
        case HasState(name):
            return HasState, same(name)
        case PathLike(glob) if glob.endswith("/"):
            return PathLike
        case Is(word):
            return next((choice for choice in _CHOICES if word in choice), word)
    return _key(positive, same)


def _kind(expr: Expr) -> Hashable:
    """Equal for conditions that can be alternatives of each other."""
    positive = expr.operand if isinstance(expr, Not) else expr
    if isinstance(positive, PathLike):
        return PathLike, positive.glob.endswith("/")
    return None if isinstance(positive, And | Or) else type(positive).__name__
