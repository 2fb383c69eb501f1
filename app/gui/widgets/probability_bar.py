"""A calibrated probability as a bar, with a tick where the category's threshold lies."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.gui.theme import theme
from app.gui.widgets.painting import smooth_painter

_WIDTH = 96
_HEIGHT = 16


def draw_probability(painter: QPainter, rect: QRectF, probability: float, threshold: float | None) -> None:
    """Solid at or above the threshold, hollow below it (a near miss); without a threshold solid but quiet."""
    thickness = rect.height() * 0.5
    track = QRectF(rect.x() + 0.5, rect.center().y() - thickness / 2, rect.width() - 1, thickness)
    radius = thickness / 4
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour("line"))
    painter.drawRoundedRect(track, radius, radius)
    share = min(max(probability, 0.0), 1.0)
    if share > 0:
        value = QRectF(track.x(), track.y(), max(track.width() * share, thickness / 2), thickness)
        colour = theme().colour("quiet" if threshold is None else "accent")
        if threshold is not None and probability < threshold:
            painter.setBrush(theme().colour("surface"))
            painter.setPen(QPen(colour, 1.5))
            painter.drawRoundedRect(value.adjusted(0.75, 0.75, -0.75, -0.75), radius, radius)
        else:
            painter.setBrush(colour)
            painter.drawRoundedRect(value, radius, radius)
    if threshold is not None:
        x = track.x() + track.width() * min(max(threshold, 0.0), 1.0)
        painter.setPen(QPen(theme().colour("surface"), 4))
        painter.drawLine(round(x), round(rect.top()), round(x), round(rect.bottom()))
        painter.setPen(QPen(theme().colour("text"), 2))
        painter.drawLine(round(x), round(rect.top()), round(x), round(rect.bottom()))


def probability_words(probability: float, threshold: float | None) -> str:
    """The bar for those who do not see it."""
    if threshold is None:
        return f"{probability:.2f}, no threshold yet"
    side = "at or above" if probability >= threshold else "below"
    return f"{probability:.2f}, {side} the threshold of {threshold:.2f}"


class ProbabilityBar(QWidget):
    """A probability in [0, 1] and, where it is known, the threshold on the same scale."""

    def __init__(
        self, probability: float = 0.0, threshold: float | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._probability = 0.0
        self._threshold: float | None = None
        self.set_value(probability, threshold)
        theme().changed.connect(self.updateGeometry)

    def probability(self) -> float:
        return self._probability

    def set_value(self, probability: float, threshold: float | None) -> None:
        self._probability = probability
        self._threshold = threshold
        words = probability_words(probability, threshold)
        self.setAccessibleName(f"Probability {words}")
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(_WIDTH), theme().pixels(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(_WIDTH) // 3, theme().pixels(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        draw_probability(painter, QRectF(self.rect()), self._probability, self._threshold)
        painter.end()
