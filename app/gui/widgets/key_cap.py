"""The key of an action, drawn as a key cap."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QFontMetrics, QKeySequence, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_XS
from app.gui.widgets.painting import smooth_painter


class KeyCap(QWidget):
    """Shows a key or a combination, such as ``Y`` or ``Ctrl+Shift+Z``, as this system writes it."""

    ACCESSIBLE_ROLE = QAccessible.Role.StaticText

    def __init__(self, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._text = ""
        self.set_key(key)
        theme().changed.connect(self.updateGeometry)

    def text(self) -> str:
        return self._text

    def set_key(self, key: str) -> None:
        self._text = key_words(key)
        self.setAccessibleName(self.tr("Key {key}").format(key=self._text) if self._text else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if not self._text:
            return QSize(0, 0)
        metrics = QFontMetrics(theme().font(TypeSize.SMALL))
        height = metrics.height() + SPACE_XS
        return QSize(max(height, metrics.horizontalAdvance(self._text) + 2 * SPACE_XS + 2), height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._text:
            return
        painter = smooth_painter(self)
        cap = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -1.5)
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.setBrush(theme().colour("raised"))
        # The lower edge of the key below its top.
        painter.drawRoundedRect(cap.translated(0, 1), 4, 4)
        painter.drawRoundedRect(cap, 4, 4)
        painter.setFont(theme().font(TypeSize.SMALL))
        painter.setPen(theme().colour("quiet"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()


def key_words(key: str) -> str:
    """``Ctrl+Z`` as this system writes it; other text is unchanged. Both Enter keys are ``Enter``."""
    native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return native.replace("Return", "Enter") or key


def key_caps(keys: Iterable[str]) -> list[str]:
    """The keys to show for one command: each inscription once."""
    return list({key_words(key): key for key in reversed(list(keys))}.values())[::-1]
