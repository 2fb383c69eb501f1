"""The answers of a file about one image of the project, in the project's categories."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.labels import LabelState
from app.services.interchange.statements import ImageStatement


@dataclass(frozen=True, slots=True)
class ImageAnswers:
    """Answers about one image as category ids; ``implied`` are the no's that a review implies."""

    reviewed: bool
    yes: set[int]
    no: set[int]
    implied: set[int]
    open: set[int]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Entries about one image that disagree about a category, with the answer of each."""

    category_id: int
    answers: tuple[tuple[ImageStatement, LabelState], ...]


def combine(
    statements: Sequence[ImageStatement],
    ids: Sequence[int | None],
    *,
    complete: bool = False,
) -> tuple[ImageAnswers, list[Contradiction]]:
    """Combine the entries about one image. ``ids``: the category of each position in ``file.categories``,
    None if the project does not have it.

    If entries disagree about a category (yes, and no or reviewed without it), or one entry has yes and no for
    names that are one category, none of their answers is used, and a review does not cover the category.
    ``complete``: a category without an answer is a no.
    """
    every = {one for one in ids if one is not None}
    resolved = [_resolve(statement, ids, every) for statement in statements]
    yes = set().union(*(one.yes for one in resolved))
    no = set().union(*(one.no for one in resolved))
    answers = {category_id: _answers(category_id, statements, resolved) for category_id in sorted(yes)}
    contradictions = [
        Contradiction(category_id, given)
        for category_id, given in answers.items()
        if len({state for _, state in given}) > 1
    ]
    disputed = {one.category_id for one in contradictions}
    still_open = (set().union(*(one.open for one in resolved)) - yes - no) | disputed
    yes, no = yes - disputed, no - disputed
    reviewed = complete or any(one.reviewed for one in resolved)
    implied = every - yes - no - still_open if reviewed else set()
    return ImageAnswers(reviewed, yes, no, implied, still_open), contradictions


def _answers(
    category_id: int, statements: Sequence[ImageStatement], resolved: Sequence[ImageAnswers]
) -> tuple[tuple[ImageStatement, LabelState], ...]:
    return tuple(
        (statement, state)
        for statement, one in zip(statements, resolved, strict=True)
        for state, found in ((LabelState.YES, one.yes), (LabelState.NO, one.no | one.implied))
        if category_id in found
    )


def _resolve(statement: ImageStatement, ids: Sequence[int | None], every: set[int]) -> ImageAnswers:
    yes, no, still_open = (
        {found for position in positions if (found := ids[position]) is not None}
        for positions in (statement.yes, statement.no, statement.open)
    )
    still_open -= yes | no
    implied = every - yes - no - still_open if statement.reviewed else set()
    return ImageAnswers(statement.reviewed, yes, no, implied, still_open)
