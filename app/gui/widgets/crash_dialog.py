"""What the window shows when it has met a fault of its own."""

from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from app.gui.widgets.screen_fit import room_on, size_that_fits
from app.gui.widgets.text import Text

_USUAL: Final = QSize(720, 480)
TITLE = "Tailspotter has met a fault of its own"
_MEANING = (
    "The step that was going on did not happen. Decisions that were saved before are safe. "
    "You can go on; if it happens again, please report it with the text below."
)


class CrashDialog(QDialog):
    """The traceback, ready to be copied. Not modal: the work can go on. More faults are added below."""

    copied = Signal()

    def __init__(self, about: str = "", parent: QWidget | None = None) -> None:
        """``about``: what a report needs besides the traceback, such as versions and the system."""
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setModal(False)
        self._about = about
        self._tracebacks: list[str] = []
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setAccessibleName("Report")
        meaning = Text(_MEANING)
        meaning.setWordWrap(True)
        self._copy = QPushButton("Copy the report")
        self._copy.clicked.connect(self.copy)
        self._close = QPushButton("Go on working")
        self._close.setProperty("role", "primary")
        self._close.setDefault(True)
        self._close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addStretch(1)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(Text(TITLE, TypeSize.TITLE))
        layout.addWidget(meaning)
        layout.addWidget(self._text, 1)
        layout.addLayout(buttons)
        self.resize(size_that_fits(_USUAL, room_on(self.screen())))

    @Slot(str)
    def report(self, traceback: str) -> None:
        """Show a traceback; one that is shown already is not repeated."""
        if traceback not in self._tracebacks:
            self._tracebacks.append(traceback)
            self._text.setPlainText(self.text())
        self._copy.setText("Copy the report")
        self.show()
        self.raise_()

    def text(self) -> str:
        """The whole report."""
        return "\n\n".join(part.strip() for part in (self._about, *self._tracebacks) if part.strip()) + "\n"

    def copy_button(self) -> QPushButton:
        return self._copy

    def close_button(self) -> QPushButton:
        return self._close

    @Slot()
    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        self._copy.setText("Copied")
        self.copied.emit()
