"""Missing images that a person has linked to another file, step by step, so that it can be undone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, exists, func, insert, or_, select
from sqlalchemy.orm import Session

from app.domain.images import Image, ImageState
from app.storage import images
from app.storage.chunks import chunks
from app.storage.models import IMAGE, LEDGER, PICTURE, RELINK

_FILE = ("root_id", "path", "size", "mtime_ns", "width", "height", "content_hash")


@dataclass(frozen=True, slots=True)
class Relinked:
    """An image of a step, and the columns of its former file. ``new_hash``: the content it was linked to."""

    image_id: int
    former: dict[str, Any]
    new_hash: str | None


def file_columns(image: Image) -> dict[str, Any]:
    """The columns of an image row that describe its file."""
    return {name: getattr(image, name) for name in _FILE}


def record(s: Session, pairs: Sequence[tuple[Image, Image]]) -> int:
    """Record one step of (missing image, image of the new file); returns its number."""
    step = (s.scalar(select(func.max(RELINK.c.step))) or 0) + 1
    s.execute(
        insert(RELINK),
        [
            {"step": step, "image_id": old.id, "new_hash": new.content_hash, **file_columns(old)}
            for old, new in pairs
        ],
    )
    return step


def last_step(s: Session) -> list[Relinked]:
    """The images of the newest step; none if there is nothing to undo."""
    newest = select(func.max(RELINK.c.step)).scalar_subquery()
    rows = s.execute(select(RELINK).where(RELINK.c.step == newest).order_by(RELINK.c.id)).mappings()
    return [Relinked(row["image_id"], {name: row[name] for name in _FILE}, row["new_hash"]) for row in rows]


def forget_last_step(s: Session) -> None:
    newest = s.scalar(select(func.max(RELINK.c.step)))
    s.execute(delete(RELINK).where(RELINK.c.step == newest))


_ANSWERED = or_(
    exists(select(LEDGER.c.id).where(LEDGER.c.image_id == IMAGE.c.id)),
    exists(select(RELINK.c.id).where(RELINK.c.image_id == IMAGE.c.id)),
)
"""Somebody has answered about it, or it was linked to another file: its row must stay."""


def unanswered(s: Session, after: int, most: int | None = None) -> list[Image] | None:
    """The readable images with a higher id that nobody has ever answered about, in ascending order of id.

    None if there are more than ``most``.
    """
    query = _unanswered(after).order_by(IMAGE.c.id)
    ids = list(s.scalars(query if most is None else query.limit(most + 1)))
    if most is not None and len(ids) > most:
        return None
    found = images.get_many(s, ids)
    return [found[number] for number in sorted(found)]


def unanswered_with_data(s: Session, after: int, data_hashes: Iterable[str]) -> list[Image]:
    """As unanswered(), only those with one of these encoded pictures."""
    query = _unanswered(after).join(PICTURE, PICTURE.c.content_hash == IMAGE.c.content_hash)
    ids = {
        number
        for part in chunks(data_hashes)
        for number in s.scalars(query.where(PICTURE.c.data_hash.in_(part)))
    }
    found = images.get_many(s, ids)
    return [found[number] for number in sorted(found)]


def _unanswered(after: int) -> Select[Any]:
    return select(IMAGE.c.id).where(IMAGE.c.id > after, IMAGE.c.state == ImageState.OK.value, ~_ANSWERED)


def answered_ids(s: Session, among: Iterable[int]) -> set[int]:
    """Those of the images that somebody has ever answered about."""
    query = select(IMAGE.c.id).where(_ANSWERED)
    return {number for part in chunks(among) for number in s.scalars(query.where(IMAGE.c.id.in_(part)))}


def remove_unanswered(s: Session, ids: Iterable[int]) -> None:
    """Delete images that nothing refers to."""
    for part in chunks(ids):
        s.execute(delete(IMAGE).where(IMAGE.c.id.in_(part)))
