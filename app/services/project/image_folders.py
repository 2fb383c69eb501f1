"""The image folders of a project: which there are, which are missing, and telling the project of a move."""

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.counting import count
from app.domain.errors import BadInputError, CancelledError, NotFoundError
from app.domain.images import GONE, Image, ImageState
from app.domain.language import number, translate
from app.domain.progress import ProgressCallback, RateMeter, StopCheck
from app.services.project.project import Project
from app.storage import images
from cprfl_core.backbone.names import expanded

EXAMPLES: Final = 3
MOST_NEARBY: Final = 20
"""Folders below a chosen one that are looked at if it holds none of the images."""


@dataclass(frozen=True, slots=True)
class ImageFolder:
    """``name`` is the prefix of its images' names, or the folder's own name if it is the only folder."""

    id: int
    path: Path
    name: str
    images: int
    there: bool


@dataclass(frozen=True, slots=True)
class Relocation:
    """``found`` of ``known`` images are in the new folder at the same path and with the same size.

    ``lost`` has the paths of a few others.
    """

    old: Path
    new: Path
    found: int
    known: int
    lost: tuple[str, ...] = ()


def image_folders(project: Project) -> list[ImageFolder]:
    """The image folders, oldest first. Checks on the disk whether each is there."""
    with project.db.read() as s:
        roots, prefixes, counts = images.roots(s), images.prefixes(s), images.counts_by_root(s)
    return [
        ImageFolder(number, path, prefixes[number] or path.name, counts.get(number, 0), path.is_dir())
        for number, path in roots.items()
    ]


def missing_folders(project: Project) -> list[ImageFolder]:
    """The image folders that are not there. Checks the disk."""
    return [folder for folder in image_folders(project) if not folder.there]


def place_warning(project: Project) -> str | None:
    """A sentence about missing image folders or the disk that the project is on, None when all is well."""
    missing = missing_folders(project)
    if not missing:
        return project.warning
    more = translate("Project", " (and {n} more)").format(n=len(missing) - 1) if len(missing) > 1 else ""
    words = count(sum(folder.images for folder in missing), "image")
    return translate(
        "Project",
        "The image folder {path}{more} is not there: every label is kept, but {words} cannot "
        "be shown; attach the disk, put the folder back, or say where it is now.",
    ).format(path=missing[0].path, more=more, words=words)


def relocate(
    project: Project,
    old: str,
    new: Path,
    *,
    force: bool = False,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> Relocation:
    """Record that an image folder was moved; the next scan looks in the new place. Labels are not touched.

    ``old`` is the path before the move, or the folder's name. Unless ``force``, at least one known image must
    be in the new folder. Raises NotFoundError, BadInputError, ReadOnlyError, BusyError while a scan runs,
    CancelledError.
    """
    project.db.require_writable()
    folder, looked = _look_at(project, old, new, on_progress, should_stop)
    if looked.known and not looked.found and not force:
        raise BadInputError(
            translate(
                "Project",
                "None of the {known} images of {path} is in {new} under the same path, so nothing "
                "was changed; give the folder that holds them, or use 'tailspotter relocate' with "
                "--force if all of them were renamed.",
            ).format(known=number(looked.known), path=folder.path, new=looked.new)
        )
    with project.scan_lock(), project.db.write() as s:
        images.move_root(s, folder.id, looked.new)
    return looked


def look_at(
    project: Project,
    old: str,
    new: Path,
    *,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> Relocation:
    """What relocate() would do, without recording it. If none of the images is in ``new``, but some are in a
    folder below or above it, that one is named. Raises as relocate()."""
    _, looked = _look_at(project, old, new, on_progress, should_stop)
    if looked.found or not looked.known:
        return looked
    for other in _nearby(looked.new, looked.old.name):
        try:
            _, better = _look_at(project, old, other, on_progress, should_stop)
        except (BadInputError, NotFoundError):  # in use as another image folder, or not readable
            continue
        if better.found:
            return better
    return looked


def _look_at(
    project: Project,
    old: str,
    new: Path,
    on_progress: ProgressCallback | None,
    should_stop: StopCheck | None,
) -> tuple[ImageFolder, Relocation]:
    folders = image_folders(project)
    folder = _find(folders, old)
    target = _checked(folder, folders, new)
    with project.db.read() as s:
        every = images.of_root(s, folder.id)
    # Files that were gone before the folder was moved are not expected in the new place.
    known = [one for one in every if (one.state, one.problem) != (ImageState.MISSING, GONE)] or every
    lost = list[str]()
    found = 0
    for image, there in zip(known, _exist(known, target, on_progress, should_stop), strict=True):
        found += there
        if not there and len(lost) < EXAMPLES:
            lost.append(image.path)
    return folder, Relocation(folder.path, target, found, len(known), tuple(lost))


def _nearby(folder: Path, name: str) -> list[Path]:
    """Folders that a person may have meant: one of the former name in it, others in it, the one above."""
    try:
        inside = sorted(one for one in folder.iterdir() if one.is_dir() and not one.name.startswith("."))
    except OSError:
        inside = []
    inside.sort(key=lambda one: one.name != name)
    return [*inside[:MOST_NEARBY], folder.parent]


def _find(folders: list[ImageFolder], old: str) -> ImageFolder:
    """By path in any spelling, else by name; composed and decomposed accents are equal."""
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
        raise NotFoundError(
            translate(
                "Project", "{old} fits several image folders; give the whole path, one of: {listed}."
            ).format(old=repr(old), listed=listed)
        )
    raise NotFoundError(
        translate(
            "Project", "{old} is not an image folder of this project; its image folders are: {listed}."
        ).format(old=repr(old), listed=listed)
    )


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _checked(folder: ImageFolder, folders: list[ImageFolder], new: Path) -> Path:
    """The new path, resolved. Raises NotFoundError or BadInputError if it cannot be used."""
    target = expanded(new).absolute()
    try:
        if not target.exists():
            raise NotFoundError(translate("Project", "There is no folder {target}.").format(target=target))
        if not target.is_dir():
            raise BadInputError(
                translate("Project", "{target} is a file; give the folder that holds the images.").format(
                    target=target
                )
            )
        os.listdir(target)  # noqa: PTH208  # only to see that it can be read
    except OSError as error:
        raise BadInputError(
            translate("Project", "{target} cannot be read: {reason}.").format(
                target=target, reason=error.strerror
            )
        ) from error
    resolved = target.resolve()
    if resolved == folder.path:
        raise BadInputError(
            translate("Project", "The project already uses {path}; scan it to find its changes.").format(
                path=folder.path
            )
        )
    for other in folders:
        if other.id == folder.id:
            continue
        if resolved.is_relative_to(other.path) or other.path.is_relative_to(resolved):
            raise BadInputError(
                translate(
                    "Project",
                    "{resolved} and the image folder {path} overlap, so images would be found twice; "
                    "choose a folder outside of it.",
                ).format(resolved=resolved, path=other.path)
            )
    return resolved


def _exist(
    known: list[Image], target: Path, on_progress: ProgressCallback | None, should_stop: StopCheck | None
) -> Iterator[bool]:
    """Whether each image has a file of its size at its path in the new folder."""
    meter = RateMeter(translate("Project", "Looking for the known images"), len(known))
    for done, image in enumerate(known, 1):
        if should_stop is not None and should_stop():
            raise CancelledError(
                translate("Project", "Stopped; the project still uses the old image folder.")
            )
        if on_progress is not None and (done % 200 == 0 or done == len(known)):
            on_progress(meter.progress(done))
        try:
            yield (target / image.path).stat().st_size == image.size
        except OSError:
            yield False
