"""Opens the settings of the project, and opens the project again after a restore."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.gui.notifications import Notifications
from app.gui.widgets.words import moment_words
from app.gui.window.panels import Panels
from app.gui.window.project_panel import ProjectPanel
from app.jobs.project.session import ProjectSession
from app.jobs.work.safekeeping import Safekeeping

if TYPE_CHECKING:
    from app.jobs.work.safekeeping import Restoration


class ProjectSettings(QObject):
    """The owner calls close()."""

    open_wanted = Signal(object)
    """The Path of a project."""
    command_wanted = Signal(str)
    """The name of a command of FRAME."""

    def __init__(self, window: QWidget, session: ProjectSession, panels: Panels, bus: Notifications) -> None:
        super().__init__(window)
        self._session, self._panels, self._bus = session, panels, bus
        self.keeping = Safekeeping(session, self)
        self.panel: ProjectPanel | None = None
        self.keeping.restored.connect(self._tell_restored)
        self.keeping.not_restored.connect(self._tell_unrestored)
        self.keeping.bug.connect(bus.bug)

    @Slot()
    def show(self) -> None:
        if self.panel is None:
            made = self.panel = ProjectPanel(self._session, self.keeping)
            made.left.connect(self._panels.close_all)
            made.command_wanted.connect(self.command_wanted)
        self._panels.open("project", self.panel, 680, 680)

    def close(self) -> bool:
        """Whether everything has ended in time. Idempotent."""
        return self.keeping.close()

    @Slot(object, object)
    def _tell_restored(self, folder: Path, done: "Restoration") -> None:
        made = moment_words(done.backup.made_at)
        kept = "" if done.kept is None else done.kept.name
        self._bus.done(
            self.tr("Restored the backup of {time}.").format(time=made),
            labels=self.tr("The state before is kept as {name}.").format(name=kept) if kept else "",
        )
        self.open_wanted.emit(folder)

    @Slot(object, str)
    def _tell_unrestored(self, folder: Path, sentence: str) -> None:
        self._bus.error(sentence, labels=self.tr("Nothing was changed."))
        self.open_wanted.emit(folder)
