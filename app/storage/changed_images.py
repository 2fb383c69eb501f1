"""Images whose file was replaced by a different picture after labelling (docs/decisions/0232)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.images import ImageState
from app.storage.chunks import chunks
from app.storage.ledger import last_batch_id
from app.storage.models import BATCH, CATEGORY, IMAGE, LABEL, LEDGER

_OLD_LABEL = exists(
    select(LABEL.c.image_id)
    .join(LEDGER, LEDGER.c.id == LABEL.c.entry_id)
    .join(CATEGORY, CATEGORY.c.id == LABEL.c.category_id)
    .where(
        LABEL.c.image_id == IMAGE.c.id,
        LEDGER.c.batch_id <= IMAGE.c.changed_batch_id,
        CATEGORY.c.archived_at.is_(None),
    )
)
_UNCHECKED = and_(
    IMAGE.c.changed_batch_id.is_not(None),
    IMAGE.c.reviewed_batch_id.is_(None),
    or_(IMAGE.c.set_aside_batch_id.is_not(None), _OLD_LABEL),
)
"""It has labels or a review of the old picture, and the new one is not reviewed."""
_CHANGED = and_(_UNCHECKED, IMAGE.c.state == ImageState.OK.value)


@dataclass(frozen=True, slots=True)
class Answers:
    """The number of yes and no labels of an image, and whether it has a review that was set aside."""

    yes: int = 0
    no: int = 0
    reviewed: bool = False


def changed_ids(s: Session, among: Iterable[int] | None = None) -> set[int]:
    """The readable images whose picture was replaced after labelling, of ``among`` or of all images."""
    query = select(IMAGE.c.id).where(_CHANGED)
    if among is None:
        return set(s.scalars(query))
    return {number for part in chunks(among) for number in s.scalars(query.where(IMAGE.c.id.in_(part)))}


def replaced_ids(s: Session, among: Iterable[int]) -> set[int]:
    """The images of ``among`` whose picture was ever replaced, reviewed since or not."""
    query = select(IMAGE.c.id).where(IMAGE.c.changed_batch_id.is_not(None))
    return {number for part in chunks(among) for number in s.scalars(query.where(IMAGE.c.id.in_(part)))}


def count(s: Session) -> int:
    """How many images :func:`changed_ids` returns."""
    return s.scalar(select(func.count()).where(_CHANGED)) or 0


def stamp(s: Session) -> tuple[int, int]:
    """A value that changes when a scan finds pictures that were replaced, or put back."""
    changed = IMAGE.c.changed_batch_id
    found = s.execute(select(func.count(), func.sum(changed)).where(changed.is_not(None))).one()
    return found[0], found[1] or 0


def answers(s: Session, image_ids: Iterable[int]) -> dict[int, Answers]:
    """The labels and reviews of the old picture of some images."""
    found: dict[int, Answers] = {}
    for part in chunks(image_ids):
        query = (
            select(
                IMAGE.c.id,
                func.count().filter(LABEL.c.state == 1),
                func.count().filter(LABEL.c.state == 0),
                IMAGE.c.set_aside_batch_id,
            )
            .outerjoin(LABEL, LABEL.c.image_id == IMAGE.c.id)
            .where(IMAGE.c.id.in_(part))
            .group_by(IMAGE.c.id, IMAGE.c.set_aside_batch_id)
        )
        found |= {row[0]: Answers(row[1], row[2], row[3] is not None) for row in s.execute(query)}
    return found


def outdated_entries(s: Session, image_ids: Iterable[int]) -> set[int]:
    """The ledger entries of labels that are about the old picture of some images."""
    return {entry for part in chunks(image_ids) for entry in s.scalars(_OUTDATED, {"ids": part})}


_OUTDATED = (
    select(LABEL.c.entry_id)
    .join(IMAGE, IMAGE.c.id == LABEL.c.image_id)
    .join(LEDGER, LEDGER.c.id == LABEL.c.entry_id)
    .where(LABEL.c.image_id.in_(bindparam("ids", expanding=True)))
    .where(LEDGER.c.batch_id <= IMAGE.c.changed_batch_id)
)


def note_contents(s: Session, contents: Mapping[int, str | None]) -> None:
    """Record that the content of files has changed: the new hash of each, None if it cannot be read.

    Call it before the new hash is stored. Labels given so far are about the old picture, and a review of it
    no longer counts. If the old picture comes back, so does its review, unless labels were given in between.
    """
    now = last_batch_id(s)
    if not now:  # nothing was ever labelled in this project
        return
    rows = [
        row | _after(dict(known), contents[known["id"]], now)
        for part in chunks(contents)
        for known in s.execute(_KNOWN, {"ids": part}).mappings()
        for row in [{"number": known["id"]}]
    ]
    if rows:
        s.execute(_NOTE, rows)


_NEWEST_LABEL = (
    select(func.max(LEDGER.c.batch_id))
    .join(LABEL, LABEL.c.entry_id == LEDGER.c.id)
    .where(LABEL.c.image_id == IMAGE.c.id)
    .scalar_subquery()
)
_KNOWN = select(
    IMAGE.c.id,
    IMAGE.c.content_hash,
    IMAGE.c.changed_batch_id,
    IMAGE.c.labelled_hash,
    IMAGE.c.reviewed_batch_id,
    IMAGE.c.set_aside_batch_id,
    func.coalesce(_NEWEST_LABEL, 0).label("newest_label"),
    _UNCHECKED.label("unchecked"),
).where(IMAGE.c.id.in_(bindparam("ids", expanding=True)))
_NOTE = (
    update(IMAGE)
    .where(IMAGE.c.id == bindparam("number"))
    .values(
        changed_batch_id=bindparam("changed_at"),
        labelled_hash=bindparam("labelled"),
        reviewed_batch_id=bindparam("review"),
        reviewed_at=select(BATCH.c.created_at).where(BATCH.c.id == bindparam("review")).scalar_subquery(),
        set_aside_batch_id=bindparam("aside"),
    )
)


def _after(known: dict[str, Any], content: str | None, now: int) -> dict[str, Any]:
    """The columns of an image whose content has changed; ``now`` is the newest batch."""
    mark = known["reviewed_batch_id"] or known["set_aside_batch_id"]
    about = _answers_are_about(known)
    if content is not None and content == about:
        return {"changed_at": None, "labelled": None, "review": mark, "aside": None}
    if content is not None and (about is not None or known["content_hash"] is not None):
        return {"changed_at": now, "labelled": about, "review": None, "aside": mark}
    # Unreadable, or readable for the first time: no picture is known to have been replaced.
    return {
        "changed_at": known["changed_batch_id"],
        "labelled": about,
        "review": known["reviewed_batch_id"],
        "aside": known["set_aside_batch_id"],
    }


def _answers_are_about(known: dict[str, Any]) -> str | None:
    """The content hash that the labels are about; None if unknown, or if they are about two pictures."""
    changed_at = known["changed_batch_id"]
    before: str | None = known["labelled_hash"]
    present: str | None = known["content_hash"]
    if present is None:
        return before
    if changed_at is None:
        return present
    if max(known["newest_label"], known["reviewed_batch_id"] or 0) <= changed_at:
        return before  # no label is about the present picture
    return None if known["unchecked"] else present
