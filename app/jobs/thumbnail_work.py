"""Making all thumbnails as work of the job list."""

from pathlib import Path
from typing import Any

from app.domain.progress import ProgressCallback, StopCheck
from app.jobs.model_queue import ModelQueue, Work


def thumbnail_work(folder: Path) -> Work:
    """Make the small picture of each image that has none; gives a ThumbnailReport."""

    def work(queue: ModelQueue, on_progress: ProgressCallback, should_stop: StopCheck) -> Any:
        from app.services.project import open_project
        from app.services.recorded_jobs import recorded
        from app.services.thumbnail_run import make_all

        with open_project(folder) as project, recorded(project, "thumbnails"), queue.interruptible():
            return make_all(project, on_progress, should_stop)

    return work


def thumbnail_words(report: Any) -> str:
    """A ThumbnailReport as a sentence."""
    failed = f", {report.failed:,} images cannot be shown" if report.failed else ""
    full = "; the disk space for thumbnails is used up, the rest is made when it is looked at"
    return f"{report.made:,} thumbnails are ready{failed}{full if report.full else ''}."
