"""Brings the list up to date after decisions, without taking an image out of the person's hands."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from app.gui.gallery.view import GalleryView
from app.gui.labelling.controller import LabellingController
from app.jobs.project_session import ProjectSession

REST_MS: Final = 700
"""Longer than a double-click: cells do not move under a pointer that has just been used."""
FEW: Final = 8


class ListKeeper(QObject):
    """Decides when the list that follows from decisions takes the place of the one that shows.

    The current image and the chosen ones stay until the person has moved on (docs/decisions/0102). In the
    single view the list changes with the step; in the grid when hand and keys have rested for a moment.
    """

    fitting_changed = Signal()
    """fitting() gives another number."""

    def __init__(
        self,
        session: ProjectSession,
        gallery: GalleryView,
        controller: LabellingController,
        single_shown: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._gallery, self._controller = session, gallery, controller
        self._single_shown = single_shown
        self._newer: list[int] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._rested)
        session.list_outdated.connect(self._take)
        session.images_changed.connect(self._forget)
        session.closed.connect(self._forget)
        gallery.selection_changed.connect(self._moved)
        gallery.current_changed.connect(self._moved)
        controller.current_changed.connect(self._moved)

    def fitting(self) -> int:
        """Images that the query selects now, those not counted that only stay for the moment."""
        return self._gallery.count() if self._newer is None else len(self._newer)

    @Slot(object)
    def _take(self, ids: list[int]) -> None:
        self._newer = ids
        self.fitting_changed.emit()
        self._moved()

    @Slot()
    def _forget(self) -> None:
        self._newer = None
        self._rest.stop()

    @Slot()
    def _moved(self) -> None:
        if self._newer is None or self._in_hand():
            self._rest.stop()
        elif self._single_shown():
            self._session.show_current_list()
        else:
            self._rest.start()

    @Slot()
    def _rested(self) -> None:
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._rest.start()
        elif not self._in_hand():
            self._session.show_current_list()

    def _in_hand(self) -> bool:
        """Whether an image that would leave is the current one, or chosen."""
        held = set(self._controller.targets if self._single_shown() else self._gallery.selected_ids())
        if self._controller.current is not None:
            held.add(self._controller.current)
        newer = self._newer or []
        there = newer if len(held) <= FEW else set(newer)
        shown = self._gallery.ids()
        # What was not in the list before does not leave it now.
        return any(one not in there and one in shown for one in held)
