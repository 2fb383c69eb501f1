"""A check box whose border can be seen in both themes; the style's own nearly vanishes in the dark one."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from app.gui.theme import theme
from app.gui.theme.icons import draw_icon
from app.gui.widgets.painting import draw_focus_ring, smooth_painter

_RADIUS = 3.0


class CheckBox(QCheckBox):
    """As QCheckBox, painted with the colours of the theme."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        style = self.style()
        box = style.subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = smooth_painter(self)
        self._paint_box(painter, QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5))
        words = style.subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
        painter.setPen(theme().colour("text" if self.isEnabled() else "quiet"))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic, self.text())
        painter.end()

    def _paint_box(self, painter: QPainter, box: QRectF) -> None:
        checked, enabled = self.isChecked(), self.isEnabled()
        filled = checked and enabled
        painter.setPen(QPen(theme().colour("accent" if filled else "quiet"), 1))
        painter.setBrush(theme().colour("accent" if filled else "surface"))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        if checked:
            draw_icon(painter, "tick", box, theme().colour("on_accent" if enabled else "quiet"))
        if self.hasFocus():
            draw_focus_ring(painter, box.adjusted(-2, -2, 2, 2), _RADIUS + 2)
