"""The command palette: type part of a command's title, Enter runs it."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.gui.commands.table import Command, find
from app.gui.commands.texts import translated
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import RADIUS, SPACE_M, SPACE_S
from app.gui.widgets.key_cap import key_words
from app.gui.widgets.text import Text

_COMMAND: Final = Qt.ItemDataRole.UserRole
_KEY: Final = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class Palette(QWidget):
    """Lists the commands enabled now. ``offer`` returns them, each with the key to show."""

    chosen = Signal(str)
    """The name of a command."""

    def __init__(
        self, offer: Callable[[], Sequence[tuple[Command, str]]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Commands"))
        self._offer = offer
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("What do you want to do?"))
        self.line.setAccessibleName(self.tr("Command"))
        self.line.textChanged.connect(self._fill)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(self.tr("Matching commands"))
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._take)
        self.nothing = Text(self.tr("No matching command. Esc closes."), quiet=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.line)
        layout.addWidget(self.nothing)
        layout.addWidget(self.list, 1)
        self.setFocusProxy(self.line)

    def words(self) -> list[str]:
        """The titles in the list, from top to bottom."""
        return [self.list.item(row).text() for row in range(self.list.count())]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.line.clear()
        self._fill("")

    @Slot(str)
    def _fill(self, text: str) -> None:
        offered = dict(self._offer())
        self.list.clear()
        for command in find(text, list(offered)):
            item = QListWidgetItem(command.words)
            item.setData(_COMMAND, command.name)
            item.setData(_KEY, key_words(offered[command]))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{command.words}, {translated(command.group)}")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.nothing.setVisible(not self.list.count())

    @Slot(QListWidgetItem)
    def _take(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_COMMAND))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key) -> bool:
        count, row = self.list.count(), self.list.currentRow()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and count:
            self.list.setCurrentRow((row + (1 if key == Qt.Key.Key_Down else -1)) % count)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if count:
                self._take(self.list.currentItem())
        else:
            return False
        return True


class _Delegate(QStyledItemDelegate):
    """The title of a command, its key at the right edge."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = QFontMetrics(theme().font()).height() + 2 * SPACE_S
        return QSize(super().sizeHint(option, index).width(), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        from PySide6.QtWidgets import QStyle

        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place: QRect = option.rect
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("selection" if chosen else "ground"))
            painter.drawRoundedRect(place, RADIUS, RADIUS)
        inner = place.adjusted(SPACE_M, 0, -SPACE_M, 0)
        key, small = index.data(_KEY) or "", theme().font(TypeSize.SMALL)
        room = QFontMetrics(small).horizontalAdvance(key) + SPACE_M if key else 0
        painter.setFont(theme().font())
        painter.setPen(theme().colour("text"))
        words = QFontMetrics(theme().font()).elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, inner.width() - room
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.setFont(small)
        painter.setPen(theme().colour("quiet"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, key)
        painter.restore()
