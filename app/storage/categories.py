"""Categories, and the spans of batches in which each was active."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

from rapidfuzz import process
from sqlalchemy import String, bindparam, delete, insert, select, type_coerce, update
from sqlalchemy.orm import Session

from app.domain.categories import Category, NameIndex, clean_name, name_key
from app.domain.errors import NotFoundError
from app.domain.hierarchy import Hierarchy
from app.domain.language import translate
from app.storage.chunks import chunks
from app.storage.ledger import Batch, EntryKind, append, entries_of
from app.storage.models import CATEGORY, LEDGER
from app.storage.rows import insert_row, update_rows

Span = tuple[int, int | None]
"""From a batch (included) to a batch (excluded; None: still active)."""

MERGE: Final = "merge"
"""The operation that ends one category and gives its answers to another."""

_ALL = select(CATEGORY).order_by(CATEGORY.c.id)
_SPANS = (
    select(CATEGORY.c.id, type_coerce(CATEGORY.c.spans, String))
    .where(CATEGORY.c.archived_at.is_(None))
    .order_by(CATEGORY.c.id)
)
_NEW_COLUMNS: dict[str, Any] = {"sense": None, "parent_id": None, "group_name": None, "position": None}
"""Columns that entries of the ledger from earlier versions do not have."""
_ANY_PARENT = select(CATEGORY.c.id).where(CATEGORY.c.parent_id.is_not(None)).limit(1)
_SOME = _ALL.where(CATEGORY.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class StoredCategory:
    """A category with its spans: a review in batch r covers the category if a span contains r."""

    category: Category
    spans: tuple[Span, ...]

    def active_at(self, batch_id: int) -> bool:
        return any(start <= batch_id and (end is None or batch_id < end) for start, end in self.spans)


def all_categories(s: Session, archived: bool = False) -> list[Category]:
    """The categories, oldest first; without archived ones by default."""
    return [
        stored.category for stored in stored_categories(s) if archived or stored.category.archived_at is None
    ]


def stored_categories(s: Session, ids: Iterable[int] | None = None) -> list[StoredCategory]:
    """All categories, or those with these ids that exist, oldest first, archived ones included."""
    if ids is None:
        return [_stored(row) for row in s.execute(_ALL)]
    return [_stored(row) for some in chunks(sorted(ids)) for row in s.execute(_SOME, {"ids": some})]


def spans(s: Session) -> dict[int, tuple[Span, ...]]:
    """The spans of each category that is not archived, oldest first: all that implied states need."""
    read: dict[str, tuple[Span, ...]] = {}
    found: dict[int, tuple[Span, ...]] = {}
    for number, text in s.execute(_SPANS):
        if text not in read:
            read[text] = tuple((start, end) for start, end in json.loads(text))
        found[number] = read[text]
    return found


def hierarchy(s: Session) -> Hierarchy:
    """Which category is above which; without parents, nothing but their absence is read."""
    if s.scalar(_ANY_PARENT) is None:
        return Hierarchy(())
    return Hierarchy(all_categories(s, archived=True))


def get(s: Session, category_id: int) -> StoredCategory:
    """Raises NotFoundError."""
    for stored in stored_categories(s, [category_id]):
        return stored
    raise NotFoundError(
        translate("Storage", "There is no category with the number {category_id} in this project.").format(
            category_id=category_id
        )
    )


def find(s: Session, name: str) -> Category:
    """The category with this name or alias. Raises NotFoundError, naming a near match."""
    known = all_categories(s, archived=True)
    category = NameIndex(known).find(name)
    if category is None:
        names = [c.name for c in known if c.archived_at is None]
        if not names:
            raise NotFoundError(
                translate(
                    "Storage",
                    "There is no category {name}: this project has none. Add one in the window (press T "
                    "on an image), or with 'tailspotter import'.",
                ).format(name=repr(name))
            )
        near = process.extractOne(clean_name(name), names, processor=str.casefold, score_cutoff=60)
        hint = translate("Storage", "; did you mean {near}?").format(near=repr(near[0])) if near else "."
        raise NotFoundError(
            translate("Storage", "There is no category {name} in this project{hint}").format(
                name=repr(name), hint=hint
            )
        )
    if category.archived_at is not None:
        raise NotFoundError(
            translate("Storage", "The category {category} is archived; restore it first.").format(
                category=repr(category.name)
            )
        )
    return category


def record(
    s: Session, batch: Batch, operation: str, before: StoredCategory | None, after: StoredCategory
) -> Category:
    """Write one operation to the ledger and apply it; a category to be created has the id 0."""
    if before is None:
        values = {name: value for name, value in _row(_snapshot(after)).items() if name != "id"}
        number = insert_row(s, insert(CATEGORY), values)
        after = replace(after, category=replace(after.category, id=number))
    else:
        write_snapshot(s, _snapshot(after))
    entry = {
        "kind": EntryKind.CATEGORY.value,
        "category_id": after.category.id,
        "operation": operation,
        "before_category": None if before is None else _snapshot(before),
        "after_category": _snapshot(after),
    }
    append(s, batch, [entry])
    return after.category


def remove(s: Session, batch: Batch, operation: str, before: StoredCategory) -> None:
    """Write the end of a category to the ledger and remove it; its labels must be removed first."""
    entry = {
        "kind": EntryKind.CATEGORY.value,
        "category_id": before.category.id,
        "operation": operation,
        "before_category": _snapshot(before),
        "after_category": None,
    }
    append(s, batch, [entry])
    s.execute(delete(CATEGORY).where(CATEGORY.c.id == before.category.id))


def merged(s: Session) -> dict[int, int]:
    """The categories that are merged into others, each with the one that has its answers now."""
    entry = LEDGER.c
    query = select(
        entry.batch_id, entry.category_id, entry.before_category.is_(None), entry.after_category.is_(None)
    ).where(entry.operation == MERGE)
    steps: dict[int, list[tuple[int, bool, bool]]] = {}
    for batch_id, category_id, new, gone in s.execute(query.order_by(entry.id)):
        steps.setdefault(batch_id, []).append((category_id, new, gone))
    found: dict[int, int] = {}
    for step in steps.values():
        target = next((one for one, new, gone in step if not new and not gone), None)
        for one, new, gone in step:
            if gone and target is not None:
                found[one] = target
            elif new:  # undone
                found.pop(one, None)
    return {one: _end_of(target, found) for one, target in found.items()}


def _end_of(target: int, merged_into: Mapping[int, int]) -> int:
    while target in merged_into:
        target = merged_into[target]
    return target


def apply_existing(s: Session, batch: Batch) -> None:
    """Apply the batch's category entries, except removals."""
    for entry in entries_of(s, batch.id, EntryKind.CATEGORY):
        if entry.after_category is not None:
            write_snapshot(s, entry.after_category)


def apply_removals(s: Session, batch: Batch) -> None:
    """Remove the categories that do not exist after the batch; their labels must be removed first."""
    for entry in entries_of(s, batch.id, EntryKind.CATEGORY):
        if entry.after_category is None:
            s.execute(delete(CATEGORY).where(CATEGORY.c.id == entry.category_id))


def from_snapshot(snapshot: dict[str, Any]) -> StoredCategory:
    """A category as stored in the ledger."""
    return _stored(SimpleNamespace(**_row(snapshot)))


def new(name: str, batch: Batch, shortcut: str | None = None) -> StoredCategory:
    """A category to be created by ``batch``."""
    category = Category(0, clean_name(name), shortcut=shortcut, created_at=batch.created_at)
    return StoredCategory(category, ((batch.id, None),))


def archived(stored: StoredCategory, batch: Batch) -> StoredCategory:
    """The category, archived by ``batch``."""
    start, _ = stored.spans[-1]
    category = replace(stored.category, archived_at=batch.created_at)
    return StoredCategory(category, (*stored.spans[:-1], (start, batch.id)))


def restored(stored: StoredCategory, batch: Batch) -> StoredCategory:
    """The category, restored by ``batch``; reviews in between do not cover it."""
    return StoredCategory(replace(stored.category, archived_at=None), (*stored.spans, (batch.id, None)))


def write_snapshot(s: Session, snapshot: dict[str, Any]) -> None:
    """Store a category as it is in the ledger, without an entry."""
    row = _row(snapshot)
    if update_rows(s, update(CATEGORY).where(CATEGORY.c.id == row["id"]).values(row)) == 0:
        s.execute(insert(CATEGORY), row)


def _snapshot(stored: StoredCategory) -> dict[str, Any]:
    category = stored.category
    return {
        "id": category.id,
        "name": category.name,
        "templates": list(category.templates),
        "aliases": list(category.aliases),
        "description": category.description,
        "shortcut": category.shortcut,
        "colour": category.colour,
        "sense": category.sense,
        "parent_id": category.parent,
        "group_name": category.group or None,
        "position": category.position,
        "created_at": _to_text(category.created_at),
        "archived_at": _to_text(category.archived_at),
        "spans": [list(span) for span in stored.spans],
    }


def _row(snapshot: dict[str, Any]) -> dict[str, Any]:
    times = {key: _from_text(snapshot[key]) for key in ("created_at", "archived_at")}
    return {**_NEW_COLUMNS, **snapshot, **times, "name_key": name_key(snapshot["name"])}


def _stored(row: Any) -> StoredCategory:
    category = Category(
        id=row.id,
        name=row.name,
        templates=tuple(row.templates),
        aliases=tuple(row.aliases),
        description=row.description,
        shortcut=row.shortcut,
        colour=row.colour,
        sense=row.sense,
        created_at=row.created_at,
        archived_at=row.archived_at,
        parent=row.parent_id,
        group=row.group_name or "",
        position=row.position,
    )
    return StoredCategory(category, tuple((start, end) for start, end in row.spans))


def _to_text(time: datetime | None) -> str | None:
    return None if time is None else time.astimezone(UTC).isoformat()


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
