"""One step of undo that may combine labels, reviews and new categories."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from app.domain.categories import Category
from app.domain.changes import ChangeSet, LabelChange, ReviewChange
from app.domain.errors import BadInputError, NotFoundError
from app.domain.labels import Decision, LabelState, Origin, Source
from app.domain.language import translate
from app.services.project import categories as category_service
from app.storage import categories, changed_images, images, labels, ledger, predictions
from app.storage.changes import Description, Recording, effective, recording
from app.storage.ledger import EntryKind

if TYPE_CHECKING:
    from app.services.project.project import Project

_AT_ONCE = 20_000
BY_CHOICE = Origin()
"""The person chose the image."""


@dataclass(slots=True)
class Step:
    """Collects one step of undo. Of several answers about one category of an image the last counts.

    ``change`` is the effect, once the block of :func:`step` has ended.
    """

    recording: Recording
    source: Source
    origin: Origin
    _decisions: dict[tuple[int, int], tuple[Decision, Origin]] = field(default_factory=dict)
    _reviews: dict[int, bool] = field(default_factory=dict)
    _predictions: tuple[str, predictions.Scores] | None = None
    _new_categories: list[int] = field(default_factory=list)

    @property
    def change(self) -> ChangeSet:
        return self.recording.change

    def add_categories(self, names: Sequence[str]) -> dict[str, Category]:
        """Create missing categories; return each by the name given."""
        before = {one.id for one in categories.all_categories(self.recording.s, archived=True)}
        found = category_service.create(self.recording, names)
        self._new_categories += dict.fromkeys(one.id for one in found.values() if one.id not in before)
        return found

    def decide(self, decisions: Iterable[Decision], origin: Origin | None = None) -> None:
        for decision in decisions:
            self._decisions[decision.image_id, decision.category_id] = (decision, origin or self.origin)

    def review(self, image_ids: Iterable[int], reviewed: bool = True) -> None:
        self._reviews.update((image_id, reviewed) for image_id in image_ids)

    def predict(self, model: str, scores: predictions.Scores) -> None:
        """Keep what another model suggests; it is no answer."""
        self._predictions = (model, scores)

    def _write(self) -> None:
        s, batch = self.recording.s, self.recording.batch
        touched = {image_id for image_id, _ in self._decisions} | self._reviews.keys()
        marks = images.reviewed_batches(s, touched)
        absent = touched - marks.keys()
        if absent:
            raise NotFoundError(
                translate("Labelling", "There is no image with the number {absent} in this project.").format(
                    absent=min(absent)
                )
            )
        replaced = images.replaced(s, touched)
        reviews = self._review_entries(marks, replaced)
        marks_after = marks | {entry["image_id"]: entry["after"] for entry in reviews}
        known = self._known_categories()
        # In parts, because the entries of a whole import would take hundreds of megabytes.
        changes: list[LabelChange] = []
        for part in _parts(self._decisions.values()):
            decisions = self._label_entries(part, marks_after, known, replaced)
            ledger.append(s, batch, decisions)
            changes += _label_changes(decisions, (marks, marks_after), known)
        ledger.append(s, batch, reviews)
        if changes:
            labels.apply(s, batch)
        if reviews:
            images.apply_reviews(s, batch)
        if self._predictions is not None:
            predictions.add(s, batch, *self._predictions)
            self.recording.kept = True
        self.recording.written = ChangeSet(
            batch_id=batch.id,
            kind=batch.kind,
            source=batch.source,
            description=batch.description,
            labels=changes,
            reviews=[
                ReviewChange(one["image_id"], marks[one["image_id"]] is not None, one["after"] is not None)
                for one in reviews
            ],
            categories=self._new_categories,
        )

    def _known_categories(self) -> dict[int, categories.StoredCategory]:
        """The categories that are being labelled. Raises NotFoundError and BadInputError."""
        wanted = {category_id for _, category_id in self._decisions}
        stored = categories.stored_categories(self.recording.s, wanted) if wanted else []
        known = {one.category.id: one for one in stored}
        _refuse_unusable(wanted, known)
        return known

    def _review_entries(
        self, marks: dict[int, int | None], replaced: dict[int, images.Replaced]
    ) -> list[dict[str, Any]]:
        if not self._reviews:
            return []
        batch_id = self.recording.batch.id
        stored = categories.stored_categories(self.recording.s)
        active = [one for one in stored if one.category.archived_at is None]
        complete = {
            mark: all(one.active_at(mark) for one in active)
            for mark in set(marks.values())
            if mark is not None
        }
        entries: list[dict[str, Any]] = []
        for image_id, reviewed in self._reviews.items():
            before = marks[image_id]
            after = batch_id if reviewed else None
            if reviewed and before is not None and complete[before]:
                continue  # already reviewed, and no category was added since
            if before is None and image_id in replaced:
                before = replaced[image_id].set_aside  # so that an undo sets it aside again
            if before != after:
                entries.append(
                    {
                        "kind": EntryKind.REVIEW.value,
                        "image_id": image_id,
                        "before": before,
                        "after": after,
                        "queue": self.origin.queue,
                        "inclusion": self.origin.inclusion,
                    }
                )
        return entries

    def _label_entries(
        self,
        given: Sequence[tuple[Decision, Origin]],
        marks: dict[int, int | None],
        known: dict[int, categories.StoredCategory],
        replaced: dict[int, images.Replaced],
    ) -> list[dict[str, Any]]:
        s = self.recording.s
        current = labels.current(s, {decision.image_id for decision, _ in given}, known)
        outdated = changed_images.outdated_entries(s, replaced) if self._by_hand else set()
        entries: list[dict[str, Any]] = []
        for decision, origin in given:
            image_id, category_id = decision.image_id, decision.category_id
            old = current.get((image_id, category_id))
            before = None if old is None else old.state
            after = _answer(decision, before, effective(None, marks[image_id], known[category_id]))
            if before == after and (
                old is None or not (self._confirms(old.source) or old.entry_id in outdated)
            ):
                continue
            entries.append(
                {
                    "kind": EntryKind.LABEL.value,
                    "image_id": image_id,
                    "category_id": category_id,
                    "before": before,
                    "after": after,
                    "before_entry_id": None if old is None else old.entry_id,
                    "score": decision.score,
                    "model": decision.model,
                    "queue": origin.queue,
                    "inclusion": origin.inclusion,
                }
            )
        return entries

    @property
    def _by_hand(self) -> bool:
        """Whether a person who sees the current picture gives the labels."""
        return self.source in {Source.HUMAN, Source.BULK}

    def _confirms(self, earlier: Source) -> bool:
        """Whether a person's own label replaces an equal one from another source, which needs an entry."""
        return self.source is Source.HUMAN and earlier is not Source.HUMAN


def _parts(given: Iterable[tuple[Decision, Origin]]) -> Iterator[list[tuple[Decision, Origin]]]:
    rest = iter(given)
    while part := list(islice(rest, _AT_ONCE)):
        yield part


def _label_changes(
    entries: Iterable[dict[str, Any]],
    marks: tuple[dict[int, int | None], dict[int, int | None]],
    known: dict[int, categories.StoredCategory],
) -> list[LabelChange]:
    """The effect of these entries, as from app.storage.changes.change_of; ``marks`` before and after."""
    before, after = marks
    return [
        LabelChange(
            one["image_id"],
            one["category_id"],
            effective(one["before"], before[one["image_id"]], known[one["category_id"]]),
            effective(one["after"], after[one["image_id"]], known[one["category_id"]]),
        )
        for one in entries
    ]


def _answer(decision: Decision, before: int | None, implied: LabelState) -> int | None:
    """The value to store. Unknown is only stored where a review would imply no, or on demand."""
    if decision.state is not LabelState.UNKNOWN:
        return decision.state.target
    return -1 if decision.kept_open or before == -1 or implied is LabelState.NO else None


@contextmanager
def step(
    project: "Project",
    *,
    source: Source = Source.HUMAN,
    origin: Origin = BY_CHOICE,
    description: Description,
    trial: bool = False,
) -> Iterator[Step]:
    """Several kinds of change as one step of undo, written in one transaction when the block ends.

    With ``trial`` the change is computed and discarded; then the project may be read-only. Raises
    NotFoundError or BadInputError; then nothing is changed.
    """
    with recording(project.db, source, description, trial=trial) as record:
        collected = Step(record, source, origin)
        yield collected
        collected._write()


def _refuse_unusable(ids: Iterable[int], known: dict[int, categories.StoredCategory]) -> None:
    for category_id in sorted(ids):
        if category_id not in known:
            raise NotFoundError(
                translate(
                    "Labelling", "There is no category with the number {category_id} in this project."
                ).format(category_id=category_id)
            )
        category = known[category_id].category
        if category.archived_at is not None:
            raise BadInputError(
                translate(
                    "Labelling", "The category {category} is archived; restore it before labelling."
                ).format(category=repr(category.name))
            )
