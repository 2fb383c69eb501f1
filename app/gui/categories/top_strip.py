"""The ten images that fit the text of a category best, while it is being typed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QImage, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.category_properties import CategoryEdit
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_XS
from app.gui.widgets.painting import middle_of, smooth_painter
from app.gui.widgets.pictures import card_loader
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader
from app.jobs.project.text_preview import SHOWN

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession

_DECODED: Final = 128
_WAIT_MS: Final = 250


class TopStrip(QWidget):
    """One row; empty places until the answer comes. Its loader ends with the project."""

    ACCESSIBLE_ROLE = QAccessible.Role.Graphic

    def __init__(self, session: "ProjectSession", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._loader: ThumbnailLoader | None = None
        self._images: list[int] = []
        self._words = ""
        self._wanted: tuple[int, CategoryEdit] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_WAIT_MS)
        self._later.timeout.connect(self._ask)
        session.previews.ready.connect(self._take)
        session.previews.failed.connect(self._tell)
        session.closed.connect(self.forget)
        self._describe()

    def image_ids(self) -> list[int]:
        return list(self._images)

    def words(self) -> str:
        """What is written in place of the images, if anything."""
        return self._words

    def want(self, category_id: int, edit: CategoryEdit, *, at_once: bool = False) -> None:
        """Show the images of this text soon; the present ones stay until then."""
        if self._wanted != (category_id, edit) or at_once:
            self._wanted = category_id, edit
            self._later.start(0 if at_once else _WAIT_MS)

    def clear(self) -> None:
        """Nothing is shown, and nothing is asked for any more."""
        self._later.stop()
        self._wanted, self._images, self._words = None, [], ""
        self._session.previews.forget()
        self._describe()

    @Slot()
    def forget(self) -> None:
        self.clear()
        if self._loader is not None:
            self._loader.close()
            self._loader = None

    @Slot()
    def _ask(self) -> None:
        if self._wanted is not None:
            self._session.previews.want(*self._wanted)

    @Slot(object)
    def _take(self, image_ids: Sequence[int]) -> None:
        if self._wanted is None:
            return
        self._images = list(image_ids)
        self._words = "" if image_ids else self.tr("The image model knows none of these words.")
        if self._images and self._loader is None:
            self._loader = card_loader(self._session)
            self._loader.loaded.connect(self.update)
        if self._loader is not None:
            self._loader.want(self._images, theme().pixels(_DECODED))
        self._describe()

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        if self._wanted is not None:
            self._images = []
            self._words = sentence or self.tr("The images are shown once their features are computed.")
            self._describe()

    def _describe(self) -> None:
        self.setAccessibleDescription(self._words)
        self.update()

    # --- looks

    def sizeHint(self) -> QSize:
        width = theme().pixels(480)
        return QSize(width, self._cell(width).height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(200), theme().pixels(16))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self._cell(self.width()).height())

    @staticmethod
    def _cell(width: int) -> QSize:
        side = max(8, (width - (SHOWN - 1) * SPACE_XS) // SHOWN)
        return QSize(side, side * 3 // 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        if self._words:
            painter.setFont(theme().font(TypeSize.SMALL))
            painter.setPen(theme().colour("quiet"))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), flags, self._words)
            painter.end()
            return
        cell = self._cell(self.width())
        for place in range(SHOWN):
            rect = QRect(place * (cell.width() + SPACE_XS), 0, cell.width(), cell.height())
            picture = self._picture(place)
            if isinstance(picture, QImage):
                painter.drawImage(rect, picture, middle_of(picture, cell))
            else:
                painter.setPen(theme().colour("line"))
                painter.setBrush(theme().colour("raised"))
                painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.end()

    def _picture(self, place: int) -> object:
        if self._loader is None or place >= len(self._images):
            return None
        return self._loader.picture(self._images[place])
