"""The window's long jobs: starting, following, pausing, resuming and stopping them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.language import translate
from app.domain.progress import Progress
from app.jobs.project.session import ProjectSession
from app.jobs.threads.model_queue import ModelQueue, Task, Work
from app.jobs.values.session import JobInfo, JobPhase, ProjectInfo
from app.jobs.work.comparisons import location_work
from app.jobs.work.early_suggestions import EarlySuggestions
from app.jobs.work.endings import ended, offered
from app.jobs.work.kinds import (
    COMPARE,
    CREATE,
    DEMO,
    DUPLICATES,
    INDEX,
    KINDS,
    LOCATE,
    RELOCATE,
    SCAN,
    Outdated,
    WorkKind,
)
from app.jobs.work.tasks import NewProject, creation_work, demo_work, index_work, relocation_work
from app.jobs.work.unfinished import UnfinishedWork
from app.services.runner.runner import Interruption

if TYPE_CHECKING:
    from app.services.runner.job_records import Unfinished

__all__ = ["JobController", "NewProject"]


class JobController(QObject):
    """Jobs run one at a time.

    Unfinished jobs in a project's history appear in the list when it is opened: those interrupted by closing
    resume automatically, those paused or lost wait for the person. Has no parent; does not own the queue.
    """

    jobs_changed = Signal(object)
    """A list of JobInfo, newest last."""
    project_ready = Signal(object)
    """A Path: a new project, or the demo's, can be opened."""
    succeeded = Signal(object, object)
    """A JobInfo that is completed, and its result."""
    failed = Signal(object)
    """A JobInfo that failed or crashed; its message is a sentence."""
    bug = Signal(str)
    """A traceback."""

    def __init__(
        self,
        models: ModelQueue,
        session: ProjectSession,
    ) -> None:
        super().__init__()
        self._models = models
        self._session = session
        self._jobs: dict[str, JobInfo] = {}
        self._following: dict[str, _JobReceiver] = {}
        self._count = 0
        self._restarts: dict[str, Callable[[], str]] = {}
        self._in_view: Sequence[int] = ()
        self._created: Path | None = None
        self._early = EarlySuggestions(session, self)
        self._unfinished = UnfinishedWork(session, self)
        self._unfinished.found.connect(self._offer)
        self._unfinished.due.connect(self._resume_kind)
        session.opened.connect(self._prepare_created)
        session.closing.connect(self._leave_project)
        session.closed.connect(self._forget_project)

    def jobs(self) -> list[JobInfo]:
        return list(self._jobs.values())

    def running(self) -> list[JobInfo]:
        return [job for job in self._jobs.values() if job.state.active]

    # --- starting

    def begin(self, kind: WorkKind, work: Work | None = None) -> str | None:
        """Queue a job on the open project and return its id; ``work`` replaces the work of the kind.

        Returns None if no project is open or a job of this kind is active. An unfinished job of this kind is
        resumed.
        """
        info = self._session.info
        if info is None or kind.work is None or any(job.kind == kind.name for job in self.running()):
            return None
        if work is None:
            indexing = kind is INDEX
            work = index_work(info.folder, in_view=self._now_in_view) if indexing else kind.work(info.folder)
        return self.start(kind, kind.title, work)

    @Slot()
    def start_indexing(self) -> str | None:
        """Compute the missing features of the open project; as begin()."""
        return self.begin(INDEX)

    @Slot()
    def start_indexing_for_training(self) -> str | None:
        """Like start_indexing(), with the patch tokens that training needs."""
        info = self._session.info
        if info is None:
            return None
        return self.begin(INDEX, index_work(info.folder, patches=True, in_view=self._now_in_view))

    def set_in_view(self, image_ids: Sequence[int]) -> None:
        """The images whose features are computed next, most urgent first."""
        self._in_view = tuple(image_ids)

    def _now_in_view(self) -> Sequence[int]:
        """Called on the model's thread."""
        return self._in_view

    @Slot()
    def start_scan(self) -> str | None:
        """Look for new, changed, moved and missing images; as begin().

        The job's message says what was found. If cancelled, what was found so far is kept.
        """
        return self.begin(SCAN)

    def relocate(self, old: Path, new: Path) -> str | None:
        """Use the new location of an image folder, then scan; as begin()."""
        info = self._session.info
        return None if info is None else self.begin(RELOCATE, relocation_work(info.folder, old, new))

    def locate(self, old: Path, new: Path) -> str | None:
        """Look whether the images of a folder are at a new place, without recording it; as begin()."""
        info = self._session.info
        return None if info is None else self.begin(LOCATE, location_work(info.folder, old, new))

    @Slot()
    def compare_missing(self) -> str | None:
        """Look for new files that missing images may be; as begin()."""
        return self.begin(COMPARE)

    @Slot()
    def find_duplicates(self) -> str | None:
        """Compare all images of the open project; as begin()."""
        return self.begin(DUPLICATES)

    def create_project(self, wanted: NewProject) -> str:
        """Create a project; ``project_ready`` follows. Once it is open, it is scanned and indexed.

        The work on the open project is interrupted; if no other project is opened, it resumes.
        """
        self._leave_project()
        return self.start(CREATE, CREATE.title, creation_work(wanted))

    def prepare_demo(self, folder: Path, images: int | None = None) -> str:
        """Create the demo in ``folder`` unless it exists; ``project_ready`` follows.

        An unfinished demo there is deleted and created again.
        """
        return self.start(DEMO, DEMO.title, demo_work(folder, images))

    def start(
        self,
        kind: WorkKind,
        title: str,
        work: Work,
        *,
        subject: str = "",
        message: str = "",
        queue: ModelQueue | None = None,
    ) -> str:
        """Queue a job and return its id. Jobs on another ``queue`` run beside those of the model.

        It takes the place of earlier jobs of its kind and ``subject`` that have ended. ``message`` is shown
        while it waits.
        """
        same = [job for job in self._jobs.values() if (job.kind, job.subject) == (kind.name, subject)]
        for old in same:
            if not old.state.active:
                self._remove(old.id)
        self._count += 1
        job = JobInfo(
            str(self._count),
            kind.name,
            title,
            JobPhase.WAITING,
            can_pause=kind.can_pause,
            message=message,
            kept=kind.kept,
            subject=subject,
            can_retry=kind.can_retry,
        )
        if not kind.of_project:
            self._restarts[job.id] = partial(self.start, kind, title, work, subject=subject, queue=queue)
        info = self._session.info if kind.of_project else None
        followed = _JobReceiver(self, job.id, None if info is None else info.folder, queue or self._models)
        self._following[job.id] = followed
        self._update(job)
        followed.begin(work, brief=kind.between_parts)
        if kind is INDEX:
            self._early.begin()
        return job.id

    # --- stopping and resuming

    @Slot(str)
    def cancel(self, job_id: str) -> None:
        """Stop a job; what is finished is kept."""
        self._end(job_id, ModelQueue.cancel)

    @Slot(str)
    def discard(self, job_id: str) -> None:
        """Like cancel(), but a partial result is thrown away too."""
        self._end(job_id, ModelQueue.discard)

    @Slot(str)
    def pause(self, job_id: str) -> None:
        """Stop a job after the current batch; resume() continues from there, even after closing."""
        job, task = self._job_and_task(job_id)
        if job is not None and task is not None and job.can_pause and job.state is JobPhase.RUNNING:
            self._update(replace(job, state=JobPhase.PAUSING))
            self._following[job_id].queue.interrupt(task, Interruption.PAUSED)

    @Slot(str)
    def resume(self, job_id: str) -> None:
        """Resume a job that was paused or interrupted, or whose worker crashed; retry one that failed."""
        job = self._jobs.get(job_id)
        if job is None or not job.can_begin_again:
            return
        if job_id in self._restarts:
            self._restarts[job_id]()
        else:
            self.begin(KINDS[job.kind])

    @Slot(str)
    def dismiss(self, job_id: str) -> None:
        """Remove a job that is not active from the list; an unfinished one is not offered again."""
        job = self._jobs.get(job_id)
        if job is None or job.state.active:
            return
        self._remove(job_id)
        if job.state.can_resume and KINDS[job.kind].of_project and self._session.info is not None:
            self._session.change(lambda store: store.job_history.dismiss(job.kind), f"Dismiss: {job.name}")
        self.jobs_changed.emit(self.jobs())

    def close(self) -> bool:
        """Interrupt the running job and end the worker; whether it ended in time."""
        waiting = [job for job in self.running() if job.state is JobPhase.WAITING]
        ended = self._models.close()
        self._resume_later(waiting)
        for job in self.running():
            self._update(
                replace(job, state=JobPhase.INTERRUPTED, message=translate("Jobs", "The window was closed."))
            )
        return ended

    # --- following

    def _job_and_task(self, job_id: str) -> tuple[JobInfo | None, Task | None]:
        followed = self._following.get(job_id)
        return self._jobs.get(job_id), None if followed is None else followed.task

    def _end(self, job_id: str, stop: Callable[[ModelQueue, Task], None]) -> None:
        job, task = self._job_and_task(job_id)
        if job is not None and task is not None and job.state.active:
            self._update(replace(job, state=JobPhase.CANCELLING))
            stop(self._following[job_id].queue, task)

    def progressed(self, job_id: str, progress: Progress) -> None:
        job = self._jobs.get(job_id)
        if job is None or not job.state.active:
            return
        state = JobPhase.RUNNING if job.state is JobPhase.WAITING else job.state
        self._update(
            replace(
                job,
                state=state,
                stage=progress.stage,
                done=progress.done,
                total=progress.total,
                rate=progress.rate,
                remaining=progress.remaining,
                phase=progress.phase,
                part=progress.part,
                parts=progress.parts,
                in_bytes=progress.in_bytes,
            )
        )
        if job.kind == INDEX.name:
            self._early.follow(self._jobs[job_id])

    def completed(self, job_id: str, result: Any) -> None:
        job, kind = self._jobs[job_id], KINDS[self._jobs[job_id].kind]
        if self._is_orphaned(job_id):
            return
        words = "" if kind.words is None else kind.words(result)
        done = replace(job, state=JobPhase.COMPLETED, message=words, rate=None, remaining=None)
        self._update(done)
        self._refresh(kind.outdates)
        if kind.makes_project:
            self._created = result if kind is CREATE else None
            self.project_ready.emit(result)
        self.succeeded.emit(done, result)

    def ended_badly(self, job_id: str, error: BaseException) -> None:
        job, kind = self._jobs[job_id], KINDS[self._jobs[job_id].kind]
        if self._is_orphaned(job_id):
            return
        done, bug = ended(job, error)
        if done.state is JobPhase.INTERRUPTED:  # its project was closed and opened again: resume
            del self._jobs[job_id]
            self.jobs_changed.emit(self.jobs())
            self._unfinished.look()
            return
        self._update(done)
        if done.state in {JobPhase.CANCELLED, JobPhase.PAUSED}:
            self._refresh(kind.outdates_early)
        else:
            self.failed.emit(done)
        if bug is not None:
            self.bug.emit(bug)

    def _is_orphaned(self, job_id: str) -> bool:
        """Whether the project of a job that has ended is no longer open; then the job is removed."""
        followed = self._following.pop(job_id)
        followed.deleteLater()
        info = self._session.info
        left = followed.folder is not None and (info is None or info.folder != followed.folder)
        if left:
            del self._jobs[job_id]
            self.jobs_changed.emit(self.jobs())
        return left

    def _refresh(self, outdated: frozenset[Outdated]) -> None:
        if Outdated.IMAGES in outdated:
            self._session.images_were_scanned()
        if Outdated.SUGGESTIONS in outdated:
            self._session.reload_suggestions()

    def _remove(self, job_id: str) -> None:
        del self._jobs[job_id]
        self._restarts.pop(job_id, None)

    def _update(self, job: JobInfo) -> None:
        self._jobs[job.id] = job
        self.jobs_changed.emit(self.jobs())

    # --- opening and closing a project

    @Slot(object)
    def _prepare_created(self, info: ProjectInfo) -> None:
        """A project that was just created is scanned and indexed without a question."""
        created, self._created = self._created, None
        if info.folder == created:
            self.begin(SCAN)
            self.begin(INDEX)

    @Slot(object)
    def _offer(self, found: "Unfinished") -> None:
        kind = KINDS.get(found.kind)
        if kind is not None and not any(job.kind == found.kind for job in self._jobs.values()):
            self._count += 1
            self._update(offered(str(self._count), kind.title, found))

    @Slot(str)
    def _resume_kind(self, kind: str) -> None:
        """Unless the person has already resumed or dismissed it."""
        if any(job.kind == kind and job.state.can_resume for job in self._jobs.values()):
            self.begin(KINDS[kind])

    @Slot()
    def _leave_project(self) -> None:
        """Its jobs end with it, and resume when it is opened again."""
        of_project = [job for job in self.running() if KINDS[job.kind].of_project]
        self._resume_later([job for job in of_project if job.state is JobPhase.WAITING])
        for job in of_project:
            _, task = self._job_and_task(job.id)
            if job.state in {JobPhase.WAITING, JobPhase.RUNNING} and task is not None:
                self._update(replace(job, state=JobPhase.PAUSING))
                self._following[job.id].queue.interrupt(task, Interruption.CLOSED)

    def _resume_later(self, jobs: list[JobInfo]) -> None:
        """Waiting jobs are not in the job history yet; add them."""
        for job in jobs:
            if KINDS[job.kind].can_pause and self._session.info is not None:
                self._record_waiting(job.kind, job.name)

    def _record_waiting(self, kind: str, name: str) -> None:
        self._session.change(lambda store: store.job_history.resume_later(kind), f"Resume later: {name}")

    @Slot()
    def _forget_project(self) -> None:
        for job in list(self._jobs.values()):
            if KINDS[job.kind].of_project and not job.state.active:
                del self._jobs[job.id]
        self.jobs_changed.emit(self.jobs())


class _JobReceiver(QObject):
    """Receives the results of one task for the controller. ``folder``: the project it works on."""

    def __init__(
        self, controller: JobController, job_id: str, folder: Path | None, queue: ModelQueue
    ) -> None:
        super().__init__(controller)
        self.folder, self.queue = folder, queue
        self._controller = controller
        self._job_id = job_id
        self.task: Task | None = None

    def begin(self, work: Work, *, brief: bool) -> None:
        self.task = self.queue.submit(
            work, then=self.completed, failed=self.failed, on_progress=self.progressed, brief=brief
        )

    def progressed(self, progress: Progress) -> None:
        self._controller.progressed(self._job_id, progress)

    def completed(self, result: Any) -> None:
        self._controller.completed(self._job_id, result)

    def failed(self, error: BaseException) -> None:
        self._controller.ended_badly(self._job_id, error)
