"""The daily backup of the open project, on a thread of its own."""

import logging
import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import KnownError

if TYPE_CHECKING:
    from app.services.project.project import Project

LOOK_MS: Final = 15 * 60 * 1000
"""Between two looks whether a new day has begun."""
CLOSE_SECONDS: Final = 10.0

log = logging.getLogger(__name__)


class DailyBackup(QObject):
    """Looks when a project has been opened, and then from time to time. close() ends it."""

    failed = Signal(str)
    """A sentence: the database is damaged."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    def follow(self, project: "Project") -> None:
        self._project = project
        self._timer.start()
        self._look()

    def close(self) -> None:
        """Wait for a backup that is being made. Idempotent."""
        self._timer.stop()
        self._project = None
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)
            self._thread = None

    def _look(self) -> None:
        if self._project is None or (self._thread is not None and self._thread.is_alive()):
            return
        self._thread = threading.Thread(
            target=self._back_up, args=(self._project,), name="daily-backup", daemon=True
        )
        self._thread.start()

    def _back_up(self, project: "Project") -> None:
        from app.services.project.project import back_up_daily

        try:
            back_up_daily(project)
        except KnownError as error:
            self.failed.emit(str(error))
        except Exception:
            log.exception("the daily backup of %s", project.folder)
