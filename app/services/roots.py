"""The image folders of a project: which there are, and where one lies now that was moved."""

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import BadInputError, CancelledError, NotFoundError
from app.domain.images import Image
from app.domain.progress import ProgressCallback, RateMeter, StopCheck
from app.services.project import Project
from app.storage import images
from cprfl_core.backbone_names import expanded


@dataclass(frozen=True, slots=True)
class ImageFolder:
    """``name`` is what stands before the names of its images, the folder's own name with one folder alone."""

    id: int
    path: Path
    name: str
    images: int
    there: bool


@dataclass(frozen=True, slots=True)
class Relocation:
    """``found`` of ``known`` images lie in the new folder under the same path and with the same size."""

    old: Path
    new: Path
    found: int
    known: int


def image_folders(project: Project) -> list[ImageFolder]:
    """The image folders, the oldest first. Looks whether each is there, so not for the window's thread."""
    with project.db.read() as s:
        roots, prefixes, counts = images.roots(s), images.prefixes(s), images.counts_by_root(s)
    return [
        ImageFolder(number, path, prefixes[number] or path.name, counts.get(number, 0), path.is_dir())
        for number, path in roots.items()
    ]


def relocate(
    project: Project,
    old: str,
    new: Path,
    *,
    force: bool = False,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> Relocation:
    """Look for the images of a folder in another place from the next scan on. Labels are not touched.

    ``old`` is the folder as it was, or its name. Unless ``force``, at least one of the images that are known
    must be found in the new folder. Raises NotFoundError or BadInputError for a folder that cannot be meant,
    ReadOnlyError, BusyError while a scan runs, CancelledError.
    """
    project.db.require_writable()
    folders = image_folders(project)
    folder = _meant(folders, old)
    target = _checked(folder, folders, new)
    with project.db.read() as s:
        known = images.of_root(s, folder.id)
    found = sum(_are_there(known, target, on_progress, should_stop))
    if known and not found and not force:
        raise BadInputError(
            f"None of the {len(known):,} images of {folder.path} is in {target} under the same path, so "
            "nothing was changed; give the folder that holds them, or use 'tailspotter relocate' with "
            "--force if all of them were renamed."
        )
    with project.scan_lock(), project.db.write() as s:
        images.move_root(s, folder.id, target)
    return Relocation(folder.path, target, found, len(known))


def _meant(folders: list[ImageFolder], old: str) -> ImageFolder:
    """By its path however it is written, else by its name, however its accents are composed."""
    path = expanded(old)
    spellings = {Path(os.path.normpath(path.absolute())), path.resolve()}
    found = [one for one in folders if one.path in spellings]
    wanted = old.replace("\\", "/").rstrip("/")
    for form in (str, _composed):
        found = found or [one for one in folders if form(one.name) == form(wanted)]
        found = found or [one for one in folders if form(one.path.name) == form(wanted)]
        found = found or [one for one in folders if form(str(one.path)) == form(str(path.absolute()))]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(str(one.path) for one in folders)
    if found:
        raise NotFoundError(f"{old!r} fits several image folders; give the whole path, one of: {listed}.")
    raise NotFoundError(f"{old!r} is no image folder of this project; its image folders are: {listed}.")


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _checked(folder: ImageFolder, folders: list[ImageFolder], new: Path) -> Path:
    """The new place, resolved. Raises NotFoundError or BadInputError where it cannot be one."""
    target = expanded(new).absolute()
    try:
        if not target.exists():
            raise NotFoundError(f"There is no folder {target}.")
        if not target.is_dir():
            raise BadInputError(f"{target} is a file; give the folder that holds the images.")
        os.listdir(target)  # noqa: PTH208  # a folder that cannot be read is no better than none
    except OSError as error:
        raise BadInputError(f"{target} cannot be looked into: {error.strerror}.") from error
    resolved = target.resolve()
    if resolved == folder.path:
        raise BadInputError(f"{folder.path} is where the project looks already; scan it to see its changes.")
    for other in folders:
        if other.id == folder.id:
            continue
        if resolved.is_relative_to(other.path) or other.path.is_relative_to(resolved):
            raise BadInputError(
                f"{resolved} and the image folder {other.path} lie one inside the other, and an image would "
                "be found twice; give a folder beside it."
            )
    return resolved


def _are_there(
    known: list[Image], target: Path, on_progress: ProgressCallback | None, should_stop: StopCheck | None
) -> Iterator[bool]:
    """Whether each image has a file of its size under its path in the new folder."""
    meter = RateMeter("Looking for the known images", len(known))
    for done, image in enumerate(known, 1):
        if should_stop is not None and should_stop():
            raise CancelledError("Stopped; the image folder stays where it was.")
        if on_progress is not None and (done % 200 == 0 or done == len(known)):
            on_progress(meter.progress(done))
        try:
            yield (target / image.path).stat().st_size == image.size
        except OSError:
            yield False
