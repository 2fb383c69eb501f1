"""One encoded thumbnail, as large as there is room."""

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QImage, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.gui.theme import theme
from app.gui.widgets.painting import smooth_painter
from app.gui.widgets.pictures import PictureError, decode_thumbnail

_LEAST: Final = QSize(120, 90)
_SIDE: Final = 640


class PictureBox(QWidget):
    """Shows words where there is no picture."""

    ACCESSIBLE_ROLE = QAccessible.Role.Graphic

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def image(self) -> QImage | None:
        return self._image

    def show_bytes(self, data: bytes | None) -> None:
        try:
            self._image = None if data is None else decode_thumbnail(data, _SIDE).picture
        except PictureError:
            self._image = None
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(_LEAST.width()), theme().pixels(_LEAST.height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        if self._image is None:
            painter.setPen(theme().colour("quiet"))
            painter.drawText(
                self.rect(),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                self.tr("No picture of this file was kept."),
            )
        else:
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(0, 0, size.width(), size.height())
            place.moveCenter(self.rect().center())
            painter.drawImage(place, self._image)
        painter.end()
