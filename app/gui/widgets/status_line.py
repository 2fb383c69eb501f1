"""The line at the lower edge: what is shown, when it was saved, how fast it goes, where the model runs."""

import time

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_XS
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import ago_words

_REFRESH_MS = 1000


class StatusLine(QFrame):
    """Four pieces of text; what is not known is not shown."""

    device_asked = Signal()
    """The person wants to know why the model runs where it does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "surface")
        self.setAccessibleName("Status")
        self._saved_at: float | None = None
        self._unsaved = ""
        self._counts = ElidedText("", TypeSize.SMALL, quiet=True, tabular=True)
        self._saved = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self._pace = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self._device = QPushButton()
        self._device.setProperty("role", "link")
        self._device.setCursor(Qt.CursorShape.PointingHandCursor)
        self._device.clicked.connect(self.device_asked)
        self._device.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_XS, SPACE_M, SPACE_XS)
        layout.setSpacing(SPACE_L)
        layout.addWidget(self._counts, 1)
        for piece in (self._saved, self._pace, self._device):
            layout.addWidget(piece)
        self._refresh = QTimer(self)
        self._refresh.setInterval(_REFRESH_MS)
        self._refresh.timeout.connect(self._tell_saved)

    def set_counts(self, shown: int, total: int, selected: int) -> None:
        chosen = f", {selected:,} selected" if selected else ""
        shown_words = f"{total:,} images" if shown == total else f"{shown:,} shown of {total:,}"
        self._counts.setText(shown_words + chosen)

    def note_saved(self) -> None:
        """A decision has just reached the disk."""
        self._saved_at = time.monotonic()
        self._refresh.start()
        self._tell_saved()

    def set_unsaved(self, words: str) -> None:
        """What waits to be saved, in the place of when it was saved last; empty where nothing does."""
        if words != self._unsaved:
            self._unsaved = words
            self._saved.setText(words)
            self._tell_saved()

    def set_pace(self, decisions_per_minute: float | None) -> None:
        pace = decisions_per_minute
        self._pace.setText("" if pace is None else f"{pace:.0f} decisions/min")

    def set_device(self, name: str, reason: str) -> None:
        self._device.setText(f"{name} (why?)" if reason else name)
        self._device.setToolTip(reason)
        self._device.setAccessibleName(f"Device {name}: {reason}" if reason else f"Device {name}")
        self._device.setVisible(bool(name))

    def texts(self) -> tuple[str, str, str, str]:
        """Counts, saved, pace and device as they are shown."""
        return self._counts.text(), self._saved.text(), self._pace.text(), self._device.text()

    def device_button(self) -> QPushButton:
        return self._device

    @Slot()
    def _tell_saved(self) -> None:
        if self._saved_at is not None and not self._unsaved:
            self._saved.setText(f"saved {ago_words(time.monotonic() - self._saved_at)}")

    def stop(self) -> None:
        """No project is open any more."""
        self._refresh.stop()
        self._saved_at = None
        self._unsaved = ""
        self._saved.setText("")
