"""The Train place of an open project: what a run would have, the run that goes on, and the versions."""

import traceback
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.errors import KnownError
from app.domain.models import ModelVersion
from app.domain.training import CurvePoint, TrainingOverview
from app.jobs.job_controller import JobController
from app.jobs.job_works import train_work
from app.jobs.model_queue import ModelQueue
from app.jobs.preferences import Preferences
from app.jobs.session_values import JobInfo, JobPhase, VersionAnswer
from app.jobs.training_hint import TrainingHint
from app.jobs.training_run import RunEnding, TrainingRun
from app.jobs.version_comparison import VersionComparing
from app.jobs.work_kinds import INDEX, TRAIN
from app.protocol.messages import EpochDone, WorkerWarning

if TYPE_CHECKING:
    from app.jobs.project_session import ProjectSession
    from app.jobs.store_values import Done

REFRESH_MS: Final = 800
"""The counts follow decisions when these have paused for so long."""
_CURVE: Final = tuple(field.name for field in fields(CurvePoint))


class TrainingSession(QObject):
    """Follows whatever run the job controller has, however it was begun. Nothing here waits for the model."""

    overview_changed = Signal(object)
    """A TrainingOverview."""
    versions_changed = Signal(object)
    """ModelVersions, newest first."""
    run_changed = Signal()
    """``run`` is another one, has got further or has ended."""
    ended = Signal(object)
    """A RunEnding."""
    compared = Signal(object)
    """A Compared."""
    comparison_failed = Signal(str)
    """A sentence."""
    problem_changed = Signal(str)
    """Why the active version does not take part in the suggestions; empty where it does."""
    said = Signal(str)
    """A short word on what was done with a version."""

    def __init__(
        self,
        session: "ProjectSession",
        jobs: JobController,
        models: ModelQueue,
        preferences: Preferences,
        parent: QObject | None = None,
        *,
        known_errors: tuple[type[Exception], ...] = (KnownError,),
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._known_errors = session, jobs, known_errors
        self.hint = TrainingHint(session, preferences, self)
        self.overview: TrainingOverview | None = None
        self.versions: list[ModelVersion] = []
        self.problem = ""
        self.run: TrainingRun | None = None
        self.computing = False
        """Whether features are being computed."""
        self._watched = False
        self._comparing = VersionComparing(models, self)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.refresh)
        self._comparing.found.connect(self.compared)
        self._comparing.failed.connect(self._take_comparison_error)
        models.worker.event_received.connect(self._hear_worker)
        jobs.jobs_changed.connect(self._follow_jobs)
        jobs.succeeded.connect(self._take_result)
        for changed in (session.info_changed, session.scores_changed, session.changed):
            changed.connect(self._note_change)
        session.scores_changed.connect(self._ask_problem)
        session.answered.connect(self._follow_answer)
        session.closed.connect(self._forget)

    # --- what there is

    def watch(self, watched: bool) -> None:
        """Whether somebody looks: only then it follows changes by itself."""
        self._watched = watched
        if watched:
            self.refresh()  # also what another program has trained, which no signal tells
        else:
            self._refresh.stop()

    @Slot()
    def refresh(self) -> None:
        """Count anew and read the versions; ``overview_changed`` and ``versions_changed`` follow."""
        if self._session.info is None:
            return
        threshold = self.hint.threshold or 1
        self._session.ask("training.versions", then=self._take_versions, key="training-versions")
        self._session.ask("training.overview", threshold, then=self._take_overview, key="training-overview")

    def version(self, name: str) -> ModelVersion | None:
        return next((one for one in self.versions if one.name == name), None)

    def _take_overview(self, overview: TrainingOverview) -> None:
        self.overview = overview
        self.hint.take(overview)
        self.overview_changed.emit(overview)

    def _take_versions(self, versions: list[ModelVersion]) -> None:
        self.versions = versions
        self.versions_changed.emit(versions)

    @Slot()
    def _ask_problem(self) -> None:
        self._session.ask("training.problem", then=self._take_problem, key="training-problem")

    def _take_problem(self, sentence: str) -> None:
        if sentence != self.problem:
            self.problem = sentence
            self.problem_changed.emit(sentence)

    @Slot()
    def _note_change(self) -> None:
        if self._watched:
            self._refresh.start()

    # --- a run

    @property
    def running(self) -> bool:
        return self.run is not None and self.run.going_on

    @Slot()
    def start(self) -> None:
        """Train a new version, or go on with the run that was interrupted."""
        self._jobs.begin(TRAIN)

    @Slot()
    def start_anew(self) -> None:
        """Train a new version on the labels of now, and forget the run that was interrupted."""
        info = self._session.info
        if info is not None and not self.running:
            self.run = None
            self._jobs.begin(TRAIN, train_work(info.folder, fresh=True))

    @Slot()
    def stop(self) -> None:
        """End the run and keep what it has learned, where every fold is done (docs/decisions/0175)."""
        if self.running and self.run is not None:
            self._jobs.cancel(self.run.job.id)

    @Slot()
    def discard(self) -> None:
        """End the run; nothing of it is kept."""
        if self.running and self.run is not None:
            self._jobs.discard(self.run.job.id)

    @Slot(object)
    def _follow_jobs(self, jobs: list[JobInfo]) -> None:
        job = next((one for one in reversed(jobs) if one.kind == TRAIN.name), None)
        if self._session.info is None:
            return
        computing = any(one.kind == INDEX.name and one.state.going_on for one in jobs)
        if computing != self.computing:
            self.computing = computing
            self.run_changed.emit()
        if job is None:
            if self.running:  # it was left together with its project
                self.run = None
                self.run_changed.emit()
            return
        if self.run is None or self.run.job.id != job.id:
            self.run = self._run_of(job)
        elif job == self.run.job:
            return
        self.run.follow(job)
        self.hint.rest(self.run.going_on)
        if self.run.going_on and not job.state.going_on and job.state is not JobPhase.COMPLETED:
            self._end(_ending_of(job))
        self.run_changed.emit()

    def _run_of(self, job: JobInfo) -> TrainingRun:
        """A run that has begun, or one of the project's books that waits to go on."""
        run, before = TrainingRun(job), self.run
        if before is not None and before.ending is not None and before.ending.unfinished:
            run.points, run.log = before.points, before.log
        if not job.state.going_on:
            run.ending = _ending_of(job)
        return run

    @Slot(object, object)
    def _take_result(self, job: JobInfo, result: Any) -> None:
        if self.run is None or job.kind != TRAIN.name:
            return
        for sentence in result.warnings:
            self.run.note(f"Warning: {sentence}")
        self._end(RunEnding(result.reason, result.model, result.activated, result.stopped))
        self.run_changed.emit()

    def _end(self, ending: RunEnding) -> None:
        assert self.run is not None
        self.run.ending = ending
        for line in (ending.sentence, *self.run.job.log):
            self.run.note(line)
        self.hint.rest(False)
        self.refresh()
        self.ended.emit(ending)

    @Slot(object)
    def _hear_worker(self, event: object) -> None:
        if self.run is None or not self.run.going_on:
            return
        if isinstance(event, EpochDone):
            self.run.hear(CurvePoint(*(getattr(event, name) for name in _CURVE)))
            self.run_changed.emit()
        elif isinstance(event, WorkerWarning):
            self.run.note(f"The worker warns: {event.text}")

    # --- versions

    def activate(self, name: str) -> None:
        """Use a version, or "none", from now on."""
        self._session.change("training.activate", name, words=f"Use {name}")

    def roll_back(self) -> None:
        """Use what was in use before the active version."""
        self._session.change("training.roll_back", words="Use the version before")

    def delete(self, name: str) -> None:
        """Take a version away for good."""
        self._session.change("training.delete", name, words=f"Delete {name}")

    @Slot(object)
    def _follow_answer(self, done: "Done") -> None:
        if isinstance(done.answer, VersionAnswer):
            self.said.emit(done.answer.words)
            self.refresh()
            if done.answer.in_use:
                self._session.reload_suggestions()

    def compare(self, a: str, b: str) -> None:
        """Work out how b differs from a; ``compared`` or ``comparison_failed`` follows."""
        info = self._session.info
        if info is not None:
            self._comparing.compare(info.folder, a, b)

    @property
    def comparison_waits(self) -> bool:
        """Whether a comparison waits for other work of the model."""
        return self._comparing.waits

    @Slot(object)
    def _take_comparison_error(self, error: BaseException) -> None:
        if isinstance(error, self._known_errors):
            self.comparison_failed.emit(str(error))
        else:
            self.comparison_failed.emit("The comparison ended because of a fault in this program.")
            self._jobs.bug.emit("".join(traceback.format_exception(error)))

    @Slot()
    def _forget(self) -> None:
        self._refresh.stop()
        self._comparing.stop()
        self.overview, self.versions, self.run = None, [], None
        self._take_problem("")


def _ending_of(job: JobInfo) -> RunEnding:
    """The end of a run that has not made a version."""
    trouble = job.state in {JobPhase.FAILED, JobPhase.CRASHED}
    return RunEnding(job.message, trouble=trouble, unfinished=job.state.unfinished)
