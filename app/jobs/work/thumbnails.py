"""Making all thumbnails as a job."""

from pathlib import Path
from typing import Any

from app.domain.language import number, translate
from app.domain.progress import ProgressCallback, StopCheck
from app.jobs.threads.model_queue import ModelQueue, Work


def thumbnail_work(folder: Path) -> Work:
    """Make the missing thumbnails of a project; returns a ThumbnailReport."""

    def work(queue: ModelQueue, on_progress: ProgressCallback, should_stop: StopCheck) -> Any:
        from app.services.images.thumbnail_run import make_all
        from app.services.project.project import open_project
        from app.services.runner.job_records import recorded
        from app.services.settings import thumbnail_bytes

        with open_project(folder) as project, recorded(project, "thumbnails"), queue.interruptible():
            return make_all(project, on_progress, should_stop, max_bytes=thumbnail_bytes())

    return work


def thumbnail_words(report: Any) -> str:
    """A ThumbnailReport as a sentence."""
    failed = (
        translate("Jobs", ", {failed} images cannot be shown").format(failed=number(report.failed))
        if report.failed
        else ""
    )
    full = translate("Jobs", "; the disk space for thumbnails is used up, the rest are made when needed")
    return translate("Jobs", "{made} thumbnails are ready{failed}{full}.").format(
        made=number(report.made), failed=failed, full=full if report.full else ""
    )
