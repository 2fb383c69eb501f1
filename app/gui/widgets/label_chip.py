"""A label of an image. Never by colour alone: yes is filled, no is struck through."""

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.labels import LabelState, Source
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import draw_icon
from app.gui.theme.tokens import RADIUS, SPACE_S, SPACE_XS
from app.gui.widgets.painting import draw_focus_ring, smooth_painter

_COLOURS = {LabelState.YES: "yes", LabelState.NO: "no", LabelState.UNKNOWN: "quiet"}
_ICONS = {LabelState.YES: "tick", LabelState.NO: "close", LabelState.UNKNOWN: "question"}


def source_words(source: Source | None, when: str = "") -> str:
    """Who gave a label, and when: ``you, 2 min ago``. A label without a source is implied by a review."""
    translate = QCoreApplication.translate
    who = {
        None: translate("Labels", "by review"),
        Source.HUMAN: translate("Labels", "you"),
        Source.BULK: translate("Labels", "you, in bulk"),
        Source.IMPORT: translate("Labels", "import"),
        Source.PROPAGATED: translate("Labels", "copied"),
    }[source]
    return f"{who}, {when}" if when else who


def state_words(state: LabelState) -> str:
    """``yes``, ``no`` or ``unknown``."""
    translate = QCoreApplication.translate
    return {
        LabelState.YES: translate("Labels", "yes"),
        LabelState.NO: translate("Labels", "no"),
        LabelState.UNKNOWN: translate("Labels", "unknown"),
    }[state]


class LabelChip(QWidget):
    """A category's label on an image, or on a selection (``share``: ``3 of 12``)."""

    ACCESSIBLE_ROLE = QAccessible.Role.PushButton
    clicked = Signal()

    def __init__(
        self,
        name: str,
        state: LabelState,
        *,
        source: str = "",
        share: str = "",
        size: TypeSize = TypeSize.BODY,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._name = name
        self._state = state
        self._source = source
        self._share = share
        self._describe()
        theme().changed.connect(self.updateGeometry)

    def name(self) -> str:
        return self._name

    def state(self) -> LabelState:
        return self._state

    def set_label(self, state: LabelState, *, source: str = "", share: str = "") -> None:
        self._state, self._source, self._share = state, source, share
        self._describe()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme().font(self._size, strong=self._state is LabelState.YES))
        height = metrics.height() + 2 * SPACE_XS
        width = height + metrics.horizontalAdvance(self._name) + SPACE_S + 1
        words = self._words()
        if words:
            width += QFontMetrics(theme().font(TypeSize.SMALL)).horizontalAdvance(words) + SPACE_S
        return QSize(width, height)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), 4 * hint.height()), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        name_font = theme().font(self._size, strong=self._state is LabelState.YES)
        words, small = self._words(), theme().font(TypeSize.SMALL, tabular=True)
        metrics = QFontMetrics(name_font)
        height = self.height()
        words_width = QFontMetrics(small).horizontalAdvance(words) + SPACE_S if words else 0
        room = max(0, self.width() - words_width - height - SPACE_S)
        shown = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        body = QRectF(0.5, 0.5, height + metrics.horizontalAdvance(shown) + SPACE_S - 1, height - 1)
        colour = theme().colour(_COLOURS[self._state])
        filled = self._state is LabelState.YES
        painter.setPen(QPen(colour, 1))
        painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(body, RADIUS, RADIUS)
        ink = theme().colour("surface") if filled else colour
        inset = height * 0.22
        draw_icon(
            painter, _ICONS[self._state], QRectF(inset, inset, height - 2 * inset, height - 2 * inset), ink
        )
        font = theme().font(self._size, strong=filled)
        if self._state is LabelState.NO:
            font = QFont(font)
            font.setStrikeOut(True)
        painter.setFont(font)
        painter.setPen(ink)
        text = QRectF(height, 0, body.right() - height, height)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, shown)
        if words:
            painter.setFont(small)
            painter.setPen(theme().colour("quiet"))
            place = QRectF(body.right() + SPACE_S, 0, self.width(), height)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
        if self.hasFocus():
            draw_focus_ring(painter, body, RADIUS)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            event.ignore()

    def _words(self) -> str:
        return ", ".join(part for part in (self._share, self._source) if part)

    def _describe(self) -> None:
        words = ", ".join(
            part for part in (f"{self._name}: {state_words(self._state)}", self._words()) if part
        )
        self.setAccessibleName(words)
        self.setToolTip(words)
