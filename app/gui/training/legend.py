"""The legend of the precision chart: glyph, title and latest value of each line."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QAccessible, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.language import number
from app.domain.training import CurvePoint
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_XS
from app.gui.training.curve_chart import PRECISION, Series
from app.gui.widgets.band_glyph import BandGlyph
from app.gui.widgets.flow_box import FlowBox
from app.gui.widgets.painting import smooth_painter
from app.gui.widgets.text import Text


class _Stroke(QWidget):
    """The line of the total, which has no band and so no glyph."""

    ACCESSIBLE_ROLE = QAccessible.Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        side = theme().pixels(TypeSize.LARGE)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        painter.setPen(QPen(theme().colour("text"), 2))
        middle = self.height() / 2
        painter.drawLine(QPointF(1, middle), QPointF(self.width() - 1, middle))
        painter.end()


class _Entry(QWidget):
    def __init__(self, series: Series, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.series = series
        self.words = Text(series.title(), TypeSize.SMALL, tabular=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, SPACE_M, 0)
        row.setSpacing(SPACE_XS)
        row.addWidget(_Stroke() if series.band is None else BandGlyph(series.band))
        row.addWidget(self.words)

    def show_value(self, value: float | None) -> None:
        title = self.series.title()
        self.words.setText(title if value is None else f"{title} {number(value, 3)}")


class Legend(QWidget):
    """Shown above the chart, with the same points."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = [_Entry(series) for series in PRECISION]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(FlowBox(self._entries))

    def words(self) -> list[str]:
        return [entry.words.text() for entry in self._entries]

    def set_points(self, points: Sequence[CurvePoint]) -> None:
        for entry in self._entries:
            known = (getattr(point, entry.series.name) for point in reversed(points))
            entry.show_value(next((value for value in known if value is not None), None))
