"""What a file looks like that a reader refused, and what to do with it."""

from collections.abc import Callable
from typing import NamedTuple

from app.domain.language import QT_TRANSLATE_NOOP, translate, translated
from app.services.interchange.sample import Sample
from app.storage.layout import ProjectLayout


class _Magic(NamedTuple):
    start: bytes
    what: str
    advice: str


_UNPACK = QT_TRANSLATE_NOOP("Interchange", "unpack it and import what is inside")
_MAGIC = (
    _Magic(b"\x1f\x8b", QT_TRANSLATE_NOOP("Interchange", "compressed with gzip"), _UNPACK),
    _Magic(
        b"PK\x03\x04",
        QT_TRANSLATE_NOOP("Interchange", "a ZIP archive, or a spreadsheet or document in one"),
        QT_TRANSLATE_NOOP("Interchange", "unpack it and import what is inside, or save it as CSV"),
    ),
    _Magic(
        b"PK\x05\x06",
        QT_TRANSLATE_NOOP("Interchange", "an empty ZIP archive"),
        QT_TRANSLATE_NOOP("Interchange", "give the file with the labels"),
    ),
    _Magic(b"BZh", QT_TRANSLATE_NOOP("Interchange", "compressed with bzip2"), _UNPACK),
    _Magic(b"\xfd7zXZ\0", QT_TRANSLATE_NOOP("Interchange", "compressed with xz"), _UNPACK),
    _Magic(b"\x28\xb5\x2f\xfd", QT_TRANSLATE_NOOP("Interchange", "compressed with zstd"), _UNPACK),
    _Magic(b"7z\xbc\xaf\x27\x1c", QT_TRANSLATE_NOOP("Interchange", "a 7-Zip archive"), _UNPACK),
    _Magic(b"Rar!", QT_TRANSLATE_NOOP("Interchange", "a RAR archive"), _UNPACK),
    _Magic(
        b"\xd0\xcf\x11\xe0",
        QT_TRANSLATE_NOOP("Interchange", "an old spreadsheet or document of Microsoft Office"),
        QT_TRANSLATE_NOOP("Interchange", "save it as CSV"),
    ),
    _Magic(
        b"PAR1",
        QT_TRANSLATE_NOOP("Interchange", "a Parquet file"),
        QT_TRANSLATE_NOOP("Interchange", "convert it to CSV or JSON Lines"),
    ),
    _Magic(
        b"SQLite format 3\0",
        QT_TRANSLATE_NOOP("Interchange", "an SQLite database"),
        QT_TRANSLATE_NOOP("Interchange", "export its labels to a format that is read"),
    ),
    _Magic(
        b"%PDF",
        QT_TRANSLATE_NOOP("Interchange", "a PDF document"),
        QT_TRANSLATE_NOOP("Interchange", "give the file with the labels"),
    ),
    _Magic(
        b"\x89PNG",
        QT_TRANSLATE_NOOP("Interchange", "an image"),
        QT_TRANSLATE_NOOP("Interchange", "give the file with the labels"),
    ),
    _Magic(
        b"\xff\xd8\xff",
        QT_TRANSLATE_NOOP("Interchange", "an image"),
        QT_TRANSLATE_NOOP("Interchange", "give the file with the labels"),
    ),
    _Magic(
        b"\x80\x02",
        QT_TRANSLATE_NOOP("Interchange", "a Python pickle, which is never opened"),
        QT_TRANSLATE_NOOP("Interchange", "save the labels as JSON or CSV"),
    ),
    _Magic(
        b"\x80\x04",
        QT_TRANSLATE_NOOP("Interchange", "a Python pickle, which is never opened"),
        QT_TRANSLATE_NOOP("Interchange", "save the labels as JSON or CSV"),
    ),
    _Magic(
        b"version https://git-lfs.github.com",
        QT_TRANSLATE_NOOP("Interchange", "a Git LFS pointer, not the file itself"),
        QT_TRANSLATE_NOOP("Interchange", "fetch the file with 'git lfs pull'"),
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


_CONVERT = QT_TRANSLATE_NOOP("Interchange", "convert it to COCO or CSV")
_JSON = (
    _Json(
        _listed("image_id", "score"),
        QT_TRANSLATE_NOOP(
            "Interchange", "COCO results, the detections of a model without the names of the images"
        ),
        QT_TRANSLATE_NOOP("Interchange", "give the file with the annotations"),
    ),
    _Json(
        _listed("image_id", "caption"),
        QT_TRANSLATE_NOOP("Interchange", "captions in the form of COCO results"),
        QT_TRANSLATE_NOOP("Interchange", "give a file with categories"),
    ),
    _Json(
        _listed("annotation_id", "annotator"),
        QT_TRANSLATE_NOOP("Interchange", "Label Studio's JSON-MIN"),
        QT_TRANSLATE_NOOP(
            "Interchange", "export it as JSON instead, and import that with the format labelstudio"
        ),
    ),
    _Json(_listed("image", "annotations"), QT_TRANSLATE_NOOP("Interchange", "labels of Create ML"), _CONVERT),
    _Json(
        _listed("imagefilename", "annotation"),
        QT_TRANSLATE_NOOP("Interchange", "labels of Create ML"),
        _CONVERT,
    ),
    _Json(
        _outer("shapes", "imagePath"),
        QT_TRANSLATE_NOOP("Interchange", "the labels of one image by labelme"),
        QT_TRANSLATE_NOOP("Interchange", "convert it to COCO or CSV with all the others"),
    ),
    _Json(
        _outer("_via_img_metadata"),
        QT_TRANSLATE_NOOP("Interchange", "a project of the VGG Image Annotator"),
        QT_TRANSLATE_NOOP("Interchange", "export it as COCO, or convert it to COCO or CSV"),
    ),
    _Json(
        _outer("tags", "objects"),
        QT_TRANSLATE_NOOP("Interchange", "the labels of one image by Supervisely"),
        QT_TRANSLATE_NOOP("Interchange", "export the project as COCO"),
    ),
    _Json(
        lambda sample: "predictions" in sample.keys[0] and "filepath" in sample.keys[2],
        QT_TRANSLATE_NOOP("Interchange", "predictions of SpeciesNet"),
        QT_TRANSLATE_NOOP(
            "Interchange", "convert them to MegaDetector's form, and import that with the format megadetector"
        ),
    ),
    _Json(
        _listed("Labeled Data", "Label"),
        QT_TRANSLATE_NOOP("Interchange", "labels of Labelbox"),
        _CONVERT,
    ),
    _Json(_listed("data_row", "projects"), QT_TRANSLATE_NOOP("Interchange", "labels of Labelbox"), _CONVERT),
    _Json(
        _outer("item", "annotations"),
        QT_TRANSLATE_NOOP("Interchange", "the labels of one image by V7 Darwin"),
        QT_TRANSLATE_NOOP("Interchange", "export them as COCO"),
    ),
    _Json(
        _outer("metadata", "instances"),
        QT_TRANSLATE_NOOP("Interchange", "the labels of one image by SuperAnnotate"),
        QT_TRANSLATE_NOOP("Interchange", "export them as COCO"),
    ),
    _Json(_outer("assets", "tags"), QT_TRANSLATE_NOOP("Interchange", "a project of VoTT"), _CONVERT),
    _Json(
        _outer("items", "categories"),
        QT_TRANSLATE_NOOP("Interchange", "a data set of Datumaro"),
        QT_TRANSLATE_NOOP("Interchange", "convert it with datumaro to COCO"),
    ),
    _Json(_outer("type", "features"), "GeoJSON", _CONVERT),
    _Json(
        _outer("nbformat", "cells"),
        QT_TRANSLATE_NOOP("Interchange", "a Jupyter notebook"),
        QT_TRANSLATE_NOOP("Interchange", "give the file with the labels"),
    ),
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
        return translate("Interchange", "is empty; give a file with labels")
    if not head.strip(b"\0"):
        return translate(
            "Interchange", "has only zero bytes, so its content is lost; copy or download it again"
        )
    if head[_TAR[0] :].startswith(_TAR[1]):
        return translate("Interchange", "is a tar archive; {unpack}").format(
            unpack=translated("Interchange", _UNPACK)
        )
    if start.startswith(("<!doctype html", "<html")):
        return translate(
            "Interchange", "is a web page, perhaps that of a log-in or an error; download the file itself"
        )
    found = (
        translate("Interchange", "is {what}; {advice}").format(
            what=translated("Interchange", one.what), advice=translated("Interchange", one.advice)
        )
        for one in _MAGIC
        if head.startswith(one.start)
    )
    return next(found, None)


def _folder(sample: Sample) -> str | None:
    if ProjectLayout(sample.path).database.is_file():
        return translate(
            "Interchange",
            "is a Tailspotter project; use 'tailspotter merge', or export its labels and import them",
        )
    return (
        None
        if sample.names
        else translate("Interchange", "is an empty folder; give a file or folder with labels")
    )


def json_kind(sample: Sample) -> str | None:
    """Which JSON that no format reads it is, as in :func:`container`; None if it is not known."""
    if not sample.is_json:
        return None
    return next(
        (
            translate("Interchange", "looks like {what}; {advice}").format(
                what=translated("Interchange", one.what), advice=translated("Interchange", one.advice)
            )
            for one in _JSON
            if one.fits(sample)
        ),
        None,
    )
