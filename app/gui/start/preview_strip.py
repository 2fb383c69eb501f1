"""A few images of the chosen folders, side by side."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QImage, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.folder_survey import PREVIEWS
from app.gui.theme import theme
from app.gui.theme.tokens import SPACE_XS
from app.gui.widgets.painting import middle_of, smooth_painter
from app.gui.widgets.pictures import decode_thumbnail
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader
from app.jobs.work.folder_surveys import FolderSurveys

_CELL: Final = QSize(72, 54)
_DECODED: Final = 320
_CACHE_BYTES: Final = 8 << 20


class PreviewStrip(QWidget):
    """Decodes on a thread of its loader, which starts with the first picture; close() ends it."""

    ACCESSIBLE_ROLE = QAccessible.Role.Graphic

    def __init__(self, surveys: FolderSurveys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._surveys = surveys
        self._loader: ThumbnailLoader | None = None
        self._numbers: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Some of the images"))

    def show_images(self, paths: Sequence[str]) -> None:
        """Paths of images, empty while none are chosen."""
        self._numbers = [self._surveys.number_of(path) for path in paths[:PREVIEWS]]
        if self._numbers and self._loader is None:
            self._loader = ThumbnailLoader(
                self._surveys.preview, decode_thumbnail, cache_bytes=_CACHE_BYTES, threads=1
            )
            self._loader.loaded.connect(self.update)
        if self._loader is not None:
            self._loader.want(self._numbers, _DECODED)
        self.update()

    def pictures(self) -> list[QImage]:
        """Those that are decoded."""
        loader = self._loader
        found = [] if loader is None else [loader.picture(number) for number in self._numbers]
        return [picture for picture in found if isinstance(picture, QImage)]

    def close_loader(self) -> bool:
        return self._loader is None or self._loader.close()

    def sizeHint(self) -> QSize:
        return QSize(theme().pixels(3 * _CELL.width()), theme().pixels(_CELL.height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(_CELL.width()), theme().pixels(_CELL.height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        width, height = theme().pixels(_CELL.width()), theme().pixels(_CELL.height())
        painter.setPen(Qt.PenStyle.NoPen)
        for place in range(PREVIEWS):
            left = place * (width + SPACE_XS)
            if left + width > self.width():
                break
            cell = QRect(left, 0, width, height)
            picture = self._picture(place)
            if picture is not None:
                painter.drawImage(cell, picture, middle_of(picture, cell.size()))
            elif place < len(self._numbers) or not self._numbers:
                painter.setBrush(theme().colour("raised"))
                painter.drawRoundedRect(QRectF(cell), SPACE_XS, SPACE_XS)
        painter.end()

    def _picture(self, place: int) -> QImage | None:
        if self._loader is None or place >= len(self._numbers):
            return None
        return self._loader.picture(self._numbers[place])
