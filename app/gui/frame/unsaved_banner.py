"""Says what is not saved yet and why, and offers what was kept of the last time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.unsaved import UnsavedChange, count_words, summary
from app.gui.widgets.banner import Banner

if TYPE_CHECKING:
    from app.jobs.project_session import ProjectSession

LISTED: Final = 20
"""Changes that the tooltip names."""
BUSY: Final = "Another program is writing to this project."


class UnsavedBanner(Banner):
    """Hidden while everything is saved and nothing is offered.

    Discarding takes two clicks in different places: a double click keeps everything.
    """

    status_changed = Signal(str)
    """A few words for the status line; empty while nothing waits."""

    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__("warning", "Try again now", "Discard…", edge=True, parent=parent)
        self._session, self._unsaved = session, session.unsaved
        self._asking = False
        self.triggered.connect(self._act)
        self.second_triggered.connect(self._ask_or_keep)
        self.second.setMinimumWidth(self.second.sizeHint().width())  # Keep covers the place of Discard…
        self._unsaved.changed.connect(self._follow)

    @Slot()
    def _follow(self) -> None:
        delay, waiting, offered = self._unsaved.held_up, self._unsaved.waiting, self._unsaved.offered
        changes = offered if delay is None else waiting
        self._asking = self._asking and bool(changes)
        if delay is not None:
            status = f"{count_words(waiting)} not saved yet" if waiting else "waiting for another program"
            self.status_changed.emit(status)
            sentence = held_up_words(waiting, None if delay.busy else delay.reason)
            self._show(sentence, waiting, "Try again now")
            return
        self.status_changed.emit("")
        if offered:
            self._show(offer_words(offered), offered, "Save now")
        else:
            self.tell("")

    def _show(self, sentence: str, changes: Sequence[UnsavedChange], act: str) -> None:
        if self._asking:
            them = "it" if len(changes) == 1 else "them"
            sentence = f"Discard {count_words(changes)}? There is no way to bring {them} back."
        self.button.setText("Discard" if self._asking else act)
        self.second.setText("Keep" if self._asking else "Discard…")
        for button in (self.button, self.second):
            button.setVisible(bool(changes))
        more = len(changes) - LISTED
        lines = [one.words for one in changes[:LISTED]] + ([f"and {more:,} more"] if more > 0 else [])
        self.setToolTip("\n".join(lines))
        self.tell(sentence)

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


def held_up_words(waiting: Sequence[UnsavedChange], reason: str | None) -> str:
    """What waits and why; ``reason`` None: another program is writing."""
    if not waiting:
        return f"{BUSY} What is shown here is brought up to date as soon as it has finished."
    one = len(waiting) == 1
    what = f"{count_words(waiting)} {'is' if one else 'are'} not saved yet: {summary(waiting)}."
    if reason is None:
        them = "It is" if one else "They are"
        return f"{what} {BUSY} {them} saved as soon as it has finished; you can continue."
    return f"{what} {reason}"


def offer_words(offered: Sequence[UnsavedChange]) -> str:
    return f"{count_words(offered)} could not be saved last time: {summary(offered)}."
