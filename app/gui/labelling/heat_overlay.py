"""The heat map over the single view, which shows where the model sees the highlighted suggestion."""

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, qRgba

from app.domain.heat import Heat
from app.gui.labelling.controller import LabellingController
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import RADIUS, SPACE_M, SPACE_S
from app.gui.widgets.image_canvas import ImageCanvas
from app.gui.widgets.zoom_transform import ZoomTransform

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession

WAIT_MS: Final = 30
"""Delay of a request: a key that is held down passes many images."""
EXPLAIN_AFTER_MS: Final = 500
STOPS: Final = (
    (0.0, (34, 10, 66, 160)),
    (0.35, (96, 22, 92, 140)),
    (0.7, (214, 84, 66, 105)),
    (1.0, (255, 214, 96, 60)),
)
"""Red, green, blue and opacity by heat. Cold areas are dark, hot ones clear: that is legible on any picture,
in both themes, and without colour vision."""
_GROUND, _INK = QColor(20, 21, 24, 205), QColor(255, 255, 255)
_BAR: Final = 90


class HeatOverlay(QObject):
    """An overlay of an ImageCanvas that stays on, and follows the current image and suggestion."""

    changed = Signal(bool)
    """Whether it is on."""

    def __init__(
        self,
        session: "ProjectSession",
        controller: LabellingController,
        canvas: ImageCanvas,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._controller, self._canvas = session, controller, canvas
        self.on = False
        self.heat: Heat | None = None
        """The map that is shown."""
        self._image = QImage()
        self.words = ""
        """The legend: what the map shows, or why there is none."""
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(WAIT_MS)
        self._delay.timeout.connect(self._ask)
        self._explain_timer = QTimer(self)
        self._explain_timer.setSingleShot(True)
        self._explain_timer.setInterval(EXPLAIN_AFTER_MS)
        self._explain_timer.timeout.connect(self._explain_waiting)
        controller.current_changed.connect(self._follow)
        controller.highlight_changed.connect(self._follow)
        session.heat.ready.connect(self._take)
        session.heat.failed.connect(self._take_failure)
        session.scores_changed.connect(self._ask_again)
        session.closed.connect(self._forget)

    @Slot()
    def toggle(self) -> None:
        self.set_on(not self.on)

    def set_on(self, on: bool) -> None:
        if on == self.on:
            return
        self.on = on
        self._canvas.set_overlay(self if on else None)
        self._show(None, "")
        if on:
            self._ask()
        else:
            self._delay.stop()
        self.changed.emit(on)

    # --- following

    @Slot()
    def _follow(self) -> None:
        if self.on:
            self._show(None, "")
            self._delay.start()

    @Slot()
    def _ask(self) -> None:
        if not self.on:
            return
        image, category, info = self._controller.current, self._controller.highlight, self._session.info
        if image is None or info is None:
            self._show(None, "")
        elif category is None:
            self._show(None, self.tr("Highlight a suggestion to see where the model sees it."))
        else:
            self._show(None, self.tr("Computing the heat map…"))
            self._explain_timer.start()
            self._session.heat.want(info.folder, image, category)

    @Slot()
    def _explain_waiting(self) -> None:
        if self._session.heat.waits:
            self._show(
                None, self.tr("The heat map is waiting for another job. Pause that job to see the map now.")
            )
        else:
            self._show(None, self.tr("Computing the heat map… The first one takes a few seconds."))

    @Slot()
    def _ask_again(self) -> None:
        self._session.heat.forget()
        self._ask()

    def _is_wanted(self, image_id: int, category_id: int) -> bool:
        return self.on and (image_id, category_id) == (self._controller.current, self._controller.highlight)

    @Slot(object)
    def _take(self, heat: Heat) -> None:
        if self._is_wanted(heat.image_id, heat.category_id):
            if heat.tuned:
                words = self.tr("Where the trained version sees {category}")
            else:
                words = self.tr("Where {category} is seen, judging by its text")
            self._show(heat, words.format(category=heat.category))

    @Slot(int, int, str)
    def _take_failure(self, image_id: int, category_id: int, sentence: str) -> None:
        if self._is_wanted(image_id, category_id):
            self._show(None, sentence)

    @Slot()
    def _forget(self) -> None:
        self._session.heat.forget()
        self._delay.stop()
        self._show(None, "")

    def _show(self, heat: Heat | None, words: str) -> None:
        self.heat, self.words = heat, words
        self._explain_timer.stop()
        self._image = QImage() if heat is None else heat_image(heat)
        described = self.tr("Heat map: {words}").format(words=words) if self.on and words else ""
        self._canvas.setAccessibleDescription(described)
        self._canvas.update()

    # --- painting

    def paint(self, painter: QPainter, view: ZoomTransform) -> None:
        """Paint over the picture, which ``view`` places on the canvas."""
        left, top, width, height = view.rect()
        if self.heat is not None:
            x0, y0, x1, y1 = self.heat.rectangle
            corner, end = QPointF(*view.to_view(x0, y0)), QPointF(*view.to_view(x1, y1))
            painter.save()
            painter.setClipRect(QRectF(left, top, width, height))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(corner, end), self._image)
            painter.restore()
        if self.words:
            self._paint_legend(painter)

    def _paint_legend(self, painter: QPainter) -> None:
        font = theme().font(TypeSize.SMALL)
        painter.setFont(font)
        bar = theme().pixels(_BAR) if self.heat is not None else 0
        room = self._canvas.width() - 4 * SPACE_M - (bar + SPACE_S if bar else 0)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        text = painter.boundingRect(QRectF(0, 0, max(room, 40), 400), int(flags), self.words)
        height = text.height() + 2 * SPACE_S
        width = text.width() + 2 * SPACE_M + (bar + SPACE_S if bar else 0)
        ground = QRectF(SPACE_M, self._canvas.height() - SPACE_M - height, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_GROUND)
        painter.drawRoundedRect(ground, RADIUS, RADIUS)
        x = ground.x() + SPACE_M
        if bar:
            strip = QRectF(x, ground.center().y() - SPACE_S / 2, bar, SPACE_S)
            gradient = QLinearGradient(strip.topLeft(), strip.topRight())
            for at, (red, green, blue, _) in STOPS:
                gradient.setColorAt(at, QColor(red, green, blue))
            painter.setBrush(gradient)
            painter.drawRoundedRect(strip, 2, 2)
            x += bar + SPACE_S
        painter.setPen(_INK)
        place = QRectF(x, ground.y(), text.width() + 1, ground.height())
        painter.drawText(place, int(flags), self.words)


def heat_colour(value: float) -> tuple[int, int, int, int]:
    """Red, green, blue and opacity, each 0 to 255, of a heat in [0, 1]."""
    value = min(max(value, 0.0), 1.0)
    for (start, low), (end, high) in pairwise(STOPS):
        if value <= end:
            part = (value - start) / (end - start)
            red, green, blue, opacity = (round(a + part * (b - a)) for a, b in zip(low, high, strict=True))
            return red, green, blue, opacity
    return STOPS[-1][1]


def heat_image(heat: Heat) -> QImage:
    """One pixel per cell, to be scaled to the map's rectangle."""
    image = QImage(len(heat.rows[0]), len(heat.rows), QImage.Format.Format_ARGB32)
    for y, row in enumerate(heat.rows):
        for x, value in enumerate(row):
            image.setPixel(x, y, qRgba(*heat_colour(value)))
    return image
