"""A strict reader of the public list files of VOC-LT and COCO-LT. NumPy only.

A label file has one category per line, its name and its index: ``hair drier 78``. A list has one image per
line, its path and the indices of its categories: ``train2017/000000554625.jpg 0 62 64``. A path without an
index is an image without any of the categories, a negative for all of them.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cprfl_core.common.errors import DatasetError
from cprfl_core.images.reading import IMAGE_SUFFIXES

NAMES: Final = {"voc-lt": "voc", "coco-lt": "coco"}
"""Datasets by their name on the command line, with the prefix of their file names."""

PUBLISHED: Final = {"voc-lt": (1142, 4952, 20), "coco-lt": (1909, 5000, 80)}
"""Training images, test images and categories of the published lists."""


@dataclass(frozen=True, slots=True)
class ImageList:
    """``paths`` as listed, with forward slashes; ``labels`` int8 [N,C] in {0,1}."""

    file: Path
    paths: tuple[str, ...]
    labels: NDArray[np.int8]

    @property
    def unlabelled(self) -> int:
        """Number of images without any category."""
        return int((self.labels.sum(axis=1) == 0).sum())


@dataclass(frozen=True, slots=True)
class LongTailLists:
    """The lists of a dataset. No image is in both or listed twice."""

    name: str
    categories: tuple[str, ...]
    train: ImageList
    test: ImageList
    digests: dict[str, str]

    @property
    def train_positives(self) -> NDArray[np.int64]:
        """Number of training images of each category [C], counted here, not read from a frequency file."""
        counts: NDArray[np.int64] = self.train.labels.sum(axis=0, dtype=np.int64)
        return counts

    @property
    def as_published(self) -> bool:
        """True if the sizes are those of the published lists."""
        sizes = len(self.train.paths), len(self.test.paths), len(self.categories)
        return PUBLISHED.get(self.name) == sizes


def read_lists(name: str, folder: Path) -> LongTailLists:
    """Read the three files of a dataset: ``voc_labels.txt``, ``voc_lt_train.txt`` and ``voc_lt_test.txt``.

    ``name``: "voc-lt" or "coco-lt". Raises DatasetError, which names file, line and field.
    """
    if name not in NAMES:
        raise DatasetError(f"There is no dataset {name!r}; use {' or '.join(NAMES)}.")
    stem = NAMES[name]
    files = [folder / f"{stem}_{part}.txt" for part in ("labels", "lt_train", "lt_test")]
    absent = [file.name for file in files if not file.is_file()]
    if absent:
        raise DatasetError(
            f"{folder} lacks {', '.join(absent)}; "
            f"give the folder with {', '.join(file.name for file in files)}."
        )
    categories = read_labels(files[0])
    train, test = (read_list(file, categories) for file in files[1:])
    where = {path: number for number, path in enumerate(train.paths, start=1)}
    for number, path in enumerate(test.paths, start=1):
        if path in where:
            raise DatasetError(
                f"{path} is in {train.file.name}, line {where[path]}, and in {test.file.name}, "
                f"line {number}; test images must not be used for training."
            )
    digests = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return LongTailLists(name, categories, train, test, digests)


def read_labels(file: Path) -> tuple[str, ...]:
    """Category names in the order of their indices, which must be 0 to C-1 in any order of lines."""
    names: dict[int, str] = {}
    lines: dict[str, int] = {}
    for number, line in _lines(file):
        # From the right: names hold spaces.
        name, _, index = line.rpartition(" ")
        if not _is_index(index) or not name.strip():
            raise _fault(file, number, f"{line!r} is not a name followed by an index, as in 'hair drier 78'")
        name = " ".join(name.split())
        if int(index) in names:
            raise _fault(file, number, f"index {index} is also that of {names[int(index)]!r}")
        if name in lines:
            raise _fault(file, number, f"{name!r} is also in line {lines[name]}")
        names[int(index)], lines[name] = name, number
    missing = [str(index) for index in range(len(names)) if index not in names]
    if missing:
        raise DatasetError(
            f"{file} has {len(names)} categories but no index {', '.join(missing[:5])}; "
            f"the indices must be 0 to {len(names) - 1}."
        )
    return tuple(names[index] for index in range(len(names)))


def read_list(file: Path, categories: tuple[str, ...]) -> ImageList:
    """The images of one list and their labels over ``categories``."""
    seen: dict[str, int] = {}
    rows: list[list[int]] = []
    for number, line in _lines(file):
        path, fields, first = _split(file, number, line)
        if path in seen:
            raise _fault(file, number, f"{path} is also in line {seen[path]}")
        seen[path] = number
        rows.append(_indices(file, number, fields, first, len(categories)))
    labels = np.zeros((len(rows), len(categories)), dtype=np.int8)
    for row, indices in enumerate(rows):
        labels[row, indices] = 1
    return ImageList(file, tuple(seen), labels)


def _split(file: Path, number: int, line: str) -> tuple[str, list[str], int]:
    """The path, the fields after it, and the number of the first of these.

    The path ends with the first field that has an image suffix, so that a folder may contain a space and a
    field that is not a number is still recognised.
    """
    fields = line.split()
    ends = [at for at, field in enumerate(fields) if PurePosixPath(field).suffix.lower() in IMAGE_SUFFIXES]
    if not ends:
        raise _fault(file, number, f"field 1, {fields[0]!r}, is not the name of an image file")
    path = line[: line.index(fields[ends[0]]) + len(fields[ends[0]])].replace("\\", "/")
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or ":" in pure.parts[0]:
        raise _fault(file, number, f"the path {path} leaves the folder of the images")
    return path, fields[ends[0] + 1 :], ends[0] + 2


def _indices(file: Path, number: int, fields: list[str], first: int, categories: int) -> list[int]:
    indices: list[int] = []
    for at, field in enumerate(fields, start=first):
        if not _is_index(field):
            raise _fault(file, number, f"field {at}, {field!r}, is not the index of a category")
        index = int(field)
        if index >= categories:
            raise _fault(file, number, f"field {at}, index {index}, is beyond the last, {categories - 1}")
        if index in indices:
            raise _fault(file, number, f"field {at}, index {index}, is a duplicate")
        indices.append(index)
    return indices


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Line numbers and lines without their ends. Blank lines are refused, except after the last."""
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise DatasetError(f"{file} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        number = error.object[: error.start].count(b"\n") + 1
        raise _fault(file, number, "the text is not UTF-8") from error
    # Not splitlines(): form feeds and Unicode separators do not end lines in these files.
    lines = [line.strip() for line in text.rstrip().split("\n")]
    if lines == [""]:
        raise DatasetError(f"{file} is empty.")
    for number, line in enumerate(lines, start=1):
        if not line:
            raise _fault(file, number, "the line is blank")
        yield number, line


def _is_index(field: str) -> bool:
    return field.isascii() and field.isdigit() and len(field) <= 6


def _fault(file: Path, number: int, what: str) -> DatasetError:
    return DatasetError(f"{file}, line {number}: {what}.")
