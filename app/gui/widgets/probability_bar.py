"""A calibrated probability as a bar, with a tick at the category's threshold."""

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.domain.language import number
from app.gui.theme import theme


def draw_probability(painter: QPainter, rect: QRectF, probability: float, threshold: float | None) -> None:
    """Solid at or above the threshold, hollow below; without a threshold solid but quiet."""
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


def not_learned_words() -> str:
    """In place of a probability that is a guess."""
    return QCoreApplication.translate("Probability", "not learned yet")


def few_examples_words() -> str:
    """In place of a probability that rests on one or two examples."""
    return QCoreApplication.translate("Probability", "few examples")


def probability_words(probability: float, threshold: float | None) -> str:
    """The bar as text, for tooltips and screen readers."""
    translate = QCoreApplication.translate
    if threshold is None:
        words = translate("Probability", "{probability}, no threshold yet")
    elif probability >= threshold:
        words = translate("Probability", "{probability}, at or above the threshold of {threshold}")
    else:
        words = translate("Probability", "{probability}, below the threshold of {threshold}")
    return words.format(probability=number(probability, 2), threshold=number(threshold or 0, 2))
