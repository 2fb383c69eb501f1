"""Jobs that only compare: missing images with new files, a folder with the known images."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.domain.progress import ProgressCallback, StopCheck
from app.domain.relinking import Candidate
from app.jobs.threads.model_queue import ModelQueue, Work
from app.jobs.values.session import Location
from app.services.runner.runner import Runner

SHOWN: Final = 100
"""Pairs whose pictures are read at once; the rest follow when these are decided."""
SIDE: Final = 640


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
        from app.services.images.pictures import PictureError
        from app.services.images.relinking import candidates
        from app.services.images.thumbnails import ProjectThumbnails
        from app.services.project.project import open_project

        with open_project(folder) as project, queue.interruptible():
            found = candidates(project, on_progress, should_stop)
            thumbnails = ProjectThumbnails(project)
            try:

                def picture(number: int) -> bytes | None:
                    try:
                        return thumbnails.service.thumbnail(number, SIDE)
                    except PictureError:
                        return None

                pairs = tuple(
                    RelinkPair(one, picture(one.missing.id), picture(one.new.id)) for one in found[:SHOWN]
                )
            finally:
                thumbnails.close()
        return RelinkOffer(pairs, len(found))

    return work


def relink_words(offer: Any) -> str:
    """A RelinkOffer as a sentence."""
    return f"{offer.total:,} missing images may be in new files." if offer.total else "Nothing was found."


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
    return f"{found.found:,} of {found.known:,} images are in {found.new}."
