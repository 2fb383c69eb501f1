"""COCO Camera Traps: COCO with sequences and locations, in which a category means that nothing is there."""

from pathlib import Path

from app.domain.language import QT_TRANSLATE_NOOP
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews
from app.services.interchange.formats.coco_file import is_camera_traps, read_coco
from app.services.interchange.statements import LabelFile


def _read(path: Path, options: ReadOptions) -> LabelFile:
    return read_coco(path, options.confidence)


CAMERA_TRAPS = Format(
    name="camera-traps",
    title=QT_TRANSLATE_NOOP("Interchange", "COCO Camera Traps JSON"),
    suffixes=(".json",),
    holds=Holds(no=False, reviews=Reviews.NONE),
    recognise=is_camera_traps,
    read=_read,
    options=frozenset({"confidence"}),
)
