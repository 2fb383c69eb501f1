"""Updates the list after decisions without removing an image that the person is working on."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from app.gui.gallery.view import GalleryView
from app.gui.labelling.controller import LabellingController
from app.jobs.project.session import ProjectSession

REST_MS: Final = 700
"""Longer than a double-click, so that cells do not move under a pointer that was just used."""
FEW: Final = 8


class ListKeeper(QObject):
    """Decides when the list shown is replaced by the one that the query gives after decisions.

    The current and the selected images stay until the person has moved on (docs/decisions/0102). The single
    view updates with the next step, the grid when mouse and keys have rested for REST_MS.
    """

    match_count_changed = Signal()

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

    def match_count(self) -> int:
        """Images that match the query now, without those that are only still shown."""
        listed = self._gallery.count() if self._newer is None else len(self._newer)
        return listed + self._session.stacked

    @Slot(object)
    def _take(self, ids: list[int]) -> None:
        self._newer = ids
        self.match_count_changed.emit()
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
        """Whether an image that would be removed is current or selected."""
        held = set(self._controller.targets if self._single_shown() else self._gallery.selected_ids())
        if self._controller.current is not None:
            held.add(self._controller.current)
        newer = self._newer or []
        there = newer if len(held) <= FEW else set(newer)
        shown = self._gallery.ids()
        # An image that was not in the list cannot be removed from it.
        return any(one not in there and one in shown for one in held)
