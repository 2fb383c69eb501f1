"""The short word on what was just done, at the right of the status line."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Slot

from app.gui.theme import TypeSize
from app.gui.widgets.text import ElidedText

SAID_MS: Final = 4000


class SaidLine(ElidedText):
    """Goes by itself. rest() stops its clock."""

    def __init__(self) -> None:
        super().__init__("", TypeSize.SMALL, quiet=True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(SAID_MS)
        self._clock.timeout.connect(self.hide)
        self.hide()

    @Slot(str)
    def say(self, words: str) -> None:
        self.setText(words)
        self.setVisible(bool(words))
        self._clock.start()

    def rest(self) -> None:
        self._clock.stop()
