"""What a file looks like that a reader refused, and what to do with it."""

from collections.abc import Callable
from typing import NamedTuple

from app.services.interchange.sample import Sample
from app.storage.layout import ProjectLayout


class _Magic(NamedTuple):
    start: bytes
    what: str
    advice: str


_UNPACK = "unpack it and import what is inside"
_MAGIC = (
    _Magic(b"\x1f\x8b", "compressed with gzip", _UNPACK),
    _Magic(
        b"PK\x03\x04", "a ZIP archive, or a spreadsheet or document in one", f"{_UNPACK}, or save it as CSV"
    ),
    _Magic(b"PK\x05\x06", "an empty ZIP archive", "give the file with the labels"),
    _Magic(b"BZh", "compressed with bzip2", _UNPACK),
    _Magic(b"\xfd7zXZ\0", "compressed with xz", _UNPACK),
    _Magic(b"\x28\xb5\x2f\xfd", "compressed with zstd", _UNPACK),
    _Magic(b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    _Magic(b"Rar!", "a RAR archive", _UNPACK),
    _Magic(b"\xd0\xcf\x11\xe0", "an old spreadsheet or document of Microsoft Office", "save it as CSV"),
    _Magic(b"PAR1", "a Parquet file", "convert it to CSV or JSON Lines"),
    _Magic(b"SQLite format 3\0", "an SQLite database", "export its labels to a format that is read"),
    _Magic(b"%PDF", "a PDF document", "give the file with the labels"),
    _Magic(b"\x89PNG", "an image", "give the file with the labels"),
    _Magic(b"\xff\xd8\xff", "an image", "give the file with the labels"),
    _Magic(b"\x80\x02", "a Python pickle, which is never opened", "save the labels as JSON or CSV"),
    _Magic(b"\x80\x04", "a Python pickle, which is never opened", "save the labels as JSON or CSV"),
    _Magic(
        b"version https://git-lfs.github.com",
        "a Git LFS pointer, not the file itself",
        "fetch the file with 'git lfs pull'",
    ),
)
_TAR = (257, b"ustar")


class _Json(NamedTuple):
    """A kind of JSON that no format reads; ``fits`` looks at the keys of the outer objects by depth."""

    fits: Callable[[Sample], bool]
    what: str
    advice: str


def _outer(*names: str) -> Callable[[Sample], bool]:
    return lambda sample: set(names) <= sample.keys[0]


def _listed(*names: str) -> Callable[[Sample], bool]:
    return lambda sample: not sample.keys[0] and set(names) <= sample.keys[1]


_CONVERT = "convert it to COCO or CSV"
_JSON = (
    _Json(
        _listed("image_id", "score"),
        "COCO results, the detections of a model without the names of the images",
        "give the file with the annotations",
    ),
    _Json(
        _listed("image_id", "caption"), "captions in the form of COCO results", "give a file with categories"
    ),
    _Json(
        _listed("annotation_id", "annotator"),
        "Label Studio's JSON-MIN",
        "export it as JSON instead, and import that with the format labelstudio",
    ),
    _Json(_listed("image", "annotations"), "labels of Create ML", _CONVERT),
    _Json(_listed("imagefilename", "annotation"), "labels of Create ML", _CONVERT),
    _Json(
        _outer("shapes", "imagePath"), "the labels of one image by labelme", f"{_CONVERT} with all the others"
    ),
    _Json(
        _outer("_via_img_metadata"),
        "a project of the VGG Image Annotator",
        f"export it as COCO, or {_CONVERT}",
    ),
    _Json(_outer("tags", "objects"), "the labels of one image by Supervisely", "export the project as COCO"),
    _Json(
        lambda sample: "predictions" in sample.keys[0] and "filepath" in sample.keys[2],
        "predictions of SpeciesNet",
        "convert them to MegaDetector's form, and import that with the format megadetector",
    ),
    _Json(_listed("Labeled Data", "Label"), "labels of Labelbox", _CONVERT),
    _Json(_listed("data_row", "projects"), "labels of Labelbox", _CONVERT),
    _Json(_outer("item", "annotations"), "the labels of one image by V7 Darwin", "export them as COCO"),
    _Json(_outer("metadata", "instances"), "the labels of one image by SuperAnnotate", "export them as COCO"),
    _Json(_outer("assets", "tags"), "a project of VoTT", _CONVERT),
    _Json(_outer("items", "categories"), "a data set of Datumaro", "convert it with datumaro to COCO"),
    _Json(_outer("type", "features"), "GeoJSON", _CONVERT),
    _Json(_outer("nbformat", "cells"), "a Jupyter notebook", "give the file with the labels"),
)


def container(sample: Sample) -> str | None:
    """What a file is, if it is no text with labels: half a sentence, "is a web page; ...". None if it may be.

    Raises BadInputError if it cannot be read.
    """
    if sample.is_folder:
        return _folder(sample)
    head = sample.head
    start = sample.text.lstrip("\ufeff \t\r\n")[:15].lower()
    if not head.strip():
        return "is empty; give a file with labels"
    if not head.strip(b"\0"):
        return "has only zero bytes, so its content is lost; copy or download it again"
    if head[_TAR[0] :].startswith(_TAR[1]):
        return f"is a tar archive; {_UNPACK}"
    if start.startswith(("<!doctype html", "<html")):
        return "is a web page, perhaps that of a log-in or an error; download the file itself"
    found = (f"is {one.what}; {one.advice}" for one in _MAGIC if head.startswith(one.start))
    return next(found, None)


def _folder(sample: Sample) -> str | None:
    if ProjectLayout(sample.path).database.is_file():
        return "is a Tailspotter project; use 'tailspotter merge', or export its labels and import them"
    return None if sample.names else "is an empty folder; give a file or folder with labels"


def json_kind(sample: Sample) -> str | None:
    """Which JSON that no format reads it is, as in :func:`container`; None if it is not known."""
    if not sample.is_json:
        return None
    return next((f"looks like {one.what}; {one.advice}" for one in _JSON if one.fits(sample)), None)
