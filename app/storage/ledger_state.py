"""Whether what is stored besides the ledger follows from it, and making it so.

That is labels, reviews, categories, the stacks of undo, and which imported suggestions are in force. The
ledger is only ever added to, so it is right, and the other rows are rebuilt from it, with one exception: a
label that names an entry that is gone is the only trace of that entry, and is recorded again.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, cast

from sqlalchemy import and_, bindparam, case, delete, exists, func, insert, or_, select, union, update
from sqlalchemy.orm import Session, aliased

from app.domain.categories import name_key
from app.domain.changes import BatchKind
from app.domain.images import ImageState
from app.domain.labels import Source
from app.storage import categories, ledger
from app.storage.ledger import EntryKind
from app.storage.models import (
    BATCH,
    CATEGORY,
    IMAGE,
    LABEL,
    LEDGER,
    PREDICTION,
    PREDICTION_BATCH,
    RELINK,
    RootRow,
)
from app.storage.rows import raw_rows, streamed_rows

LOST_ROOT: Final = "lost-image-folder-{}"
LOST_IMAGE: Final = "lost-image-{}"
LOST_MODEL: Final = "a model whose name was lost"
LOST_WORDS: Final = "its record was lost; its labels were kept"
RECORDED_AGAIN: Final = "Labels whose history was lost"
_EXAMPLES: Final = 3


class StateKind(StrEnum):
    """In the order in which they are repaired: later ones need the earlier ones."""

    ROOT = "image_folder_lost"
    IMAGE = "image_lost"
    BATCH = "step_lost"
    DUPLICATE = "duplicate_path"
    CATEGORY = "category_wrong"
    HISTORY = "label_history_lost"
    LABEL = "label_wrong"
    REVIEW = "review_wrong"
    UNDO = "undo_broken"
    SUGGESTIONS = "suggestions_wrong"


@dataclass(frozen=True, slots=True)
class StateFault:
    """``count`` rows of one kind are wrong; ``examples`` names a few."""

    kind: StateKind
    count: int
    examples: tuple[str, ...] = ()


def faults(s: Session) -> list[StateFault]:
    """Everything that does not follow from the ledger."""
    finders: dict[StateKind, Any] = {
        StateKind.ROOT: _lost_roots,
        StateKind.IMAGE: _lost_images,
        StateKind.BATCH: _lost_batches,
        StateKind.DUPLICATE: _duplicates,
        StateKind.CATEGORY: _wrong_categories,
        StateKind.HISTORY: _labels_without_entry,
        StateKind.LABEL: _wrong_labels,
        StateKind.REVIEW: _wrong_reviews,
        StateKind.UNDO: _wrong_batches,
        StateKind.SUGGESTIONS: _wrong_suggestions,
    }
    found = []
    for kind, find in finders.items():
        rows = list(find(s))
        if rows:
            found.append(StateFault(kind, len(rows), tuple(str(row[0]) for row in rows[:_EXAMPLES])))
    return found


def repair(s: Session) -> list[dict[str, Any]]:
    """Make everything follow from the ledger; return the labels and reviews that could not be kept.

    Each is a mapping for a file: kind, image, category, state, source, time.
    """
    for (root_id,) in _lost_roots(s):
        s.execute(insert(RootRow).values(id=root_id, path=LOST_ROOT.format(root_id)))
    _add_images(s)
    _add_batches(s)
    _separate_duplicates(s)
    _rebuild_categories(s)
    _record_again(s)
    dropped = _rebuild_labels(s)
    dropped += _rebuild_reviews(s)
    for number, kind, target, below in _wrong_batches(s):
        values = {"kind": kind, "target_id": target, "below_id": below}
        s.execute(update(BATCH).where(BATCH.c.id == number).values(values))
    _rebuild_suggestions(s)
    s.flush()
    return dropped


# --- rows that others refer to


def _lost_roots(s: Session) -> list[tuple[int]]:
    named = union(select(IMAGE.c.root_id.label("id")), select(RELINK.c.root_id)).subquery()
    query = select(named.c.id).where(~exists().where(RootRow.id == named.c.id))
    return [(number,) for number in s.scalars(query.order_by(named.c.id))]


def _lost_images(s: Session) -> list[tuple[int]]:
    named = union(
        select(LEDGER.c.image_id.label("id")),
        select(LABEL.c.image_id),
        select(PREDICTION.c.image_id),
        select(RELINK.c.image_id),
    ).subquery()
    query = select(named.c.id).where(named.c.id.is_not(None), ~exists().where(IMAGE.c.id == named.c.id))
    return [(number,) for number in s.scalars(query.order_by(named.c.id))]


def _add_images(s: Session) -> None:
    """A missing image with no more than its number keeps the labels; a person can see which they are."""
    lost = _lost_images(s)
    if not lost:
        return
    root = s.scalar(select(func.min(RootRow.id)))
    if root is None:
        s.execute(insert(RootRow).values(id=1, path=LOST_ROOT.format(1)))
        root = 1
    rows = [
        {
            "id": number,
            "root_id": root,
            "path": LOST_IMAGE.format(number),
            "size": 0,
            "mtime_ns": 0,
            "state": ImageState.MISSING.value,
            "problem": LOST_WORDS,
        }
        for (number,) in lost
    ]
    s.execute(insert(IMAGE), rows)


def _lost_batches(s: Session) -> list[tuple[int]]:
    named = union(
        select(LEDGER.c.batch_id.label("id")),
        select(BATCH.c.target_id),
        select(LEDGER.c.after).where(LEDGER.c.kind == EntryKind.REVIEW.value),
        select(PREDICTION.c.batch_id),
        select(PREDICTION_BATCH.c.batch_id),
    ).subquery()
    query = select(named.c.id).where(named.c.id.is_not(None), ~exists().where(BATCH.c.id == named.c.id))
    return [(number,) for number in s.scalars(query.order_by(named.c.id))]


def _add_batches(s: Session) -> None:
    """As a plain change; source and time are those of a label that it gave, if one is left."""
    for (number,) in _lost_batches(s):
        trace = s.execute(
            select(LABEL.c.source, LABEL.c.decided_at)
            .join(LEDGER, LEDGER.c.id == LABEL.c.entry_id)
            .where(LEDGER.c.batch_id == number)
            .limit(1)
        ).first()
        before = select(BATCH.c.created_at).where(BATCH.c.id < number).order_by(BATCH.c.id.desc()).limit(1)
        source, time = trace or (Source.IMPORT.value, s.scalar(before) or datetime.now(UTC))
        values = {"kind": BatchKind.DO.value, "source": source, "created_at": time}
        s.execute(insert(BATCH).values(id=number, description="A step whose record was lost", **values))


def _duplicates(s: Session) -> list[tuple[int]]:
    """The later images of those with one path. Only possible once an index was damaged."""
    other = aliased(IMAGE)
    query = select(IMAGE.c.id).where(
        IMAGE.c.state != ImageState.MISSING.value,
        exists().where(
            other.c.root_id == IMAGE.c.root_id,
            other.c.path == IMAGE.c.path,
            other.c.state != ImageState.MISSING.value,
            other.c.id < IMAGE.c.id,
        ),
    )
    return [(number,) for number in s.scalars(query)]


def _separate_duplicates(s: Session) -> None:
    for (number,) in _duplicates(s):
        values = {"state": ImageState.MISSING.value, "problem": "another image has the same path"}
        s.execute(update(IMAGE).where(IMAGE.c.id == number).values(**values))


# --- categories


def _wrong_categories(s: Session) -> Iterator[tuple[str, int, dict[str, Any] | None]]:
    """(name, id, snapshot by the ledger) of the categories that differ from it."""
    present = {one.category.id: one for one in categories.stored_categories(s)}
    keys = {row[0]: row[1] for row in s.execute(select(CATEGORY.c.id, CATEGORY.c.name_key))}
    newest = select(func.max(LEDGER.c.id)).where(LEDGER.c.kind == EntryKind.CATEGORY.value)
    query = select(LEDGER.c.category_id, LEDGER.c.after_category).where(
        LEDGER.c.id.in_(newest.group_by(LEDGER.c.category_id))
    )
    for number, snapshot in s.execute(query.order_by(LEDGER.c.id)):
        stored = present.get(number)
        wanted = None if snapshot is None else categories.from_snapshot(snapshot)
        key = None if wanted is None else name_key(wanted.category.name)
        if stored != wanted or keys.get(number) != key:
            named = wanted or stored
            yield named.category.name if named else str(number), number, snapshot


def _rebuild_categories(s: Session) -> None:
    wrong = list(_wrong_categories(s))
    for _, number, _snapshot in wrong:  # two may have exchanged their names
        s.execute(update(CATEGORY).where(CATEGORY.c.id == number).values(name_key=f"\0{number}"))
    for _, number, snapshot in wrong:
        if snapshot is not None:
            categories.write_snapshot(s, snapshot)
        elif s.scalar(select(func.count()).where(LABEL.c.category_id == number)) == 0:
            s.execute(delete(CATEGORY).where(CATEGORY.c.id == number))


# --- labels

_LAST_ENTRIES = (
    select(func.max(LEDGER.c.id).label("id"))
    .where(LEDGER.c.kind == EntryKind.LABEL.value)
    .group_by(LEDGER.c.image_id, LEDGER.c.category_id)
    .subquery()
)
_ORIGIN, _GIVEN = LEDGER.alias("origin"), BATCH.alias("given")
_LABEL_COLUMNS = [LABEL.c[name] for name in ("image_id", "category_id", "state", "entry_id", "source")]
_EXPECTED = (
    select(
        LEDGER.c.image_id.label("image_id"),
        LEDGER.c.category_id.label("category_id"),
        LEDGER.c.after.label("state"),
        # An entry that is gone cannot be named; the present one takes its place.
        func.coalesce(_ORIGIN.c.id, LEDGER.c.id).label("entry_id"),
        _GIVEN.c.source.label("source"),
        _GIVEN.c.created_at.label("decided_at"),
    )
    .join(_LAST_ENTRIES, _LAST_ENTRIES.c.id == LEDGER.c.id)
    .outerjoin(_ORIGIN, _ORIGIN.c.id == func.coalesce(LEDGER.c.after_entry_id, LEDGER.c.id))
    .join(_GIVEN, _GIVEN.c.id == func.coalesce(_ORIGIN.c.batch_id, LEDGER.c.batch_id))
    .where(LEDGER.c.after.is_not(None), exists().where(CATEGORY.c.id == LEDGER.c.category_id))
)


def _labels_without_entry(s: Session) -> list[tuple[Any, ...]]:
    query = select(*_LABEL_COLUMNS, LABEL.c.decided_at).where(
        ~exists().where(LEDGER.c.id == LABEL.c.entry_id)
    )
    return [tuple(row) for row in s.execute(query)]


def _record_again(s: Session) -> None:
    """One step for each source, because a step has only one."""
    lost = _labels_without_entry(s)
    if not lost:
        return
    known = set(s.scalars(select(CATEGORY.c.id)))
    query = select(LEDGER.c.image_id, LEDGER.c.category_id, LEDGER.c.after, LEDGER.c.id)
    newest = s.execute(query.join(_LAST_ENTRIES, _LAST_ENTRIES.c.id == LEDGER.c.id))
    now = {(image, category): (state, entry) for image, category, state, entry in newest}
    for source in sorted({row[4] for row in lost}):
        batch = ledger.begin(s, Source(source), RECORDED_AGAIN)
        entries = []
        for image, category, state, _, origin, _ in lost:
            if origin == source and category in known:
                before, entry = now.get((image, category), (None, None))
                entries.append(
                    {
                        "kind": EntryKind.LABEL.value,
                        "image_id": image,
                        "category_id": category,
                        "before": before,
                        "after": state,
                        "before_entry_id": entry,
                    }
                )
        ledger.append(s, batch, entries)


_Label = tuple[int, int, int, int, str, str]
"""A row of the table of labels as the driver returns it."""


def _wrong_labels(s: Session) -> list[tuple[Any, ...]]:
    """(image, category) of the labels that differ from the ledger, are too many, or are missing."""
    lost = {(row[0], row[1]) for row in _labels_without_entry(s)}
    found = {row[:2] for pair in _compared_labels(s) for row in pair if row is not None}
    return [(pair, *pair) for pair in sorted(found - lost)]


def _compared_labels(s: Session) -> Iterator[tuple[_Label | None, _Label | None]]:
    """The labels that are stored, and those by the ledger, where they differ; None for one that is lacking.

    Both are read in the same order, so that neither is held in memory.
    """
    order = (LABEL.c.image_id, LABEL.c.category_id)
    expected = _EXPECTED.subquery()
    query = select(*_LABEL_COLUMNS, LABEL.c.decided_at).order_by(*order)
    stored = cast("Iterator[_Label]", streamed_rows(s, query))
    query = select(*expected.c).order_by(expected.c.image_id, expected.c.category_id)
    right = cast("Iterator[_Label]", streamed_rows(s, query))
    one, other = next(stored, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[:2] < other[:2]):
            yield one, None
            one = next(stored, None)
        elif one is None or other[:2] < one[:2]:
            yield None, other
            other = next(right, None)
        else:
            if one != other:
                yield one, other
            one, other = next(stored, None), next(right, None)


def _rebuild_labels(s: Session) -> list[dict[str, Any]]:
    """Returns the labels that the ledger does not have."""
    wrong = list(_compared_labels(s))
    names = {row[0]: row[1] for row in s.execute(select(CATEGORY.c.id, CATEGORY.c.name))}
    dropped = []
    for one, right in wrong:
        if one is not None and (right is None or right[2] != one[2]):
            image, category, state, _, source, time = one
            label = {"kind": "label", "image": image, "category": names.get(category, category)}
            now = None if right is None else right[2]
            dropped.append(label | {"state": state, "source": source, "time": time, "now": now})
    extra = [{"of_image": one[0], "of_category": one[1]} for one, _ in wrong if one is not None]
    lacking = [
        dict(
            zip(
                LABEL.c.keys(),
                (*right[:5], datetime.fromisoformat(right[5]).replace(tzinfo=UTC)),
                strict=True,
            )
        )
        for _, right in wrong
        if right is not None
    ]
    if extra:
        s.execute(
            delete(LABEL).where(
                LABEL.c.image_id == bindparam("of_image"), LABEL.c.category_id == bindparam("of_category")
            ),
            extra,
        )
    if lacking:
        s.execute(insert(LABEL), lacking)
    return dropped


# --- reviews


def _reviews(s: Session) -> Iterator[tuple[int, int | None, int | None, bool]]:
    """(image, mark, set aside, whether it is stored so) as the ledger says."""
    newest = (
        select(func.max(LEDGER.c.id).label("id"))
        .where(LEDGER.c.kind == EntryKind.REVIEW.value)
        .group_by(LEDGER.c.image_id)
        .subquery()
    )
    marks = select(LEDGER.c.image_id, LEDGER.c.after).join(newest, newest.c.id == LEDGER.c.id).subquery()
    mark = marks.c.after
    old = and_(IMAGE.c.changed_batch_id.is_not(None), mark <= IMAGE.c.changed_batch_id)
    review, aside = case((old, None), else_=mark), case((old, mark), else_=None)
    time = select(BATCH.c.created_at).where(BATCH.c.id == review).scalar_subquery()
    query = (
        select(IMAGE.c.id, review, aside)
        .outerjoin(marks, marks.c.image_id == IMAGE.c.id)
        .where(
            or_(
                IMAGE.c.reviewed_batch_id.is_distinct_from(review),
                IMAGE.c.set_aside_batch_id.is_distinct_from(aside),
                IMAGE.c.reviewed_at.is_distinct_from(time),
            )
        )
    )
    for image, right, set_aside in raw_rows(s, query):
        yield image, right, set_aside, False


def _wrong_reviews(s: Session) -> list[tuple[int, int | None, int | None]]:
    return [(image, mark, aside) for image, mark, aside, _ in _reviews(s)]


def _rebuild_reviews(s: Session) -> list[dict[str, Any]]:
    dropped = []
    for image, mark, aside in _wrong_reviews(s):
        before, time = s.execute(
            select(IMAGE.c.reviewed_batch_id, IMAGE.c.reviewed_at).where(IMAGE.c.id == image)
        ).one()
        if before is not None and mark is None:
            dropped.append({"kind": "review", "image": image, "time": str(time)})
        at = select(BATCH.c.created_at).where(BATCH.c.id == mark).scalar_subquery()
        values = {"reviewed_batch_id": mark, "reviewed_at": at, "set_aside_batch_id": aside}
        s.execute(update(IMAGE).where(IMAGE.c.id == image).values(values))
    return dropped


# --- undo and redo


def _wrong_batches(s: Session) -> Iterator[tuple[int, str, int | None, int | None]]:
    """(id, kind, target, below) of the batches that do not follow from the order of changes, undos and redos.

    An undo or a redo of nothing becomes a plain change: its entries can be reverted like others.
    """
    rows = s.execute(
        select(BATCH.c.id, BATCH.c.kind, BATCH.c.target_id, BATCH.c.below_id).order_by(BATCH.c.id)
    )
    undo: list[int] = []
    redo: list[tuple[int, int]] = []
    right: tuple[str, int | None, int | None]
    for number, kind, target, below in rows:
        if kind == BatchKind.UNDO and undo:
            change = undo.pop()
            right = (kind, change, redo[-1][0] if redo else None)
            redo.append((number, change))
        elif kind == BatchKind.REDO and redo:
            reverted, change = redo.pop()
            right = (kind, reverted, None)
            undo.append(change)
        else:
            right = (BatchKind.DO.value, None, undo[-1] if undo else None)
            undo.append(number)
            redo.clear()
        if right != (kind, target, below):
            yield number, *right


# --- imported suggestions


def _wrong_suggestions(s: Session) -> Iterator[tuple[int, str | None, bool]]:
    """(step, its model or None, whether it is undone) of imported suggestions that lack a record of that."""
    here = PREDICTION_BATCH.c
    named = union(select(here.batch_id.label("id")), select(PREDICTION.c.batch_id)).subquery()
    query = select(named.c.id, here.model, here.undone).outerjoin(
        PREDICTION_BATCH, here.batch_id == named.c.id
    )
    for number, model, undone in s.execute(query.order_by(named.c.id)).all():
        right = not ledger.in_force(s, number)
        if model is None or undone != right:
            yield number, model, right


def _rebuild_suggestions(s: Session) -> None:
    for number, model, undone in _wrong_suggestions(s):
        if model is None:
            values = {"batch_id": number, "model": LOST_MODEL, "undone": undone}
            s.execute(insert(PREDICTION_BATCH).values(**values))
        else:
            s.execute(
                update(PREDICTION_BATCH).where(PREDICTION_BATCH.c.batch_id == number).values(undone=undone)
            )


# --- lost entries


def gaps(s: Session) -> int:
    """How many label entries do not continue from the entry before: something between them was lost."""
    before = func.lag(LEDGER.c.after).over(
        partition_by=(LEDGER.c.image_id, LEDGER.c.category_id), order_by=LEDGER.c.id
    )
    chained = (
        select(LEDGER.c.before.label("before"), before.label("earlier"))
        .where(LEDGER.c.kind == EntryKind.LABEL.value)
        .subquery()
    )
    query = select(func.count()).where(chained.c.before.is_distinct_from(chained.c.earlier))
    return s.scalar(query) or 0


def lines(dropped: list[dict[str, Any]], names: dict[int, str]) -> str:
    """JSON lines for the file of what could not be kept; ``names`` of images by id."""
    return "".join(
        json.dumps(one | {"image": names.get(one["image"], str(one["image"]))}) + "\n" for one in dropped
    )
