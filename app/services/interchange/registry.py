"""All label formats, for the window and the command line alike. One module a format."""

from collections.abc import Mapping
from pathlib import Path

from app.domain.errors import BadInputError
from app.domain.language import translate, translated
from app.services.interchange.format import Format
from app.services.interchange.formats.camera_traps import CAMERA_TRAPS
from app.services.interchange.formats.class_folders import FOLDERS
from app.services.interchange.formats.coco import COCO
from app.services.interchange.formats.fiftyone import FIFTYONE
from app.services.interchange.formats.imagefolder import IMAGEFOLDER
from app.services.interchange.formats.json_lines import JSONL
from app.services.interchange.formats.label_studio import LABEL_STUDIO
from app.services.interchange.formats.lists import LISTS
from app.services.interchange.formats.long_csv import LONG
from app.services.interchange.formats.megadetector import MEGADETECTOR
from app.services.interchange.formats.tags_csv import TAGS_CSV
from app.services.interchange.formats.text_tags import TXT
from app.services.interchange.formats.voc import VOC
from app.services.interchange.formats.wide_csv import CSV
from app.services.interchange.formats.xmp import XMP
from app.services.interchange.formats.yolo import YOLO
from app.services.interchange.kinds import container, json_kind
from app.services.interchange.sample import Sample

AUTO = "auto"

FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        COCO,
        CAMERA_TRAPS,
        MEGADETECTOR,
        LABEL_STUDIO,
        FIFTYONE,
        CSV,
        LONG,
        TAGS_CSV,
        JSONL,
        VOC,
        YOLO,
        LISTS,
        TXT,
        XMP,
        IMAGEFOLDER,
        FOLDERS,
    )
}
"""In the order in which they are offered and recognised."""


def readable() -> list[Format]:
    return [one for one in FORMATS.values() if one.read is not None]


def writable() -> list[Format]:
    return [one for one in FORMATS.values() if one.write is not None or one.write_folder is not None]


def importer(name: str, path: Path) -> Format:
    """The format of an import; "auto" recognises it. Raises BadInputError, naming the formats."""
    wanted = name.lower()
    if wanted == AUTO:
        return detect(path)
    names = [one.name for one in readable()]
    if wanted not in names:
        reason = (
            translate("Interchange", "can only be exported")
            if wanted in FORMATS
            else translate("Interchange", "does not exist")
        )
        raise BadInputError(
            translate("Interchange", "The import format {name} {reason}; there are {names}.").format(
                name=repr(name), reason=reason, names=", ".join([AUTO, *names])
            )
        )
    return FORMATS[wanted]


def exporter(name: str) -> Format:
    """Raises BadInputError, naming the formats."""
    names = [one.name for one in writable()]
    if name.lower() not in names:
        reason = (
            translate("Interchange", "can only be imported")
            if name.lower() in FORMATS
            else translate("Interchange", "does not exist")
        )
        raise BadInputError(
            translate("Interchange", "The export format {name} {reason}; there are {names}.").format(
                name=repr(name), reason=reason, names=", ".join(names)
            )
        )
    return FORMATS[name.lower()]


def recognised(path: Path) -> Format | None:
    """The format of a file or folder that can be imported; None if none of them is certain.

    Raises BadInputError if it cannot be read.
    """
    sample = Sample(path)
    return next((one for one in readable() if one.recognise(sample)), None)


def detect(path: Path) -> Format:
    """As :func:`recognised`, but raises BadInputError if none is certain, saying what the file looks like or
    naming the formats."""
    sample = Sample(path)
    found = recognised(path)
    if found is None:
        kind = container(sample) or json_kind(sample)
        if kind is not None:
            raise BadInputError(f"{path} {kind}.")
        names = ", ".join(one.name for one in readable())
        raise BadInputError(
            translate("Interchange", "The format of {path} was not recognised; name it: {names}.").format(
                path=path, names=names
            )
        )
    return found


def explained(error: BadInputError, path: Path, chosen: Format) -> BadInputError:
    """The refusal of a file by the reader of ``chosen``, saying what the file looks like if that is known."""
    kind = other_kind(path, chosen)
    return error if kind is None else BadInputError(f"{path} {kind}.")


def other_kind(path: Path, chosen: Format) -> str | None:
    """What a file is that is not of the format ``chosen``, as in :func:`container`; None if it may be."""
    sample = Sample(path)
    try:
        kind = container(sample)
        # Of UTF-16 the reader has said that it is not UTF-8; which format it is, is the smaller trouble.
        found = None if kind or sample.is_utf16 else recognised(path)
        if found is not None and found is not chosen:
            kind = translate("Interchange", "looks like {title}; import it with the format {found}").format(
                title=translated("Interchange", found.title), found=found.name
            )
        return kind or json_kind(sample)
    except BadInputError:  # it cannot be read at all, which the reader says
        return None
