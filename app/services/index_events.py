"""Folds the events of an indexing job into progress, reasons in the database, and a report."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors import ProjectError
from app.domain.images import Image
from app.domain.progress import Progress, ProgressCallback
from app.protocol import messages
from app.services.project import Project
from app.services.runner import EventCallback
from app.storage import images

FLUSH_COUNT = 200
FLUSH_SECONDS = 1.0

log = logging.getLogger(__name__)


def ignore(event: messages.Event) -> None:
    """Nobody listens, but a warning still reaches the log."""
    if isinstance(event, messages.WorkerWarning):
        log.warning("%s", event.text)


def telling(on_progress: ProgressCallback | None) -> EventCallback:
    """Passes progress on, and warnings to the log."""

    def hear(event: messages.Event) -> None:
        if on_progress is not None and isinstance(event, messages.Progress):
            on_progress(Progress(event.stage, event.done, event.total, event.rate, event.remaining))
        ignore(event)

    return hear


class IndexEvents:
    """The ``on_event`` of an indexing job. Failures are written in batches, not one by one."""

    def __init__(self, project: Project, on_progress: ProgressCallback | None) -> None:
        self._project = project
        self._on_progress = on_progress
        self._images: Mapping[int, Image] = {}
        self._roots: Mapping[int, Path] = {}
        self._unwritten: list[tuple[Image, str]] = []
        self._written_at = time.monotonic()
        self.failed: list[tuple[str, str]] = []
        """(path, reason) of each image that could not be embedded."""
        self.warnings: list[str] = []

    def __call__(self, event: messages.Event) -> None:
        match event:
            case messages.Progress() if self._on_progress is not None:
                self._on_progress(Progress(event.stage, event.done, event.total, event.rate, event.remaining))
            case messages.ItemFailed():
                image = self._images[event.item]
                self.failed.append((_printable(image.name), event.reason))
                self._unwritten.append((image, event.reason))
            case messages.WorkerWarning():
                self.warn(event.text)
        overdue = time.monotonic() - self._written_at > FLUSH_SECONDS
        if self._unwritten and (overdue or len(self._unwritten) >= FLUSH_COUNT):
            self._write()

    def warn(self, text: str) -> None:
        log.warning("%s", text)
        self.warnings.append(text)

    @contextmanager
    def recording(self, pending: Sequence[Image], roots: Mapping[int, Path]) -> Iterator[None]:
        """Around the job whose items are ``pending``: at its end every failure is in the database."""
        self._images = {image.id: image for image in pending}
        self._roots = roots
        try:
            yield
        finally:
            self._write()

    def _write(self) -> None:
        """An image whose file has gone is missing, not unreadable.

        Raises ProjectError where the whole folder has gone: an unplugged disk says nothing about its images.
        """
        unwritten, self._unwritten = self._unwritten, []
        self._written_at = time.monotonic()
        for root_id in {image.root_id for image, _ in unwritten}:
            if not self._roots[root_id].is_dir():
                folder = self._roots[root_id]
                raise ProjectError(f"The image folder {folder} has gone; bring it back and index again.")
        gone = {image.id for image, _ in unwritten if not (self._roots[image.root_id] / image.path).exists()}
        if unwritten:
            with self._project.db.write() as s:
                images.set_missing(s, gone)
                for image, reason in unwritten:
                    if image.id not in gone:
                        images.set_unreadable(s, image.id, reason)


def _printable(path: str) -> str:
    """Without the lone surrogates that stand for undecodable bytes: those break every output."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
