"""The current card, large."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.gui.labelling.single_view import side_for
from app.gui.review.card_grid import CardGrid
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_S
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.image_canvas import ImageCanvas
from app.gui.widgets.pictures import Picture, decode_picture
from app.gui.widgets.text import ElidedText
from app.jobs.pictures.image_loader import ImageLoader, session_pictures

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession

CACHE_BYTES: Final = 48 << 20
_AHEAD: Final = 3


class CardPreview(QWidget):
    """Shows the image of the grid's current card; the keys work as in the grid."""

    left = Signal()

    def __init__(self, session: "ProjectSession", grid: CardGrid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Card, large"))
        self._session, self._grid = session, grid
        self._loader: ImageLoader | None = None
        self.canvas = ImageCanvas()
        self.trouble = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.trouble)
        self.words = ElidedText("", TypeSize.BODY, tabular=True)
        self.back = QPushButton(self.tr("All cards"))
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.clicked.connect(self.left)
        top = QHBoxLayout()
        top.setContentsMargins(SPACE_S, 0, SPACE_S, 0)
        top.addWidget(self.words, 1)
        top.addWidget(self.back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        self.canvas.side_wanted.connect(self._look_closer)
        grid.current_changed.connect(self.show_current)
        session.closed.connect(self._forget)

    def close_loader(self) -> bool:
        """End the threads; False if one did not end in time."""
        return self._loader is None or self._loader.close()

    def show_words(self) -> None:
        """The card and its answer, as text."""
        if self._grid.current_card() is not None:
            look = self._grid.look(self._grid.current)
            self.words.setText(" · ".join([self._grid.position_words(), *look.words()]))

    @Slot()
    def show_current(self) -> None:
        card = self._grid.current_card()
        if not self.isVisible() or card is None:
            return
        self.show_words()
        loader = self._make_loader()
        images = [self._grid.look(i).card.image_id for i in range(self._grid.count())]
        at = self._grid.current
        wanted = [card.image_id, *images[at + 1 : at + 1 + _AHEAD], *images[max(0, at - 1) : at]]
        ratio = self.devicePixelRatioF()
        loader.show(wanted, side_for(max(self._stack.width(), self._stack.height()) * ratio))
        self._show_loaded(card.image_id, keep_view=False)

    def _make_loader(self) -> ImageLoader:
        """The loader with its threads, created on first use."""
        if self._loader is None:
            self._loader = ImageLoader(
                session_pictures(self._session), decode_picture, near_cache_bytes=CACHE_BYTES
            )
            self._loader.loaded.connect(self._show_arrived)
            self._loader.failed.connect(self._failed)
        return self._loader

    def _show_loaded(self, image_id: int, *, keep_view: bool) -> None:
        loader = self._make_loader()
        picture, reason = loader.picture(image_id), loader.reason(image_id)
        self._stack.setCurrentWidget(self.trouble if reason is not None else self.canvas)
        if isinstance(picture, Picture):
            self._stack.setCurrentWidget(self.canvas)
            self.canvas.show_picture(picture, keep_view=keep_view)
        elif reason is not None:
            words = self.tr("{reason}. You can still label it.")
            self.trouble.set_text(self.tr("This image cannot be shown"), words.format(reason=reason))
        else:
            self.canvas.show_words(self.tr("Loading…"))

    @Slot(int)
    def _show_arrived(self, image_id: int) -> None:
        card = self._grid.current_card()
        if card is not None and card.image_id == image_id:
            self._show_loaded(image_id, keep_view=self.canvas.picture() is not None)

    @Slot(int, str)
    def _failed(self, image_id: int, _reason: str) -> None:
        self._show_arrived(image_id)

    @Slot(int)
    def _look_closer(self, needed: int) -> None:
        picture, card = self.canvas.picture(), self._grid.current_card()
        if picture is None or card is None or picture.complete or needed <= picture.long_side:
            return
        self._make_loader().look_closer(
            card.image_id, side_for(min(needed, max(picture.width, picture.height)))
        )

    @Slot()
    def _forget(self) -> None:
        if self._loader is not None:
            self._loader.forget()
            self._loader.show([], 0)
        self.canvas.show_words()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_current()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._loader is not None:
            self._loader.show([], 0)
