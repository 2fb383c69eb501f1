"""The recent projects: some pictures, what each contains, when it was last opened."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.domain.language import number
from app.gui.start.strip import CELL, GAP, SHOWN
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import draw_icon, icon
from app.gui.theme.tokens import RADIUS, SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.painting import draw_focus_ring, smooth_painter
from app.gui.widgets.words import counted, day_words
from app.jobs.settings.recent_projects import ProjectCard

_PICTURE_HEIGHT: Final = 45
_PICTURES_FROM: Final = 480
"""Below this width only the text is shown."""


class ProjectRow(QAbstractButton):
    """One project. A click or Enter opens it; Delete or the cross removes it from the list."""

    forget_wanted = Signal()

    def __init__(self, card: ProjectCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = card
        self.setText(card.name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._strip = QPixmap()
        if card.strip:
            self._strip.loadFromData(card.strip, "PNG")
        self.remove = QToolButton(self)
        self.remove.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.remove.setAccessibleName(self.tr("Remove {name} from this list").format(name=card.name))
        self.remove.setToolTip(self.tr("Remove from this list (Del). The project itself is kept."))
        self.remove.clicked.connect(self.forget_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, SPACE_M, 0)
        layout.addStretch(1)
        layout.addWidget(self.remove)
        self.setAccessibleName(f"{card.name}: {self.words()}")
        self.setToolTip(str(card.folder))
        theme().changed.connect(self._restyle)
        self._restyle()

    def words(self) -> str:
        """What it contains and when it was opened, or that it was not found."""
        card = self.card
        if not card.there:
            return self.tr("Not found: connect its disk, or open it from its new location")
        parts = []
        if card.images is not None:
            parts += self._progress(card.images, card.reviewed)
            if card.categories is not None:
                parts.append(counted(card.categories, self.tr("{n} category"), self.tr("{n} categories")))
        if card.opened_at is not None:
            day = day_words(card.opened_at, datetime.now(UTC))
            parts.append(self.tr("opened {day}").format(day=day))
        return " · ".join(parts)

    def _progress(self, images: int, reviewed: int | None) -> list[str]:
        """What is left to do, where it was begun, and how many images there are."""
        total = counted(images, self.tr("{n} image"), self.tr("{n} images"))
        if reviewed is None or not images:
            return [total]
        if not reviewed:
            return [total, self.tr("none reviewed yet")]
        if reviewed >= images:
            return [total, self.tr("all reviewed")]
        return [self.tr("{n} unreviewed, continue").format(n=number(images - reviewed)), total]

    def sizeHint(self) -> QSize:
        words = QFontMetrics(theme().font(TypeSize.LARGE)).height() + 2 * self._line() + SPACE_XS
        return QSize(theme().pixels(320), max(words, theme().pixels(_PICTURE_HEIGHT)) + 2 * SPACE_M)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(160), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Delete:
            self.forget_wanted.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()  # the list moves between its rows
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = smooth_painter(self)
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        over = self.underMouse() or self.isDown()
        painter.setPen(QPen(theme().colour("accent" if over else "line"), 1))
        painter.setBrush(theme().colour("selection" if over else "surface"))
        painter.drawRoundedRect(body, RADIUS, RADIUS)
        left = body.x() + SPACE_M
        if self.width() >= theme().pixels(_PICTURES_FROM):
            left = self._paint_pictures(painter, left)
        words = QRectF(left, 0, self.remove.x() - SPACE_M - left, self.height())
        self._paint_words(painter, words)
        if self.hasFocus():
            draw_focus_ring(painter, body, RADIUS)
        painter.end()

    def _paint_pictures(self, painter: QPainter, left: float) -> float:
        """The strip, or an icon instead. Returns the x at which the text starts."""
        height = theme().pixels(_PICTURE_HEIGHT)
        scale = height / CELL.height()
        width = (SHOWN * (CELL.width() + GAP) - GAP) * scale
        place = QRectF(left, (self.height() - height) / 2, width, height)
        if self._strip.isNull():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("ground"))
            painter.drawRoundedRect(place, RADIUS / 2, RADIUS / 2)
            inset = height * 0.25
            name = "folder" if self.card.there else "image-missing"
            draw_icon(painter, name, place.adjusted(0, inset, 0, -inset), theme().colour("quiet"))
        else:
            painter.setOpacity(1.0 if self.card.there else 0.4)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            shown = QRectF(place.x(), place.y(), self._strip.width() * scale, height)
            painter.drawPixmap(shown, self._strip, QRectF(self._strip.rect()))
            painter.setOpacity(1.0)
        return place.right() + SPACE_L

    def _paint_words(self, painter: QPainter, place: QRectF) -> None:
        title = theme().font(TypeSize.LARGE, strong=True)
        small = theme().font(TypeSize.SMALL, tabular=True)
        height, line = QFontMetrics(title).height(), self._line()
        top = place.y() + (place.height() - height - 2 * line - SPACE_XS) / 2
        there = self.card.there
        lines = (
            (title, "text" if there else "quiet", self.card.name, height, Qt.TextElideMode.ElideRight),
            (small, "quiet" if there else "warning", self.words(), line, Qt.TextElideMode.ElideRight),
            (small, "quiet", str(self.card.folder), line, Qt.TextElideMode.ElideMiddle),
        )
        for font, colour, text, tall, elide in lines:
            painter.setFont(font)
            painter.setPen(theme().colour(colour))
            shown = QFontMetrics(font).elidedText(text, elide, int(place.width()))
            painter.drawText(
                QRectF(place.x(), top, place.width(), tall), Qt.AlignmentFlag.AlignVCenter, shown
            )
            top += tall + SPACE_XS / 2

    def _line(self) -> int:
        return QFontMetrics(theme().font(TypeSize.SMALL)).height()

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(14)
        self.remove.setIcon(icon("close", "quiet", side=side))
        self.remove.setIconSize(QSize(side, side))
        self.updateGeometry()


class RecentList(QWidget):
    """The rows, the latest project first; the arrow keys move between them."""

    open_wanted = Signal(object)
    """A Path."""
    missing_chosen = Signal(object)
    """A Path that was not found."""
    forget_wanted = Signal(object)
    """A Path."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Recent projects"))
        self._rows: list[ProjectRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_S)

    def rows(self) -> list[ProjectRow]:
        return list(self._rows)

    def set_cards(self, cards: Sequence[ProjectCard]) -> None:
        """Replace the rows if anything has changed; the row with the focus keeps it.

        Also in a window that is not active (yet), where no widget has the focus.
        """
        if [row.card for row in self._rows] == list(cards):
            return
        focus = self.window().focusWidget()
        focused = next((row.card.folder for row in self._rows if row is focus), None)
        for row in self._rows:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for card in cards:
            row = ProjectRow(card, self)
            row.clicked.connect(self._chosen)
            row.forget_wanted.connect(self._forgotten)
            self._layout.addWidget(row)
            row.show()
            self._rows.append(row)
            if card.folder == focused:
                row.setFocus()
        if self._rows:
            self.setFocusProxy(self._rows[0])

    @Slot()
    def _chosen(self) -> None:
        row = self.sender()
        if isinstance(row, ProjectRow):
            (self.open_wanted if row.card.there else self.missing_chosen).emit(row.card.folder)

    @Slot()
    def _forgotten(self) -> None:
        row = self.sender()
        if isinstance(row, ProjectRow):
            self.forget_wanted.emit(row.card.folder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        focused = next((place for place, row in enumerate(self._rows) if row.hasFocus()), None)
        if step is None or focused is None:
            event.ignore()
            return
        target = min(max(focused + step, 0), len(self._rows) - 1)
        self._rows[target].setFocus(Qt.FocusReason.TabFocusReason)
