"""Roots and images."""

import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from rapidfuzz import process
from sqlalchemy import ColumnElement, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.domain.errors import NotFoundError
from app.domain.images import Image, ImageState
from app.storage.ledger import Batch, EntryKind
from app.storage.models import BATCH, IMAGE, LEDGER, RootRow
from app.storage.portions import portions

_COLUMNS = [IMAGE.c[name] for name in Image.__dataclass_fields__]


_ONE = select(*_COLUMNS).where(IMAGE.c.id == bindparam("id"))
_REVIEWED = select(IMAGE.c.id, IMAGE.c.reviewed_batch_id).where(
    IMAGE.c.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class ImageCounts:
    total: int
    ok: int
    unreadable: int
    missing: int
    reviewed: int


def add_root(s: Session, path: Path) -> int:
    """Register a folder of images; one that is known already gives its number."""
    stored = _stored_root(s, path.resolve())
    known = s.scalar(select(RootRow.id).where(RootRow.path == stored))
    if known is not None:
        return known
    row = RootRow(path=stored)
    s.add(row)
    s.flush()
    return row.id


def roots(s: Session) -> dict[int, Path]:
    """The absolute folders of images by their number."""
    folder: Path = s.info["folder"]
    rows = s.execute(select(RootRow.id, RootRow.path).order_by(RootRow.id))
    return {root_id: Path(os.path.normpath(folder / path)) for root_id, path in rows}


def _stored_root(s: Session, path: Path) -> str:
    """Relative to the project folder where one contains the other, so that both can move together."""
    folder: Path = s.info["folder"].resolve()
    if path.is_relative_to(folder) or folder.is_relative_to(path):
        return Path(os.path.relpath(path, folder)).as_posix()
    return str(path)


def absolute(s: Session, image: Image) -> Path:
    """Where the file of an image lies on this computer."""
    return roots(s)[image.root_id] / image.path


def all_images(s: Session, state: ImageState | None = None) -> list[Image]:
    """All images, or those of one state, by ascending number."""
    query = select(*_COLUMNS).order_by(IMAGE.c.id)
    if state is not None:
        query = query.where(IMAGE.c.state == state.value)
    return [_image(row) for row in s.execute(query)]


def get(s: Session, image_id: int) -> Image:
    """Raises NotFoundError."""
    row = s.execute(_ONE, {"id": image_id}).first()
    if row is None:
        raise NotFoundError(f"There is no image with the number {image_id} in this project.")
    return _image(row)


def get_many(s: Session, ids: Iterable[int]) -> dict[int, Image]:
    """The images that exist among the given numbers."""
    found: dict[int, Image] = {}
    for portion in portions(ids):
        for row in s.execute(select(*_COLUMNS).where(IMAGE.c.id.in_(portion))):
            found[row[0]] = _image(row)
    return found


def find(s: Session, ref: str) -> Image:
    """The image that a person means.

    Tried in this order: the relative path (however its accents are composed), the file name, the file name
    without its suffix, the absolute path inside a root. Raises NotFoundError, naming near matches where
    nothing fits and the candidates where several do.
    """
    text = ref.replace("\\", "/") if os.sep == "\\" else ref
    for candidates in (_by_path(s, text), _by_name(s, text), _by_absolute(s, ref)):
        present = [image for image in candidates if image.state is not ImageState.MISSING] or candidates
        if len(present) == 1:
            return present[0]
        if present:
            paths = ", ".join(repr(image.path) for image in present[:3])
            raise NotFoundError(
                f"{ref!r} fits {len(present)} images ({paths}{', ...' if len(present) > 3 else ''}); "
                "give the path inside its folder."
            )
    raise NotFoundError(f"There is no image {ref!r} in this project{_near_matches(s, text)}.")


def _by_path(s: Session, text: str) -> list[Image]:
    forms = {text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)}
    found = _select(s, IMAGE.c.path.in_(forms))
    return [image for image in found if image.path == text] or found


def _by_name(s: Session, text: str) -> list[Image]:
    forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD")}
    whole: list[ColumnElement[bool]] = [IMAGE.c.path.in_(forms)]
    whole += [IMAGE.c.path.endswith("/" + form, autoescape=True) for form in forms]
    stem = [IMAGE.c.path.startswith(form + ".", autoescape=True) for form in forms]
    stem += [IMAGE.c.path.contains("/" + form + ".", autoescape=True) for form in forms]
    wanted = unicodedata.normalize("NFC", text)
    candidates = [
        (image, PurePosixPath(unicodedata.normalize("NFC", image.path)))
        for image in _select(s, or_(*whole, *stem))
    ]
    by_name = [image for image, path in candidates if path.name == wanted or str(path).endswith("/" + wanted)]
    spelled = [image for image in by_name if f"/{image.path}".endswith("/" + text)]
    if by_name:
        return spelled or by_name
    by_stem = [image for image, path in candidates if path.stem == wanted]
    return [image for image in by_stem if PurePosixPath(image.path).stem == text] or by_stem


def _by_absolute(s: Session, ref: str) -> list[Image]:
    for root_id, root in roots(s).items():
        for base in {root, root.resolve()}:
            path = Path(ref)
            for candidate in (path, Path(os.path.realpath(path))):
                if candidate.is_absolute() and candidate.is_relative_to(base):
                    relative = candidate.relative_to(base).as_posix()
                    found = [image for image in _by_path(s, relative) if image.root_id == root_id]
                    if found:
                        return found
    return []


def _near_matches(s: Session, text: str) -> str:
    paths = s.scalars(select(IMAGE.c.path)).all()
    names = {path: PurePosixPath(path).name for path in paths}
    close = process.extract(PurePosixPath(text).name, names, limit=3, score_cutoff=60)
    return f"; near it: {', '.join(repr(path) for _, _, path in close)}" if close else ""


def counts(s: Session) -> ImageCounts:
    query = select(IMAGE.c.state, func.count(), func.count(IMAGE.c.reviewed_batch_id))
    by_state: dict[str, tuple[int, int]] = {
        state: (count, reviewed) for state, count, reviewed in s.execute(query.group_by(IMAGE.c.state))
    }
    return ImageCounts(
        total=sum(count for count, _ in by_state.values()),
        **{state.value: by_state.get(state.value, (0, 0))[0] for state in ImageState},
        reviewed=sum(reviewed for _, reviewed in by_state.values()),
    )


def ids_not_ok(s: Session) -> set[int]:
    """Images that cannot be shown: unreadable or missing."""
    return set(s.scalars(select(IMAGE.c.id).where(IMAGE.c.state != ImageState.OK)))


def add_many(s: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert new images, each a mapping of the columns of :class:`app.storage.models.ImageRow`."""
    if rows:
        s.execute(insert(IMAGE), list(rows))


def update_many(s: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Change images by ``id``; all rows give the same columns."""
    if not rows:
        return
    changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
    query = update(IMAGE).where(IMAGE.c.id == bindparam("old_id")).values(changed)
    s.execute(
        query,
        [{"old_id" if name == "id" else f"new_{name}": row[name] for name in row} for row in rows],
    )


def set_ok(s: Session, image_id: int, width: int, height: int) -> None:
    """The file can be read; pixels after the EXIF rotation."""
    values = {"state": ImageState.OK.value, "problem": None, "width": width, "height": height}
    s.execute(update(IMAGE).where(IMAGE.c.id == image_id).values(**values))


def set_unreadable(s: Session, image_id: int, reason: str) -> None:
    """The file is there and cannot be used; its labels stay."""
    values = {"state": ImageState.UNREADABLE.value, "problem": reason}
    s.execute(update(IMAGE).where(IMAGE.c.id == image_id).values(**values))


def set_missing(s: Session, ids: Iterable[int], reason: str = "the file is gone") -> None:
    """The files cannot be found; their labels stay."""
    values = {"state": ImageState.MISSING.value, "problem": reason}
    for portion in portions(ids):
        s.execute(update(IMAGE).where(IMAGE.c.id.in_(portion)).values(**values))


def set_present(s: Session, ids: Iterable[int]) -> None:
    """Missing files are back as they were."""
    for portion in portions(ids):
        query = update(IMAGE).where(IMAGE.c.id.in_(portion))
        s.execute(query.values(state=ImageState.OK.value, problem=None))


def reviewed_batches(s: Session, ids: Iterable[int]) -> dict[int, int | None]:
    """The batch in which each of the images that exist was reviewed."""
    found: dict[int, int | None] = {}
    for portion in portions(ids):
        found.update((row[0], row[1]) for row in s.execute(_REVIEWED, {"ids": portion}))
    return found


def apply_reviews(s: Session, batch: Batch) -> None:
    """Bring the review marks in line with the batch's entries."""
    marks = (
        select(LEDGER.c.image_id, LEDGER.c.after, BATCH.c.created_at)
        .outerjoin(BATCH, BATCH.c.id == LEDGER.c.after)
        .where(LEDGER.c.batch_id == batch.id, LEDGER.c.kind == EntryKind.REVIEW.value)
        .subquery()
    )
    s.execute(
        update(IMAGE)
        .where(IMAGE.c.id == marks.c.image_id)
        .values(reviewed_batch_id=marks.c.after, reviewed_at=marks.c.created_at)
    )


def _select(s: Session, condition: ColumnElement[bool]) -> list[Image]:
    return [_image(row) for row in s.execute(select(*_COLUMNS).where(condition).order_by(IMAGE.c.id))]


def _image(row: Any) -> Image:
    values: tuple[
        int, int, str, int, int, int | None, int | None, str | None, str, str | None, datetime | None
    ]
    values = tuple(row)
    return Image(*values[:8], ImageState(values[8]), *values[9:])
