"""The view of the table: renaming in place, moving rows, folding groups, columns as wide as their content."""

from heapq import nlargest
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from app.domain.categories import bands_differ
from app.gui.categories.columns import Column
from app.gui.categories.groups import Heading
from app.gui.categories.painter import THUMBNAIL, CategoryDelegate, before_name
from app.gui.categories.pictures import CategoryPictures
from app.gui.categories.table_model import PICTURE, CategoryModel
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.sortable_table import Index, set_fonts, set_up_table
from app.jobs.values.categories import CategoryRow

NAME_AT_MOST: Final = 280
_TEXT_AT_LEAST: Final = 160
_TOGGLES: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})
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


class CategoryTable(QTableView):
    """Enter or a double-click shows the properties, F2 renames, Delete archives, Alt+Up and Alt+Down move.

    On the heading of a group Enter, Space or a click folds and unfolds, as Left and Right do.
    """

    properties_wanted = Signal(int)
    archive_wanted = Signal()
    move_wanted = Signal(int)
    """-1: one row up, 1: one row down."""
    row_changed = Signal(object)
    """The current CategoryRow, or None."""
    menu_wanted = Signal(QPoint)

    def __init__(
        self, model: CategoryModel, pictures: CategoryPictures, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._pictures = model, pictures
        self._kept: CategoryRow | Heading | None = None
        self._kept_place = 0
        self._dropping: int | None = None
        self._measured: tuple[tuple[int, int, str], dict[Column, int]] | None = None
        self.setAccessibleName(self.tr("Categories"))
        set_up_table(self, model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setItemDelegate(CategoryDelegate(model, pictures, self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._restore_place)
        model.modelReset.connect(self.load)
        self.verticalScrollBar().valueChanged.connect(self.load)
        pictures.changed.connect(self._repaint)
        theme().changed.connect(self._restyle)
        self._restyle()

    def current_row(self) -> CategoryRow | None:
        index = self.currentIndex()
        return self._model.category_at(index.row()) if index.isValid() else None

    def current_heading(self) -> Heading | None:
        index = self.currentIndex()
        return self._model.heading_at(index.row()) if index.isValid() else None

    def selected_rows(self) -> list[CategoryRow]:
        """From top to bottom; the current one where none is selected."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        current = self.current_row()
        found = [row for at in places if (row := self._model.category_at(at)) is not None]
        return found or ([] if current is None else [current])

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
            self._go_to(0 if key == Qt.Key.Key_Home else self._model.rowCount() - 1)
        elif not self._fold_by(Qt.Key(key), event.modifiers()):
            super().keyPressEvent(event)

    def _fold_by(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Whether the key folded or unfolded a group, or went to its heading, as in a tree."""
        heading, row = self.current_heading(), self.current_row()
        if not self._model.grouped or modifiers & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if heading is None:
            if row is None or key != Qt.Key.Key_Left:
                return False
            self._go_to(self._model.heading_of(row.group))
        elif key in _TOGGLES or key == (Qt.Key.Key_Right if heading.folded else Qt.Key.Key_Left):
            self._model.fold(heading.group, not heading.folded)
        elif key == Qt.Key.Key_Right:
            self._go_to(self.currentIndex().row() + 1)
        else:
            return key == Qt.Key.Key_Left
        return True

    def _go_to(self, line: int | None) -> None:
        if line is not None:
            self.setCurrentIndex(self._model.index(line, Column.NAME))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a heading folds or unfolds its group."""
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        heading = self._model.heading_at(index.row()) if index.isValid() else None
        if heading is not None and event.button() == Qt.MouseButton.LeftButton:
            self._model.fold(heading.group, not heading.folded)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = self._model.category_at(index.row()) if index.isValid() else None
        if row is not None:
            self.properties_wanted.emit(row.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.currentIndex().isValid():
            return
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_wanted.emit(at)

    def closeEditor(self, editor: QWidget, _hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Tab and Enter stay in the row."""
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.row_changed.emit(self.current_row())

    # --- rows that are replaced

    @Slot()
    def _keep_place(self) -> None:
        found = self.current_row() or self.current_heading()
        if found is not None:
            self._kept, self._kept_place = found, self.currentIndex().row()

    @Slot()
    def _restore_place(self) -> None:
        self._span_headings()
        self._fit()
        place = self._place_now()
        if place is None:
            self.row_changed.emit(None)
            return
        self._go_to(place)
        self.scrollTo(self.currentIndex())

    def _place_now(self) -> int | None:
        kept, lines = self._kept, self._model.rowCount()
        row = self._model.row_of(kept.id) if isinstance(kept, CategoryRow) else None
        if isinstance(kept, Heading):
            place, gone = self._model.heading_of(kept.group), False
        else:
            place, gone = (
                self._model.place_of(row.id if row is not None else None),
                row is None or row.archived,
            )
        if place is None and lines:
            # The neighbour of a row that was archived or merged; where a filter hides it, the best match.
            place = min(self._kept_place, lines - 1) if gone else 0
        return place

    def _span_headings(self) -> None:
        self.clearSpans()
        for line in self._model.headings():
            self.setSpan(line, 0, 1, len(Column))

    # --- looks

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(220), theme().pixels(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self.load()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.load()

    @Slot()
    def load(self) -> None:
        """Ask for the pictures of the rows in view."""
        if not self.isVisible():
            return
        last = self.rowAt(self.viewport().height() - 1)
        lines = range(max(0, self.rowAt(0)), self._model.rowCount() if last < 0 else last + 1)
        rows = [row.id for at in lines if (row := self._model.category_at(at)) is not None]
        self._pictures.want(rows, round(1.5 * theme().pixels(THUMBNAIL) * self.devicePixelRatioF()))

    @Slot()
    def _repaint(self) -> None:
        self.viewport().update()

    @Slot()
    def _restyle(self) -> None:
        set_fonts(self)
        rows = self.verticalHeader()
        rows.setDefaultSectionSize(max(rows.defaultSectionSize(), theme().pixels(THUMBNAIL) + SPACE_S))
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
        hidden |= {Column.GROUP} if self._model.grouped or not self._model.has_groups else set()
        hidden |= {Column.ALIASES} if not any(row.aliases for row in rows) else set()
        rooms = self._rooms() | {Column.TEXT: theme().pixels(_TEXT_AT_LEAST)}
        for column, _ in _HIDDEN_BELOW:
            if sum(rooms[one] for one in Column if one not in hidden) <= width:
                break
            hidden.add(column)
        taken = sum(rooms[one] for one in Column if one not in hidden and one is not Column.TEXT)
        rooms[Column.TEXT] = max(rooms[Column.TEXT], width - taken)
        for column in Column:
            self.setColumnHidden(column, column in hidden)
            if column not in hidden:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
                header.resizeSection(column, rooms[column])

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
            if column is Column.NAME:
                widest += before_name()
            if column is Column.BAND:
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
        if self._model.heading_at(index.row()) is not None:
            return index.row() + 1
        rect = self.visualRect(index)
        return index.row() + (at.y() > rect.center().y())

    def _line_of(self, place: int) -> int:
        if place < self._model.rowCount():
            return self.visualRect(self._model.index(place, Column.NAME)).top()
        return self.visualRect(self._model.index(self._model.rowCount() - 1, Column.NAME)).bottom()
