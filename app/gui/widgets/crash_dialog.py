"""The crash report of the window."""

from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from app.gui.widgets.screen_fit import room_on, size_that_fits
from app.gui.widgets.text import Text

_USUAL: Final = QSize(720, 480)


class CrashDialog(QDialog):
    """Tracebacks to copy, later ones below earlier ones. Not modal: the window stays usable."""

    copied = Signal()

    def __init__(self, about: str = "", parent: QWidget | None = None) -> None:
        """``about``: what a report needs besides the traceback: versions and the system."""
        super().__init__(parent)
        title = self.tr("Something went wrong in Tailspotter")
        self.setWindowTitle(title)
        self.setModal(False)
        self._about = about
        self._tracebacks: list[str] = []
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setAccessibleName(self.tr("Report"))
        meaning = Text(
            self.tr(
                "The last action was not carried out. Decisions saved before it are safe. "
                "You can continue; if this happens again, please report it with the text below."
            )
        )
        meaning.setWordWrap(True)
        self._copy = QPushButton()
        self._copy.setObjectName("copy")
        self._copy.clicked.connect(self.copy)
        self._close = QPushButton(self.tr("Continue"))
        self._close.setObjectName("continue")
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
        layout.addWidget(Text(title, TypeSize.TITLE))
        layout.addWidget(meaning)
        layout.addWidget(self._text, 1)
        layout.addLayout(buttons)
        self.resize(size_that_fits(_USUAL, room_on(self.screen())))

    @Slot(str)
    def report(self, traceback: str) -> None:
        """Show a traceback unless it is already shown."""
        if traceback not in self._tracebacks:
            self._tracebacks.append(traceback)
            self._text.setPlainText(self.text())
        self._copy.setText(self.tr("Copy the report"))
        self.show()
        self.raise_()

    def text(self) -> str:
        """The whole report."""
        return "\n\n".join(part.strip() for part in (self._about, *self._tracebacks) if part.strip()) + "\n"

    @Slot()
    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())
        self._copy.setText(self.tr("Copied"))
        self.copied.emit()
