"""The view of the table: renaming in place, moving rows, and columns as wide as their content."""

from heapq import nlargest
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.categories import MAX_NAME_LENGTH, bands_differ
from app.gui.categories.columns import Column
from app.gui.categories.table_model import PICTURE, QUIET, CategoryModel
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.sortable_table import LEFT, RIGHT, Index, set_fonts, set_up_table
from app.jobs.values.categories import CategoryRow

NAME_AT_MOST: Final = 280
_TEXT_AT_LEAST: Final = 160
_MARK: Final = 3
_LONGEST: Final = 40
"""Cells that are measured for the width of a column: the longest by their number of characters."""
_HIDDEN_BELOW: Final = (
    (Column.ALIASES, 1060),
    (Column.GROUP, 960),
    (Column.UNKNOWN, 720),
    (Column.BAND, 620),
    (Column.TEXT, 540),
)
"""The width of the table below which a column is hidden, in pixels for a 13 pixel font."""


class _Delegate(QStyledItemDelegate):
    """Paints all cells itself, several times as fast as with the style sheet, and edits names."""

    def __init__(self, model: CategoryModel, table: QTableView) -> None:
        super().__init__(table)
        self._model, self._table = model, table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        column, rect = Column(index.column()), option.rect
        row = self._model.row_at(index.row())
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, theme().colour("selection" if chosen else "surface"))
        current = self._table.hasFocus() and self._table.currentIndex().row() == index.row()
        if current and column is Column.PLACE:
            painter.fillRect(rect.left(), rect.top(), _MARK, rect.height(), theme().colour("accent"))
        place = rect.adjusted(SPACE_S, 0, -SPACE_S, 0)
        picture = self._model.picture(row, column)
        if picture is not None:
            side = theme().pixels(PICTURE)
            picture.paint(painter, place.left(), place.center().y() - side // 2, side, side)
            place.setLeft(place.left() + side + SPACE_XS)
        shown_as = self._model.columns[column]
        words = shown_as.words(row)
        if not words:
            return
        font = QFont(theme().font(TypeSize.BODY, tabular=not shown_as.left))
        if row.archived and column is Column.NAME:
            font.setItalic(True)
        painter.setFont(font)
        painter.setPen(theme().colour("quiet" if row.archived or column in QUIET else "text"))
        elide = Qt.TextElideMode.ElideMiddle if column is Column.NAME else Qt.TextElideMode.ElideRight
        shown = painter.fontMetrics().elidedText(words, elide, place.width())
        painter.drawText(place, LEFT if shown_as.left else RIGHT, shown)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QLineEdit:
        editor = QLineEdit(parent)
        editor.setMaxLength(MAX_NAME_LENGTH)
        editor.setAccessibleName(self.tr("New name"))
        # As high as the row: the usual edge and padding would cut the letters off.
        editor.setStyleSheet("QLineEdit { padding: 0px 4px; min-height: 0px; border-radius: 0px; }")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        editor.setGeometry(option.rect)


class CategoryTable(QTableView):
    """Enter or a double-click shows the properties, F2 renames, Delete archives, Alt+Up and Alt+Down move."""

    properties_wanted = Signal(int)
    archive_wanted = Signal()
    move_wanted = Signal(int)
    """-1: one row up, 1: one row down."""
    row_changed = Signal(object)
    """The current CategoryRow, or None."""
    menu_wanted = Signal(QPoint)

    def __init__(self, model: CategoryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._kept: int | None = None
        self._kept_place = 0
        self._dropping: int | None = None
        self._measured: tuple[tuple[int, int, str], dict[Column, int]] | None = None
        self.setAccessibleName(self.tr("Categories"))
        set_up_table(self, model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setItemDelegate(_Delegate(model, self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._restore_place)
        theme().changed.connect(self._restyle)
        self._restyle()

    def current_row(self) -> CategoryRow | None:
        index = self.currentIndex()
        return self._model.row_at(index.row()) if index.isValid() else None

    def selected_rows(self) -> list[CategoryRow]:
        """From top to bottom; the current one where none is selected."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        current = self.current_row()
        return [self._model.row_at(at) for at in places] or ([] if current is None else [current])

    @Slot()
    def rename(self) -> None:
        """Edit the name of the current category in place."""
        row = self.current_row()
        if row is not None and self._model.editable and self.state() != self.State.EditingState:
            index = self._model.index(self.currentIndex().row(), Column.NAME)
            self.scrollTo(index)
            self.edit(index)

    # --- input

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == self.State.EditingState:
            event.accept()  # a key that the editor has left over, such as Enter, is not for the table
            return
        key, row = event.key(), self.current_row()
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if alt and key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.move_wanted.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Delete:
            self.archive_wanted.emit()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and row is not None:
            self.properties_wanted.emit(row.id)
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            at = 0 if key == Qt.Key.Key_Home else self._model.rowCount() - 1
            self.setCurrentIndex(self._model.index(at, Column.NAME))
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.properties_wanted.emit(self._model.row_at(index.row()).id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.current_row() is not None:
            self.menu_wanted.emit(event.globalPos())

    def closeEditor(self, editor: QWidget, _hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Tab and Enter stay in the row."""
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.row_changed.emit(self.current_row())

    # --- rows that are replaced

    @Slot()
    def _keep_place(self) -> None:
        row = self.current_row()
        if row is not None:
            self._kept, self._kept_place = row.id, self.currentIndex().row()

    @Slot()
    def _restore_place(self) -> None:
        self._fit()
        place = self._model.place_of(self._kept)
        if place is None and self._model.rowCount():
            row = self._model.row_of(self._kept)
            gone = row is None or row.archived
            # The neighbour of a row that was archived or merged; where a filter hides it, the best match.
            place = min(self._kept_place, self._model.rowCount() - 1) if gone else 0
        if place is None:
            self.row_changed.emit(None)
            return
        index = self._model.index(place, Column.NAME)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    # --- looks

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(220), theme().pixels(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _restyle(self) -> None:
        set_fonts(self)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """As wide as the content; the text takes what is left."""
        header, rows = self.horizontalHeader(), self._model.all_rows()
        width = self.viewport().width()
        hidden = {column for column, least in _HIDDEN_BELOW if width < theme().pixels(least)}
        # A column that says nothing, or the same everywhere, only takes room.
        hidden |= {Column.BAND} if not bands_differ(rows) else set()
        hidden |= {Column.PARENT} if not any(row.parent for row in rows) else set()
        hidden |= {Column.GROUP} if not any(row.group for row in rows) else set()
        hidden |= {Column.ALIASES} if not any(row.aliases for row in rows) else set()
        taken, rooms = 0, self._rooms()
        for column in Column:
            self.setColumnHidden(column, column in hidden)
            if column in hidden or column is Column.TEXT:
                continue
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, rooms[column])
            taken += rooms[column]
        if Column.TEXT not in hidden:
            header.setSectionResizeMode(Column.TEXT, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(Column.TEXT, max(theme().pixels(_TEXT_AT_LEAST), width - taken))

    def _rooms(self) -> dict[Column, int]:
        """The width that each column needs, measured once for rows and font."""
        key = self._model.version, theme().pixels(100), theme().font(TypeSize.BODY).family()
        if self._measured is not None and self._measured[0] == key:
            return self._measured[1]
        rows, found = self._model.all_rows(), {}
        body = QFontMetrics(theme().font(TypeSize.BODY, tabular=True))
        small = QFontMetrics(theme().font(TypeSize.SMALL))
        for column in Column:
            spec = self._model.columns[column]
            known = () if column is Column.TEXT else {spec.words(row) for row in rows}
            words = nlargest(_LONGEST, known, key=len)
            widest = max((body.horizontalAdvance(one) for one in words), default=0)
            if column in {Column.NAME, Column.BAND}:
                widest += theme().pixels(PICTURE) + SPACE_XS
            title = small.horizontalAdvance(f"{spec.title} ▴")
            room = max(widest, title) + 2 * SPACE_S + SPACE_M
            most = theme().pixels(NAME_AT_MOST)
            found[column] = min(room, most) if self._model.columns[column].left else room
        self._measured = key, found
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.state() == self.State.DraggingState and self._dropping is not None:
            painter = QPainter(self.viewport())
            painter.setPen(QPen(theme().colour("accent"), 2))
            painter.drawLine(0, self._dropping, self.viewport().width(), self._dropping)
            painter.end()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        at = self._drop_place(event.position().toPoint())
        self._dropping = self._line_of(at)
        event.accept()
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Between two rows, wherever in a row it is dropped."""
        at = self._drop_place(event.position().toPoint())
        self._dropping = None
        root = self.rootIndex()
        self._model.dropMimeData(event.mimeData(), Qt.DropAction.MoveAction, at, 0, root)
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        self.viewport().update()

    def _drop_place(self, at: QPoint) -> int:
        index = self.indexAt(at)
        if not index.isValid():
            return self._model.rowCount()
        rect = self.visualRect(index)
        return index.row() + (at.y() > rect.center().y())

    def _line_of(self, place: int) -> int:
        if place < self._model.rowCount():
            return self.visualRect(self._model.index(place, Column.NAME)).top()
        return self.visualRect(self._model.index(self._model.rowCount() - 1, Column.NAME)).bottom()
