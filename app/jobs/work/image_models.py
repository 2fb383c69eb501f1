"""The change of the open project's image model, for the window."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.language import translate
from app.jobs.values.session import JobInfo
from app.jobs.work.kinds import INDEX

if TYPE_CHECKING:
    from app.domain.image_models import ImageModels, ModelFeatures
    from app.jobs.project.session import ProjectSession
    from app.jobs.work.controller import JobController


class ImageModelChanges(QObject):
    """Asks the storage thread, and starts indexing where features are missing."""

    shown = Signal(object)
    """The ImageModels of the project."""
    job_changed = Signal(object)
    """The JobInfo of indexing, if it is active or can be resumed; else None."""
    refused = Signal(str)
    """Why the last request was not carried out: a sentence."""
    message = Signal(str)
    """What was done, for the status line."""

    def __init__(
        self, session: "ProjectSession", jobs: "JobController", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self.job: JobInfo | None = None
        self._name = ""
        self._watched = False
        session.scores_changed.connect(self._refresh_if_watched)
        jobs.jobs_changed.connect(self._follow_jobs)
        jobs.succeeded.connect(self._take_result)
        self._follow_jobs(jobs.jobs())

    def watch(self, watched: bool) -> None:
        """Follow changes while ``watched``, that is, while the models are shown."""
        self._watched = watched
        self._refresh_if_watched()

    @Slot()
    def _refresh_if_watched(self) -> None:
        if self._watched:
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the models again; ``shown`` follows."""
        self._session.ask(
            lambda store: store.image_models.shown(),
            then=self._take_shown,
            failed=self._refuse,
            key="image-models",
        )

    def use(self, name: str) -> None:
        """Use a model at once if its features are complete; else compute them first."""
        self._name = name
        self._session.ask(
            lambda store: store.image_models.request(name), then=self._requested, failed=self._refuse
        )

    @Slot()
    def resume(self) -> None:
        """Continue an unfinished change."""
        self._jobs.start_indexing()

    @Slot()
    def abandon(self) -> None:
        """Keep the model in use."""
        self._session.ask(
            lambda store: store.image_models.abandon(), then=self._abandoned, failed=self._refuse
        )

    def remove(self, name: str) -> None:
        """Delete the features of a model that is not in use."""
        self._session.ask(
            lambda store: store.image_models.remove(name), then=self._removed, failed=self._refuse
        )

    def _take_shown(self, shown: "ImageModels") -> None:
        self.shown.emit(shown)

    def _requested(self, switched: bool) -> None:
        if switched:
            self.message.emit(translate("Jobs", "The image model is {name} now.").format(name=self._name))
            self._session.reload_suggestions()
        else:
            self._jobs.start_indexing()
        self.refresh()

    def _abandoned(self, name: str) -> None:
        if self.job is not None:
            self._jobs.dismiss(self.job.id)
        self.message.emit(translate("Jobs", "The change to {name} is abandoned.").format(name=name))
        self.refresh()

    def _removed(self, gone: "ModelFeatures") -> None:
        self.message.emit(
            translate("Jobs", "The features of {gone} are removed; {size} are free again.").format(
                gone=gone.name, size=gone.size
            )
        )
        self.refresh()

    def _refuse(self, error: BaseException) -> None:
        self.refused.emit(str(error))

    @Slot(object)
    def _follow_jobs(self, jobs: list[JobInfo]) -> None:
        found = next((one for one in reversed(jobs) if one.kind == INDEX.name), None)
        before, self.job = self.job, found if found is not None and _unfinished(found) else None
        self.job_changed.emit(self.job)
        if (
            before is not None
            and before.state.active
            and not (self.job is not None and self.job.state.active)
        ):
            self.refresh()  # it has ended, in whatever way

    @Slot(object, object)
    def _take_result(self, job: JobInfo, result: Any) -> None:
        if job.kind == INDEX.name and result.switched_to is not None:
            self.message.emit(
                translate("Jobs", "The image model is {switched_to} now.").format(
                    switched_to=result.switched_to
                )
            )


def _unfinished(job: JobInfo) -> bool:
    return job.state.active or job.state.can_resume
