"""All label formats, for the window and the command line alike. One module a format."""

from collections.abc import Mapping
from pathlib import Path

from app.domain.errors import BadInputError
from app.services.interchange.format import Format
from app.services.interchange.formats.coco import COCO
from app.services.interchange.formats.wide_csv import CSV
from app.services.interchange.sample import Sample

AUTO = "auto"

FORMATS: Mapping[str, Format] = {one.name: one for one in (COCO, CSV)}
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
        reason = "can only be exported" if wanted in FORMATS else "does not exist"
        raise BadInputError(f"The import format {name!r} {reason}; there are {', '.join([AUTO, *names])}.")
    return FORMATS[wanted]


def exporter(name: str) -> Format:
    """Raises BadInputError, naming the formats."""
    names = [one.name for one in writable()]
    if name.lower() not in names:
        reason = "can only be imported" if name.lower() in FORMATS else "does not exist"
        raise BadInputError(f"The export format {name!r} {reason}; there are {', '.join(names)}.")
    return FORMATS[name.lower()]


def recognised(path: Path) -> Format | None:
    """The format of a file or folder that can be imported; None if none of them is certain.

    Raises BadInputError if it cannot be read.
    """
    sample = Sample(path)
    return next((one for one in readable() if one.recognise(sample)), None)


def detect(path: Path) -> Format:
    """As :func:`recognised`, but raises BadInputError, naming the formats, if none is certain."""
    found = recognised(path)
    if found is None:
        names = ", ".join(one.name for one in readable())
        raise BadInputError(f"The format of {path} was not recognised; name it: {names}.")
    return found
