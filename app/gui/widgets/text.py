"""Labels in the four sizes of the theme that follow the system's font."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.gui.theme import TypeSize, theme


class Text(QLabel):
    """Plain text; ``quiet`` for explanations, ``tabular`` for numbers that change in place."""

    def __init__(
        self,
        text: str = "",
        size: TypeSize = TypeSize.BODY,
        *,
        quiet: bool = False,
        strong: bool = False,
        tabular: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._size = size
        self._quiet = quiet
        self._strong = strong
        self._tabular = tabular
        # Names of files and categories must not be taken for markup.
        self.setTextFormat(Qt.TextFormat.PlainText)
        theme().changed.connect(self._restyle)
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        self.setFont(theme().font(self._size, strong=self._strong, tabular=self._tabular))
        palette = self.palette()
        palette.setColor(self.foregroundRole(), theme().colour("quiet" if self._quiet else "text"))
        self.setPalette(palette)


class ElidedText(Text):
    """One line, elided in the middle if there is no room; the tooltip then has the whole text."""

    def __init__(
        self, text: str = "", size: TypeSize = TypeSize.BODY, *, quiet: bool = False, tabular: bool = False
    ) -> None:
        super().__init__(text, size, quiet=quiet, tabular=tabular)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).averageCharWidth() * 4, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment(), shown)
        painter.end()
