"""Says what is not saved yet and why, and offers changes that could not be saved last time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.language import number
from app.domain.unsaved import UnsavedChange
from app.gui.widgets.banner import Banner
from app.gui.widgets.words import counted

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession

LISTED: Final = 20
"""Number of changes in the tooltip."""


class UnsavedBanner(Banner):
    """Hidden while everything is saved and nothing is offered.

    Discarding takes clicks in two different places, so a double-click discards nothing.
    """

    status_changed = Signal(str)
    """A short text for the status line; empty while nothing waits."""

    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__("warning", edge=True, parent=parent)
        self.button.setText(self.tr("Try again"))
        self.second.setText(self.tr("Discard…"))
        self._session, self._unsaved = session, session.unsaved
        self._asking = False
        self.triggered.connect(self._act)
        self.second_triggered.connect(self._ask_or_keep)
        self.second.setMinimumWidth(self.second.sizeHint().width())  # Keep takes the place of Discard…
        self._unsaved.changed.connect(self._follow)

    @Slot()
    def _follow(self) -> None:
        delay, waiting, offered = self._unsaved.held_up, self._unsaved.waiting, self._unsaved.offered
        changes = offered if delay is None else waiting
        self._asking = self._asking and bool(changes)
        if delay is not None:
            self.status_changed.emit(self._status_words(waiting))
            sentence = self._held_up_words(waiting, None if delay.busy else delay.reason)
            self._show(sentence, waiting, self.tr("Try again"))
            return
        self.status_changed.emit("")
        if offered:
            sentence = counted(
                len(offered),
                self.tr("{n} change could not be saved last time: {changes}."),
                self.tr("{n} changes could not be saved last time: {changes}."),
                changes=summary(offered),
            )
            self._show(sentence, offered, self.tr("Save now"))
        else:
            self.tell("")

    def _show(self, sentence: str, changes: Sequence[UnsavedChange], act: str) -> None:
        if self._asking:
            one, many = (
                self.tr("Discard {n} change permanently?"),
                self.tr("Discard {n} changes permanently?"),
            )
            sentence = counted(len(changes), one, many)
        self.button.setText(self.tr("Discard") if self._asking else act)
        self.second.setText(self.tr("Keep") if self._asking else self.tr("Discard…"))
        for button in (self.button, self.second):
            button.setVisible(bool(changes))
        more = len(changes) - LISTED
        lines = [one.words for one in changes[:LISTED]]
        if more > 0:
            lines.append(self.tr("and {n} more").format(n=number(more)))
        self.setToolTip("\n".join(lines))
        self.tell(sentence)

    def _status_words(self, waiting: Sequence[UnsavedChange]) -> str:
        if not waiting:
            return self.tr("waiting for another program")
        return counted(
            len(waiting), self.tr("{n} change not saved yet"), self.tr("{n} changes not saved yet")
        )

    def _held_up_words(self, waiting: Sequence[UnsavedChange], reason: str | None) -> str:
        """What waits and why; ``reason`` None: another program is writing."""
        if not waiting:
            return self.tr(
                "Another program is writing to this project. The window is updated when it has finished."
            )
        if reason is not None:
            one = self.tr("{n} change is not saved yet: {changes}. {reason}")
            many = self.tr("{n} changes are not saved yet: {changes}. {reason}")
        else:
            one = self.tr(
                "{n} change is not saved yet: {changes}. Another program is writing to this project. "
                "It will be saved when that program has finished; you can keep working."
            )
            many = self.tr(
                "{n} changes are not saved yet: {changes}. Another program is writing to this project. "
                "They will be saved when that program has finished; you can keep working."
            )
        return counted(len(waiting), one, many, changes=summary(waiting), reason=reason)

    @Slot()
    def _act(self) -> None:
        if self._asking:
            self._asking = False
            self._discard()
        elif self._unsaved.held_up is not None:
            self._unsaved.retry()
        else:
            self._session.save_offered()
        self._follow()

    def _discard(self) -> None:
        if self._unsaved.held_up is not None:
            self._unsaved.discard()
        else:
            self._unsaved.discard_offered()

    @Slot()
    def _ask_or_keep(self) -> None:
        self._asking = not self._asking
        self._follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._asking and event.key() == Qt.Key.Key_Escape:
            self._ask_or_keep()
        else:
            super().keyPressEvent(event)


def summary(changes: Sequence[UnsavedChange]) -> str:
    """``Yes: cat on IMG_0001.jpg and 7 more``."""
    if len(changes) == 1:
        return changes[0].words
    first_and_more = QCoreApplication.translate("UnsavedBanner", "{first} and {n} more")
    return first_and_more.format(first=changes[0].words, n=number(len(changes) - 1))
