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


class Combiner:
    """Combines the entries about one image.

    ``ids``: the category of each position in ``LabelFile.categories``, None if the project does not have it.
    ``complete``: on an image that a person has looked at, a category without an answer is a no.
    """

    def __init__(self, ids: Sequence[int | None], *, complete: bool = False) -> None:
        self._ids = ids
        self._every = {one for one in ids if one is not None}
        self._complete = complete

    def combine(self, statements: Sequence[ImageStatement]) -> tuple[ImageAnswers, list[Contradiction]]:
        """If entries disagree about a category (yes, and no or reviewed without it), or one entry has yes and
        no for names that are one category, none of their answers is used, and a review does not cover the
        category.
        """
        complete = self._complete and any(one.answered for one in statements)
        resolved = [self._resolve(statement) for statement in statements]
        if len(resolved) == 1 and not resolved[0].yes & resolved[0].no:
            one = resolved[0]
            if one.reviewed or not complete:
                return one, []
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
        implied = self._every - yes - no - still_open if reviewed else set()
        return ImageAnswers(reviewed, yes, no, implied, still_open), contradictions

    def _resolve(self, statement: ImageStatement) -> ImageAnswers:
        yes, no, still_open = (
            self._categories(positions) for positions in (statement.yes, statement.no, statement.open)
        )
        still_open -= yes | no
        implied = self._every - yes - no - still_open if statement.reviewed else set()
        return ImageAnswers(statement.reviewed, yes, no, implied, still_open)

    def _categories(self, positions: set[int]) -> set[int]:
        if not positions:
            return set()
        return {found for position in positions if (found := self._ids[position]) is not None}


def _answers(
    category_id: int, statements: Sequence[ImageStatement], resolved: Sequence[ImageAnswers]
) -> tuple[tuple[ImageStatement, LabelState], ...]:
    return tuple(
        (statement, state)
        for statement, one in zip(statements, resolved, strict=True)
        for state, found in ((LabelState.YES, one.yes), (LabelState.NO, one.no | one.implied))
        if category_id in found
    )
