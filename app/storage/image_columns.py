"""The images of a project as arrays, in ascending order of id."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session

from app.domain.images import ImageState, image_name
from app.storage.columns import image_ranges, read_columns
from app.storage.images import prefixes
from app.storage.models import IMAGE
from app.storage.types import unescape_path

STATES = tuple(ImageState)
"""A state's index here is its number in the arrays."""

_STATE: ColumnElement[int] = case(
    *((IMAGE.c.state == state.value, number) for number, state in enumerate(STATES)), else_=0
)


@dataclass(frozen=True, slots=True)
class ImageColumns:
    """N images: ``ids`` int64, ``states`` uint8 (indices into STATES), ``reviewed_batches`` int64 (0: none).

    ``paths`` are relative to the roots, ``names`` are Image.name; with one root they are the same list.
    """

    ids: NDArray[np.int64]
    states: NDArray[np.uint8]
    reviewed_batches: NDArray[np.int64]
    paths: list[str]
    names: list[str]


@dataclass(frozen=True, slots=True)
class ReviewColumns:
    """All images ascending, int64 [N], and the batch in which each was reviewed (0: not reviewed)."""

    image_ids: NDArray[np.int64]
    reviewed_batches: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FileColumns:
    """``modified``: nanoseconds since the epoch, int64 [N]; ``hashes``: of the contents, "" where unknown."""

    ids: NDArray[np.int64]
    modified: NDArray[np.int64]
    hashes: list[str]


@dataclass(frozen=True, slots=True)
class ContentColumns:
    """The readable images: ``ids`` int64 [N] ascending, ``hashes`` of their contents, "" where unknown."""

    ids: NDArray[np.int64]
    hashes: list[str]


def image_columns(s: Session) -> ImageColumns:
    numbers: list[ColumnElement[Any]] = [IMAGE.c.id, _STATE.label("state"), IMAGE.c.reviewed_batch_id]
    numbers.append(IMAGE.c.root_id)
    (ids, states, batches, roots), (paths,) = _read(s, numbers, [IMAGE.c.path])
    paths = [unescape_path(path) if "\x1b" in path else path for path in paths]
    before, names = prefixes(s), paths
    if any(before.values()):
        names = [image_name(before[root], path) for root, path in zip(roots.tolist(), paths, strict=True)]
    return ImageColumns(ids, states.astype(np.uint8), batches, paths, names)


def review_columns(s: Session) -> ReviewColumns:
    (ids, batches), _ = _read(s, [IMAGE.c.id, IMAGE.c.reviewed_batch_id], [])
    return ReviewColumns(ids, batches)


def file_columns(s: Session) -> FileColumns:
    (ids, modified), (hashes,) = _read(s, [IMAGE.c.id, IMAGE.c.mtime_ns], [IMAGE.c.content_hash])
    return FileColumns(ids, modified, hashes)


def content_columns(s: Session) -> ContentColumns:
    (ids, states), (hashes,) = _read(s, [IMAGE.c.id, _STATE.label("state")], [IMAGE.c.content_hash])
    readable = np.flatnonzero(states == STATES.index(ImageState.OK))
    return ContentColumns(ids[readable], [hashes[at] for at in readable.tolist()])


def _read(
    s: Session, numbers: list[ColumnElement[Any]], words: list[ColumnElement[Any]]
) -> tuple[list[NDArray[np.int64]], list[list[str]]]:
    """The columns of all images, sorted by the first one, the image's id."""
    found = [np.empty(0, np.int64) for _ in numbers]
    texts: list[list[str]] = [[] for _ in words]
    query = select(*numbers, *words)
    for above, up_to in image_ranges(s):
        part, more = read_columns(s, query.where(IMAGE.c.id > above, IMAGE.c.id <= up_to), len(numbers))
        found = [np.concatenate(both) for both in zip(found, part, strict=True)]
        for column, rest in zip(texts, more, strict=True):
            column.extend(rest)
    if (found[0][1:] < found[0][:-1]).any():
        order = np.argsort(found[0])
        found = [column[order] for column in found]
        texts = [[column[at] for at in order.tolist()] for column in texts]
    return found, texts
