"""A question in place: what would happen to many images, and the button that does it."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.gui.theme.tokens import SPACE_S, SPACE_XS
from app.gui.widgets.text import Text


class ConfirmLine(QFrame):
    """Hidden until ask(). Enter on the button confirms, Esc leaves."""

    confirmed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "raised")
        self.words = Text("", strong=True)
        self.words.setWordWrap(True)
        self.button = QPushButton(self.tr("Enter again"))
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self.confirmed)
        self.button.installEventFilter(self)
        self.leave = QPushButton(self.tr("Cancel"))
        self.leave.clicked.connect(self.left)
        self._before: QWidget | None = None
        # The buttons have a line of their own: whole names and whole buttons, however narrow the place is.
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.button)
        row.addWidget(self.leave)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_S, SPACE_XS, SPACE_S, SPACE_S)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(self.words)
        layout.addLayout(row)
        self.hide()

    @Slot(str)
    def ask(self, words: str) -> None:
        """Ask about this; with an empty text the question is withdrawn, and the focus goes back."""
        if not words:
            had = self.isVisible() and self.isAncestorOf(self.window().focusWidget() or self)
            self.hide()
            if had and self._before is not None:
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            self._before = None
            return
        if self._before is None:
            self._before = QApplication.focusWidget()
        self.words.setText(self.tr("{change}?").format(change=words))
        self.button.setAccessibleName(self.tr("Enter again: {change}").format(change=words))
        self.show()
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
                self.confirmed.emit()
                return True
        return super().eventFilter(watched, event)
