"""The status line: counts, time since saving, decisions per minute, device."""

import time

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.domain.language import number
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_XS
from app.gui.widgets.room import keep_room
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import ago_words, counted

_REFRESH_MS = 1000
_USUAL_TIMES = (0, 59, 59 * 60)


class StatusLine(QFrame):
    """Four texts, and room for a message; what is unknown is left out."""

    device_asked = Signal()
    """The person asks why the model runs on this device."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "surface")
        self.setAccessibleName(self.tr("Status"))
        self._saved_at: float | None = None
        self._unsaved = ""
        self.counts = ElidedText("", TypeSize.SMALL, quiet=True, tabular=True)
        self.saved = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self.pace = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self.device = QPushButton()
        self.device.setProperty("role", "link")
        self.device.setCursor(Qt.CursorShape.PointingHandCursor)
        self.device.clicked.connect(self.device_asked)
        keep_room(self.device)  # the line is as high before the device is known
        self.device.hide()
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_XS, SPACE_M, SPACE_XS)
        layout.setSpacing(SPACE_L)
        # The counts get the remaining width and shrink first. Outside the library they are hidden, but keep
        # their place.
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, self.counts.sizePolicy().verticalPolicy())
        policy.setRetainSizeWhenHidden(True)
        self.counts.setSizePolicy(policy)
        layout.addWidget(self.counts, 1)
        for piece in (self.saved, self.pace, self.device):
            layout.addWidget(piece)
        theme().changed.connect(self._reserve)
        self._refresh = QTimer(self)
        self._refresh.setInterval(_REFRESH_MS)
        self._refresh.timeout.connect(self._show_saved)

    def add_message(self, message: QWidget) -> None:
        """Show this beside the counts, where it moves nothing that can be clicked."""
        self._row.insertWidget(1, message, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_counts(self, shown: int, total: int, selected: int, stacked: int = 0) -> None:
        """``stacked`` of the shown images are in closed stacks, where no answer reaches them."""
        if shown == total:
            words = counted(total, self.tr("{n} image"), self.tr("{n} images"))
        else:
            words = self.tr("{shown} of {total} images").format(shown=number(shown), total=number(total))
        behind = self.tr("{n} in closed stacks").format(n=number(stacked))
        chosen = self.tr("{n} selected").format(n=number(selected))
        parts = (words, behind if stacked else "", chosen if selected else "")
        self.counts.setText(", ".join(part for part in parts if part))

    def note_saved(self) -> None:
        """A decision has just been saved."""
        first = self._saved_at is None
        self._saved_at = time.monotonic()
        if first:
            self._reserve()
        self._refresh.start()
        self._show_saved()

    def set_unsaved(self, words: str) -> None:
        """Show what is not saved yet instead of the time since saving; empty if nothing waits."""
        if words != self._unsaved:
            self._unsaved = words
            self.saved.setText(words)
            self._show_saved()

    def set_pace(self, decisions_per_minute: float | None) -> None:
        pace = decisions_per_minute
        self.pace.setText("" if pace is None else self.tr("{n} decisions/min").format(n=number(pace)))

    def set_device(self, name: str, reason: str) -> None:
        self.device.setText(self.tr("{device} (why?)").format(device=name) if reason else name)
        self.device.setToolTip(reason)
        words = self.tr("Device {device}").format(device=name)
        self.device.setAccessibleName(f"{words}: {reason}" if reason else words)
        self.device.setVisible(bool(name))

    @Slot()
    def _reserve(self) -> None:
        """Room for the longest time, so that nothing moves every second."""
        metrics = self.saved.fontMetrics()
        widest = max(metrics.horizontalAdvance(self._saved_words(seconds)) for seconds in _USUAL_TIMES)
        self.saved.setMinimumWidth(0 if self._saved_at is None else widest)

    def _saved_words(self, seconds: float) -> str:
        return self.tr("saved {ago}").format(ago=ago_words(seconds))

    @Slot()
    def _show_saved(self) -> None:
        if self._saved_at is not None and not self._unsaved:
            self.saved.setText(self._saved_words(time.monotonic() - self._saved_at))

    def stop(self) -> None:
        """The project was closed."""
        self._refresh.stop()
        self._saved_at = None
        self._reserve()
        self._unsaved = ""
        self.saved.setText("")
