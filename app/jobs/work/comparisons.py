"""Jobs that only compare: missing images with new files, a folder with the known images."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.domain.duplicates import DuplicateGroup
from app.domain.language import number, translate
from app.domain.progress import ProgressCallback, StopCheck
from app.domain.relinking import Candidate
from app.jobs.threads.model_queue import ModelQueue, Work
from app.jobs.values.session import Location
from app.services.runner.runner import Runner

if TYPE_CHECKING:
    from app.services.project.project import Project

SHOWN: Final = 100
"""Pairs whose pictures are read at once; the rest follow when these are decided."""
SIDE: Final = 640
SMALL_SIDE: Final = 320
SHOWN_COPIES: Final = 4
"""Images of a group of duplicates whose pictures are shown."""


@dataclass(frozen=True, slots=True)
class RelinkPair:
    """A candidate with the encoded thumbnails of both pictures; None where there is none."""

    candidate: Candidate
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class RelinkOffer:
    """The first pairs, and the number of all."""

    pairs: tuple[RelinkPair, ...]
    total: int


def relink_work(folder: Path) -> Work:
    """Compare missing images with new files; returns a RelinkOffer."""

    def work(queue: ModelQueue, on_progress: ProgressCallback, should_stop: StopCheck) -> RelinkOffer:
        from app.services.images.relinking import candidates
        from app.services.project.project import open_project

        with open_project(folder) as project, queue.interruptible():
            found = candidates(project, on_progress, should_stop)
            with _thumbnails(project) as picture:
                pairs = tuple(
                    RelinkPair(one, picture(one.missing.id), picture(one.new.id)) for one in found[:SHOWN]
                )
        return RelinkOffer(pairs, len(found))

    return work


def relink_words(offer: Any) -> str:
    """A RelinkOffer as a sentence."""
    return (
        translate("Jobs", "{total} missing images may be in new files.").format(total=number(offer.total))
        if offer.total
        else translate("Jobs", "Nothing was found.")
    )


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group of duplicates with the encoded thumbnails of its first images."""

    group: DuplicateGroup
    pictures: tuple[bytes | None, ...]


@dataclass(frozen=True, slots=True)
class FoundDuplicates:
    """The first groups, and the number of all."""

    groups: tuple[ShownGroup, ...]
    total: int


def duplicates_work(folder: Path) -> Work:
    """Compare all images of a project; returns FoundDuplicates."""

    def work(queue: ModelQueue, on_progress: ProgressCallback, should_stop: StopCheck) -> FoundDuplicates:
        from app.services.images.duplicates import find_duplicates
        from app.services.project.project import open_project

        with open_project(folder) as project, queue.interruptible():
            found = find_duplicates(project, on_progress, should_stop, near=True)
            with _thumbnails(project) as picture:
                groups = tuple(
                    ShownGroup(one, tuple(picture(number) for number in one.ids[:SHOWN_COPIES]))
                    for one in found[:SHOWN]
                )
        return FoundDuplicates(groups, len(found))

    return work


def duplicates_words(found: Any) -> str:
    """FoundDuplicates as a sentence."""
    return (
        translate("Jobs", "{total} groups of duplicates were found.").format(total=number(found.total))
        if found.total
        else translate("Jobs", "There are no duplicates.")
    )


@contextmanager
def _thumbnails(project: "Project") -> Iterator[Callable[[int], bytes | None]]:
    """A function that returns the thumbnail of an image, None where there is none."""
    from app.services.images.pictures import PictureError
    from app.services.images.thumbnails import ProjectThumbnails
    from app.services.settings import thumbnail_bytes

    thumbnails = ProjectThumbnails(project, thumbnail_bytes())

    def picture(number: int) -> bytes | None:
        for side in (SIDE, SMALL_SIDE):  # of a missing file there is only what was kept
            try:
                return thumbnails.service.thumbnail(number, side)
            except PictureError:
                continue
        return None

    try:
        yield picture
    finally:
        thumbnails.close()


def location_work(folder: Path, old: Path, new: Path) -> Work:
    """Look for the known images of a folder at a new place; returns a Location. Nothing is recorded."""

    def work(_runner: Runner, on_progress: ProgressCallback, should_stop: StopCheck) -> Location:
        from app.services.project.image_folders import look_at
        from app.services.project.project import open_project

        with open_project(folder) as project:
            found = look_at(project, str(old), new, on_progress=on_progress, should_stop=should_stop)
            return Location(found.old, found.new, found.found, found.known, found.lost)

    return work


def location_words(found: Any) -> str:
    """A Location as a sentence."""
    return translate("Jobs", "{found} of {known} images are in {new}.").format(
        found=number(found.found), known=number(found.known), new=found.new
    )
