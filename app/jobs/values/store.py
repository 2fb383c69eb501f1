"""Values passed between store and session, and telling this window's changes from those of others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.changes import ChangeSet


@dataclass(frozen=True, slots=True)
class UndoState:
    """Descriptions of the next undo and redo, None for none; ``size``: how many changes undo reverts."""

    undo: str | None = None
    redo: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class MutationResult:
    """A change that is on disk; the number of answers it was asked for; more for whoever asked.

    ``undo``: what undo and redo would do after an undo or redo.
    """

    change: ChangeSet
    decisions: int = 0
    answer: object = None
    undo: UndoState | None = None


@dataclass(frozen=True, slots=True)
class ExternalChange:
    """What other writers changed, and what undo and redo would do now.

    ``rebuilt``: a scan changed images. ``indexed``: features or the active version changed. ``settings``: the
    settings of the project changed.
    """

    change: ChangeSet
    rebuilt: bool
    indexed: bool
    undo: UndoState
    settings: bool = False


@dataclass(frozen=True, slots=True)
class FoundImages:
    """What a query selects, in its order. ``stacks``: near-duplicates by the first of them, where the order
    is that of likeness."""

    ids: list[int]
    query: str
    stacks: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RelinkDone:
    """The answer to a change: how many images got a file, lost it again, or are not offered again."""

    linked: int = 0
    undone: int = 0
    refused: int = 0


def with_all_categories(change: ChangeSet) -> ChangeSet:
    """The change, extended so that the learners read all categories again."""
    return ChangeSet(labels=change.labels, reviews=change.reviews, categories=[0])


def explains(own: Sequence[ChangeSet], change: ChangeSet) -> bool:
    """Whether this window's own changes account for all of ``change``."""
    labels = {(one.image_id, one.category_id): one.after for part in own for one in part.labels}
    reviews = {one.image_id: one.after for part in own for one in part.reviews}
    categories = {number for part in own for number in part.categories}
    return (
        all(labels.get((one.image_id, one.category_id)) is one.after for one in change.labels)
        and all(reviews.get(one.image_id) is one.after for one in change.reviews)
        and all(number in categories for number in change.categories)
    )


def combine(parts: Sequence[ChangeSet]) -> ChangeSet:
    """Several changes as one, with the description of the last."""
    if not parts:
        return ChangeSet()
    last = parts[-1]
    return ChangeSet(
        batch_id=last.batch_id,
        kind=last.kind,
        source=last.source,
        description=last.description,
        labels=[one for part in parts for one in part.labels],
        reviews=[one for part in parts for one in part.reviews],
        categories=[one for part in parts for one in part.categories],
    )
