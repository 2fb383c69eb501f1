"""All categories of the project in the inspector: a filter and a list of any length."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.labels import LabelState
from app.domain.language import number
from app.gui.labelling.sheet import SheetRow
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import RADIUS, SPACE_S, SPACE_XS
from app.gui.widgets.label_chip import state_words
from app.gui.widgets.probability_bar import few_examples_words, not_learned_words

MOST_VISIBLE: Final = 10
_ROW: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class CategoryRows(QAbstractListModel):
    """The rows whose name contains a text. They are made when they are painted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[SheetRow] = ()
        self._ids: Sequence[int] = ()
        self._names: Sequence[str] = ()
        self._places: Sequence[int] = ()
        self._text = ""

    def set_rows(self, rows: Sequence[SheetRow], ids: Sequence[int], names: Sequence[str]) -> None:
        """Rows, the numbers of their categories and the names, case-folded."""
        same, self._rows = ids == self._ids, rows
        if same:
            if ids:
                self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))
            return
        self._ids, self._names = ids, names
        self._select()

    def filter(self, text: str) -> None:
        self._text = text.strip().casefold()
        self._select()

    def _select(self) -> None:
        self.beginResetModel()
        self._places = [at for at, name in enumerate(self._names) if self._text in name]
        self.endResetModel()

    def place_of(self, category_id: int | None) -> int:
        """The line of a category; -1 if it is not listed."""
        wanted = next((at for at, one in enumerate(self._ids) if one == category_id), -1)
        return next((line for line, at in enumerate(self._places) if at == wanted), -1)

    def id_at(self, line: int) -> int:
        return self._ids[self._places[line]]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[self._places[index.row()]]
        if role == _ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.key} {row.name}: {answer_words(row)}".strip()
        return row.name if role == Qt.ItemDataRole.ToolTipRole else None


def answer_words(row: SheetRow) -> str:
    """The answer, else the probability; empty if the model has not looked at the image."""
    if row.state is not LabelState.UNKNOWN:
        return state_words(row.state)
    if row.probability is None:
        return ""
    if row.few_examples:
        return few_examples_words()
    return number(row.probability, 2) if row.learned else not_learned_words()


class _Painter(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(theme().pixels(100), QFontMetrics(theme().font(TypeSize.BODY)).height() + SPACE_S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: SheetRow = index.data(_ROW)
        place = QRect(option.rect)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.setPen(QPen(theme().colour("accent"), 1))
            painter.setBrush(QColor(theme().tokens.selection))
            painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        left, right = place.left() + SPACE_S, place.right() - SPACE_S
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        small = theme().font(TypeSize.SMALL, tabular=True)
        words = answer_words(row)
        width = QFontMetrics(small).horizontalAdvance(words)
        painter.setFont(small)
        painter.setPen(theme().colour("quiet"))
        painter.drawText(QRect(right - width, place.top(), width + 1, place.height()), flags, words)
        if row.key:
            room = QFontMetrics(small).horizontalAdvance("W") + SPACE_S
            painter.drawText(QRect(left, place.top(), room, place.height()), flags, row.key)
            left += room
        font = theme().font(TypeSize.BODY, strong=row.state is LabelState.YES)
        rest = QRect(left, place.top(), max(0, right - width - SPACE_S - left), place.height())
        painter.setFont(font)
        painter.setPen(theme().colour("text"))
        shown = QFontMetrics(font).elidedText(row.name, Qt.TextElideMode.ElideMiddle, rest.width())
        painter.drawText(rest, flags, shown)
        painter.restore()


class _List(QListView):
    menu_wanted = Signal(QPoint)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = self.visualRect(self.currentIndex()).center() if by_key else event.pos()
        self.menu_wanted.emit(at)

    def keyboardSearch(self, _search: str) -> None:
        """Letters decide here; the filter searches."""


class CategoryList(QWidget):
    """A filter over the list; a click or the arrow keys highlight a category, for the keys that decide."""

    highlighted = Signal(int)
    menu_wanted = Signal(int, QPoint)
    left = Signal()
    """The focus should go back to the images."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("Filter categories"))
        self.line.setAccessibleName(self.tr("Filter categories"))
        self.line.setClearButtonEnabled(True)
        self.line.installEventFilter(self)
        self.rows = CategoryRows(self)
        self.view = _List()
        self.view.setUniformItemSizes(True)
        self.view.setAccessibleName(self.tr("All categories"))
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setItemDelegate(_Painter(self.view))
        self.view.setModel(self.rows)
        self.view.selectionModel().currentChanged.connect(self._follow)
        self.view.menu_wanted.connect(self._ask_for_menu)
        self.line.textChanged.connect(self._filter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(self.line)
        layout.addWidget(self.view)
        theme().changed.connect(self._fit)

    def set_rows(self, rows: Sequence[SheetRow], ids: Sequence[int], names: Sequence[str]) -> None:
        self._quiet = True
        self.rows.set_rows(rows, ids, names)
        self._quiet = False
        self._fit()

    def set_highlight(self, category_id: int | None) -> bool:
        """Mark the category; False if it is not listed."""
        line = self.rows.place_of(category_id)
        index = self.rows.index(line) if line >= 0 else QModelIndex()
        if index != self.view.currentIndex() or line < 0:
            self._quiet = True
            self.view.setCurrentIndex(index)
            self._quiet = False
        return line >= 0

    @Slot(str)
    def _filter(self, text: str) -> None:
        self._quiet = True
        self.rows.filter(text)
        self._quiet = False
        self._fit()

    @Slot()
    def _fit(self) -> None:
        row = QFontMetrics(theme().font(TypeSize.BODY)).height() + SPACE_S
        lines = min(max(1, self.rows.rowCount()), MOST_VISIBLE)
        self.view.setFixedHeight(lines * row + 2 * self.view.frameWidth())

    @Slot(QModelIndex, QModelIndex)
    def _follow(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and not self._quiet:
            self.highlighted.emit(self.rows.id_at(now.row()))

    @Slot(QPoint)
    def _ask_for_menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if index.isValid():
            self.view.setCurrentIndex(index)
            self.menu_wanted.emit(self.rows.id_at(index.row()), self.view.viewport().mapToGlobal(at))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.rows.rowCount():
                self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.view.setCurrentIndex(self.rows.index(0))
                return True
            if key == Qt.Key.Key_Escape:
                self.line.clear()
                self.left.emit()
                return True
        return super().eventFilter(watched, event)
