"""What a file says about one image of the project, in the project's categories."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import BadInputError
from app.domain.labels import LabelState
from app.services.interchange.statements import ImageStatement, LabelFile


@dataclass(frozen=True, slots=True)
class Said:
    """All entries about one image, in category ids; ``implied`` are the no's that follow from a review."""

    reviewed: bool
    yes: set[int]
    no: set[int]
    implied: set[int]
    open: set[int]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Entries of one image that disagree about a category, with what each says."""

    category_id: int
    answers: tuple[tuple[ImageStatement, LabelState], ...]


def unite(
    statements: Sequence[ImageStatement],
    file: LabelFile,
    ids: Sequence[int | None],
    path: Path,
    *,
    complete: bool = False,
) -> tuple[Said, list[Contradiction]]:
    """The entries about one image as one. ``ids``: the category of each position in ``file.categories``, None
    for one that the project does not have.

    Where the entries disagree (one says yes, another says no or is reviewed without it), neither answer is
    taken, and a review says nothing about the category either. ``complete``: what no entry says is no.

    Raises BadInputError for one entry that says yes and no to names that are one category.
    """
    every = {one for one in ids if one is not None}
    said = [_resolve(statement, file, ids, every, path) for statement in statements]
    yes = set().union(*(one.yes for one in said))
    no = set().union(*(one.no for one in said))
    answers = {category_id: _answers(category_id, statements, said) for category_id in sorted(yes)}
    contradictions = [
        Contradiction(category_id, given)
        for category_id, given in answers.items()
        if len({state for _, state in given}) > 1
    ]
    disputed = {one.category_id for one in contradictions}
    still_open = (set().union(*(one.open for one in said)) - yes - no) | disputed
    yes, no = yes - disputed, no - disputed
    reviewed = complete or any(one.reviewed for one in said)
    implied = every - yes - no - still_open if reviewed else set()
    return Said(reviewed, yes, no, implied, still_open), contradictions


def _answers(
    category_id: int, statements: Sequence[ImageStatement], said: Sequence[Said]
) -> tuple[tuple[ImageStatement, LabelState], ...]:
    return tuple(
        (statement, LabelState.YES if category_id in one.yes else LabelState.NO)
        for statement, one in zip(statements, said, strict=True)
        if category_id in one.yes | one.no | one.implied
    )


def _resolve(
    statement: ImageStatement, file: LabelFile, ids: Sequence[int | None], every: set[int], path: Path
) -> Said:
    yes, no, still_open = (
        {found for position in positions if (found := ids[position]) is not None}
        for positions in (statement.yes, statement.no, statement.open)
    )
    if yes & no:
        names = [file.categories[p] for p in sorted(statement.yes | statement.no) if ids[p] in yes & no]
        raise BadInputError(
            f"{path}: {statement.place} has both yes and no for {' and '.join(map(repr, names))}, "
            "which are one category in this project."
        )
    still_open -= yes | no
    implied = every - yes - no - still_open if statement.reviewed else set()
    return Said(statement.reviewed, yes, no, implied, still_open)
