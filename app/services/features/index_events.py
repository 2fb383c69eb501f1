"""Turns the events of an indexing job into progress, reasons in the database, and a report."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.domain.errors import ProjectError
from app.domain.images import Image
from app.domain.language import translate
from app.domain.progress import Progress, ProgressCallback
from app.domain.stored_words import stage_words
from app.protocol import messages
from app.services.features.index_thumbnails import IndexThumbnails
from app.services.project.project import Project
from app.services.runner.events import log_warnings
from app.services.runner.runner import EventCallback
from app.services.text_files import without_surrogates
from app.storage import images

FLUSH_COUNT = 200
FLUSH_SECONDS = 1.0

log = logging.getLogger(__name__)


def report_progress(on_progress: ProgressCallback | None) -> EventCallback:
    """An ``on_event`` that reports progress and logs warnings."""

    def on_event(event: messages.Event) -> None:
        if on_progress is not None and isinstance(event, messages.Progress):
            on_progress(
                Progress(stage_words(event.stage), event.done, event.total, event.rate, event.remaining)
            )
        log_warnings(event)

    return on_event


class IndexEvents:
    """The ``on_event`` of an indexing job. Failures are written to the database in batches."""

    def __init__(
        self, project: Project, on_progress: ProgressCallback | None, thumbnails: IndexThumbnails
    ) -> None:
        self._project, self._thumbnails = project, thumbnails
        self._report = report_progress(None if on_progress is None else self._of_run)
        self._on_progress = on_progress
        self._before, self._total = 0, 0
        self._images: Mapping[int, Image] = {}
        self._roots: Mapping[int, Path] = {}
        self._unwritten: list[tuple[Image, str]] = []
        self._written_at = time.monotonic()
        self.failed: list[tuple[str, str]] = []
        """(path, reason) of each image that could not be embedded."""
        self.warnings: list[str] = []

    def __call__(self, event: messages.Event) -> None:
        match event:
            case messages.ItemFailed():
                image = self._images[event.item]
                self.failed.append((without_surrogates(image.name), event.reason))
                self._unwritten.append((image, event.reason))
            case messages.ThumbnailMade():
                image = self._images[event.item]
                self._thumbnails.take(image, self._roots[image.root_id] / image.path, event.data)
            case messages.WorkerWarning():
                self.warn(event.text)
            case _:
                self._report(event)
        overdue = time.monotonic() - self._written_at > FLUSH_SECONDS
        if self._unwritten and (overdue or len(self._unwritten) >= FLUSH_COUNT):
            self._write()

    @contextmanager
    def part_of_run(self, before: int, total: int) -> Iterator[None]:
        """Progress in this block is that of a run over ``total`` images, ``before`` of them already done."""
        self._before, self._total = before, total
        try:
            yield
        finally:
            self._before, self._total = 0, 0

    def _of_run(self, progress: Progress) -> None:
        assert self._on_progress is not None
        if self._total and progress.total:
            done = self._before + progress.done
            left = None if not progress.rate else (self._total - done) / progress.rate
            progress = replace(progress, done=done, total=self._total, remaining=left)
        self._on_progress(progress)

    def warn(self, text: str) -> None:
        log.warning("%s", text)
        self.warnings.append(text)

    @contextmanager
    def recording(self, pending: Sequence[Image], roots: Mapping[int, Path]) -> Iterator[None]:
        """Run the job with the items ``pending`` in this block; then all it told is in the databases."""
        self._images = {image.id: image for image in pending}
        self._roots = roots
        try:
            yield
        finally:
            self._thumbnails.flush()
            self._write()

    def _write(self) -> None:
        """An image whose file has disappeared is missing, not unreadable.

        Raises ProjectError if the whole image folder has disappeared, as with an unplugged disk.
        """
        unwritten, self._unwritten = self._unwritten, []
        self._written_at = time.monotonic()
        for root_id in {image.root_id for image, _ in unwritten}:
            if not self._roots[root_id].is_dir():
                folder = self._roots[root_id]
                raise ProjectError(
                    translate(
                        "Features", "The image folder {folder} is gone; put it back and index again."
                    ).format(folder=folder)
                )
        gone = {image.id for image, _ in unwritten if not (self._roots[image.root_id] / image.path).exists()}
        if unwritten:
            with self._project.db.write() as s:
                images.set_missing(s, gone)
                for image, reason in unwritten:
                    if image.id not in gone:
                        images.set_unreadable(s, image.id, reason)
