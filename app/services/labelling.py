"""Deciding, reviewing, undo and redo, and the label states that follow from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.domain.changes import ChangeSet
from app.domain.errors import NotFoundError
from app.domain.labels import Decision, LabelState, Origin, Source
from app.services.steps import BY_CHOICE, step
from app.storage import categories, changes, image_columns, images, labels, ledger
from app.storage.database import Session

if TYPE_CHECKING:
    from app.services.project import Project

_STATES = {state.target: state for state in LabelState}


def decide(
    project: "Project",
    decisions: Sequence[Decision],
    *,
    source: Source = Source.HUMAN,
    origin: Origin = BY_CHOICE,
    description: str = "",
) -> ChangeSet:
    """Record answers as one step of undo; they are on the disk when this returns.

    UNKNOWN takes a label back; on an image whose review would imply *no* it is kept as said. Answers that
    stand already change nothing, except that a person's own takes the place of an imported or bulk one.
    Raises NotFoundError for an unknown image or category, BadInputError for an archived category.
    """
    words = description or (lambda s: _describe(s, decisions))
    with step(project, source=source, origin=origin, description=words) as collected:
        collected.decide(decisions)
    return collected.change


def review(
    project: "Project",
    image_ids: Iterable[int],
    reviewed: bool = True,
    *,
    source: Source = Source.HUMAN,
    origin: Origin = BY_CHOICE,
) -> ChangeSet:
    """Mark images as reviewed, or take the mark back, as one step of undo.

    Reviewing again counts anew where categories have come up since. Raises NotFoundError.
    """
    ids = list(image_ids)
    verb = "Mark" if reviewed else "Unmark"

    def words(s: Session) -> str:
        return f"{verb} {_image_words(s, ids)} as reviewed"

    with step(project, source=source, origin=origin, description=words) as collected:
        collected.review(ids, reviewed)
    return collected.change


def undo(project: "Project") -> ChangeSet:
    """Take back the newest change of the project, whoever made it. Raises NothingToUndoError."""
    with project.db.write() as s:
        return changes.take_back(s, ledger.begin_undo(s))


def redo(project: "Project") -> ChangeSet:
    """Take back the newest undo, if nothing was changed since. Raises NothingToUndoError."""
    with project.db.write() as s:
        return changes.take_back(s, ledger.begin_redo(s))


def next_undo(project: "Project") -> str | None:
    """What an undo would take back, in words."""
    with project.db.read() as s:
        batch = ledger.next_undo(s)
    return None if batch is None else batch.description


def next_redo(project: "Project") -> str | None:
    """What a redo would bring back, in words."""
    with project.db.read() as s:
        batch = ledger.next_redo(s)
    return None if batch is None else batch.description


def last_entry(project: "Project") -> int:
    """The newest entry of the ledger, from which :func:`changes_since` follows."""
    with project.db.read() as s:
        return ledger.last_entry_id(s)


def count_since(project: "Project", entry_id: int) -> tuple[int, int]:
    """How many labels and reviews changes_since() would tell of, at a small part of its cost."""
    with project.db.read() as s:
        return ledger.count_since(s, entry_id)


def changes_since(project: "Project", entry_id: int) -> tuple[ChangeSet, int]:
    """What anybody has changed after a ledger entry, in sum, and the entry to ask from next time."""
    with project.db.read() as s:
        return changes.change_since(s, entry_id)


@dataclass(frozen=True, slots=True)
class LabelTable:
    """The states of N images (all, ascending) and C categories (not archived, by age)."""

    image_ids: list[int]
    category_ids: list[int]
    reviewed: NDArray[np.bool_]
    """[N]"""
    _by_category: NDArray[np.int8]

    def matrix(self) -> NDArray[np.int8]:
        """int8 [N,C]: 1 yes, 0 no (said, or implied by a review), -1 unknown. Contiguous by category."""
        return self._by_category.T


def label_states(project: "Project") -> LabelTable:
    """All states of the project, at one moment."""
    with project.db.read() as s:
        reviews = image_columns.review_columns(s)
        stored = [one for one in categories.stored_categories(s) if one.category.archived_at is None]
        said = labels.by_state(s)
    marks = reviews.reviewed_batches  # batches count from 1
    states = np.full((len(stored), len(marks)), -1, np.int8)
    masks: dict[tuple[categories.Span, ...], NDArray[np.bool_]] = {}
    for row, one in zip(states, stored, strict=True):
        if one.spans not in masks:
            masks[one.spans] = _seen(marks, one.spans)
        row[masks[one.spans]] = 0
    place = {one.category.id: row for row, one in enumerate(stored)}
    for category_id, state, image_ids in said:
        if category_id in place:
            states[place[category_id], np.searchsorted(reviews.image_ids, image_ids)] = state
    return LabelTable(reviews.image_ids.tolist(), list(place), marks > 0, states)


def _seen(marks: NDArray[np.int64], spans: Sequence[categories.Span]) -> NDArray[np.bool_]:
    seen = np.zeros(len(marks), np.bool_)
    for start, end in spans:
        seen |= (marks >= start) & (True if end is None else marks < end)
    return seen


@dataclass(frozen=True, slots=True)
class StatesOfSome:
    """The states of R images for C categories (not archived, by age): int8 [C,R]; ``reviewed`` bool [R]."""

    category_ids: list[int]
    states: NDArray[np.int8]
    reviewed: NDArray[np.bool_]


def states_of(project: "Project", image_ids: Sequence[int]) -> StatesOfSome:
    """The states of some images, at one moment. Raises NotFoundError."""
    with project.db.read() as s:
        marks = images.reviewed_batches(s, image_ids)
        spans = categories.spans(s)
        said = labels.standing(s, image_ids, spans)
    for image_id in image_ids:
        if image_id not in marks:
            raise NotFoundError(f"There is no image with the number {image_id} in this project.")
    batches = np.array([marks[image_id] or 0 for image_id in image_ids], np.int64)
    masks = {one: _seen(batches, one) for one in set(spans.values())}
    states = np.full((len(spans), len(image_ids)), -1, np.int8)
    for row, one in zip(states, spans.values(), strict=True):
        row[masks[one]] = 0
    row_of = {category_id: row for row, category_id in enumerate(spans)}
    column_of = {image_id: column for column, image_id in enumerate(image_ids)}
    for (image_id, category_id), standing in said.items():
        states[row_of[category_id], column_of[image_id]] = standing.state
    return StatesOfSome(list(spans), states, batches > 0)


def image_states(project: "Project", image_id: int) -> dict[int, LabelState]:
    """The state of every category that is not archived on one image. Raises NotFoundError."""
    found = states_of(project, [image_id])
    states = (_STATES[state] for state in found.states[:, 0].tolist())
    return dict(zip(found.category_ids, states, strict=True))


def _describe(s: Session, decisions: Sequence[Decision]) -> str:
    where = _image_words(s, list({decision.image_id for decision in decisions}))
    states = {decision.state for decision in decisions}
    ids = {decision.category_id for decision in decisions}
    if len(states) != 1 or len(ids) != 1:
        return f"Label {where}"
    return f"{states.pop().value.capitalize()} for {categories.get(s, ids.pop()).category.name!r} on {where}"


def _image_words(s: Session, ids: Sequence[int]) -> str:
    return repr(images.get(s, ids[0]).name) if len(ids) == 1 else f"{len(ids):,} images"
