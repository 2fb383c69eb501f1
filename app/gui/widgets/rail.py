"""The rail of places at the left edge: icon, title and key."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QLayout, QSizePolicy, QVBoxLayout, QWidget

from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import draw_icon
from app.gui.theme.tokens import RADIUS, SPACE_S, SPACE_XS
from app.gui.widgets.key_cap import key_words
from app.gui.widgets.painting import draw_focus_ring, smooth_painter

_ICON = 24
_MARK = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the window: internal name, translated title, icon and key; ``bottom``: at the lower end."""

    name: str
    word: str
    icon: str
    key: str = ""
    bottom: bool = False


class Detail(IntEnum):
    """How much of a place is shown."""

    ICON = 0
    WORD = 1
    KEY = 2


class RailButton(QAbstractButton):
    """One place."""

    def __init__(self, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.detail = Detail.KEY
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setText(place.word)
        self.note = ""
        self.setAccessibleName(place.word)
        self._update_tool_tip()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme().changed.connect(self.updateGeometry)

    def set_key(self, key: str) -> None:
        self.place = replace(self.place, key=key)
        self._update_tool_tip()
        self.updateGeometry()
        self.update()

    def set_note(self, note: str) -> None:
        """Mark the place with a dot and say why; an empty text removes the mark."""
        self.note = note
        self.setAccessibleDescription(note)
        self._update_tool_tip()
        self.update()

    def _update_tool_tip(self) -> None:
        key = key_words(self.place.key)
        words = f"{self.place.word} ({key})" if key else self.place.word
        self.setToolTip(f"{words}\n{self.note}" if self.note else words)

    def sizeHint(self) -> QSize:
        return self.size_for(self.detail)

    def size_for(self, detail: Detail) -> QSize:
        """The size at a detail; titles and keys share one width, so that nothing jumps."""
        metrics = QFontMetrics(theme().font(TypeSize.SMALL))
        icon = theme().pixels(_ICON)
        if detail is Detail.ICON:
            return QSize(icon + 3 * SPACE_S, icon + 2 * SPACE_S)
        texts = (self.text(), key_words(self.place.key), "MMMM")
        widest = max(metrics.horizontalAdvance(text) for text in texts)
        lines = 2 if detail is Detail.KEY and self.place.key else 1
        return QSize(widest + 2 * SPACE_S, icon + lines * metrics.height() + 2 * SPACE_S + SPACE_XS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()  # the rail moves the focus
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        body = QRectF(self.rect()).adjusted(SPACE_XS, 1, -SPACE_XS, -1)
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("selection" if chosen else "raised"))
            painter.drawRoundedRect(body, RADIUS, RADIUS)
        if chosen:
            # A bar too, so that it does not depend on colour alone.
            painter.setBrush(theme().colour("accent"))
            painter.drawRoundedRect(
                QRectF(0, body.y() + SPACE_S, _MARK, body.height() - 2 * SPACE_S), 1.5, 1.5
            )
        ink = theme().colour("text" if chosen else "quiet")
        icon = theme().pixels(_ICON)
        draw_icon(painter, self.place.icon, QRectF((self.width() - icon) / 2, SPACE_S, icon, icon), ink)
        if self.note:
            side = icon / 3
            painter.setPen(QPen(theme().colour("surface"), 2))
            painter.setBrush(theme().colour("accent"))
            painter.drawEllipse(QRectF((self.width() + icon) / 2 - side / 2, SPACE_S - side / 4, side, side))
        self._paint_words(painter, QRectF(0, SPACE_S + icon + SPACE_XS, self.width(), self.height()), ink)
        if self.hasFocus():
            draw_focus_ring(painter, body, RADIUS)
        painter.end()

    def _paint_words(self, painter: QPainter, place: QRectF, ink: QColor) -> None:
        if self.detail is Detail.ICON:
            return
        font = theme().font(TypeSize.SMALL)
        place.setHeight(QFontMetrics(font).height())
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.text())
        if self.place.key and self.detail is Detail.KEY:
            painter.setPen(theme().colour("quiet"))
            below = place.translated(0, place.height())
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, key_words(self.place.key))


class Rail(QFrame):
    """All places; one is current. Tab reaches the rail once, the arrow keys move along it.

    In a low window the keys are hidden first, then the titles.
    """

    place_chosen = Signal(str)
    """The name of the place that the person chose; not emitted by set_current()."""

    def __init__(self, places: Sequence[Place], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "surface")
        self.setAccessibleName(self.tr("Places"))
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(0, SPACE_S, 0, SPACE_S)
        layout.setSpacing(SPACE_XS)
        self._buttons: dict[str, RailButton] = {}
        stretched = False
        for place in sorted(places, key=lambda place: place.bottom):
            if place.bottom and not stretched:
                layout.addStretch(1)
                stretched = True
            button = RailButton(place, self)
            button.clicked.connect(self._choose)
            self._buttons[place.name] = button
            layout.addWidget(button)
        if not stretched:
            layout.addStretch(1)
        theme().changed.connect(self._fit)
        if places:
            self.set_current(places[0].name)

    def names(self) -> list[str]:
        return list(self._buttons)

    def current(self) -> str | None:
        return next((name for name, button in self._buttons.items() if button.isChecked()), None)

    def set_current(self, name: str) -> None:
        for other, button in self._buttons.items():
            button.setChecked(other == name)
            focus = Qt.FocusPolicy.StrongFocus if other == name else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(focus)

    def set_key(self, name: str, key: str) -> None:
        """Show the key of a place, given in Qt's portable form."""
        self._buttons[name].set_key(key)
        self._fit()

    def set_note(self, name: str, note: str) -> None:
        """Mark a place with a dot and a sentence; an empty one removes the mark."""
        self._buttons[name].set_note(note)

    def button(self, name: str) -> RailButton:
        return self._buttons[name]

    def sizeHint(self) -> QSize:
        return self._size_for(Detail.KEY)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._size_for(self._detail()).width(), self._size_for(Detail.ICON).height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        detail = self._detail()
        for button in self._buttons.values():
            if button.detail is not detail:
                button.detail = detail
                button.updateGeometry()
                button.update()
        self.updateGeometry()

    def _detail(self) -> Detail:
        """The most that fits the present height."""
        fitting = (
            detail for detail in (Detail.KEY, Detail.WORD) if self._size_for(detail).height() <= self.height()
        )
        return next(fitting, Detail.ICON)

    def _size_for(self, detail: Detail) -> QSize:
        sizes = [button.size_for(detail) for button in self._buttons.values()]
        height = sum(size.height() + SPACE_XS for size in sizes) + 2 * SPACE_S
        return QSize(max((size.width() for size in sizes), default=0), height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        buttons = list(self._buttons.values())
        focused = next((place for place, button in enumerate(buttons) if button.hasFocus()), None)
        if step is None or focused is None:
            event.ignore()
            return
        buttons[(focused + step) % len(buttons)].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _choose(self) -> None:
        button = self.sender()
        if isinstance(button, RailButton):
            self.set_current(button.place.name)
            self.place_chosen.emit(button.place.name)
