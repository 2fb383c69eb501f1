"""Changes by the person that are not in the database yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.auto_accept import AcceptPlan
from app.domain.labels import LabelState
from app.domain.review import Card


@dataclass(frozen=True, slots=True)
class Decide:
    """One answer for one category, by id or name, on all these images."""

    images: Sequence[int]
    category: int | str
    state: LabelState


@dataclass(frozen=True, slots=True)
class AddCategoryAndDecide:
    """Like Decide; a missing category is created in the same step."""

    images: Sequence[int]
    name: str
    state: LabelState


@dataclass(frozen=True, slots=True)
class MarkReviewed:
    images: Sequence[int]
    reviewed: bool


@dataclass(frozen=True, slots=True)
class AcceptAndReview:
    """Yes for these categories, by id, and the review mark, on all these images.

    The review leaves the categories ``left_open`` unknown.
    """

    images: Sequence[int]
    categories: Sequence[int]
    left_open: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class DecideCards:
    """One answer for cards of a review round, with their near-duplicates."""

    category_id: int
    cards: Sequence[Card]
    state: LabelState


@dataclass(frozen=True, slots=True)
class AcceptLikely:
    plan: AcceptPlan


@dataclass(frozen=True, slots=True)
class Undo:
    pass


@dataclass(frozen=True, slots=True)
class Redo:
    pass


Answer = Decide | AddCategoryAndDecide | MarkReviewed | AcceptAndReview | DecideCards | AcceptLikely
"""An answer about images. It can be written to a file and carried out later."""
LabelAction = Answer | Undo | Redo


@dataclass(frozen=True, slots=True, eq=False)
class UnsavedChange:
    """One step of undo, described by ``words``. ``action`` is None for a change that is not about labels.

    ``answers`` are given on all ``images``, by category id or name; ``reviewed`` is their new review mark,
    None if it stays.
    """

    action: LabelAction | None
    words: str
    images: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "images", frozenset(_images_of(self.action)))

    @property
    def answers(self) -> Mapping[int | str, LabelState]:
        match self.action:
            case Decide(category=category, state=state):
                return {category: state}
            case AddCategoryAndDecide(name=name, state=state):
                return {name: state}
            case AcceptAndReview(categories=yes, left_open=left_open):
                return {
                    **dict.fromkeys(yes, LabelState.YES),
                    **dict.fromkeys(left_open, LabelState.UNKNOWN),
                }
            case DecideCards(category_id=number, state=state):
                return {number: state}
            case AcceptLikely(plan=plan):
                return {plan.category_id: LabelState.YES}
        return {}

    @property
    def reviewed(self) -> bool | None:
        match self.action:
            case MarkReviewed(reviewed=reviewed):
                return reviewed
            case AcceptAndReview():
                return True
        return None

    @property
    def is_answer(self) -> bool:
        """Whether it can be kept in a file."""
        return isinstance(self.action, Answer)


def _images_of(action: LabelAction | None) -> Iterable[int]:
    match action:
        case Decide(images=images) | AddCategoryAndDecide(images=images) | MarkReviewed(images=images):
            return images
        case AcceptAndReview(images=images):
            return images
        case DecideCards(cards=cards):
            return (number for card in cards for number in card.images)
        case AcceptLikely(plan=plan):
            return plan.image_ids
    return ()


def net(changes: Iterable[UnsavedChange]) -> tuple[list[UnsavedChange], list[UnsavedChange]]:
    """The changes that remain after each undo has cancelled the change before it, and the remaining undos.

    Those would undo, or redo, something that is already in the database.
    """
    done: list[UnsavedChange] = []
    undone: list[UnsavedChange] = []
    beyond: list[UnsavedChange] = []
    for change in changes:
        if isinstance(change.action, Undo):
            if done:
                undone.append(done.pop())
            else:
                beyond.append(change)
        elif isinstance(change.action, Redo):
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
        if isinstance(change.action, Undo):
            undone.append(done.pop() if done else "the previous change")
        elif isinstance(change.action, Redo):
            done.append(undone.pop() if undone else "the previous change")
        else:
            done.append(change.words)
            undone.clear()
    return (done[-1] if done else None), (undone[-1] if undone else None)


def states_on(changes: Iterable[UnsavedChange], image_id: int) -> dict[int | str, LabelState]:
    """The answers for an image in these changes, by category."""
    return {
        category: state
        for one in net(changes)[0]
        if image_id in one.images
        for category, state in one.answers.items()
    }


def reviewed_on(changes: Iterable[UnsavedChange], image_id: int) -> bool | None:
    """The review mark that an image gets from these changes; None for none."""
    marks = [one.reviewed for one in net(changes)[0] if one.reviewed is not None and image_id in one.images]
    return marks[-1] if marks else None


def summary(changes: Sequence[UnsavedChange]) -> str:
    """``Yes: cat on IMG_0001.jpg and 7 more``."""
    rest = f" and {len(changes) - 1:,} more" if len(changes) > 1 else ""
    return f"{changes[0].words}{rest}" if changes else ""


def count_words(changes: Sequence[UnsavedChange]) -> str:
    """``1 answer``, ``8 answers``; ``changes`` if not all are answers."""
    noun = "answer" if all(one.is_answer for one in changes) else "change"
    return f"{len(changes):,} {noun}{'' if len(changes) == 1 else 's'}"
