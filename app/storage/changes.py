"""From ledger entries to change sets; recording, undoing and redoing steps."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.domain.changes import BatchKind, ChangeSet, LabelChange, ReviewChange
from app.domain.labels import STATE_OF, LabelState, Source
from app.storage import categories, images, labels, ledger, predictions
from app.storage.categories import StoredCategory
from app.storage.database import Database
from app.storage.ledger import Batch, Entry, EntryKind


def effective(stored: int | None, reviewed_batch: int | None, category: StoredCategory | None) -> LabelState:
    """The effective state: the explicit label, else *no* if a review covers the category, else unknown."""
    if stored is not None:
        return STATE_OF[stored]
    if reviewed_batch is None or category is None or not category.active_at(reviewed_batch):
        return LabelState.UNKNOWN
    return LabelState.NO


@dataclass(slots=True)
class Recording:
    """An open step of undo: the session and batch to write with, and the change once the block has ended.

    A block that knows its change can set ``written``, which saves reading it from the ledger. ``kept``: the
    step has written something besides entries.
    """

    s: Session
    batch: Batch
    change: ChangeSet = field(default_factory=ChangeSet)
    written: ChangeSet | None = None
    kept: bool = False


Description = str | Callable[[Session], str]
"""The description of a step, or a function that builds it from the project."""


@contextmanager
def recording(
    database: Database, source: Source, description: Description, *, trial: bool = False
) -> Iterator[Recording]:
    """One step of undo in one transaction; a block without entries leaves no batch behind.

    With ``trial`` nothing is kept, and the project may be read-only or in use by another writer.
    """
    with database.trial() if trial else database.write() as s:
        words = description if isinstance(description, str) else description(s)
        step = Recording(s, ledger.begin(s, source, words))
        yield step
        change = change_of(s, step.batch) if step.written is None else step.written
        if change or step.kept:
            step.change = change
        else:
            s.rollback()


def revert(s: Session, batch: Batch) -> ChangeSet:
    """Apply an undo or a redo."""
    ledger.append_reversal(s, batch)
    categories.apply_existing(s, batch)
    labels.apply(s, batch)
    images.apply_reviews(s, batch)
    categories.apply_removals(s, batch)
    predictions.revert(s, batch)
    return change_of(s, batch)


def change_of(s: Session, batch: Batch) -> ChangeSet:
    """What a batch changed. Call it before the next batch is written."""
    return _change_set(s, batch, batch.kind, net_of(ledger.entries_of(s, batch.id)))


def change_since(s: Session, entry_id: int) -> tuple[ChangeSet, int]:
    """The net change after a ledger entry, and the newest entry.

    Without what was changed and changed back; the change set has the id of the newest batch.
    """
    entries = ledger.tail(s, entry_id)
    if not entries:
        return ChangeSet(), entry_id
    batch = ledger.get(s, entries[-1].batch_id)
    net = net_of(entries)
    net.labels = {pair: ends for pair, ends in net.labels.items() if ends[0] != ends[1]}
    net.reviews = {image_id: ends for image_id, ends in net.reviews.items() if ends[0] != ends[1]}
    return _change_set(s, batch, BatchKind.DO, net), entries[-1].id


Ends = tuple[int | None, int | None]


@dataclass(slots=True)
class Net:
    """The first ``before`` and last ``after`` of each label and review that was touched."""

    labels: dict[tuple[int, int], Ends]
    reviews: dict[int, Ends]
    categories: dict[int, StoredCategory | None]
    """Each touched category as it was before."""


def net_of(entries: Iterable[Entry]) -> Net:
    net = Net({}, {}, {})
    for entry in entries:
        if entry.kind is EntryKind.CATEGORY:
            assert entry.category_id is not None
            before = entry.before_category
            net.categories.setdefault(
                entry.category_id, None if before is None else categories.from_snapshot(before)
            )
            continue
        assert entry.image_id is not None
        if entry.kind is EntryKind.REVIEW:
            first = net.reviews.get(entry.image_id, (entry.before, None))[0]
            net.reviews[entry.image_id] = (first, entry.after)
        else:
            assert entry.category_id is not None
            pair = (entry.image_id, entry.category_id)
            net.labels[pair] = (net.labels.get(pair, (entry.before, None))[0], entry.after)
    return net


def _review_changes(s: Session, net: Net) -> list[ReviewChange]:
    ends = _counted(s, net)
    return [
        ReviewChange(image_id, before is not None, after is not None)
        for image_id, (before, after) in ends.items()
    ]


def _counted(s: Session, net: Net) -> "dict[int, Ends]":
    """The reviews before and after, None in place of those of an earlier picture."""
    replaced = images.replaced(s, net.reviews)
    return {
        image_id: ends
        if image_id not in replaced
        else (replaced[image_id].counted(ends[0]), replaced[image_id].counted(ends[1]))
        for image_id, ends in net.reviews.items()
    }


def _change_set(s: Session, batch: Batch, kind: BatchKind, net: Net) -> ChangeSet:
    return ChangeSet(
        batch_id=batch.id,
        kind=kind,
        source=batch.source,
        description=batch.description,
        labels=_label_changes(s, net),
        reviews=_review_changes(s, net),
        categories=list(net.categories),
    )


def _label_changes(s: Session, net: Net) -> list[LabelChange]:
    if not net.labels:
        return []
    marks_after = images.reviewed_batches(s, {image_id for image_id, _ in net.labels})
    marks_before = marks_after | {image_id: before for image_id, (before, _) in _counted(s, net).items()}
    touched = {category_id for _, category_id in net.labels}
    after = {stored.category.id: stored for stored in categories.stored_categories(s, touched)}
    before: dict[int, StoredCategory | None] = {**after, **net.categories}
    return [
        LabelChange(
            image_id,
            category_id,
            effective(first, marks_before[image_id], before.get(category_id)),
            effective(last, marks_after[image_id], after.get(category_id)),
        )
        for (image_id, category_id), (first, last) in net.labels.items()
    ]
