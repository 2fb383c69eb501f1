"""What each kind of long work does on the model's thread, and its result in words."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from app.domain.disk import fault_and_remedy
from app.domain.errors import BadInputError
from app.domain.progress import ProgressCallback, StopCheck
from app.jobs.model_queue import ModelQueue, Work
from app.services.runner import Runner


@dataclass(frozen=True, slots=True)
class NewProject:
    """What the assistant has asked for."""

    folder: Path
    images: Path
    categories: Sequence[str] = ()
    backbone: str = "bundled"


def index_work(folder: Path, *, patches: bool = False) -> Work:
    """Compute the features that are missing in a project, and encode its texts; gives an IndexReport.

    ``patches``: also the patch tokens that training reads, where the project has kept none so far.
    """

    def work(runner: Runner, on_progress: ProgressCallback, should_stop: StopCheck) -> Any:
        from app.services.feature_plan import patch_wish
        from app.services.indexing import ensure_text_features, index
        from app.services.models import ensure_scores
        from app.services.project import open_project

        # Its own connections: the window may close the project before the job has ended.
        with open_project(folder) as project:
            wish = "pooled" if patches and patch_wish(project) == "none" else None
            report = index(project, runner, on_progress, should_stop, patches=wish)
            ensure_text_features(project, runner)
            ensure_scores(project, runner, on_progress, should_stop)
        return report

    return work


def scan_work(folder: Path) -> Work:
    """Look for the images of a project again; gives a ScanReport."""

    def work(queue: ModelQueue, on_progress: ProgressCallback, should_stop: StopCheck) -> Any:
        from app.services.library import scan
        from app.services.project import open_project
        from app.services.recorded_jobs import recorded

        with open_project(folder) as project, recorded(project, "scan"), queue.interruptible():
            return scan(project, on_progress, should_stop)

    return work


def relocation_work(folder: Path, old: Path, new: Path) -> Work:
    """Look for the images of one image folder in another place from now on; gives a Relocation."""

    def work(_runner: Runner, on_progress: ProgressCallback, should_stop: StopCheck) -> Any:
        from app.services.project import open_project
        from app.services.roots import relocate

        with open_project(folder) as project:
            return relocate(project, str(old), new, on_progress=on_progress, should_stop=should_stop)

    return work


def train_work(folder: Path, *, fresh: bool = False) -> Work:
    """Tune a version on the labels of a project; gives a TrainingReport.

    A run that was interrupted is taken up, unless ``fresh``.
    """

    def work(queue: ModelQueue, on_progress: ProgressCallback, should_stop: StopCheck) -> Any:
        from app.services.project import open_project
        from app.services.training import train

        with open_project(folder) as project:
            return train(project, queue, on_progress, should_stop, fresh=fresh, unwanted=queue.is_unwanted)

    return work


def creation_work(wanted: NewProject) -> Work:
    """Create and scan a project; gives its folder."""

    def work(runner: Runner, on_progress: ProgressCallback, should_stop: StopCheck) -> Path:
        from app.services.image_model import checked_model
        from app.services.library import scan
        from app.services.project import create_project

        check = partial(checked_model, runner=runner, on_progress=on_progress, should_stop=should_stop)
        with create_project(
            wanted.folder, [wanted.images], wanted.categories, wanted.backbone, check_model=check
        ) as project:
            scan(project, on_progress, should_stop)
            return project.folder

    return work


def demo_work(folder: Path, images: int | None) -> Work:
    """Make the demo in ``folder`` unless it is there; gives the folder of its project."""

    def work(runner: Runner, on_progress: ProgressCallback, should_stop: StopCheck) -> Path:
        from app.services.demo import has_demo, open_demo, prepare_demo

        size = {} if images is None else {"images": images}
        with _unfinished(folder):
            if not has_demo(folder):
                prepare_demo(folder, runner, on_progress=on_progress, should_stop=should_stop, **size).close()
        with open_demo(folder) as project:
            return project.folder

    return work


@contextmanager
def _unfinished(folder: Path) -> Iterator[None]:
    """A mark beside the folder says, until the block has ended well, that what lies in it is half made."""
    mark = folder.with_name(f"{folder.name}.unfinished")
    try:
        if mark.exists():
            shutil.rmtree(folder, ignore_errors=True)
            mark.unlink()
        if not folder.exists():
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()
    except OSError as error:
        raise BadInputError(f"The demo cannot be made in {folder}: {fault_and_remedy(error)}.") from error
    yield
    mark.unlink(missing_ok=True)


def scan_words(report: Any) -> str:
    """A ScanReport as a sentence: what has changed, then what cannot be used."""
    news = [
        f"{count:,} {word}"
        for count, word in (
            (report.added, "new"),
            (report.changed, "changed"),
            (report.moved, "moved"),
            (report.returned, "back again"),
        )
        if count
    ]
    words = (", ".join(news) if news else "Nothing new") + f"; {report.unchanged:,} as before"
    troubles = [
        f"{count:,} {word}"
        for count, word in ((report.missing, "missing"), (report.unreadable, "unreadable"))
        if count
    ]
    if report.passed_over.not_supported or not report.unchanged + report.added:
        troubles += [f"passed over: {words}" for words in [report.passed_over.words()] if words]
    return f"{'; '.join([words, *troubles])}."


def relocation_words(done: Any) -> str:
    """A Relocation as a sentence."""
    return f"{done.old} is {done.new} now; {done.found:,} of {done.known:,} images were found there."


def train_words(report: Any) -> str:
    """A TrainingReport as a sentence."""
    return f"{report.model}: {report.reason}"


def index_words(report: Any) -> str:
    """An IndexReport as a sentence."""
    failed = len(report.failed)
    words = f"{report.embedded:,} images computed, {report.skipped:,} were there already"
    return words + (f", {failed:,} could not be read" if failed else "") + "."
