"""Back and forward over what the window has shown: place, query, and image in the single view."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.gui.window.workspace import LIBRARY, Workspace
from app.jobs.project.session import ProjectSession
from app.jobs.settings.recent_projects import LastView

MOST: Final = 200


@dataclass(frozen=True)
class Step:
    """What was shown; ``chosen``: the images, where no query but the person chose them."""

    view: LastView
    chosen: tuple[int, ...] = ()


def same(one: Step, other: Step) -> bool:
    """Whether going from one to the other is no step: in the grid, the current image may differ."""
    view, next_view = one.view, other.view
    if view.place != next_view.place or view.place != LIBRARY:
        return view.place == next_view.place
    if view.single and next_view.single and view.image != next_view.image:
        return False
    return (view.query, view.single, one.chosen) == (next_view.query, next_view.single, other.chosen)


class History(QObject):
    """The newest MOST steps in the open project. What changes within one event is one step."""

    changed = Signal()
    """Whether one can go back or forward may have changed."""

    def __init__(self, session: ProjectSession, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._workspace = session, workspace
        self._steps: list[Step] = []
        self._at = -1
        self._waiting = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._take)
        library = workspace.library
        session.images_changed.connect(self._list_arrived)
        session.query_failed.connect(self._list_arrived)
        session.closed.connect(self._forget)
        workspace.place_changed.connect(self._soon.start)
        library.single_changed.connect(self._soon.start)
        library.controller.current_changed.connect(self._soon.start)

    @property
    def can_go_back(self) -> bool:
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        return self._at + 1 < len(self._steps)

    @Slot()
    def back(self) -> None:
        self._go(-1)

    @Slot()
    def forward(self) -> None:
        self._go(1)

    def _go(self, step: int) -> None:
        if self._soon.isActive():
            self._take()
        if not 0 <= self._at + step < len(self._steps):
            return
        self._at += step
        view, chosen = self._steps[self._at].view, self._steps[self._at].chosen
        other = (view.query, chosen) != (self._session.query, self._session.chosen)
        # Until its list is there, what is shown is neither the one nor the other; a chosen one is at once.
        self._waiting = view.place == LIBRARY and other and not chosen
        self._workspace.revisit(view, chosen)
        if not self._waiting:
            self._keep_present()
        self.changed.emit()

    @Slot()
    def _list_arrived(self) -> None:
        if self._waiting:
            self._waiting = False
            self._keep_present()
        else:
            self._soon.start()

    @Slot()
    def _take(self) -> None:
        """Add what is shown now, unless it is what was shown last."""
        self._soon.stop()
        if self._waiting or self._session.info is None:
            return
        present = self._present()
        if self._steps and same(present, self._steps[self._at]):
            self._steps[self._at] = present
            return
        self._steps = [*self._steps[: self._at + 1], present][-MOST:]
        self._at = len(self._steps) - 1
        self.changed.emit()

    def _present(self) -> Step:
        return Step(self._workspace.view_shown(), self._session.chosen)

    def _keep_present(self) -> None:
        """The image may be gone, or the query may no longer run: what is shown instead takes its place."""
        self._soon.stop()
        self._steps[self._at] = self._present()

    @Slot()
    def _forget(self) -> None:
        self._soon.stop()
        self._steps, self._at, self._waiting = [], -1, False
        self.changed.emit()
