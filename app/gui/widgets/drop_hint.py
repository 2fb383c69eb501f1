"""What happens to files that are dragged over the window, said before they are dropped."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QAccessible, QDropEvent, QFontMetrics, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import RADIUS, SPACE_L, SPACE_M, SPACE_S
from app.gui.widgets.painting import smooth_painter


class DropHint(QWidget):
    """A dashed frame over ``owner``, and a sentence in its middle."""

    ACCESSIBLE_ROLE = QAccessible.Role.AlertMessage

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words = ""
        owner.installEventFilter(self)
        self.hide()

    def words(self) -> str:
        """Empty while nothing is dragged."""
        return self._words if self.isVisible() else ""

    def tell(self, words: str) -> None:
        """Show the sentence; an empty one hides it."""
        if words == self._words:
            return  # it comes with each move of the mouse
        self._words = words
        self.setAccessibleName(words)
        if words:
            self._cover()
            self.raise_()
        self.setVisible(bool(words))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return super().eventFilter(watched, event)

    def _cover(self) -> None:
        owner = self.parentWidget()
        assert owner is not None
        self.setGeometry(owner.rect())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        painter.setPen(QPen(theme().colour("accent"), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), RADIUS, RADIUS)
        font = theme().font(TypeSize.LARGE, strong=True)
        wrap = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter
        room = self.rect().adjusted(4 * SPACE_L, SPACE_L, -4 * SPACE_L, -SPACE_L)
        text = QRectF(QFontMetrics(font).boundingRect(room, wrap, self._words))
        painter.setPen(QPen(theme().colour("accent"), 1))
        painter.setBrush(theme().colour("raised"))
        painter.drawRoundedRect(text.adjusted(-SPACE_L, -SPACE_M, SPACE_L, SPACE_S + SPACE_M), RADIUS, RADIUS)
        painter.setFont(font)
        painter.setPen(theme().colour("text"))
        painter.drawText(text.adjusted(-1, 0, 1, SPACE_S), wrap, self._words)
        painter.end()


def take_as_copy(event: QDropEvent) -> bool:
    """Accept the event, but never as a move: the other program would then delete the files."""
    for action in (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction):
        if event.possibleActions() & action:
            event.setDropAction(action)
            event.accept()
            return True
    event.ignore()
    return False
