"""A button that shows its key."""

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.gui.theme import theme
from app.gui.theme.tokens import SPACE_S, SPACE_XS
from app.gui.widgets.key_cap import KeyCap, key_words
from app.gui.widgets.text import Text


class KeyButton(QPushButton):
    """Triggers an action; shows its words and its key side by side."""

    def __init__(self, action: QAction, words: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # A click must not take the focus, and so the keys, away from the images.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._action = action
        self._text = Text(words)
        self._cap = KeyCap(key)
        for part in (self._text, self._cap):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(SPACE_S, SPACE_XS, SPACE_XS, SPACE_XS)
        self._row.setSpacing(SPACE_S)
        self._row.addWidget(self._text)
        self._row.addWidget(self._cap)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow_action)
        theme().changed.connect(self._resize)
        self.set_words(words)
        self.set_key(key)

    def words(self) -> str:
        return self._text.text()

    def key(self) -> str:
        return self._cap.text()

    def set_words(self, words: str) -> None:
        self._text.setText(words)
        self._describe()

    def set_key(self, key: str) -> None:
        self._cap.set_key(key)
        self._describe()

    def sizeHint(self) -> QSize:
        return self._row.sizeHint().expandedTo(QSize(0, theme().pixels(18) + 12))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._text.setEnabled(self.isEnabled())

    def _describe(self) -> None:
        key = key_words(self._cap.text())
        name = self.words()
        if key:
            name = self.tr("{words}, key {key}").format(words=name, key=key)
        self.setAccessibleName(name)
        self._resize()

    @Slot()
    def _resize(self) -> None:
        self._row.invalidate()
        self.updateGeometry()

    @Slot()
    def _follow_action(self) -> None:
        self.setToolTip(self._action.toolTip())
