"""Roots and images."""

import os
import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from rapidfuzz import process
from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from app.domain.errors import NotFoundError
from app.domain.images import Image, ImageState, image_name, root_prefixes
from app.domain.language import translate
from app.storage.chunks import chunks
from app.storage.ledger import Batch, EntryKind
from app.storage.models import BATCH, IMAGE, LEDGER, RootRow
from app.storage.rows import joined, joined_rows

_COLUMNS = [IMAGE.c[name] for name in Image.__dataclass_fields__ if name != "prefix"]
_PREFIXES = "prefixes"
"""The key under which a session caches the name prefix of each root."""

_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([nrt]))")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}

_STATES = {one.value: one for one in ImageState}
"""An enumeration takes as long to look up one of its members as a row takes otherwise."""

_ONE = select(*_COLUMNS).where(IMAGE.c.id == bindparam("id"))
_REVIEWED = joined(IMAGE.c.id, IMAGE.c.reviewed_batch_id).where(
    IMAGE.c.id.in_(bindparam("ids", expanding=True))
)
_SET_ASIDE = select(IMAGE.c.id, IMAGE.c.set_aside_batch_id, IMAGE.c.changed_batch_id).where(
    IMAGE.c.id.in_(bindparam("ids", expanding=True)), IMAGE.c.changed_batch_id.is_not(None)
)


@dataclass(frozen=True, slots=True)
class ImageCounts:
    """``reviewed`` counts only reviews of the present picture."""

    total: int
    ok: int
    unreadable: int
    missing: int
    reviewed: int


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file was replaced after batch ``changed_at``; ``set_aside`` is the batch of an earlier review."""

    changed_at: int
    set_aside: int | None

    def counted(self, review: int | None) -> int | None:
        """The batch of a review, None if it is older than the picture."""
        return None if review is None or review <= self.changed_at else review


def add_root(s: Session, path: Path) -> int:
    """Register a folder of images and return its id; a known folder keeps its id."""
    stored = _stored_root(s, path.resolve())
    known = s.scalar(select(RootRow.id).where(RootRow.path == stored))
    if known is not None:
        return known
    row = RootRow(path=stored)
    s.add(row)
    s.flush()
    s.info.pop(_PREFIXES, None)
    return row.id


def move_root(s: Session, root_id: int, path: Path) -> None:
    """Change the path of a folder; its images and their labels stay."""
    s.execute(update(RootRow).where(RootRow.id == root_id).values(path=_stored_root(s, path.resolve())))
    s.info.pop(_PREFIXES, None)


def roots(s: Session) -> dict[int, Path]:
    """The absolute folders of images by id."""
    folder: Path = s.info["folder"]
    rows = s.execute(select(RootRow.id, RootRow.path).order_by(RootRow.id))
    return {root_id: Path(os.path.normpath(folder / path)) for root_id, path in rows}


def prefixes(s: Session) -> dict[int, str]:
    """The prefix of each root, which makes an image's name from its path."""
    found: dict[int, str] | None = s.info.get(_PREFIXES)
    if found is None:
        found = s.info[_PREFIXES] = root_prefixes(roots(s))
    return found


def names(s: Session) -> dict[int, str]:
    """The name of every image by id."""
    before = prefixes(s)
    found = s.execute(select(IMAGE.c.id, IMAGE.c.root_id, IMAGE.c.path))
    return {number: image_name(before[root_id], path) for number, root_id, path in found}


def _stored_root(s: Session, path: Path) -> str:
    """Relative to the project folder if one contains the other, so that both can be moved together."""
    folder: Path = s.info["folder"].resolve()
    if path.is_relative_to(folder) or folder.is_relative_to(path):
        return Path(os.path.relpath(path, folder)).as_posix()
    return str(path)


def absolute(s: Session, image: Image) -> Path:
    """The path of an image's file on this computer."""
    return roots(s)[image.root_id] / image.path


def unchanged(image: Image, path: Path) -> bool:
    """Whether the file at ``path`` is still the one whose content was hashed, by size and time."""
    try:
        found = path.stat()
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (image.size, image.mtime_ns)


def all_images(s: Session, state: ImageState | None = None) -> list[Image]:
    """All images, or those of one state, in ascending order of id."""
    query = select(*_COLUMNS).order_by(IMAGE.c.id)
    if state is not None:
        query = query.where(IMAGE.c.state == state.value)
    return _images(s, query)


def last_given_id(s: Session) -> int:
    """The highest id that an image ever had, also one that is no longer recorded; 0 if there was none."""
    given = s.scalar(sql("SELECT seq FROM sqlite_sequence WHERE name = 'image'"))
    return max(given or 0, s.scalar(select(func.max(IMAGE.c.id))) or 0)


def of_root(s: Session, root_id: int) -> list[Image]:
    """The images of one root, in ascending order of id."""
    return _select(s, IMAGE.c.root_id == root_id)


def counts_by_root(s: Session) -> dict[int, int]:
    """How many images each root has, in any state; roots without images are left out."""
    query = select(IMAGE.c.root_id, func.count()).group_by(IMAGE.c.root_id)
    return {row[0]: row[1] for row in s.execute(query)}


def get(s: Session, image_id: int) -> Image:
    """Raises NotFoundError."""
    row = s.execute(_ONE, {"id": image_id}).first()
    if row is None:
        raise NotFoundError(
            translate("Storage", "There is no image with the number {image_id} in this project.").format(
                image_id=image_id
            )
        )
    return _image(row, prefixes(s))


def get_many(s: Session, ids: Iterable[int]) -> dict[int, Image]:
    """Those of the images that exist, by id."""
    return {
        image.id: image
        for chunk in chunks(ids)
        for image in _images(s, select(*_COLUMNS).where(IMAGE.c.id.in_(chunk)))
    }


def find(s: Session, ref: str) -> Image:
    """The image that ``ref`` refers to.

    Tried in this order: its name, its path inside its root, the end of one of these after a slash (such as
    the file name), the file name without its suffix, the absolute path. All of these are tried as written,
    then with a terminal's escapes of control characters undone, then normalised (without "./"), then with
    backslashes as separators; each first in its exact spelling, then with any composition of accents. Raises
    NotFoundError, naming near matches if nothing fits and the candidates if several do.
    """
    text = ref.replace("\\", "/") if os.sep == "\\" else ref
    if (exactly := _present_at(s, text)) is not None:
        return exactly
    for candidates in (found for form in _spellings(text) for found in _candidates(s, form)):
        present = [image for image in candidates if image.state is not ImageState.MISSING] or candidates
        if len(present) == 1:
            return present[0]
        if present:
            raise NotFoundError(_ambiguous(ref, present))
    raise NotFoundError(
        translate("Storage", "There is no image {ref} in this project{near_matches}.").format(
            ref=repr(ref), near_matches=_near_matches(s, text)
        )
    )


def find_missing(s: Session, ref: str) -> Image:
    """As find(), among the images whose file is missing. Raises NotFoundError."""
    text = ref.replace("\\", "/") if os.sep == "\\" else ref
    for candidates in (found for form in _spellings(text) for found in _candidates(s, form)):
        missing = [image for image in candidates if image.state is ImageState.MISSING]
        if len(missing) == 1:
            return missing[0]
        if missing:
            raise NotFoundError(_ambiguous(ref, missing))
    raise NotFoundError(
        translate("Storage", "There is no missing image {ref} in this project{near_matches}.").format(
            ref=repr(ref), near_matches=_near_matches(s, text)
        )
    )


def _spellings(text: str) -> Iterable[str]:
    """The forms of a name to look for: itself first, each once."""
    forms = [text, _ESCAPE.sub(_unescaped, text)]
    if text:
        forms += [posixpath.normpath(form) for form in (*forms, text.replace("\\", "/"))]
    return dict.fromkeys(forms)


def _candidates(s: Session, text: str) -> Iterator[list[Image]]:
    yield _by_shown_name(s, text)
    yield _by_path(s, text)
    yield from _by_end(s, text)
    yield _by_absolute(s, text)


def _unescaped(found: re.Match[str]) -> str:
    code, letter = found[1] or found[2], found[3]
    return chr(int(code, 16)) if code else _LETTERS[letter]


def _ambiguous(ref: str, found: list[Image]) -> str:
    shown = list(dict.fromkeys(image.name for image in found))
    if len(shown) == 1:
        return translate(
            "Storage",
            "{ref} is the name of {n} images whose files are missing, so it is not clear which "
            "one is meant; put one of the files back and scan.",
        ).format(ref=repr(ref), n=len(found))
    listed = ", ".join(repr(name) for name in shown[:3]) + (", ..." if len(shown) > 3 else "")
    return translate("Storage", "{ref} fits {n} images ({listed}); give the path as written here.").format(
        ref=repr(ref), n=len(found), listed=listed
    )


def _present_at(s: Session, text: str) -> Image | None:
    """The image that is there under exactly this name, found by the index; None if it is not the only one.

    The other ways read the paths of all images.
    """
    before = prefixes(s)
    starts = {} if "" in before.values() else {root: f"{one.rstrip('/')}/" for root, one in before.items()}
    paths = [
        and_(IMAGE.c.root_id == root, IMAGE.c.path == text.removeprefix(starts.get(root, "")))
        for root in before
        if text.startswith(starts.get(root, ""))
    ]
    if not paths:
        return None
    found = _select(s, and_(sql("image.state <> 'missing'"), or_(*paths)))  # as in the index
    return found[0] if len(found) == 1 else None


def _by_shown_name(s: Session, text: str) -> list[Image]:
    places: list[ColumnElement[bool]] = []
    for root_id, prefix in prefixes(s).items():
        if not prefix:
            return []  # the name is the path
        for form in _forms(text):
            start = unicodedata.normalize("NFC", prefix.rstrip("/") + "/")
            if unicodedata.normalize("NFC", form).startswith(start):
                rest = form.split("/", start.count("/"))[-1]
                places.append(and_(IMAGE.c.root_id == root_id, IMAGE.c.path.in_(_forms(rest))))
    found = _select(s, or_(*places)) if places else []
    return _spelled(found, lambda image: image.name == text)


def _by_path(s: Session, text: str) -> list[Image]:
    found = _select(s, IMAGE.c.path.in_(_forms(text)))
    return _spelled(found, lambda image: image.path == text)


def _by_end(s: Session, text: str) -> Iterator[list[Image]]:
    """By the last parts of the name, then by the file name without its suffix."""
    last = text.rpartition("/")[2]
    ends: list[ColumnElement[bool]] = []
    for form in _forms(last):
        ends += [IMAGE.c.path == form, IMAGE.c.path.endswith("/" + form, autoescape=True)]
        ends += [
            IMAGE.c.path.startswith(form + ".", autoescape=True),
            IMAGE.c.path.contains("/" + form + ".", autoescape=True),
        ]
    found = _select(s, or_(*ends)) if last else []
    wanted = unicodedata.normalize("NFC", text)

    def ends_with(name: str, end: str) -> bool:
        return name == end or name.endswith("/" + end)

    by_name = [image for image in found if ends_with(unicodedata.normalize("NFC", image.name), wanted)]
    yield _spelled(by_name, lambda image: ends_with(image.name, text))
    by_stem = [
        image for image in found if PurePosixPath(unicodedata.normalize("NFC", image.path)).stem == wanted
    ]
    yield _spelled(by_stem, lambda image: PurePosixPath(image.path).stem == text)


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
    shown = names(s)
    files = {number: PurePosixPath(name).name for number, name in shown.items()}
    close = process.extract(PurePosixPath(text).name, files, limit=3, score_cutoff=60)
    return (
        translate("Storage", "; similar names: {names}").format(
            names=", ".join(repr(shown[number]) for _, _, number in close)
        )
        if close
        else ""
    )


def _forms(text: str) -> set[str]:
    return {text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)}


def _spelled(found: list[Image], exactly: Callable[[Image], bool]) -> list[Image]:
    """Those with exactly this spelling, if there are any."""
    return [image for image in found if exactly(image)] or found


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
    """Change images by ``id``; all rows have the same columns."""
    if not rows:
        return
    changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
    query = update(IMAGE).where(IMAGE.c.id == bindparam("old_id")).values(changed)
    s.execute(
        query,
        [{"old_id" if name == "id" else f"new_{name}": row[name] for name in row} for row in rows],
    )


def set_unreadable(s: Session, image_id: int, reason: str) -> None:
    """Mark an image whose file exists and cannot be used; its labels stay."""
    values = {"state": ImageState.UNREADABLE.value, "problem": reason}
    s.execute(update(IMAGE).where(IMAGE.c.id == image_id).values(**values))


def with_problem(s: Session, beginning: str) -> list[int]:
    """The images with known content whose problem begins like this."""
    query = select(IMAGE.c.id).where(IMAGE.c.content_hash.is_not(None))
    return list(s.scalars(query.where(IMAGE.c.problem.startswith(beginning, autoescape=True))))


def forget_times(s: Session, ids: Iterable[int]) -> None:
    """Make the next scan read the files of these images again."""
    for chunk in chunks(ids):
        s.execute(update(IMAGE).where(IMAGE.c.id.in_(chunk)).values(mtime_ns=-1))


def set_missing(s: Session, ids: Iterable[int], reason: str = "the file is gone") -> None:
    """Mark images whose files cannot be found; their labels stay."""
    values = {"state": ImageState.MISSING.value, "problem": reason}
    for chunk in chunks(ids):
        s.execute(update(IMAGE).where(IMAGE.c.id.in_(chunk)).values(**values))


def set_present(s: Session, ids: Iterable[int]) -> None:
    """Mark missing images whose files are back, unchanged."""
    for chunk in chunks(ids):
        query = update(IMAGE).where(IMAGE.c.id.in_(chunk))
        s.execute(query.values(state=ImageState.OK.value, problem=None))


def reviewed_batches(s: Session, ids: Iterable[int]) -> dict[int, int | None]:
    """The batch in which each image was reviewed; images that do not exist are left out."""
    found: dict[int, int | None] = {}
    for chunk in chunks(ids):
        for image_id, batch in joined_rows(s, _REVIEWED, {"ids": chunk}):
            found[int(image_id)] = int(batch) if batch else None
    return found


def replaced(s: Session, ids: Iterable[int]) -> dict[int, Replaced]:
    """Those of the images whose file a scan found to hold a different picture."""
    found: dict[int, Replaced] = {}
    for chunk in chunks(ids):
        found.update((row[0], Replaced(row[2], row[1])) for row in s.execute(_SET_ASIDE, {"ids": chunk}))
    return found


def apply_reviews(s: Session, batch: Batch) -> None:
    """Apply the batch's review entries; a review of an earlier picture is set aside."""
    marks = (
        select(LEDGER.c.image_id, LEDGER.c.after, BATCH.c.created_at)
        .outerjoin(BATCH, BATCH.c.id == LEDGER.c.after)
        .where(LEDGER.c.batch_id == batch.id, LEDGER.c.kind == EntryKind.REVIEW.value)
        .subquery()
    )
    old = marks.c.after <= IMAGE.c.changed_batch_id
    s.execute(
        update(IMAGE)
        .where(IMAGE.c.id == marks.c.image_id)
        .values(
            reviewed_batch_id=case((old, None), else_=marks.c.after),
            reviewed_at=case((old, None), else_=marks.c.created_at),
            set_aside_batch_id=case((old, marks.c.after), else_=None),
        )
    )


def _select(s: Session, condition: ColumnElement[bool]) -> list[Image]:
    """The images that meet a condition, in ascending order of id."""
    return _images(s, select(*_COLUMNS).where(condition).order_by(IMAGE.c.id))


def _images(s: Session, query: Select[Any]) -> list[Image]:
    before = prefixes(s)
    return [_image(row, before) for row in s.execute(query)]


def _image(row: Any, before: Mapping[int, str]) -> Image:
    values: tuple[
        int, int, str, int, int, int | None, int | None, str | None, str, str | None, datetime | None
    ]
    values = tuple(row)
    return Image(*values[:8], _STATES[values[8]], *values[9:], before[values[1]])
