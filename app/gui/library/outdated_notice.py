"""Says over an image that categories are newer than its review, with a way to all such images."""

from PySide6.QtCore import QEvent, QObject, QSize, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.text import Text
from app.gui.widgets.words import counted


class OutdatedNotice(QFrame):
    """Lies over ``place``, so that nothing moves when it appears."""

    show_all_wanted = Signal()

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self.setProperty("panel", "raised")
        self._place = place
        self._closed_for = 0
        self._count = 0
        self.words = Text("", TypeSize.BODY)
        self.button = QPushButton(self.tr("Show all such images"))
        self.button.clicked.connect(self.show_all_wanted)
        self.close_button = QToolButton()
        self.close_button.setAccessibleName(self.tr("Close this message"))
        self.close_button.clicked.connect(self._close)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_XS, SPACE_S, SPACE_XS)
        row.setSpacing(SPACE_S)
        row.addWidget(self.words)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
        place.installEventFilter(self)
        theme().changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def tell(self, count: int, *, offer: bool) -> None:
        """``count`` categories are newer; 0 hides it. ``offer`` a way to all such images."""
        self._count = count
        self.words.setText(
            counted(
                count,
                self.tr("{n} category is newer than this review: check it"),
                self.tr("{n} categories are newer than this review: check them"),
            )
        )
        self.setAccessibleName(self.words.text())
        self.button.setVisible(offer)
        self.setVisible(0 < count != self._closed_for)
        self._arrange()

    def forget(self) -> None:
        self._closed_for = 0
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._place and event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def _arrange(self) -> None:
        self.adjustSize()
        width = min(self.sizeHint().width(), self._place.width() - 2 * SPACE_S)
        self.setGeometry(
            (self._place.width() - width) // 2, theme().pixels(48), width, self.sizeHint().height()
        )
        self.raise_()

    @Slot()
    def _close(self) -> None:
        """Until another number of categories is newer."""
        self._closed_for = self._count
        self.hide()

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(14)
        self.close_button.setIcon(icon("close", "quiet", side=side))
        self.close_button.setIconSize(QSize(side, side))
