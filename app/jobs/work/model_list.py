"""The list of image models for the window: their state, sizes, downloads, checks and removal."""

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.errors import is_known
from app.domain.language import translate
from app.jobs.threads.model_queue import ModelQueue
from app.jobs.values.session import JobInfo
from app.jobs.work.controller import JobController
from app.jobs.work.kinds import CHECK, DOWNLOAD
from app.jobs.work.tasks import check_work, download_work
from app.services.image_models.listing import ListedModel, ModelState, included_models

__all__ = ["ListedModel", "ModelEntry", "ModelList", "ModelState", "Offer", "Request"]

CLOSE_SECONDS: Final = 2.0

log = logging.getLogger(__name__)


class Request(Enum):
    """What can be asked for a model."""

    SIZE = auto()
    DOWNLOAD = auto()
    CHECK = auto()
    REMOVAL = auto()


_REQUESTS: Final = {DOWNLOAD.name: Request.DOWNLOAD, CHECK.name: Request.CHECK}
"""By kind of job."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a download would receive: ``left`` bytes of ``total``, to ``folder``.

    ``free`` bytes of its disk, None if unknown.
    """

    left: int
    total: int
    folder: Path
    free: int | None


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model as the window shows it.

    ``job``: its download or check, while active. ``asked``: the request that is not answered yet.
    ``offer``: the size, until the person has answered. ``problem``: why ``failed`` could not be done, a
    sentence. ``freed``: bytes after a removal.
    """

    listed: ListedModel
    job: JobInfo | None = None
    asked: Request | None = None
    offer: Offer | None = None
    problem: str = ""
    failed: Request | None = None
    freed: int | None = None


class ModelList(QObject):
    """Downloads run one after the other, beside the jobs of the model; their checks on the model's thread.

    Nothing is downloaded, switched or removed unless asked. The owner calls close().
    """

    changed = Signal()
    """entries() differ."""
    bug = Signal(str)
    """A traceback."""
    _arrived = Signal(object)

    def __init__(self, jobs: JobController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._entries = {one.model.name: ModelEntry(one) for one in included_models()}
        self._downloads: ModelQueue | None = None
        self._threads: list[threading.Thread] = []
        self._reading = 0
        self._closed = False
        self.problem = ""
        """Why the list cannot be read."""
        self._arrived.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        jobs.jobs_changed.connect(self._follow_jobs)
        jobs.succeeded.connect(self._take_result)
        jobs.failed.connect(self._take_failure)

    def entries(self) -> list[ModelEntry]:
        """In the order of the list; until it has been read, the models of the installation alone."""
        return list(self._entries.values())

    def names(self) -> list[str]:
        return list(self._entries)

    # --- requests

    @Slot()
    def refresh(self) -> None:
        """Read the list again; ``changed`` follows."""
        self._reading += 1
        self._begin(_read, partial(self._take_list, self._reading), self._take_list_error)

    def ask_size(self, name: str) -> None:
        """Ask the hub how large the download is; an ``offer`` or a ``problem`` follows."""
        if self._entries[name].asked is not None:
            return
        self._note(name, Request.SIZE)
        self._begin(
            lambda: _offer(name),
            lambda offer: self._set(name, asked=None, offer=offer),
            partial(self._fail, name, Request.SIZE),
        )

    def refuse(self, name: str) -> None:
        """Forget the offer."""
        self._set(name, offer=None)

    def download(self, name: str) -> None:
        """Download a model, then check it."""
        self._note(name)
        before = [job.subject for job in self._jobs.running() if job.kind == DOWNLOAD.name]
        first = (
            translate("Jobs", "{before} is downloaded first.").format(before=self._title(before[-1]))
            if before
            else ""
        )
        if self._downloads is None:
            self._downloads = ModelQueue(thread="downloads")
        self._jobs.start(
            DOWNLOAD,
            f"{DOWNLOAD.title}: {self._title(name)}",
            download_work(name),
            subject=name,
            message=first,
            queue=self._downloads,
        )

    def check(self, name: str) -> None:
        """Compute features with a model, and measure its speed."""
        self._note(name)
        self._jobs.start(CHECK, f"{CHECK.title}: {self._title(name)}", check_work(name), subject=name)

    def stop(self, name: str) -> None:
        """End the download or check of a model; what was received is kept."""
        job = self._entries[name].job
        if job is not None:
            self._jobs.cancel(job.id)

    def remove(self, name: str) -> None:
        """Delete the files of a model; ``freed`` or a ``problem`` follows."""
        if self._entries[name].asked is not None:
            return
        self._note(name, Request.REMOVAL)
        self._begin(
            lambda: _remove(name),
            partial(self._take_removal, name),
            partial(self._fail, name, Request.REMOVAL),
        )

    def repeat(self, name: str) -> None:
        """Ask again for what failed."""
        failed = self._entries[name].failed
        if failed is not None:
            calls = {
                Request.SIZE: self.ask_size,
                Request.DOWNLOAD: self.download,
                Request.CHECK: self.check,
                Request.REMOVAL: self.remove,
            }
            calls[failed](name)

    def close(self) -> bool:
        """End what runs; False if a disk or a server does not respond in time. Idempotent."""
        self._closed = True
        end = time.monotonic() + CLOSE_SECONDS
        ended = self._downloads is None or self._downloads.close(CLOSE_SECONDS)
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return ended and not any(thread.is_alive() for thread in self._threads)

    def _title(self, name: str) -> str:
        entry = self._entries.get(name)
        return name if entry is None else entry.listed.model.title

    # --- on threads

    def _begin(
        self,
        call: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        if self._closed:
            return
        self._threads = [one for one in self._threads if one.is_alive()]
        thread = threading.Thread(
            target=self._run, args=(call, then, failed), name="image-models", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def _run(
        self,
        call: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        try:
            deliver = partial(then, call())
        except Exception as error:
            deliver = partial(failed, error)
        if not self._closed:
            self._arrived.emit(deliver)

    # --- answers

    @Slot(object)
    def _receive(self, deliver: Callable[[], None]) -> None:
        if not self._closed:
            deliver()

    def _take_list(self, number: int, found: list[ListedModel]) -> None:
        if number != self._reading:
            return  # a later one is on the way
        self.problem = ""
        before = self._entries
        self._entries = {
            one.model.name: replace(before.get(one.model.name, ModelEntry(one)), listed=one) for one in found
        }
        self.changed.emit()

    def _take_list_error(self, error: BaseException) -> None:
        self.problem = self._sentence(error)
        self.changed.emit()

    def _take_removal(self, name: str, freed: int) -> None:
        self._set(name, asked=None, freed=freed)
        self.refresh()

    def _fail(self, name: str, request: Request, error: BaseException) -> None:
        self._set(name, asked=None, problem=self._sentence(error), failed=request)

    def _sentence(self, error: BaseException) -> str:
        if is_known(error):
            return str(error)
        text = "".join(traceback.format_exception(error))
        log.error("%s", text)
        self.bug.emit(text)
        return translate("Jobs", "Something went wrong in Tailspotter.")

    def _note(self, name: str, asked: Request | None = None) -> None:
        """A request begins, and what was said about the one before is forgotten."""
        self._set(name, asked=asked, offer=None, problem="", failed=None, freed=None)

    def _set(self, name: str, **values: Any) -> None:
        if name in self._entries:
            self._entries[name] = replace(self._entries[name], **values)
            self.changed.emit()

    # --- jobs

    @Slot(object)
    def _follow_jobs(self, jobs: list[JobInfo]) -> None:
        active = {job.subject: job for job in jobs if job.kind in _REQUESTS and job.state.active}
        changed = False
        for name, entry in self._entries.items():
            job = active.get(name)
            if entry.job != job:
                self._entries[name] = replace(entry, job=job)
                changed = True
                if job is None:
                    self.refresh()  # it has ended, in whatever way
        if changed:
            self.changed.emit()

    @Slot(object, object)
    def _take_result(self, job: JobInfo, _result: object) -> None:
        if job.kind == DOWNLOAD.name and job.subject in self._entries:
            self.check(job.subject)

    @Slot(object)
    def _take_failure(self, job: JobInfo) -> None:
        if job.kind in _REQUESTS:
            self._set(job.subject, problem=job.message, failed=_REQUESTS[job.kind])


def _read() -> list[ListedModel]:
    from app.services.image_models.listing import listed_models

    return listed_models()


def _offer(name: str) -> Offer:
    from app.services.image_models.download import plan_download

    plan = plan_download(name)
    return Offer(plan.left, plan.total, plan.folder.parent, plan.free)


def _remove(name: str) -> int:
    from app.services.image_models.removal import remove_model

    return remove_model(name)
