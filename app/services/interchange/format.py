"""What a label format is: how it is recognised, read and written, and what it can hold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import BadInputError
from app.domain.language import number, translate
from app.services.interchange.sample import Sample
from app.services.interchange.statements import LabelFile
from app.services.interchange.table import ExportRow, ExportTable


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a file; None: as the format finds out by itself.

    ``delimiter`` separates the columns of a table, ``separator`` the categories in one cell. ``keywords``:
    which parts of a keyword tree become categories. ``confidence``: the least confidence, in 0..1, of a
    model's detection that becomes a suggestion.
    """

    encoding: str | None = None
    delimiter: str | None = None
    separator: str | None = None
    keywords: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """``byte_order_mark``: begin the text with the mark by which Excel recognises UTF-8. ``separator``:
    between the categories in one cell. ``images``: what is done with the image files.
    """

    byte_order_mark: bool | None = None
    separator: str | None = None
    images: "ImageFiles | None" = None


class ImageFiles(StrEnum):
    """What an export into a folder does with the image files."""

    NONE = "none"
    COPY = "copy"
    LINK = "link"


def image_files_of(text: str | None) -> ImageFiles | None:
    """Raises BadInputError for anything but none, copy and link."""
    if text is None:
        return None
    try:
        return ImageFiles(text.lower())
    except ValueError:
        raise BadInputError(
            translate("Interchange", "Image files: {text} is not one of {names}.").format(
                text=repr(text), names=", ".join(ImageFiles)
            )
        ) from None


class Reviews(StrEnum):
    """Which review marks a format holds: all with what they left open, only those of images on which nothing
    was found, or none."""

    ALL = "all"
    EMPTY = "empty"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Holds:
    """What a format can say beside yes. ``no``: single no's."""

    no: bool
    reviews: Reviews


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """``suffixes``: of its files, with the dot; the first one is suggested for an export. Without suffixes
    the format is a folder.

    ``recognise`` says whether a file or folder is certainly of this format. ``read`` raises BadInputError if
    nothing of it can be read; single bad entries are left out. A format that is exported has ``write`` (one
    file) or ``write_folder`` (into an empty folder; returns sentences for the person). ``options``: the names
    of the fields of ReadOptions and WriteOptions that it takes. ``splits``: what it writes names the part
    (train, val, test) of each image; otherwise an export writes one file for each part. ``images``: what it
    does with image files unless the options say. ``advice``: sentences
    about how other programs read the export, without the full stop.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    holds: Holds
    recognise: Callable[[Sample], bool]
    read: Callable[[Path, ReadOptions], LabelFile] | None = None
    write: Callable[[ExportTable, IO[bytes], WriteOptions], None] | None = None
    write_folder: Callable[[ExportTable, Path, WriteOptions], Sequence[str]] | None = None
    options: frozenset[str] = field(default=frozenset())
    advice: Callable[[ExportTable], list[str]] = lambda _: []
    splits: bool = False
    images: ImageFiles = ImageFiles.NONE

    def check(self, options: ReadOptions | WriteOptions) -> None:
        """Raises BadInputError for an option that this format does not take."""
        for one in fields(options):
            if getattr(options, one.name) is not None and one.name not in self.options:
                words = one.name.replace("_", " ")
                raise BadInputError(
                    translate(
                        "Interchange", "The format {name} has no {words}; leave that option out."
                    ).format(name=self.name, words=words)
                )


@dataclass(frozen=True, slots=True)
class Kept:
    """What is read back from an exported row: ``states`` int8 [C] as in ExportRow, and the review mark."""

    states: NDArray[np.int8]
    reviewed: bool


def kept(row: ExportRow, holds: Holds) -> Kept:
    """What a format keeps of a row."""
    review = row.reviewed and (
        holds.reviews is Reviews.ALL or (holds.reviews is Reviews.EMPTY and not (row.states != 0).any())
    )
    if holds.no or review:
        return Kept(row.states, review)
    return Kept(np.where(row.states == 1, row.states, np.int8(-1)).astype(np.int8), review)


def losses(table: ExportTable, holds: Holds) -> list[str]:
    """What an export cannot hold, in numbers; empty if it keeps everything."""
    answers, images, reviews = 0, 0, 0
    for row in table.rows:
        left = kept(row, holds)
        lost = int((row.states != left.states).sum())
        answers += lost
        images += lost > 0
        reviews += row.reviewed and not left.reviewed
    found = []
    if answers:
        found.append(
            translate(
                "Interchange",
                "{answers} answers of no on {images} images are left out and will read as unknown",
            ).format(answers=number(answers), images=number(images))
        )
    if reviews:
        found.append(
            translate("Interchange", "{reviews} images will no longer count as reviewed").format(
                reviews=number(reviews)
            )
        )
    return found
