"""The Train place of an open project: what a run would learn from, the current run, and the versions."""

import traceback
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.errors import is_known
from app.domain.language import translate
from app.domain.models import ModelVersion
from app.domain.training import CurvePoint, TrainingOverview
from app.jobs.settings.preferences import Preferences
from app.jobs.threads.model_queue import ModelQueue
from app.jobs.training.hint import TrainingHint
from app.jobs.training.overview_count import OverviewCount
from app.jobs.training.run import RunEnding, TrainingRun
from app.jobs.training.version_comparison import VersionComparing
from app.jobs.values.session import JobInfo, JobPhase, VersionAnswer, VersionStep
from app.jobs.work.controller import JobController
from app.jobs.work.kinds import INDEX, TRAIN
from app.jobs.work.tasks import train_work
from app.protocol.messages import EpochDone, WorkerWarning

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.values.store import MutationResult

REFRESH_MS: Final = 800
"""The counts follow decisions when these have paused for so long."""
_CURVE: Final = tuple(field.name for field in fields(CurvePoint))


class TrainingSession(QObject):
    """Follows the controller's training job, wherever it was started. Nothing here waits for the model."""

    overview_changed = Signal(object)
    """A TrainingOverview."""
    versions_changed = Signal(object)
    """ModelVersions, newest first."""
    run_changed = Signal()
    """``run`` is another one, has made progress or has ended."""
    ended = Signal(object)
    """A RunEnding."""
    compared = Signal(object)
    """A Compared."""
    comparison_failed = Signal(str)
    """A sentence."""
    problem_changed = Signal(str)
    """Why the active version is not used for the suggestions; empty if it is."""
    version_changed = Signal(object)
    """A VersionAnswer: what was done with a version."""

    def __init__(
        self,
        session: "ProjectSession",
        jobs: JobController,
        models: ModelQueue,
        preferences: Preferences,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._models = session, jobs, models
        self.hint = TrainingHint(session, preferences, self)
        self._count = OverviewCount(session, self)
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
        models.event_received.connect(self._hear_worker)
        models.device_known.connect(self._note_change)
        preferences.changed.connect(self._note_change)
        jobs.jobs_changed.connect(self._follow_jobs)
        jobs.succeeded.connect(self._take_result)
        for changed in (session.info_changed, session.scores_changed, session.changed):
            changed.connect(self._note_change)
        session.scores_changed.connect(self._ask_problem)
        session.answered.connect(self._follow_answer)
        session.closed.connect(self._forget)

    # --- what there is

    def watch(self, watched: bool) -> None:
        """Follow changes while ``watched``, that is, while the place is shown."""
        self._watched = watched
        if watched:
            self.refresh()  # no signal says that another program has trained a version
        else:
            self._refresh.stop()

    @Slot()
    def refresh(self) -> None:
        """Count again and read the versions; ``overview_changed`` and ``versions_changed`` follow."""
        if self._session.info is None:
            return
        self._session.ask(
            lambda store: store.training.versions(), then=self._take_versions, key="training-versions"
        )
        self._count.ask(self.hint.threshold or 1, self._take_overview, device=self._models.device)

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
        self._session.ask(
            lambda store: store.training.problem(), then=self._take_problem, key="training-problem"
        )

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
        return self.run is not None and self.run.active

    @Slot()
    def start(self) -> None:
        """Train a new version, or resume the interrupted run."""
        self._jobs.begin(TRAIN)

    @Slot()
    def start_fresh(self) -> None:
        """Train a new version on the present labels, and forget the interrupted run."""
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
        computing = any(one.kind == INDEX.name and one.state.active for one in jobs)
        if computing != self.computing:
            self.computing = computing
            self.run_changed.emit()
        if job is None:
            if self.running:  # its project was closed
                self.run = None
                self.run_changed.emit()
            return
        if self.run is None or self.run.job.id != job.id:
            self.run = self._run_of(job)
        elif job == self.run.job:
            return
        self.run.follow(job)
        self.hint.rest(self.run.active)
        if self.run.active and not job.state.active and job.state is not JobPhase.COMPLETED:
            self._end(_ending_of(job))
        self.run_changed.emit()

    def _run_of(self, job: JobInfo) -> TrainingRun:
        """A run that has started, or an unfinished one from the project's job history."""
        run, before = TrainingRun(job), self.run
        run.estimate = None if self.overview is None else self.overview.estimate
        if before is not None and before.ending is not None and before.ending.unfinished:
            run.points, run.log = before.points, before.log
        if not job.state.active:
            run.ending = _ending_of(job)
        return run

    @Slot(object, object)
    def _take_result(self, job: JobInfo, result: Any) -> None:
        if self.run is None or job.kind != TRAIN.name:
            return
        for sentence in result.warnings:
            self.run.note(translate("Jobs", "Warning: {text}").format(text=sentence))
        self._end(
            RunEnding(
                result.reason,
                verdict=result.verdict,
                version=result.model,
                activated=result.activated,
                stopped=result.facts.stopped,
            )
        )
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
        if self.run is None or not self.run.active:
            return
        if isinstance(event, EpochDone):
            self.run.hear(CurvePoint(*(getattr(event, name) for name in _CURVE)))
            self.run_changed.emit()
        elif isinstance(event, WorkerWarning):
            self.run.note(translate("Jobs", "Warning: {text}").format(text=event.text))

    # --- versions

    def activate(self, name: str) -> None:
        """Use a version, or "none", from now on."""
        self._session.change(lambda store: store.training.activate(name), f"Use {name}")

    def roll_back(self) -> None:
        """Use the version that was active before."""
        self._session.change(lambda store: store.training.roll_back(), "Roll back to the previous version")

    def delete(self, name: str) -> None:
        """Delete a version permanently."""
        self._session.change(lambda store: store.training.delete(name), f"Delete {name}")

    def set_note(self, name: str, note: str) -> None:
        """Write a note on a version; an empty one removes it."""
        self._session.change(lambda store: store.training.set_note(name, note), f"Note on {name}")

    @Slot(object)
    def _follow_answer(self, done: "MutationResult") -> None:
        if isinstance(done.answer, VersionAnswer):
            self.version_changed.emit(done.answer)
            self.refresh()
            if done.answer.step is VersionStep.ACTIVATED:
                self._session.reload_suggestions()

    def compare(self, a: str, b: str) -> None:
        """Compare b with a; ``compared`` or ``comparison_failed`` follows."""
        info = self._session.info
        if info is not None:
            self._comparing.compare(info.folder, a, b)

    @Slot(object)
    def _take_comparison_error(self, error: BaseException) -> None:
        if is_known(error):
            self.comparison_failed.emit(str(error))
        else:
            self.comparison_failed.emit(
                translate("Jobs", "Something went wrong in Tailspotter while it compared the versions.")
            )
            self._jobs.bug.emit("".join(traceback.format_exception(error)))

    @Slot()
    def _forget(self) -> None:
        self._refresh.stop()
        self._comparing.stop()
        self.overview, self.versions, self.run = None, [], None
        self._take_problem("")


def _ending_of(job: JobInfo) -> RunEnding:
    """The ending of a run that made no version."""
    trouble = job.state in {JobPhase.FAILED, JobPhase.CRASHED}
    return RunEnding(job.message, trouble=trouble, unfinished=job.state.can_resume)
