"""What the window reads of an open project beside queries and suggestions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.domain.categories import Category
from app.domain.images import Image
from app.domain.labels import LabelState, Source
from app.services.labelling import image_states
from app.services.library import PASSED_OVER_SETTING
from app.services.project import Project
from app.services.roots import ImageFolder, image_folders
from app.services.thumbnails import ThumbnailService
from app.storage import changed_images, image_labels, images, jobs, locks, settings
from app.storage.jobs import JobState
from app.storage.thumbnails import ThumbnailStore

INDEX_KIND = "index"


@dataclass(frozen=True, slots=True)
class ImageLabel:
    """``source`` and ``when`` are None for a *no* that only a review implies."""

    category: Category
    state: LabelState
    source: Source | None
    when: datetime | None


@dataclass(frozen=True, slots=True)
class ImageRead:
    """``labels``: the said ones, the newest first, then those that a review implies, by name.

    ``changed``: the picture was replaced since the image was labelled.
    """

    image: Image
    path: Path
    labels: Sequence[ImageLabel]
    changed: bool


def read_image(project: Project, image_id: int, known_categories: Sequence[Category]) -> ImageRead:
    """One image, with its labels for ``known_categories``. Raises NotFoundError."""
    known = {category.id: category for category in known_categories}
    with project.db.read() as s:
        image = images.get(s, image_id)
        path = images.absolute(s, image)
        changed = bool(changed_images.changed_ids(s, [image_id]))
        said = [one for one in image_labels.said_of(s, image_id) if one.category_id in known]
    states = image_states(project, image_id)
    labels = [ImageLabel(known[one.category_id], one.state, one.source, one.decided_at) for one in said]
    spoken = {one.category_id for one in said}
    implied = [
        ImageLabel(known[number], state, None, None)
        for number, state in states.items()
        if number in known and number not in spoken and state is not LabelState.UNKNOWN
    ]
    implied.sort(key=lambda label: label.category.name.casefold())
    return ImageRead(image, path, [*labels, *implied], changed)


def fetch_images(project: Project, image_ids: Sequence[int]) -> dict[int, Image]:
    """The images that exist among the given numbers."""
    with project.db.read() as s:
        return images.get_many(s, image_ids)


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan alone changes: how many images are in each state, and which pictures were replaced."""

    total: int
    ok: int
    unreadable: int
    missing: int
    replaced: tuple[int, int]


def scanned(project: Project) -> Scanned:
    with project.db.read() as s:
        counts, replaced = images.counts(s), changed_images.stamp(s)
    return Scanned(counts.total, counts.ok, counts.unreadable, counts.missing, replaced)


def replaced_names(project: Project, image_ids: Iterable[int]) -> list[str]:
    """The names of the images among these that show another picture than they once did."""
    with project.db.read() as s:
        return sorted(
            one.name for one in images.get_many(s, changed_images.replaced_ids(s, image_ids)).values()
        )


def missing_folders(project: Project) -> list[ImageFolder]:
    """The image folders that are not there. Looks at the disk."""
    return [folder for folder in image_folders(project) if not folder.there]


def last_passed_over(project: Project) -> str:
    """The files that the last scan did not look into, in words; empty for none."""
    with project.db.read() as s:
        return str(settings.get(s, PASSED_OVER_SETTING, ""))


def place_warning(project: Project) -> str | None:
    """A sentence about the place of the project or of its images, None when all is well."""
    gone = missing_folders(project)
    if not gone:
        return project.warning
    more = f" (and {len(gone) - 1} more)" if len(gone) > 1 else ""
    count = sum(folder.images for folder in gone)
    images = "1 image" if count == 1 else f"{count:,} images"
    return (
        f"The image folder {gone[0].path}{more} is not there: every label is kept, but {images} cannot be "
        "shown; attach the disk, put the folder back in its place, or say where it is now."
    )


@dataclass(frozen=True, slots=True)
class LastIndexing:
    """The newest indexing job in the project's books."""

    id: int
    state: JobState
    message: str

    @property
    def can_resume(self) -> bool:
        return self.state in {JobState.INTERRUPTED, JobState.CRASHED}


def last_indexing(project: Project) -> LastIndexing | None:
    """The newest one, or None. Where nobody works any more, a job that still "runs" was interrupted."""
    with project.db.read() as s:
        newest = next((job for job in jobs.all_jobs(s) if job.kind == INDEX_KIND), None)
    if newest is None:
        return None
    state = newest.state
    if state is JobState.RUNNING and locks.holder(project.layout.job_lock) is None:
        state = JobState.INTERRUPTED
    return LastIndexing(newest.id, state, newest.message)


class ProjectPictures:
    """The pictures of one open project; close it before the project."""

    def __init__(self, project: Project, max_bytes: int) -> None:
        self._store = ThumbnailStore(
            project.layout.thumbnails, max_bytes=max_bytes, read_only=project.read_only is not None
        )
        self.service = ThumbnailService(project.db, self._store)

    def close(self) -> None:
        self._store.close()
