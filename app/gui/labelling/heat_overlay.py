"""The heat map over the single view: where the model sees the highlighted suggestion."""

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, qRgba

from app.domain.heat import Heat
from app.gui.labelling.controller import LabellingController
from app.gui.labelling.image_canvas import ImageCanvas
from app.gui.labelling.viewpoint import Viewpoint
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import RADIUS, SPACE_M, SPACE_S

if TYPE_CHECKING:
    from app.jobs.project_session import ProjectSession

WAIT_MS: Final = 30
"""Who holds a key down passes many images, of which most are gone at once."""
PATIENCE_MS: Final = 500
LOOKING: Final = "Looking…"
STOPS: Final = (
    (0.0, (34, 10, 66, 160)),
    (0.35, (96, 22, 92, 140)),
    (0.7, (214, 84, 66, 105)),
    (1.0, (255, 214, 96, 60)),
)
"""Red, green, blue and opacity by heat. What is cold lies in the dark, what is hot is clear: that is read on
any picture, in both themes, and without colours."""
_GROUND, _INK = QColor(20, 21, 24, 205), QColor(255, 255, 255)
_BAR: Final = 90


class HeatOverlay(QObject):
    """Stays on while images and suggestions change, and follows them. Paints for an ImageCanvas."""

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
        self._on = False
        self._heat: Heat | None = None
        self._image = QImage()
        self._words = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(WAIT_MS)
        self._later.timeout.connect(self._ask)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._explain_waiting)
        controller.current_changed.connect(self._follow)
        controller.highlight_changed.connect(self._follow)
        session.heat.came.connect(self._take)
        session.heat.failed.connect(self._take_trouble)
        session.scores_changed.connect(self._ask_anew)
        session.closed.connect(self._forget)

    @property
    def on(self) -> bool:
        return self._on

    @property
    def heat(self) -> Heat | None:
        """The map that shows."""
        return self._heat

    def words(self) -> str:
        """What the legend says: whose map it is, or why there is none."""
        return self._words

    @Slot()
    def toggle(self) -> None:
        self.set_on(not self._on)

    def set_on(self, on: bool) -> None:
        if on == self._on:
            return
        self._on = on
        self._canvas.set_overlay(self if on else None)
        self._show(None, "")
        if on:
            self._ask()
        else:
            self._later.stop()
            self._patience.stop()
        self.changed.emit(on)

    # --- following

    @Slot()
    def _follow(self) -> None:
        if self._on:
            self._show(None, "")
            self._later.start()

    @Slot()
    def _ask(self) -> None:
        if not self._on:
            return
        image, category, info = self._controller.current, self._controller.highlight, self._session.info
        if image is None or info is None:
            self._show(None, "")
        elif category is None:
            self._show(None, "Highlight a suggestion to see where the model sees it.")
        else:
            self._show(None, LOOKING)
            self._session.heat.want(info.folder, image, category)
            self._patience.start()

    @Slot()
    def _explain_waiting(self) -> None:
        if self._heat is not None or self._words != LOOKING:
            return
        if self._session.heat.waits:
            self._show(None, "The heat map waits for other work of the model; pause that to see it now.")
        else:
            self._show(None, "Looking… The first map takes a few seconds.")

    @Slot()
    def _ask_anew(self) -> None:
        self._session.heat.forget()
        self._ask()

    def _meant(self, image_id: int, category_id: int) -> bool:
        return self._on and (image_id, category_id) == (self._controller.current, self._controller.highlight)

    @Slot(object)
    def _take(self, heat: Heat) -> None:
        if self._meant(heat.image_id, heat.category_id):
            by = "the trained version" if heat.tuned else "its text"
            self._show(heat, f"Where {heat.category} is seen, by {by}")

    @Slot(int, int, str)
    def _take_trouble(self, image_id: int, category_id: int, sentence: str) -> None:
        if self._meant(image_id, category_id):
            self._show(None, sentence)

    @Slot()
    def _forget(self) -> None:
        self._session.heat.forget()
        self._later.stop()
        self._patience.stop()
        self._show(None, "")

    def _show(self, heat: Heat | None, words: str) -> None:
        self._heat, self._words = heat, words
        self._image = QImage() if heat is None else heat_image(heat)
        self._canvas.setAccessibleDescription(f"Heat map: {words}" if self._on and words else "")
        self._canvas.update()

    # --- painting

    def paint(self, painter: QPainter, view: Viewpoint) -> None:
        """Over the picture, which lies as ``view`` says."""
        left, top, width, height = view.rect()
        if self._heat is not None:
            x0, y0, x1, y1 = self._heat.rectangle
            corner, end = QPointF(*view.to_view(x0, y0)), QPointF(*view.to_view(x1, y1))
            painter.save()
            painter.setClipRect(QRectF(left, top, width, height))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(corner, end), self._image)
            painter.restore()
        if self._words:
            self._paint_legend(painter)

    def _paint_legend(self, painter: QPainter) -> None:
        font = theme().font(TypeSize.SMALL)
        painter.setFont(font)
        bar = theme().pixels(_BAR) if self._heat is not None else 0
        room = self._canvas.width() - 4 * SPACE_M - (bar + SPACE_S if bar else 0)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        text = painter.boundingRect(QRectF(0, 0, max(room, 40), 400), int(flags), self._words)
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
        painter.drawText(place, int(flags), self._words)


def heat_colour(value: float) -> tuple[int, int, int, int]:
    """Red, green, blue and opacity of a heat between 0 and 1."""
    value = min(max(value, 0.0), 1.0)
    for (start, low), (end, high) in pairwise(STOPS):
        if value <= end:
            part = (value - start) / (end - start)
            red, green, blue, opacity = (round(a + part * (b - a)) for a, b in zip(low, high, strict=True))
            return red, green, blue, opacity
    return STOPS[-1][1]


def heat_image(heat: Heat) -> QImage:
    """One pixel a cell, to be scaled onto the map's rectangle."""
    image = QImage(len(heat.rows[0]), len(heat.rows), QImage.Format.Format_ARGB32)
    for y, row in enumerate(heat.rows):
        for x, value in enumerate(row):
            image.setPixel(x, y, qRgba(*heat_colour(value)))
    return image
