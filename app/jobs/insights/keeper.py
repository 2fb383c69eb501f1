"""The plots of the open project: computed in pieces, up to date while they are shown."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.errors import is_known
from app.domain.insights import ImageMap, Insight, Table
from app.jobs.values.insights import ColourRequest, InsightRequest
from app.jobs.work.controller import JobController
from app.jobs.work.kinds import MAP

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession
    from app.jobs.values.session import JobInfo

REFRESH_MS: Final = 2000
"""The plot that is shown is computed again this long after the last change."""


class InsightsKeeper(QObject):
    """One plot is computed at a time, the one that is shown; earlier ones are kept with their time."""

    changed = Signal(object, object)
    """An InsightRequest and its value."""
    working = Signal(object)
    """An InsightRequest that is being computed from now on."""
    failed = Signal(object, str)
    """An InsightRequest, and why it cannot be computed: a sentence."""
    outdated = Signal()
    """What is shown is no longer up to date."""
    colours_ready = Signal(object)
    """MapColours."""
    saved = Signal(object)
    """The Path of a file that was written."""
    not_saved = Signal(str)
    """A sentence."""
    map_job_changed = Signal(object)
    """The JobInfo of the map that is being computed, or that has ended; None for none."""

    def __init__(self, session: "ProjectSession", jobs: JobController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._shown: InsightRequest | None = None
        self._running: InsightRequest | None = None
        self._again = False
        self._map_job: JobInfo | None = None
        self._values: dict[InsightRequest, tuple[Any, datetime]] = {}
        self._fresh: set[InsightRequest] = set()
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.refresh)
        for changed in (session.changed, session.scores_changed, session.rebuilt):
            changed.connect(self.note_change)
        session.closed.connect(self._forget)
        jobs.jobs_changed.connect(self._follow_jobs)
        jobs.succeeded.connect(self._take_job)

    # --- what is shown

    def show(self, request: InsightRequest | None) -> None:
        """Compute this plot and keep it up to date; None while no plot is shown."""
        self._shown = request
        if request is None:
            self._refresh.stop()
            return
        if request in self._values:
            self.changed.emit(request, self._values[request][0])
        if request not in self._fresh:
            self.refresh()

    def as_of(self, request: InsightRequest) -> datetime | None:
        """When a plot was computed, in UTC."""
        return self._values[request][1] if request in self._values else None

    def up_to_date(self, request: InsightRequest) -> bool:
        return request in self._fresh

    def working_on(self, request: InsightRequest) -> bool:
        """Whether a plot is being computed now."""
        return self._running == request

    @Slot()
    def refresh(self) -> None:
        """Compute the plot that is shown again; ``changed`` or ``failed`` follows."""
        request = self._shown
        if request is None or self._session.info is None:
            return
        if self._running is not None:
            self._again = True
            return
        self._running, self._again = request, False
        self._fresh.add(request)
        self.working.emit(request)
        self._session.ask(
            lambda store: store.insights.begin(request), then=self._take_piece, failed=self._take_error
        )

    def _take_piece(self, value: Any) -> None:
        request = self._running
        if request is None:
            return
        if value is not None:
            self._values[request] = value, datetime.now(UTC)
            self._end()
            self.changed.emit(request, value)
        elif self._shown != request or self._again:
            self._fresh.discard(request)
            self._end()
        else:
            self._session.ask(
                lambda store: store.insights.next_piece(), then=self._take_piece, failed=self._take_error
            )

    def _end(self) -> None:
        """Begin what has been asked for meanwhile; what has only changed waits for a pause."""
        self._running = None
        if self._again or (self._shown is not None and self._shown not in self._values):
            self.refresh()

    def _take_error(self, error: BaseException) -> None:
        request, self._running = self._running, None
        if request is not None:
            self._values.pop(request, None)
            self._fresh.discard(request)
            if is_known(error):
                self.failed.emit(request, str(error))
        if self._again:
            self.refresh()

    @Slot()
    def note_change(self) -> None:
        """Labels, scores or images have changed."""
        self._fresh.clear()
        if self._shown is not None:
            self.outdated.emit()
            self._refresh.start()

    @Slot()
    def _forget(self) -> None:
        self._values.clear()
        self._fresh.clear()
        self._shown = self._running = None
        self._again = False
        self._refresh.stop()

    # --- the map

    def ask_colours(self, request: ColourRequest, ids: Any) -> None:
        """For the images of a map, int64 [N]; ``colours_ready`` follows."""
        self._session.ask(
            lambda store: store.insights.colours(request, ids),
            then=self._take_colours,
            failed=self._take_colour_error,
            key="map-colours",
        )

    def _take_colours(self, colours: Any) -> None:
        self.colours_ready.emit(colours)

    def _take_colour_error(self, error: BaseException) -> None:
        if is_known(error) and self._shown is not None:
            self.failed.emit(self._shown, str(error))

    @Slot()
    def begin_map(self) -> None:
        """Compute the map by t-SNE as a job."""
        self._jobs.begin(MAP)

    def map_job(self) -> "JobInfo | None":
        """The job that computes the map, or that last did."""
        return next((job for job in reversed(self._jobs.jobs()) if job.kind == MAP.name), None)

    @Slot()
    def cancel_map(self) -> None:
        job = self.map_job()
        if job is not None:
            self._jobs.cancel(job.id)

    @Slot()
    def _follow_jobs(self) -> None:
        """Other jobs' progress says nothing about the map."""
        job = self.map_job()
        if job != self._map_job:
            self._map_job = job
            self.map_job_changed.emit(job)

    @Slot(object, object)
    def _take_job(self, job: "JobInfo", _result: object) -> None:
        if job.kind == MAP.name:
            self._fresh = {one for one in self._fresh if one.insight is not Insight.MAP}
            if self._shown is not None and self._shown.insight is Insight.MAP:
                self.refresh()

    # --- files

    def save(self, path: Path, content: bytes | Table | ImageMap) -> None:
        """Write a picture, a table, or the table of a map; ``saved`` or ``not_saved`` follows."""
        self._session.ask(
            lambda store: store.insights.save(path, content), then=self._tell_saved, failed=self._tell
        )

    def _tell_saved(self, path: Path) -> None:
        self.saved.emit(path)

    def _tell(self, error: BaseException) -> None:
        if is_known(error):
            self.not_saved.emit(str(error))
