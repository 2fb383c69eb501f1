"""What is known about pictures by the hash of their file, also after the file is gone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from app.domain.images import ImageState
from app.storage.chunks import chunks
from app.storage.models import IMAGE, PICTURE


@dataclass(frozen=True, slots=True)
class Picture:
    """See :class:`app.storage.models.PictureRow`."""

    content_hash: str
    data_hash: str | None = None
    look: int | None = None
    note: str | None = None


def add(s: Session, pictures: Iterable[Picture]) -> None:
    """Record pictures; for a known one, the data hash and the note are replaced."""
    given = {one.content_hash: one for one in pictures}
    known = {content for part in chunks(given) for content in s.scalars(_KNOWN_HASHES, {"hashes": part})}
    new = [
        {"content_hash": one.content_hash, "data_hash": one.data_hash, "look": one.look, "note": one.note}
        for one in given.values()
        if one.content_hash not in known
    ]
    if new:
        s.execute(insert(PICTURE), new)
    if known:
        s.execute(
            update(PICTURE)
            .where(PICTURE.c.content_hash == bindparam("hash"))
            .values(data_hash=bindparam("data"), note=bindparam("words")),
            [{"hash": one, "data": given[one].data_hash, "words": given[one].note} for one in known],
        )


_KNOWN_HASHES = select(PICTURE.c.content_hash).where(
    PICTURE.c.content_hash.in_(bindparam("hashes", expanding=True))
)
_ALL_OF = select(PICTURE).where(PICTURE.c.content_hash.in_(bindparam("hashes", expanding=True)))


def known_hashes(s: Session, hashes: Iterable[str | None]) -> set[str]:
    """Those of the content hashes whose pictures are known."""
    some = dict.fromkeys(one for one in hashes if one is not None)
    return {one for part in chunks(some) for one in s.scalars(_KNOWN_HASHES, {"hashes": part})}


def get_many(s: Session, hashes: Iterable[str | None]) -> dict[str, Picture]:
    """Those that are known, by content hash."""
    return {
        row.content_hash: Picture(row.content_hash, row.data_hash, row.look, row.note)
        for part in chunks(one for one in hashes if one is not None)
        for row in s.execute(_ALL_OF, {"hashes": part})
    }


def set_looks(s: Session, looks: Mapping[str, int]) -> None:
    """Record perceptual hashes by content hash."""
    add_missing = set(looks) - get_many(s, looks).keys()
    if add_missing:
        s.execute(insert(PICTURE), [{"content_hash": one} for one in sorted(add_missing)])
    if looks:
        s.execute(
            update(PICTURE)
            .where(PICTURE.c.content_hash == bindparam("hash"))
            .values(look=bindparam("value")),
            [{"hash": content, "value": look} for content, look in looks.items()],
        )


def note_counts(s: Session) -> dict[str, int]:
    """How many readable images have each note."""
    query = (
        select(PICTURE.c.note, func.count())
        .join(IMAGE, IMAGE.c.content_hash == PICTURE.c.content_hash)
        .where(IMAGE.c.state == ImageState.OK.value, PICTURE.c.note.is_not(None))
        .group_by(PICTURE.c.note)
    )
    return {row[0]: row[1] for row in s.execute(query)}


def with_note(s: Session, beginning: str) -> list[int]:
    """The images whose note begins like this."""
    query = select(IMAGE.c.id).join(PICTURE, PICTURE.c.content_hash == IMAGE.c.content_hash)
    return list(s.scalars(query.where(PICTURE.c.note.startswith(beginning, autoescape=True))))


@dataclass(frozen=True, slots=True)
class KnownPicture:
    """A readable image with what is known about its picture."""

    image_id: int
    content_hash: str
    data_hash: str | None
    look: int | None


def of_readable(s: Session) -> Sequence[KnownPicture]:
    """Every readable image with a content hash, in ascending order of id."""
    query = (
        select(IMAGE.c.id, IMAGE.c.content_hash, PICTURE.c.data_hash, PICTURE.c.look)
        .outerjoin(PICTURE, PICTURE.c.content_hash == IMAGE.c.content_hash)
        .where(IMAGE.c.state == ImageState.OK.value, IMAGE.c.content_hash.is_not(None))
        .order_by(IMAGE.c.id)
    )
    return [KnownPicture(*row) for row in s.execute(query)]
