"""The short message on what was just done, at the right of the status line."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Slot

from app.gui.gallery.announcing import announce
from app.gui.theme import TypeSize
from app.gui.widgets.text import ElidedText

SHOWN_MS: Final = 4000
FRESH_MS: Final = 500


class StatusMessage(ElidedText):
    """Disappears after SHOWN_MS, or when another image is shown. stop() stops its timer."""

    def __init__(self) -> None:
        super().__init__("", TypeSize.SMALL, quiet=True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self._said = QElapsedTimer()
        self.hide()

    @Slot(str)
    def show_message(self, words: str) -> None:
        self.setText(words)
        self.setAccessibleDescription("")  # the same message is read out again
        announce(self, words)
        self.setVisible(bool(words))
        self._timer.start()
        self._said.start()

    @Slot()
    def forget(self) -> None:
        """Another image is shown; what was said just now is about the step to it."""
        if self._said.isValid() and self._said.elapsed() >= FRESH_MS:
            self.hide()

    def stop(self) -> None:
        self._timer.stop()
