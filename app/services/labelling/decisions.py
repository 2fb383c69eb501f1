"""Labelling, reviewing, undo and redo, and the resulting label states."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.domain.changes import ChangeSet
from app.domain.errors import NotFoundError
from app.domain.labels import STATE_OF, Decision, LabelState, Origin, Source
from app.domain.language import translate
from app.services.labelling.derivation import derive
from app.services.labelling.steps import BY_CHOICE, step
from app.storage import categories, changes, image_columns, images, labels, ledger, predictions
from app.storage.database import Session

if TYPE_CHECKING:
    from app.services.project.project import Project


def decide(
    project: "Project",
    decisions: Sequence[Decision],
    *,
    source: Source = Source.HUMAN,
    origin: Origin = BY_CHOICE,
    description: str = "",
) -> ChangeSet:
    """Record labels as one step of undo; they are on the disk when this returns.

    UNKNOWN removes a label; an explicit unknown is stored if the image's review would imply *no*, or if the
    decision is to be kept open. A label that is already set changes nothing, except that a person's own
    replaces an imported or bulk one. Raises NotFoundError for an unknown image or category, BadInputError for
    an archived category.
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
    """Mark images as reviewed, or remove the mark, as one step of undo.

    Reviewing an image again covers the categories that were added since. Raises NotFoundError.
    """
    ids = list(image_ids)
    verb = "Mark" if reviewed else "Unmark"

    def words(s: Session) -> str:
        return f"{verb} {describe_images(s, ids)} as reviewed"

    with step(project, source=source, origin=origin, description=words) as collected:
        collected.review(ids, reviewed)
    return collected.change


def undo(project: "Project") -> ChangeSet:
    """Undo the newest change of the project, from any window or command. Raises NothingToUndoError."""
    with project.db.write() as s:
        return changes.revert(s, ledger.begin_undo(s))


def redo(project: "Project") -> ChangeSet:
    """Redo the newest undo, if nothing was changed since. Raises NothingToUndoError."""
    with project.db.write() as s:
        return changes.revert(s, ledger.begin_redo(s))


def next_undo(project: "Project") -> str | None:
    """The description of the change that an undo would revert."""
    with project.db.read() as s:
        batch = ledger.next_undo(s)
    return None if batch is None else batch.description


def undo_size(project: "Project") -> int:
    """How many labels, reviews, changes of categories and imported suggestions an undo would revert."""
    with project.db.read() as s:
        batch = ledger.next_undo(s)
        return 0 if batch is None else ledger.size_of(s, batch.id) + predictions.size_of(s, batch)


def next_redo(project: "Project") -> str | None:
    """The description of the change that a redo would restore."""
    with project.db.read() as s:
        batch = ledger.next_redo(s)
    return None if batch is None else batch.description


def last_entry(project: "Project") -> int:
    """The newest entry of the ledger, for :func:`changes_since`."""
    with project.db.read() as s:
        return ledger.last_entry_id(s)


def count_since(project: "Project", entry_id: int) -> tuple[int, int]:
    """How many labels and reviews :func:`changes_since` would return, at a fraction of its cost."""
    with project.db.read() as s:
        return ledger.count_since(s, entry_id)


def changes_since(project: "Project", entry_id: int) -> tuple[ChangeSet, int]:
    """The net change after a ledger entry, by any process, and the newest entry."""
    with project.db.read() as s:
        return changes.change_since(s, entry_id)


@dataclass(frozen=True, slots=True)
class LabelTable:
    """The states of N images (all, ascending) and C categories (not archived, oldest first)."""

    image_ids: list[int]
    category_ids: list[int]
    reviewed: NDArray[np.bool_]
    """[N]"""
    _by_category: NDArray[np.int8]
    derived: Mapping[int, NDArray[np.bool_]] = field(default_factory=dict)
    """[N], where a yes is not stored but follows from a category below; by category."""

    def matrix(self) -> NDArray[np.int8]:
        """int8 [N,C]: 1 yes (explicit or derived), 0 no (explicit, or implied by a review), -1 unknown.

        Contiguous by category.
        """
        return self._by_category.T


def label_states(project: "Project") -> LabelTable:
    """All label states of the project, from one snapshot."""
    with project.db.read() as s:
        reviews = image_columns.review_columns(s)
        spans = categories.spans(s)
        hierarchy = categories.hierarchy(s)
        explicit = labels.by_state(s)
    marks = reviews.reviewed_batches
    states = _implied_states(marks, spans.values())
    place = {category_id: row for row, category_id in enumerate(spans)}
    refused = {}
    for category_id, state, image_ids in explicit:
        if category_id in place:
            columns = np.searchsorted(reviews.image_ids, image_ids)
            states[place[category_id], columns] = state
            if state == LabelState.NO.target and category_id in hierarchy.parents:
                refused[category_id] = columns
    derived = derive(states, list(place), hierarchy, refused)
    return LabelTable(reviews.image_ids.tolist(), list(place), marks > 0, states, derived)


def _implied_states(marks: NDArray[np.int64], spans: Iterable[Sequence[categories.Span]]) -> NDArray[np.int8]:
    """int8 [C,R]: 0 where a review covers the category, else -1.

    ``marks`` [R]: the batch of each image's review (from 1), 0 for none; ``spans`` of C categories.
    """
    masks: dict[tuple[categories.Span, ...], NDArray[np.bool_]] = {}
    every = [tuple(one) for one in spans]
    for one in set(every):
        masks[one] = np.zeros(len(marks), np.bool_)
        for start, end in one:
            masks[one] |= (marks >= start) & (True if end is None else marks < end)
    states = np.full((len(every), len(marks)), -1, np.int8)
    for row, one in zip(states, every, strict=True):
        row[masks[one]] = 0
    return states


@dataclass(frozen=True, slots=True)
class StatesOfSome:
    """Of R images and C active categories, oldest first: ``states`` int8 [C,R] and ``reviewed`` bool [R].

    ``newer`` int64 [R]: categories that became visible after an image's review and are unknown on it.
    """

    category_ids: list[int]
    states: NDArray[np.int8]
    reviewed: NDArray[np.bool_]
    newer: NDArray[np.int64]


def states_of(project: "Project", image_ids: Sequence[int]) -> StatesOfSome:
    """The label states of some images, from one snapshot. Raises NotFoundError."""
    with project.db.read() as s:
        marks = images.reviewed_batches(s, image_ids)
        spans = categories.spans(s)
        hierarchy = categories.hierarchy(s)
        explicit = labels.current(s, image_ids, spans)
    for image_id in image_ids:
        if image_id not in marks:
            raise NotFoundError(
                translate(
                    "Labelling", "There is no image with the number {image_id} in this project."
                ).format(image_id=image_id)
            )
    batches = np.array([marks[image_id] or 0 for image_id in image_ids], np.int64)
    states = _implied_states(batches, spans.values())
    newer = (batches > 0) & (states == LabelState.UNKNOWN.target)
    row_of = {category_id: row for row, category_id in enumerate(spans)}
    column_of = {image_id: column for column, image_id in enumerate(image_ids)}
    refused: dict[int, list[int]] = {}
    for (image_id, category_id), label in explicit.items():
        states[row_of[category_id], column_of[image_id]] = label.state
        if label.state == LabelState.NO.target:
            refused.setdefault(category_id, []).append(column_of[image_id])
    columns = {number: np.array(some, np.int64) for number, some in refused.items()}
    derive(states, list(spans), hierarchy, columns)
    newer &= states == LabelState.UNKNOWN.target
    return StatesOfSome(list(spans), states, batches > 0, newer.sum(0, dtype=np.int64))


def newer_categories(
    project: "Project", category_ids: Sequence[int], states: NDArray[np.int8]
) -> dict[int, int]:
    """StatesOfSome.newer of all images, by image; those without such a category are left out.

    ``states`` int8 [C,R] of these categories and all images, ascending.
    """
    with project.db.read() as s:
        spans = categories.spans(s)
        reviews = image_columns.review_columns(s)
    numbers, marks = reviews.image_ids, reviews.reviewed_batches
    if len(numbers) != states.shape[1]:
        return {}  # images were added at this moment; the next reading has them
    of_span: dict[tuple[categories.Span, ...], list[int]] = {}
    for row, category_id in enumerate(category_ids):
        of_span.setdefault(spans.get(category_id, ()), []).append(row)
    newer = np.zeros(len(numbers), np.int64)
    for one, rows in of_span.items():
        open_to = np.flatnonzero((marks > 0) & (_implied_states(marks, [one])[0] < 0))
        if len(open_to):
            newer[open_to] += (states[rows][:, open_to] == LabelState.UNKNOWN.target).sum(0)
    at = np.flatnonzero(newer)
    return dict(zip(numbers[at].tolist(), newer[at].tolist(), strict=True))


def image_states(project: "Project", image_id: int) -> dict[int, LabelState]:
    """The state of every category that is not archived on one image. Raises NotFoundError."""
    found = states_of(project, [image_id])
    states = (STATE_OF[state] for state in found.states[:, 0].tolist())
    return dict(zip(found.category_ids, states, strict=True))


def _describe(s: Session, decisions: Sequence[Decision]) -> str:
    image_ids = list({decision.image_id for decision in decisions})
    states = {decision.state for decision in decisions}
    category_ids = {decision.category_id for decision in decisions}
    if len(states) != 1 or len(category_ids) != 1:
        return f"Label {describe_images(s, image_ids)}"
    return describe_answer(s, states.pop(), category_ids.pop(), image_ids)


def describe_answer(s: Session, state: LabelState, category_id: int, image_ids: Sequence[int]) -> str:
    """``Yes for 'cat' on 12 images``."""
    name = categories.get(s, category_id).category.name
    return f"{state.value.capitalize()} for {name!r} on {describe_images(s, image_ids)}"


def describe_images(s: Session, image_ids: Sequence[int]) -> str:
    """The name of a single image, or the number of images."""
    return repr(images.get(s, image_ids[0]).name) if len(image_ids) == 1 else f"{len(image_ids):,} images"
