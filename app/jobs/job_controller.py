"""The long work of the window: what runs, how far it is, how it ended, what is to go on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.errors import KnownError
from app.domain.progress import Progress
from app.jobs.job_endings import ended, offered
from app.jobs.job_following import Followed
from app.jobs.job_works import NewProject, creation_work, demo_work, index_work, relocation_work
from app.jobs.model_queue import ModelQueue, Task, Work
from app.jobs.project_session import ProjectSession
from app.jobs.session_values import JobInfo, JobPhase
from app.jobs.unfinished_work import UnfinishedWork
from app.jobs.work_kinds import CREATE, DEMO, INDEX, KINDS, RELOCATE, SCAN, News, WorkKind
from app.services.runner import Interruption

if TYPE_CHECKING:
    from app.services.recorded_jobs import Unfinished

__all__ = ["JobController", "NewProject"]


class JobController(QObject):
    """Starts, follows, pauses and stops long work. One piece that needs the model runs at a time.

    What is unfinished in a project's books comes into the list when it is opened: work that was interrupted
    by closing goes on by itself, what was paused or lost waits for the person. Has no parent; the queue
    belongs to whoever made it.
    """

    jobs_changed = Signal(object)
    """A list of JobInfo, the newest last."""
    project_ready = Signal(object)
    """A Path: a new project, or the demo, can be opened."""
    succeeded = Signal(object, object)
    """A JobInfo that has come to its end, and the result of its work."""
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
        self._following: dict[str, Followed] = {}
        self._count = 0
        self._unfinished = UnfinishedWork(session, self)
        self._unfinished.found.connect(self._offer)
        self._unfinished.due.connect(self._take_up)
        session.closing.connect(self._leave_project)
        session.closed.connect(self._forget_project)

    def jobs(self) -> list[JobInfo]:
        return list(self._jobs.values())

    def running(self) -> list[JobInfo]:
        return [job for job in self._jobs.values() if job.state.going_on]

    # --- starting

    def begin(self, kind: WorkKind, work: Work | None = None) -> str | None:
        """Work on the open project, by default that of the kind; its job's id.

        None where no project is open or work of this kind goes on. Work that waits in the books is taken up
        by it. It waits its turn behind other work for the model.
        """
        info = self._session.info
        if info is None or kind.work is None or any(job.kind == kind.name for job in self.running()):
            return None
        for old in [job.id for job in self._jobs.values() if job.kind == kind.name]:
            del self._jobs[old]
        return self._start(kind, kind.title, work or kind.work(info.folder))

    @Slot()
    def start_indexing(self) -> str | None:
        """Compute the features that are missing in the open project; as begin()."""
        return self.begin(INDEX)

    @Slot()
    def start_indexing_for_training(self) -> str | None:
        """As start_indexing(), with the patch tokens that training reads; as begin()."""
        info = self._session.info
        return None if info is None else self.begin(INDEX, index_work(info.folder, patches=True))

    @Slot()
    def start_scan(self) -> str | None:
        """Look for new, changed, moved and missing images; as begin().

        The images that came or went show by themselves, and the job's message says in words what was found.
        Cancelled, it keeps what it has found by then.
        """
        return self.begin(SCAN)

    def relocate(self, old: Path, new: Path) -> str | None:
        """Look for the images of one image folder in another place, then scan; as begin()."""
        info = self._session.info
        return None if info is None else self.begin(RELOCATE, relocation_work(info.folder, old, new))

    def create_project(self, wanted: NewProject) -> str:
        """Create and scan a project; ``project_ready`` follows."""
        return self._start(CREATE, f"Reading {wanted.images.name}", creation_work(wanted))

    def prepare_demo(self, folder: Path, images: int | None = None) -> str:
        """Make the demo in ``folder`` unless it is there; ``project_ready`` follows.

        What a preparation that did not come to its end has left there is made anew.
        """
        return self._start(DEMO, DEMO.title, demo_work(folder, images))

    # --- stopping and going on

    @Slot(str)
    def cancel(self, job_id: str) -> None:
        """Ask a job to end; what it has finished is kept."""
        self._end(job_id, self._models.cancel)

    @Slot(str)
    def discard(self, job_id: str) -> None:
        """As cancel(), and what it would give though it ended early is thrown away too."""
        self._end(job_id, self._models.discard)

    @Slot(str)
    def pause(self, job_id: str) -> None:
        """Stop a job at its next batch, so that resume() goes on from there, also after closing."""
        job, task = self._job_and_task(job_id)
        if job is not None and task is not None and job.can_pause and job.state is JobPhase.RUNNING:
            self._update(replace(job, state=JobPhase.PAUSING))
            self._models.interrupt(task, Interruption.PAUSED)

    @Slot(str)
    def resume(self, job_id: str) -> None:
        """Go on with a job that was paused or interrupted, or whose worker crashed."""
        job = self._jobs.get(job_id)
        if job is not None and job.state.unfinished:
            self.begin(KINDS[job.kind])

    @Slot(str)
    def dismiss(self, job_id: str) -> None:
        """Take a job that does not go on off the list; one that is unfinished is not offered any more."""
        job = self._jobs.get(job_id)
        if job is None or job.state.going_on:
            return
        del self._jobs[job_id]
        if job.state.unfinished and KINDS[job.kind].of_project and self._session.info is not None:
            self._session.change("books.give_up", job.kind, words=f"Dismiss: {job.name}")
        self.jobs_changed.emit(self.jobs())

    def close(self) -> bool:
        """Interrupt what runs and end the worker; whether it ended in time."""
        waiting = [job for job in self.running() if job.state is JobPhase.WAITING]
        ended = self._models.close()
        self._put_off(waiting)
        for job in self.running():
            self._update(replace(job, state=JobPhase.INTERRUPTED, message="The window was closed."))
        return ended

    # --- following

    def _job_and_task(self, job_id: str) -> tuple[JobInfo | None, Task | None]:
        followed = self._following.get(job_id)
        return self._jobs.get(job_id), None if followed is None else followed.task

    def _end(self, job_id: str, stop: Callable[[Task], None]) -> None:
        job, task = self._job_and_task(job_id)
        if job is not None and task is not None and job.state.going_on:
            self._update(replace(job, state=JobPhase.CANCELLING))
            stop(task)

    def _start(self, kind: WorkKind, title: str, work: Work) -> str:
        self._count += 1
        job = JobInfo(
            str(self._count),
            kind.name,
            title,
            JobPhase.WAITING,
            can_pause=kind.can_pause,
            kept=kind.kept,
        )
        info = self._session.info if kind.of_project else None
        followed = self._following[job.id] = Followed(self, job.id, None if info is None else info.folder)
        self._update(job)
        followed.task = self._models.submit(
            work, then=followed.completed, failed=followed.failed, on_progress=followed.progressed
        )
        return job.id

    def progressed(self, job_id: str, progress: Progress) -> None:
        job = self._jobs.get(job_id)
        if job is None or not job.state.going_on:
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
            )
        )

    def completed(self, job_id: str, result: Any) -> None:
        job, kind = self._jobs[job_id], KINDS[self._jobs[job_id].kind]
        if self._left_behind(job_id):
            return
        words = "" if kind.words is None else kind.words(result)
        done = replace(job, state=JobPhase.COMPLETED, message=words, rate=None, remaining=None)
        self._update(done)
        self._spread(kind.news)
        if News.PROJECT in kind.news:
            self.project_ready.emit(result)
        self.succeeded.emit(done, result)

    def ended_badly(self, job_id: str, error: BaseException) -> None:
        job, kind = self._jobs[job_id], KINDS[self._jobs[job_id].kind]
        if self._left_behind(job_id):
            return
        done, bug = ended(job, error, self._known_errors)
        if done.state is JobPhase.INTERRUPTED:  # its project was closed and is open again: it goes on
            del self._jobs[job_id]
            self.jobs_changed.emit(self.jobs())
            self._unfinished.look()
            return
        self._update(done)
        if done.state in {JobPhase.CANCELLED, JobPhase.PAUSED}:
            self._spread(kind.early)
        else:
            self.failed.emit(done)
        if bug is not None:
            self.bug.emit(bug)

    def _left_behind(self, job_id: str) -> bool:
        """The job is over; whether its project is not the open one any more, so that nobody asks about it."""
        followed = self._following.pop(job_id)
        followed.deleteLater()
        info = self._session.info
        left = followed.folder is not None and (info is None or info.folder != followed.folder)
        if left:
            del self._jobs[job_id]
            self.jobs_changed.emit(self.jobs())
        return left

    def _spread(self, news: frozenset[News]) -> None:
        if News.IMAGES in news:
            self._session.images_were_scanned()
        if News.SUGGESTIONS in news:
            self._session.reload_suggestions()

    def _update(self, job: JobInfo) -> None:
        self._jobs[job.id] = job
        self.jobs_changed.emit(self.jobs())

    # --- opening and closing a project

    @Slot(object)
    def _offer(self, found: "Unfinished") -> None:
        kind = KINDS.get(found.kind)
        if kind is not None and not any(job.kind == found.kind for job in self._jobs.values()):
            self._count += 1
            self._update(offered(str(self._count), kind.title, found))

    @Slot(str)
    def _take_up(self, kind: str) -> None:
        """Unless the person was faster: has resumed or dismissed it."""
        if any(job.kind == kind and job.state.unfinished for job in self._jobs.values()):
            self.begin(KINDS[kind])

    @Slot()
    def _leave_project(self) -> None:
        """Its work ends with it, and goes on when it is opened again."""
        of_project = [job for job in self.running() if KINDS[job.kind].of_project]
        self._put_off([job for job in of_project if job.state is JobPhase.WAITING])
        for job in of_project:
            _, task = self._job_and_task(job.id)
            if job.state in {JobPhase.WAITING, JobPhase.RUNNING} and task is not None:
                self._update(replace(job, state=JobPhase.PAUSING))
                self._models.interrupt(task, Interruption.CLOSED)

    def _put_off(self, jobs: list[JobInfo]) -> None:
        """Work that waits for its turn is in no books yet."""
        for job in jobs:
            if KINDS[job.kind].of_project and self._session.info is not None:
                self._session.change("books.put_off", job.kind, words=f"Continue later: {job.name}")

    @Slot()
    def _forget_project(self) -> None:
        for job in list(self._jobs.values()):
            if KINDS[job.kind].of_project and not job.state.going_on:
                del self._jobs[job.id]
        self.jobs_changed.emit(self.jobs())
