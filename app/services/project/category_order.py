"""The person's order of the categories, and the keys 1 to 0 for the first ten."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.categories import CATEGORY_KEYS, Category
from app.domain.changes import ChangeSet
from app.domain.errors import BadInputError
from app.domain.hierarchy import in_order
from app.domain.labels import Source
from app.domain.language import translate
from app.storage import categories as store
from app.storage.changes import Recording, recording
from app.storage.database import Session

if TYPE_CHECKING:
    from app.services.project.project import Project


def move_categories(
    project: "Project", category_ids: Sequence[int], before: int | None, group: str | None = None
) -> ChangeSet:
    """Move categories, which keep their order among themselves, in front of another; None: to the end.

    ``group``: they get this one, too. One step of undo. Raises NotFoundError.
    """
    moved = set(category_ids)

    def words(s: Session) -> str:
        names = [store.get(s, one).category.name for one in category_ids]
        return f"Move {names[0]!r}" if len(names) == 1 else f"Move {len(names)} categories"

    with recording(project.db, Source.HUMAN, words) as step:
        every = in_order(store.all_categories(step.s, archived=True))
        if before is not None:
            store.get(step.s, before)  # raises where there is none; those that move were read for the words
        chosen = [one for one in every if one.id in moved]
        others = [one for one in every if one.id not in moved]
        at = len(others) if before is None or before in moved else _index(others, before)
        if before in moved:  # in front of one of themselves: after whatever is in front of that
            at = sum(one.place < _by_id(every, before).place for one in others)
        if group is not None:
            chosen = [replace(one, group=group) for one in chosen]
        if [*others[:at], *chosen, *others[at:]] != every:
            _place(step, others, at, chosen)
    return step.change


def put_at(project: "Project", category_id: int, place: int) -> ChangeSet:
    """Move a category to this place in the order, from 1; one that is too high means the end."""
    with project.db.read() as s:
        others = [one for one in in_order(store.all_categories(s)) if one.id != category_id]
    if place < 1:
        raise BadInputError(translate("Project", "Places in the order count from 1."))
    before = others[place - 1].id if place <= len(others) else None
    return move_categories(project, [category_id], before)


def number_first_ten(project: "Project") -> ChangeSet:
    """Give the keys 1 to 0 to the first ten categories; a letter that one of them has is given up.

    Digits of the others are taken away, so this is only done when a person asks. One step of undo.
    """
    with recording(project.db, Source.HUMAN, "Number the first ten categories") as step:
        for one, key in with_numbers(store.all_categories(step.s)):
            if key != one.shortcut:
                _record(step, replace(one, shortcut=key), "shortcut")
    return step.change


def with_numbers(active: Sequence[Category]) -> list[tuple[Category, str | None]]:
    """The categories in their order, each with the key that number_first_ten() gives it."""
    digits = CATEGORY_KEYS[:10]
    return [
        (one, digits[at] if at < len(digits) else None if one.shortcut in set(digits) else one.shortcut)
        for at, one in enumerate(in_order(active))
    ]


def _place(step: Recording, others: Sequence[Category], at: int, chosen: Sequence[Category]) -> None:
    """Between their new neighbours. A new category gets the place of its number, which must be behind all."""
    last = max([one.id for one in (*others, *chosen)]) + 1.0
    low = others[at - 1].place[0] if at else min(one.place[0] for one in others) - len(chosen) - 1.0
    high = others[at].place[0] if at < len(others) else max(last, low)
    places = [low + (high - low) * (i + 1) / (len(chosen) + 1) for i in range(len(chosen))]
    if all(a < b for a, b in zip([low, *places], [*places, high], strict=True)):
        for one, place in zip(chosen, places, strict=True):
            _record(step, replace(one, position=place), "order")
        return
    every = [*others[:at], *chosen, *others[at:]]  # no room is left between two of them
    for number, one in enumerate(every):
        _record(step, replace(one, position=last * (number + 1) / (len(every) + 1)), "order")


def _record(step: Recording, category: Category, operation: str) -> None:
    before = store.get(step.s, category.id)
    after = replace(before, category=category)
    if after != before:
        store.record(step.s, step.batch, operation, before, after)


def _by_id(every: Sequence[Category], category_id: int) -> Category:
    return next(one for one in every if one.id == category_id)


def _index(every: Sequence[Category], category_id: int) -> int:
    return next(at for at, one in enumerate(every) if one.id == category_id)
