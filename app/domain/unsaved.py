"""Changes that a person has made and that are not in the database yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.auto_accept import AcceptPlan
from app.domain.labels import LabelState

UNDO: Final = "undo"
REDO: Final = "redo"


@dataclass(frozen=True, slots=True, eq=False)
class UnsavedChange:
    """One step of undo: ``operation`` of the open store with its ``arguments``, in ``words`` for the person.

    ``state`` is what it says of ``category``, a number or a name, on ``images``; ``reviewed`` is the mark it
    gives them. Both are None for a change that does neither.
    """

    operation: str
    arguments: tuple[Any, ...]
    words: str
    images: frozenset[int] = frozenset()
    category: int | str | None = None
    state: LabelState | None = None
    reviewed: bool | None = None

    @property
    def is_answer(self) -> bool:
        """Whether it says something about images, and can be kept for later."""
        return bool(self.images)


def unsaved_change(operation: str, arguments: Sequence[Any], words: str) -> UnsavedChange:
    """What an operation of the open store would change."""
    given = tuple(arguments)
    match operation, given:
        case (("decide" | "add_and_decide"), (images, category, state)):
            return UnsavedChange(operation, given, words, frozenset(images), category, state)
        case "review", (images, reviewed):
            return UnsavedChange(operation, given, words, frozenset(images), reviewed=reviewed)
        case "reviewing.decide", (category, cards, state):
            numbers = frozenset(number for card in cards for number in card.images)
            return UnsavedChange(operation, given, words, numbers, category, state)
        case "accepting.apply", (AcceptPlan() as plan,):
            numbers = frozenset(plan.image_ids)
            return UnsavedChange(operation, given, words, numbers, plan.category_id, LabelState.YES)
    return UnsavedChange(operation, given, words)


def net(changes: Iterable[UnsavedChange]) -> tuple[list[UnsavedChange], list[UnsavedChange]]:
    """The changes that are left once each undo has taken back the one before it, and the undos that remain.

    Those would take back, or bring back, something that is in the database already.
    """
    done: list[UnsavedChange] = []
    undone: list[UnsavedChange] = []
    beyond: list[UnsavedChange] = []
    for change in changes:
        if change.operation == UNDO:
            if done:
                undone.append(done.pop())
            else:
                beyond.append(change)
        elif change.operation == REDO:
            if undone:
                done.append(undone.pop())
            else:
                beyond.append(change)
        else:
            done.append(change)
            undone.clear()
    return done, beyond


def undo_words(
    changes: Iterable[UnsavedChange], undo: str | None, redo: str | None
) -> tuple[str | None, str | None]:
    """What undo and redo would do after ``changes``; ``undo`` and ``redo`` are what they would do before."""
    done = [] if undo is None else [undo]
    undone = [] if redo is None else [redo]
    for change in changes:
        if change.operation == UNDO:
            undone.append(done.pop() if done else "the change before")
        elif change.operation == REDO:
            done.append(undone.pop() if undone else "the change before")
        else:
            done.append(change.words)
            undone.clear()
    return (done[-1] if done else None), (undone[-1] if undone else None)


def states_on(changes: Iterable[UnsavedChange], image_id: int) -> dict[int | str, LabelState]:
    """What the changes say of an image, by category."""
    return {
        one.category: one.state
        for one in net(changes)[0]
        if one.category is not None and one.state is not None and image_id in one.images
    }


def reviewed_on(changes: Iterable[UnsavedChange], image_id: int) -> bool | None:
    """The mark that the changes give an image; None where they give none."""
    marks = [one.reviewed for one in net(changes)[0] if one.reviewed is not None and image_id in one.images]
    return marks[-1] if marks else None


def summary(changes: Sequence[UnsavedChange]) -> str:
    """``Yes: cat on IMG_0001.jpg and 7 more``."""
    rest = f" and {len(changes) - 1:,} more" if len(changes) > 1 else ""
    return f"{changes[0].words}{rest}" if changes else ""


def count_words(changes: Sequence[UnsavedChange]) -> str:
    """``1 answer``, ``8 answers``; ``changes`` where not all of them are answers."""
    noun = "answer" if all(one.is_answer for one in changes) else "change"
    return f"{len(changes):,} {noun}{'' if len(changes) == 1 else 's'}"
