"""Imports and exports of labels for the window, beside all other work."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.progress import ProgressCallback, StopCheck
from app.jobs.project.session import ProjectSession
from app.jobs.threads.model_queue import ModelQueue
from app.jobs.threads.newest import Newest
from app.jobs.values.exchange import ExportRequest, FormatInfo, ImportRequest
from app.jobs.values.session import JobInfo, JobPhase
from app.jobs.work.controller import JobController
from app.jobs.work.exchange_work import (
    count_export,
    formats,
    recognised_format,
    run_export,
    run_import,
    save_report,
)
from app.jobs.work.kinds import EXPORT, IMPORT

if TYPE_CHECKING:
    from app.services.interchange.preview import ExportPreview
    from app.services.interchange.reports import (
        Conflict,
        Contradicted,
        ExportReport,
        ImportReport,
        Unmatched,
    )

__all__ = [
    "Conflict",
    "Contradicted",
    "ExportPreview",
    "ExportReport",
    "ImportReport",
    "LabelFiles",
    "Unmatched",
]

CLOSE_SECONDS: Final = 10.0
"""For an import that is being written, which closing does not take back."""


class LabelFiles(QObject):
    """Dry runs and counts, of which the newest is answered; imports and exports, which are jobs.

    They run on threads of their own, with their own connections. The owner calls close().
    """

    formats_known = Signal(object)
    """A list of FormatInfo."""
    recognised = Signal(object, str)
    """A Path, and the name of its format; empty if it is not certain."""
    tried = Signal(object)
    """The ImportReport of a dry run."""
    not_tried = Signal(str)
    """Why there is no dry run: a sentence."""
    counted = Signal(object)
    """An ExportPreview."""
    not_counted = Signal(str)
    imported = Signal(object, object)
    """An ImportReport, and the Path of the project, which may be closed by now."""
    exported = Signal(object)
    """An ExportReport."""
    report_saved = Signal(object)
    """The Path of a report."""
    report_failed = Signal(str)
    """Why a report was not saved: a sentence."""
    refused = Signal(object)
    """The JobInfo of an import or export that failed or was stopped; its message is a sentence."""
    bug = Signal(str)
    """A traceback."""

    def __init__(self, session: ProjectSession, jobs: JobController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._formats: list[FormatInfo] = []
        self._queue: ModelQueue | None = None
        self._running: dict[str, Path] = {}
        self._looks = Newest("label-formats", self)
        self._trials = Newest("label-trial", self)
        self._counts = Newest("label-counts", self)
        self._reports = Newest("label-report", self)
        self._threads = (self._looks, self._trials, self._counts, self._reports)
        for one in self._threads:
            one.bug.connect(self.bug)
        jobs.succeeded.connect(self._take_result)
        jobs.jobs_changed.connect(self._follow_jobs)
        session.closed.connect(self.forget)

    # --- questions

    @property
    def formats(self) -> list[FormatInfo]:
        """Empty until ask_formats() is answered."""
        return self._formats

    @Slot()
    def ask_formats(self) -> None:
        """``formats_known`` follows."""
        if self._formats:
            self.formats_known.emit(self._formats)
        else:
            self._looks.run(lambda _stop: formats(), then=self._take_formats, failed=self._refuse_trial)

    def recognise(self, path: Path) -> None:
        """Find out the format of a file or folder; ``recognised`` or ``not_tried`` follows."""
        self._trials.run(
            lambda _stop: (path, recognised_format(path)),
            then=self._take_recognised,
            failed=self._refuse_trial,
        )

    def try_import(self, wanted: ImportRequest) -> None:
        """A dry run; ``tried`` or ``not_tried`` follows."""
        if (folder := self._folder) is not None:
            self._trials.run(
                lambda stop: run_import(folder, wanted, stop, trial=True),
                then=self._take_trial,
                failed=self._refuse_trial,
            )

    def count(self, wanted: ExportRequest) -> None:
        """What an export would write; ``counted`` or ``not_counted`` follows."""
        if (folder := self._folder) is not None:
            self._counts.run(
                lambda _stop: count_export(folder, wanted), then=self._take_count, failed=self._refuse_count
            )

    def save_report(self, path: Path, report: "ImportReport", text: str) -> None:
        """Write a report as JSON, or as ``text``; ``report_saved`` or ``report_failed`` follows."""
        self._reports.run(
            lambda _stop: save_report(path, report, text),
            then=self._take_saved_report,
            failed=self._refuse_report,
        )

    @Slot()
    def stop_trial(self) -> None:
        """Forget the dry run, or the look at a file."""
        self._trials.cancel()

    @Slot()
    def stop_counting(self) -> None:
        self._counts.cancel()

    @Slot()
    def forget(self) -> None:
        """The project is closed: nothing that was asked is answered. Jobs continue."""
        self._trials.cancel()
        self._counts.cancel()

    # --- jobs

    def start_import(self, wanted: ImportRequest) -> None:
        """One step of undo, which all appears or nothing; ``imported`` or ``refused`` follows."""
        if (folder := self._folder) is None:
            return

        def work(_queue: ModelQueue, _on_progress: ProgressCallback, should_stop: StopCheck) -> Any:
            return run_import(folder, wanted, should_stop, trial=False)

        title = f"{IMPORT.title}: {wanted.path.name}"
        self._running[self._jobs.start(IMPORT, title, work, queue=self._own_queue())] = folder

    def start_export(self, wanted: ExportRequest) -> None:
        """``exported`` or ``refused`` follows."""
        if (folder := self._folder) is None or wanted.path is None:
            return

        def work(_queue: ModelQueue, _on_progress: ProgressCallback, _should_stop: StopCheck) -> Any:
            return run_export(folder, wanted)

        title = f"{EXPORT.title}: {wanted.path.name}"
        self._running[self._jobs.start(EXPORT, title, work, queue=self._own_queue())] = folder

    def running(self, kind: str) -> JobInfo | None:
        """The active job of this kind."""
        return next((job for job in self._jobs.running() if job.kind == kind), None)

    def stop(self, kind: str) -> None:
        """Stop a job; what is being written is finished."""
        if (job := self.running(kind)) is not None:
            self._jobs.cancel(job.id)

    def close(self) -> bool:
        """Whether everything has ended in time. Idempotent."""
        ended = [one.close() for one in self._threads]
        return all(ended) and (self._queue is None or self._queue.close(CLOSE_SECONDS))

    @property
    def _folder(self) -> Path | None:
        return None if self._session.info is None else self._session.info.folder

    def _own_queue(self) -> ModelQueue:
        if self._queue is None:
            self._queue = ModelQueue(thread="label-files")
        return self._queue

    # --- answers

    def _take_formats(self, found: list[FormatInfo]) -> None:
        self._formats = found
        self.formats_known.emit(found)

    def _take_recognised(self, found: tuple[Path, str]) -> None:
        self.recognised.emit(*found)

    def _take_trial(self, report: "ImportReport") -> None:
        self.tried.emit(report)

    def _refuse_trial(self, sentence: str) -> None:
        self.not_tried.emit(sentence)

    def _take_count(self, found: "ExportPreview") -> None:
        self.counted.emit(found)

    def _refuse_count(self, sentence: str) -> None:
        self.not_counted.emit(sentence)

    def _take_saved_report(self, path: Path) -> None:
        self.report_saved.emit(path)

    def _refuse_report(self, sentence: str) -> None:
        self.report_failed.emit(sentence)

    @Slot(object, object)
    def _take_result(self, job: JobInfo, result: Any) -> None:
        if job.id not in self._running:
            return
        folder = self._running.pop(job.id)
        self._jobs.dismiss(job.id)
        if job.kind == EXPORT.name:
            self.exported.emit(result)
            return
        if folder == self._folder:
            self._session.look_for_changes()
        self.imported.emit(result, folder)

    @Slot(object)
    def _follow_jobs(self, jobs: list[JobInfo]) -> None:
        for job in jobs:
            ended = not job.state.active and job.state is not JobPhase.COMPLETED
            if ended and job.id in self._running:
                del self._running[job.id]
                self.refused.emit(job)
