"""What an empty place shows: what to do first, and a button for it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XL
from app.gui.widgets.text import Text


class EmptyState(QWidget):
    """A title, a sentence and at most one button, centred."""

    triggered = Signal()

    def __init__(
        self, title: str = "", sentence: str = "", button: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._title = Text("", TypeSize.TITLE)
        self._sentence = Text("", TypeSize.BODY, quiet=True)
        self._button = QPushButton()
        self._button.setProperty("role", "primary")
        self._button.clicked.connect(self.triggered)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        layout.setSpacing(SPACE_S)
        layout.addStretch(2)
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addSpacing(SPACE_M)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.set_text(title, sentence, button)

    def set_text(self, title: str, sentence: str, button: str = "") -> None:
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def has_text(self) -> bool:
        return bool(self._title.text())

    def button(self) -> QPushButton:
        return self._button
