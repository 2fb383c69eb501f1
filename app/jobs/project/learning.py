"""Learning in slices of a few milliseconds, while nobody asks the storage thread for anything."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

from app.jobs.project.storage import ProjectStorage

REST_MS: Final = 20
"""Between two slices: what a person asks for meanwhile waits for at most one of them."""


class BackgroundLearning(QObject):
    """Begins with look(), and goes on until there is nothing left to learn."""

    def __init__(self, storage: ProjectStorage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._storage = storage
        self._asked = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.look)

    @Slot()
    def look(self) -> None:
        """Learn, if labels have come; cheap if not."""
        executor = self._storage.executor
        if self._asked or executor is None:
            return
        if executor.pending:
            self._timer.start()
            return
        self._asked = True
        self._storage.ask(lambda store: store.learn(), then=self._go_on, failed=self._end)

    def stop(self) -> None:
        """The project is being closed."""
        self._timer.stop()
        self._asked = False

    def _go_on(self, more: bool) -> None:
        self._asked = False
        if more:
            self._timer.start()

    def _end(self, _error: BaseException) -> None:
        self._asked = False
