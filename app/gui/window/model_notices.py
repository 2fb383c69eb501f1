"""Notices about downloads and checks of image models, while their list is not on the screen."""

from PySide6.QtCore import QObject, Slot

from app.gui.notifications import Action, Notifications
from app.gui.window.panels import Panels
from app.jobs.values.session import JobInfo
from app.jobs.work.controller import JobController
from app.jobs.work.kinds import CHECK


class ModelNotices(QObject):
    """On the screen, the row of the model says the same."""

    def __init__(
        self, jobs: JobController, panels: Panels, notifications: Notifications, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._panels, self._notifications = panels, notifications
        jobs.succeeded.connect(self._tell_ready)
        jobs.failed.connect(self._tell_failure)

    @Slot(object, object)
    def _tell_ready(self, job: JobInfo, _result: object) -> None:
        if job.kind == CHECK.name and not self._panels.models_shown():
            ready = self.tr("The image model {model} is ready.").format(model=job.subject)
            self._notifications.done(ready, action=self._show())

    @Slot(object)
    def _tell_failure(self, job: JobInfo) -> None:
        if job.subject and not self._panels.models_shown():
            self._notifications.error(f"{job.name}: {job.message}", action=self._show())

    def _show(self) -> Action:
        return Action(self.tr("Show"), self._panels.show_models)
