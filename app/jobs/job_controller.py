"""The long work of the window: what runs, how far it is, how it ended."""

import logging
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.errors import CancelledError, KnownError
from app.domain.progress import Progress
from app.jobs.job_works import (
    NewProject,
    creation_work,
    demo_work,
    index_words,
    index_work,
    scan_words,
    scan_work,
)
from app.jobs.model_queue import ModelQueue, Task, Work
from app.jobs.project_session import ProjectSession
from app.jobs.session_values import JobInfo, JobPhase
from app.services.runner import WorkerCrashedError

LOG_LINES_TOLD: Final = 12
OF_PROJECT: Final = frozenset({"index", "scan"})
"""Kinds of work on the open project; the other kinds bring a new one."""

__all__ = ["JobController", "NewProject"]

log = logging.getLogger(__name__)


class JobController(QObject):
    """Starts, follows and stops long work. One piece that needs the model runs at a time.

    Has no parent; the queue belongs to whoever made it.
    """

    jobs_changed = Signal(object)
    """A list of JobInfo, the newest last."""
    project_ready = Signal(object)
    """A Path: a new project, or the demo, can be opened."""
    failed = Signal(object)
    """A JobInfo that ended in failure or crash; its message is a sentence."""
    bug = Signal(str)
    """A traceback."""

    def __init__(
        self,
        models: ModelQueue,
        session: ProjectSession,
        *,
        known_errors: tuple[type[Exception], ...] = (KnownError,),
    ) -> None:
        super().__init__()
        self._models = models
        self._session = session
        self._known_errors = known_errors
        self._jobs: dict[str, JobInfo] = {}
        self._following: dict[str, _Followed] = {}
        self._count = 0
        session.opened.connect(self._look_for_interrupted)
        session.closed.connect(self._project_closed)

    def jobs(self) -> list[JobInfo]:
        return list(self._jobs.values())

    def running(self) -> list[JobInfo]:
        return [job for job in self._jobs.values() if job.state.going_on]

    # --- starting

    @Slot()
    def start_indexing(self) -> str | None:
        """Compute the features that are missing in the open project; its job's id, None when it runs."""
        folder = self._free_for("index")
        if folder is None:
            return None
        return self._start("index", "Computing features", index_work(folder))

    @Slot()
    def start_scan(self) -> str | None:
        """Look for new, changed, moved and missing images; the job's id, None when it runs or none is open.

        The images that came or went show by themselves, and the job's message says in words what was found.
        It waits its turn behind other work for the model. Cancelled, it keeps what it has found by then.
        """
        folder = self._free_for("scan")
        if folder is None:
            return None
        return self._start("scan", "Scanning the image folders", scan_work(folder))

    def create_project(self, wanted: NewProject) -> str:
        """Create and scan a project; ``project_ready`` follows."""
        return self._start("create", f"Reading {wanted.images.name}", creation_work(wanted))

    def prepare_demo(self, folder: Path, images: int | None = None) -> str:
        """Make the demo in ``folder`` unless it is there; ``project_ready`` follows.

        What a preparation that did not come to its end has left there is made anew.
        """
        return self._start("demo", "Preparing the demo", demo_work(folder, images))

    @Slot(str)
    def cancel(self, job_id: str) -> None:
        """Ask a job to end; what it has finished is kept."""
        job, followed = self._jobs.get(job_id), self._following.get(job_id)
        if job is not None and followed is not None and followed.task is not None and job.state.going_on:
            self._models.cancel(followed.task)
            self._update(replace(job, state=JobPhase.CANCELLING))

    @Slot(str)
    def resume(self, job_id: str) -> None:
        """Go on with an interrupted or crashed indexing."""
        job = self._jobs.get(job_id)
        if job is not None and job.kind == "index" and not job.state.going_on:
            self.start_indexing()

    @Slot(str)
    def dismiss(self, job_id: str) -> None:
        """Take a job that has ended off the list."""
        job = self._jobs.get(job_id)
        if job is not None and not job.state.going_on:
            del self._jobs[job_id]
            self.jobs_changed.emit(self.jobs())

    def close(self) -> bool:
        """Interrupt what runs and end the worker; whether it ended in time."""
        ended = self._models.close()
        for job in self.running():
            self._end(replace(job, state=JobPhase.INTERRUPTED, message="The window was closed."))
        return ended

    # --- following

    def _free_for(self, kind: str) -> Path | None:
        """The open project's folder where it can take such a job; an ended one leaves the list for it."""
        info = self._session.info
        if info is None or any(job.kind == kind for job in self.running()):
            return None
        for old in [job.id for job in self._jobs.values() if job.kind == kind]:
            del self._jobs[old]
        return info.folder

    def _start(self, kind: str, name: str, work: Work) -> str:
        self._count += 1
        job = JobInfo(str(self._count), kind, name, JobPhase.WAITING)
        followed = self._following[job.id] = _Followed(self, job.id)
        self._update(job)
        followed.task = self._models.submit(
            work, then=followed.completed, failed=followed.failed, on_progress=followed.progressed
        )
        return job.id

    def progressed(self, job_id: str, progress: Progress) -> None:
        job = self._jobs.get(job_id)
        if job is None or not job.state.going_on:
            return
        state = job.state if job.state is JobPhase.CANCELLING else JobPhase.RUNNING
        self._update(
            replace(
                job,
                state=state,
                stage=progress.stage,
                done=progress.done,
                total=progress.total,
                rate=progress.rate,
                remaining=progress.remaining,
            )
        )

    def completed(self, job_id: str, result: Any) -> None:
        job = self._jobs[job_id]
        self._forget(job_id)
        if job.kind == "index":
            self._end(replace(job, state=JobPhase.COMPLETED, message=index_words(result)))
            self._session.images_were_scanned()
            self._session.reload_suggestions()
        elif job.kind == "scan":
            self._end(replace(job, state=JobPhase.COMPLETED, message=scan_words(result)))
            self._session.images_were_scanned()
        else:
            self._end(replace(job, state=JobPhase.COMPLETED))
            self.project_ready.emit(result)

    def ended_badly(self, job_id: str, error: BaseException) -> None:
        job = self._jobs[job_id]
        self._forget(job_id)
        message = str(error)
        if isinstance(error, CancelledError):
            self._end(replace(job, state=JobPhase.CANCELLED, message=message))
            if job.kind == "index":
                self._session.reload_suggestions()
            elif job.kind == "scan":
                self._session.images_were_scanned()
        elif isinstance(error, WorkerCrashedError):
            told = f"{message} Your labels are safe and what was finished is kept; resume when you are ready."
            lines = tuple(error.log)[-LOG_LINES_TOLD:]
            self._fail(replace(job, state=JobPhase.CRASHED, message=told, log=lines))
        elif isinstance(error, self._known_errors):
            self._fail(replace(job, state=JobPhase.FAILED, message=message))
        else:
            text = "".join(traceback.format_exception(error))
            log.error("%s", text)
            self._fail(replace(job, state=JobPhase.FAILED, message="A fault in this program ended it."))
            self.bug.emit(text)

    def _fail(self, job: JobInfo) -> None:
        self._end(job)
        self.failed.emit(job)

    def _end(self, job: JobInfo) -> None:
        self._update(replace(job, rate=None, remaining=None))

    def _update(self, job: JobInfo) -> None:
        self._jobs[job.id] = job
        self.jobs_changed.emit(self.jobs())

    def _forget(self, job_id: str) -> None:
        followed = self._following.pop(job_id)
        followed.deleteLater()

    # --- at the opening of a project

    @Slot()
    def _look_for_interrupted(self) -> None:
        self._session.ask_last_indexing(self._offer)

    def _offer(self, last: Any) -> None:
        if last is None or not last.can_resume or any(job.kind == "index" for job in self._jobs.values()):
            return
        self._count += 1
        message = "Computing features did not come to its end; what was finished is kept."
        self._update(
            JobInfo(str(self._count), "index", "Computing features", JobPhase.INTERRUPTED, message=message)
        )

    @Slot()
    def _project_closed(self) -> None:
        """The work on a project ends with it."""
        for job in list(self._jobs.values()):
            if job.kind in OF_PROJECT:
                if job.state.going_on:
                    self.cancel(job.id)
                else:
                    del self._jobs[job.id]
        self.jobs_changed.emit(self.jobs())


class _Followed(QObject):
    """Hears of one task for the controller."""

    def __init__(self, controller: JobController, job_id: str) -> None:
        super().__init__(controller)
        self._controller = controller
        self._job_id = job_id
        self.task: Task | None = None

    def progressed(self, progress: Progress) -> None:
        self._controller.progressed(self._job_id, progress)

    def completed(self, result: Any) -> None:
        self._controller.completed(self._job_id, result)

    def failed(self, error: BaseException) -> None:
        self._controller.ended_badly(self._job_id, error)
