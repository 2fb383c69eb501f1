"""The list of filters: groups of rows, each with its count and how it is used by the query."""

from collections.abc import Hashable, Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QStandardItem
from PySide6.QtWidgets import QFrame, QStyle, QStyleOptionViewItem, QTreeView, QWidget

from app.domain.language import number
from app.gui.library.facet_model import AT_FIRST, FacetModel, Index, row_of
from app.gui.library.facet_painter import FacetPainter
from app.gui.library.facet_rows import Choice, FacetRow, Group, matching
from app.gui.theme import TypeSize, theme
from app.gui.widgets.words import translate


class FacetTree(QTreeView):
    """Enter or a click chooses a row; Alt: without, Ctrl or the middle button: unknown, Shift: or."""

    chosen = Signal(object, object)
    """A FacetRow and a Choice."""
    menu_wanted = Signal(object, object)
    """A FacetRow, and where on the screen."""
    delete_wanted = Signal(object)
    """A FacetRow of a saved query."""
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facets = FacetModel(self)
        self.setModel(self.facets)
        self.setItemDelegate(FacetPainter(self.facets, lambda: self.under_mouse, self))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setSelectionMode(QTreeView.SelectionMode.NoSelection)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("Filters"))
        self.setMouseTracking(True)
        self._pressed: QPersistentModelIndex | None = None
        self.under_mouse = QPersistentModelIndex()
        self.entered.connect(self._hover)
        self._search = ""
        self._whole: set[Group] = set()
        for group in Group:
            self.setExpanded(self.facets.head(group).index(), True)
            self._show_group(group)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_rows(self, group: Group, rows: Sequence[FacetRow]) -> None:
        if self.facets.set_rows(group, rows):
            self._show_group(group)
        self.viewport().update()

    def set_marks(self, marks: Mapping[Hashable, Choice]) -> None:
        if marks != self.facets.marks:
            self.facets.marks = marks
            for group in self.facets.more:
                self._show_group(group)
            self.viewport().update()

    def search(self, text: str) -> None:
        """Show only rows whose title contains the text; an empty text shows all."""
        self._search = text
        for group in Group:
            self._show_group(group)
        for group in Group:
            if text.strip():
                for item in self.facets.items(group):
                    if item.hasChildren():
                        self.expand(item.index())

    def first_match(self) -> FacetRow | None:
        """The first row that a search shows."""
        for group in Group:
            rows = self.facets.rows(group)
            found = next((row for row in rows if row.matches(self._search)), None)
            if found is not None:
                return found
        return None

    def focus_first(self) -> None:
        """Take the focus; the first row becomes current if there is none."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self._is_shown(self.currentIndex()):
            return
        index = self.model().index(0, 0)
        while index.isValid() and not self._is_shown(index):
            index = self.indexBelow(index)
        if index.isValid():
            self.setCurrentIndex(index)

    def _is_shown(self, index: Index) -> bool:
        """Whether it is a row, and not hidden."""
        return row_of(index) is not None and not self.isRowHidden(index.row(), index.parent())

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Without the style's hover, which also marks the space before the row."""
        plain = QStyleOptionViewItem(option)
        plain.state &= ~QStyle.StateFlag.State_MouseOver
        super().drawRow(painter, plain, index)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(QModelIndex())

    @Slot(QModelIndex)
    def _hover(self, index: QModelIndex) -> None:
        self.under_mouse = QPersistentModelIndex(index)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        inside = self.visualRect(index).contains(event.position().toPoint())
        self._pressed = QPersistentModelIndex(index) if index.isValid() and inside else None
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index, pressed = self.indexAt(event.position().toPoint()), self._pressed
        self._pressed = None
        if pressed is None or not index.isValid() or pressed != index:
            return
        if event.button() == Qt.MouseButton.MiddleButton:
            self._choose(index, Choice.UNKNOWN)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._choose(index, _choice_of(event.modifiers()))
        else:
            return
        if row_of(index) is not None:
            self.left.emit()  # the next key is meant for the images

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._choose(self.currentIndex(), _choice_of(event.modifiers()))
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key == Qt.Key.Key_Delete and (row := row_of(self.currentIndex())) is not None:
            if row.query:
                self.delete_wanted.emit(row)
        elif event.text() and event.text().isprintable():
            event.ignore()  # letters are keys of the window
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        row = row_of(index)
        if row is not None:
            self.setCurrentIndex(index)
            place = self.visualRect(index).bottomLeft() if by_key else event.pos()
            self.menu_wanted.emit(row, self.viewport().mapToGlobal(place))

    def _choose(self, index: Index, choice: Choice) -> None:
        row = row_of(index)
        group = next((one for one, item in self.facets.more.items() if item.index() == index), None)
        if row is not None:
            self.chosen.emit(row, choice)
        elif group is not None:
            self._whole ^= {group}
            self._show_group(group)
            if group not in self._whole:
                self.scrollTo(self.facets.head(group).index())
        elif index.isValid() and choice is Choice.WITH:
            self.setExpanded(index, not self.isExpanded(index))

    def _show_group(self, group: Group) -> None:
        """Hide what the search leaves out, the end of a long group, and a group without rows."""
        rows, items = self.facets.rows(group), self.facets.items(group)
        searched = matching(rows, self._search) if self._search.strip() else None
        more = self.facets.more.get(group)
        cut = more is not None and searched is None and group not in self._whole
        place = left_out = shown = 0
        for row, item in zip(rows, items, strict=True):
            top = row.parent is None
            place += top
            hidden = searched is not None and row.key not in searched
            if cut and top and place > AT_FIRST and not self._used(row):
                hidden = True
                left_out += 1
            shown += not hidden
            self._hide(item, hidden)
        self._hide(self.facets.head(group), not shown)
        if more is not None:
            words = translate("Filters", "Show fewer")
            if cut:
                words = translate("Filters", "{n} more").format(n=number(left_out))
            more.setText(words)
            self._hide(more, searched is not None or (cut and not left_out))

    def _used(self, row: FacetRow) -> bool:
        return row.key in self.facets.marks

    def _hide(self, item: QStandardItem, hidden: bool) -> None:
        above = item.index().parent()
        if self.isRowHidden(item.row(), above) != hidden:
            self.setRowHidden(item.row(), above, hidden)

    def _restyle(self) -> None:
        self.setIndentation(theme().pixels(12))
        self.setFont(theme().font(TypeSize.BODY))
        self.scheduleDelayedItemsLayout()


def _choice_of(modifiers: Qt.KeyboardModifier) -> Choice:
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return Choice.WITHOUT
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return Choice.UNKNOWN
    return Choice.OR if modifiers & Qt.KeyboardModifier.ShiftModifier else Choice.WITH
