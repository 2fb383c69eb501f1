"""Notices after one step has changed many images, with the way back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from app.domain.changes import ChangeSet
from app.gui.labelling.controller import MOST_UNASKED, LabellingController
from app.gui.notifications import Action, Notice, Notifications

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession


class ManyNotices(QObject):
    """Offers *Undo* after a decision about many images, and *Redo* after a large undo.

    A notice is withdrawn with the next change, when its button would act on something else.
    """

    def __init__(
        self,
        session: "ProjectSession",
        controller: LabellingController,
        bus: Notifications,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller, self._bus = controller, bus
        self._words = ""
        self._redo = False
        self._notice: Notice | None = None
        controller.many_changed.connect(self._expect)
        controller.many_undone.connect(self._expect_undo)
        session.changed.connect(self._follow)
        session.closed.connect(self._forget)

    @Slot(str)
    def _expect(self, words: str) -> None:
        self._words, self._redo = words, False

    @Slot(str)
    def _expect_undo(self, change: str) -> None:
        self._words, self._redo = self.tr("Undone: {change}").format(change=change), True

    @Slot(object)
    def _follow(self, change: ChangeSet) -> None:
        if self._notice is not None:
            self._bus.withdraw(self._notice)
            self._notice = None
        if self._words and change.size > MOST_UNASKED:
            words, self._words = self._words, ""
            undo = Action(self.tr("Undo"), self._controller.undo_agreed)
            redo = Action(self.tr("Redo"), self._controller.redo)
            self._notice = self._bus.done(words, action=redo if self._redo else undo)

    @Slot()
    def _forget(self) -> None:
        self._words, self._notice = "", None
