"""Copying or linking image files into the folder of an export."""

import os
import shutil
from pathlib import Path

from app.domain.errors import KnownError
from app.domain.language import translate
from app.services.interchange.format import ImageFiles


def put_image(source: Path, target: Path, how: ImageFiles) -> bool:
    """Copy or link ``source`` as ``target``; False if it is no longer there. Raises OSError where ``target``
    cannot be written, KnownError if ``source`` cannot be read."""
    if not source.is_file():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    if how is ImageFiles.LINK:
        target.symlink_to(os.path.realpath(source))
        return True
    try:
        with source.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        raise KnownError(
            translate("Interchange", "The image {source} cannot be read: {reason}.").format(
                source=source, reason=error.strerror or error
            )
        ) from error
    shutil.copyfile(source, target)
    shutil.copystat(source, target)
    return True
