"""A sentence across the top of a place, with up to two buttons."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon, icon_pixmap
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.text import Text

_ICON = 18


class Banner(QFrame):
    """Hidden while it has no text."""

    triggered = Signal()
    second_triggered = Signal()

    def __init__(
        self,
        mark: str = "info",
        button: str = "",
        second: str = "",
        *,
        edge: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """``mark``: the icon, ``info``, ``lock`` or ``warning``. ``edge``: full width, no frame."""
        super().__init__(parent)
        self.setProperty("panel", "strip" if edge else "banner")
        self._mark = mark
        self._icon = QLabel()
        self._words = Text("", TypeSize.BODY)
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(button)
        self.button.clicked.connect(self.triggered)
        self.second = QPushButton(second)
        self.second.clicked.connect(self.second_triggered)
        self._close = QToolButton()
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.clicked.connect(self._dismiss)
        self._close.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_XS, SPACE_S, SPACE_XS)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._icon)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.button)
        layout.addWidget(self.second)
        layout.addWidget(self._close)
        self.second.setVisible(bool(second))
        self.button.setVisible(bool(button))  # only now: without a parent it would be a window
        theme().changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def text(self) -> str:
        return self._words.text()

    def tell(self, sentence: str) -> None:
        """Show the sentence; an empty one hides the banner."""
        self._words.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))

    def offer_second(self, words: str) -> None:
        """Show a second button, for what does not always help; empty words hide it."""
        self.second.setText(words)
        self.second.setVisible(bool(words))

    def dismissable(self) -> None:
        """Add a button that closes it."""
        self._close.show()

    @Slot()
    def _dismiss(self) -> None:
        self.tell("")

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(_ICON)
        colour = theme().colour("warning" if self._mark == "warning" else "quiet")
        self._icon.setPixmap(icon_pixmap(self._mark, side, colour, self.devicePixelRatioF()))
        self._close.setIcon(icon("close", "quiet"))
        self._close.setIconSize(QSize(side * 3 // 4, side * 3 // 4))
