"""What each kind of long job does on the model's thread, and its result as a sentence."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.domain.disk import fault_and_remedy
from app.domain.errors import BadInputError
from app.domain.language import number, translate
from app.domain.progress import ProgressCallback, StopCheck
from app.domain.stored_words import verdict_words
from app.jobs.threads.model_queue import ModelQueue, Work
from app.services.runner.runner import Runner

FIRST_PART: Final = 256
"""Images after which there are suggestions; the basis of the patch tokens is fitted on as many."""


@dataclass(frozen=True, slots=True)
class NewProject:
    """The settings of a new project, with one or more folders of images."""

    folder: Path
    images: Sequence[Path]
    categories: Sequence[str] = ()
    backbone: str = "bundled"


def _nothing_in_view() -> Sequence[int]:
    return ()


def index_work(
    folder: Path, *, patches: bool = False, in_view: Callable[[], Sequence[int]] = _nothing_in_view
) -> Work:
    """Compute the missing features of a project and encode its texts; returns an IndexReport.

    ``patches``: also the patch tokens that training needs, if the project stores none so far. ``in_view``,
    called on the model's thread, returns the ids of the images to begin with. Brief work is done between.
    """

    def work(queue: ModelQueue, on_progress: ProgressCallback, should_stop: StopCheck) -> Any:
        from app.services.features.indexing import ensure_text_features, index
        from app.services.features.parts import InParts
        from app.services.features.plan import PatchMode, patch_mode
        from app.services.project.project import open_project
        from app.services.training.comparison import ensure_scores

        # Separate connections: the window may close the project before the job ends.
        with open_project(folder) as project:
            mode: PatchMode | None = "pooled" if patches and patch_mode(project) == "none" else None
            in_parts = InParts(in_view, queue.do_brief_work, FIRST_PART)
            report = index(project, queue, on_progress, should_stop, patches=mode, in_parts=in_parts)
            ensure_text_features(project, queue)
            ensure_scores(project, queue, on_progress, should_stop)
        return report

    return work


def scan_work(folder: Path, *, only: frozenset[tuple[int, str]] | None = None) -> Work:
    """Scan the image folders of a project, or ``only`` some folders in them; returns a ScanReport."""

    def work(queue: ModelQueue, on_progress: ProgressCallback, should_stop: StopCheck) -> Any:
        from app.services.images.scan import scan
        from app.services.project.project import open_project
        from app.services.runner.job_records import recorded

        with open_project(folder) as project, recorded(project, "scan"), queue.interruptible():
            return scan(project, on_progress, should_stop, only=only)

    return work


def relocation_work(folder: Path, old: Path, new: Path) -> Work:
    """Record the new location of an image folder; returns a Relocation."""

    def work(_runner: Runner, on_progress: ProgressCallback, should_stop: StopCheck) -> Any:
        from app.services.project.image_folders import relocate
        from app.services.project.project import open_project

        with open_project(folder) as project:
            return relocate(project, str(old), new, on_progress=on_progress, should_stop=should_stop)

    return work


def train_work(folder: Path, *, fresh: bool = False) -> Work:
    """Tune a version on the labels of a project; returns a TrainingReport.

    An interrupted run is resumed, unless ``fresh``.
    """

    def work(queue: ModelQueue, on_progress: ProgressCallback, should_stop: StopCheck) -> Any:
        from app.services.project.project import open_project
        from app.services.training.training import train

        with open_project(folder) as project:
            return train(project, queue, on_progress, should_stop, fresh=fresh, unwanted=queue.is_unwanted)

    return work


def map_work(folder: Path) -> Work:
    """Compute the map of a project's images; returns the number of images on it."""

    def work(queue: ModelQueue, on_progress: ProgressCallback, should_stop: StopCheck) -> int:
        from app.services.insights.image_map import make_map
        from app.services.project.project import open_project

        with open_project(folder) as project:
            return make_map(project, queue, on_progress, should_stop)

    return work


def creation_work(wanted: NewProject) -> Work:
    """Create a project, whose folders are not scanned yet; returns its folder."""

    def work(runner: Runner, on_progress: ProgressCallback, should_stop: StopCheck) -> Path:
        from app.services.features.image_model import checked_model
        from app.services.project.creation import create_project

        def check(name: str) -> str:
            return checked_model(name, runner, on_progress, should_stop)

        with create_project(
            wanted.folder, wanted.images, wanted.categories, wanted.backbone, check_model=check
        ) as project:
            return project.folder

    return work


def demo_work(folder: Path, images: int | None) -> Work:
    """Create the demo in ``folder`` unless it exists; returns the folder of its project."""

    def work(runner: Runner, on_progress: ProgressCallback, should_stop: StopCheck) -> Path:
        from app.services.simulation.demo import has_demo, open_demo, prepare_demo
        from cprfl_core.demo.collection import POOL_IMAGES

        with _marked_unfinished(folder):
            if not has_demo(folder):
                prepare_demo(
                    folder,
                    runner,
                    images=images or POOL_IMAGES,
                    on_progress=on_progress,
                    should_stop=should_stop,
                ).close()
        with open_demo(folder) as project:
            return project.folder

    return work


@contextmanager
def _marked_unfinished(folder: Path) -> Iterator[None]:
    """A file beside the folder marks it as unfinished until the block succeeds."""
    mark = folder.with_name(f"{folder.name}.unfinished")
    try:
        if mark.exists():
            shutil.rmtree(folder, ignore_errors=True)
            mark.unlink()
        if not folder.exists():
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()
    except OSError as error:
        raise BadInputError(
            translate("Jobs", "The demo cannot be created in {folder}: {reason}.").format(
                folder=folder, reason=fault_and_remedy(error)
            )
        ) from error
    yield
    mark.unlink(missing_ok=True)


def download_work(name: str) -> Work:
    """Receive the files of an image model and verify their hashes; continues an interrupted download."""

    def work(_queue: ModelQueue, on_progress: ProgressCallback, should_stop: StopCheck) -> None:
        from app.services.image_models.download import fetch_model

        fetch_model(name, None, on_progress, should_stop)

    return work


def check_work(name: str) -> Work:
    """Compute features with an image model and measure its speed; returns a PassedCheck."""

    def work(queue: ModelQueue, on_progress: ProgressCallback, should_stop: StopCheck) -> Any:
        from app.services.image_models.checks import check_model

        return check_model(name, queue, on_progress, should_stop)

    return work


def scan_words(report: Any) -> str:
    """A ScanReport as a sentence: changes, then problems."""
    news = [
        words.format(n=number(count))
        for count, words in (
            (report.added, translate("Jobs", "{n} new")),
            (report.changed, translate("Jobs", "{n} changed")),
            (report.moved, translate("Jobs", "{n} moved")),
            (report.returned, translate("Jobs", "{n} back again")),
        )
        if count
    ]
    unchanged = translate("Jobs", "{n} unchanged").format(n=number(report.unchanged))
    found = [", ".join(news) if news else translate("Jobs", "Nothing new"), unchanged]
    troubles = [
        words.format(n=number(count))
        for count, words in (
            (report.missing, translate("Jobs", "{n} missing")),
            (report.unreadable, translate("Jobs", "{n} unreadable")),
        )
        if count
    ]
    if report.passed_over.not_supported or not report.unchanged + report.added:
        troubles += [
            translate("Jobs", "skipped: {words}").format(words=words)
            for words in [report.passed_over.words()]
            if words
        ]
    return f"{'; '.join([*found, *troubles])}."


def relocation_words(done: Any) -> str:
    """A Relocation as a sentence."""
    return translate("Jobs", "{old} is now {new}; {found} of {known} images were found there.").format(
        old=done.old, new=done.new, found=number(done.found), known=number(done.known)
    )


def train_words(report: Any) -> str:
    """A TrainingReport as a sentence."""
    return f"{report.model}: {verdict_words(report.reason)}"


def index_words(report: Any) -> str:
    """An IndexReport as a sentence."""
    failed = len(report.failed)
    words = translate("Jobs", "Features of {embedded} images computed, {skipped} were up to date").format(
        embedded=number(report.embedded), skipped=number(report.skipped)
    )
    words += (
        translate("Jobs", ", {failed} could not be read").format(failed=number(failed)) if failed else ""
    ) + "."
    return (
        words
        if report.switched_to is None
        else translate("Jobs", "{words} The image model is {switched_to} now.").format(
            words=words, switched_to=report.switched_to
        )
    )


def map_words(placed: int) -> str:
    """What make_map() returned as a sentence."""
    return translate("Jobs", "{n} images are on the map.").format(n=number(placed))


def check_words(passed: Any) -> str:
    """A PassedCheck as a sentence."""
    return translate("Jobs", "{images_per_second} images a second on {device}.").format(
        images_per_second=number(passed.images_per_second, 1), device=passed.device
    )
