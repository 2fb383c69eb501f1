"""The list of filters: groups of rows, each with its count and how it is used by the query."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QFrame, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from app.gui.library.facet_rows import Choice, FacetRow, Group, matching, translated
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import draw_icon
from app.gui.theme.tokens import RADIUS, SPACE_S, SPACE_XS
from app.gui.widgets.band_glyph import band_name, draw_band
from app.gui.widgets.words import counted

ROW: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_ICONS: Final = {Choice.WITH: "tick", Choice.WITHOUT: "close", Choice.UNKNOWN: "question"}
_COLOURS: Final = {Choice.WITH: "yes", Choice.WITHOUT: "no", Choice.UNKNOWN: "quiet"}
_HEIGHT: Final = 24
_MARK: Final = 13
AT_FIRST: Final = 12
"""Rows of a group that are shown before the person asks for the rest."""
_WORTH: Final = 3
"""Fewer are not worth a row that says how many more there are."""


class FacetModel(QStandardItemModel):
    """Groups with rows. ``marks``: the rows that the query uses, by key.

    Behind the rows of a long group is an item that shows the rest of them.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.marks: Mapping[Hashable, Choice] = {}
        self._rows: dict[Group, list[FacetRow]] = {}
        self._items: dict[Group, list[QStandardItem]] = {}
        self._heads: dict[Group, QStandardItem] = {}
        self.more: dict[Group, QStandardItem] = {}
        for group in Group:
            head = self._heads[group] = QStandardItem(translated(group))
            head.setEditable(False)
            head.setSelectable(False)
            self.appendRow(head)
            self._rows[group], self._items[group] = [], []

    def head(self, group: Group) -> QStandardItem:
        return self._heads[group]

    def rows(self, group: Group) -> Sequence[FacetRow]:
        return self._rows[group]

    def items(self, group: Group) -> Sequence[QStandardItem]:
        return self._items[group]

    def set_rows(self, group: Group, rows: Sequence[FacetRow]) -> bool:
        """Whether rows came or went; otherwise only what differs is changed."""
        before, self._rows[group] = self._rows[group], list(rows)
        if [one.key for one in before] == [one.key for one in rows]:
            for item, old, new in zip(self._items[group], before, rows, strict=True):
                if old is not new and old != new:
                    item.setData(new, ROW)
                    item.setText(new.title)
            return False
        self._heads[group].removeRows(0, self._heads[group].rowCount())
        self.more.pop(group, None)
        by_key: dict[Hashable, QStandardItem] = {}
        self._items[group] = []
        for row in rows:
            item = by_key[row.key] = QStandardItem(row.title)
            item.setData(row, ROW)
            item.setEditable(False)
            by_key.get(row.parent, self._heads[group]).appendRow(item)
            self._items[group].append(item)
        if sum(row.parent is None for row in rows) > AT_FIRST + _WORTH:
            more = self.more[group] = QStandardItem()
            more.setEditable(False)
            self._heads[group].appendRow(more)
        return True

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            row = super().data(index, ROW)
            if isinstance(row, FacetRow):
                return self._words(row) if role == Qt.ItemDataRole.AccessibleTextRole else self._hint(row)
        return super().data(index, role)

    def _words(self, row: FacetRow) -> str:
        parts = [row.title]
        if row.count is not None:
            parts.append(counted(row.count, translated("{n} image"), translated("{n} images")))
        if row.band is not None:
            parts.append(translated("{band} category").format(band=band_name(row.band)))
        used = {
            Choice.WITH: translated("in the query"),
            Choice.WITHOUT: translated("excluded by the query"),
            Choice.UNKNOWN: translated("unknown, in the query"),
        }
        if row.key in self.marks:
            parts.append(used[self.marks[row.key]])
        return ", ".join(parts)

    def _hint(self, row: FacetRow) -> str:
        if row.condition is None:
            return f"{row.title}\n{row.query}"
        how = translated("Click: only these. Alt+click: without. Shift+click: or.")
        if row.asks(Choice.UNKNOWN) is not None:
            how = translated("Click: yes. Alt+click: no. Middle click: unknown. Shift+click: or.")
        return f"{self._words(row)}\n{how}"


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
        self.setItemDelegate(_Painter(self))
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
            wanted = self._search.strip().casefold()
            found = next((row for row in rows if wanted in row.title.casefold()), None)
            if found is not None:
                return found
        return None

    def row_of(self, index: Index) -> FacetRow | None:
        found = index.data(ROW) if index.isValid() else None
        return found if isinstance(found, FacetRow) else None

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
        return self.row_of(index) is not None and not self.isRowHidden(index.row(), index.parent())

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._choose(self.currentIndex(), _choice_of(event.modifiers()))
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key == Qt.Key.Key_Delete and (row := self.row_of(self.currentIndex())) is not None:
            if row.query:
                self.delete_wanted.emit(row)
        elif event.text() and event.text().isprintable():
            event.ignore()  # letters are keys of the window
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        row = self.row_of(index)
        if row is not None:
            self.setCurrentIndex(index)
            place = self.visualRect(index).bottomLeft() if by_key else event.pos()
            self.menu_wanted.emit(row, self.viewport().mapToGlobal(place))

    def _choose(self, index: Index, choice: Choice) -> None:
        row = self.row_of(index)
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
            words = translated("Show fewer")
            if cut:
                words = counted(left_out, translated("{n} more"), translated("{n} more"))
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


class _Painter(QStyledItemDelegate):
    """Mark, band, title and count of a row."""

    def __init__(self, tree: FacetTree) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        font = QFontMetrics(theme().font(TypeSize.BODY))
        return QSize(theme().pixels(60), max(theme().pixels(_HEIGHT), font.height() + SPACE_XS))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._tree.row_of(index)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row is None:
            head = not index.parent().isValid()
            left = 2 if head else theme().pixels(_MARK) + 2 * SPACE_XS
            painter.setFont(theme().font(TypeSize.SMALL, strong=head))
            painter.setPen(theme().colour("quiet" if head else "accent"))
            painter.drawText(rect.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, str(index.data()))
            self._ring(painter, option, rect)
        else:
            mark = self._tree.facets.marks.get(row.key)
            self._ground(painter, rect, mark, hovered=self._tree.under_mouse == index)
            left = rect.left() + SPACE_XS
            side = theme().pixels(_MARK)
            if mark is not None:
                place = QRectF(left, rect.center().y() + 1 - side / 2, side, side)
                draw_icon(painter, _ICONS[mark], place, theme().colour(_COLOURS[mark]))
            left += side + SPACE_XS
            if row.band is not None:
                place = QRectF(left, rect.center().y() + 1 - side / 2, side, side)
                draw_band(painter, place.adjusted(1, 1, -1, -1), row.band)
                left += side + SPACE_XS
            self._text(
                painter, row, mark, QRect(left, rect.top(), rect.right() - left - SPACE_S, rect.height())
            )
            self._ring(painter, option, rect)
        painter.restore()

    def _text(self, painter: QPainter, row: FacetRow, mark: Choice | None, room: QRect) -> None:
        if row.count is not None:
            small = theme().font(TypeSize.SMALL, tabular=True)
            number = counted(row.count, "{n}", "{n}")
            painter.setFont(small)
            painter.setPen(theme().colour("quiet"))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)
            room = room.adjusted(0, 0, -QFontMetrics(small).horizontalAdvance(number) - SPACE_S, 0)
        font = QFont(theme().font(TypeSize.BODY, strong=mark is Choice.WITH))
        font.setStrikeOut(mark is Choice.WITHOUT)
        painter.setFont(font)
        painter.setPen(theme().colour("text"))
        shown = QFontMetrics(font).elidedText(row.title, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _ground(self, painter: QPainter, rect: QRect, mark: Choice | None, *, hovered: bool) -> None:
        if mark is not None or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("selection" if mark is not None else "ground"))
            painter.drawRoundedRect(QRectF(rect).adjusted(0, 1, -SPACE_XS, -1), RADIUS - 2, RADIUS - 2)

    def _ring(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect) -> None:
        """Around the current row while the list has the focus."""
        state = option.state
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme().colour("accent"))
            painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 1, -SPACE_XS, -1), RADIUS - 2, RADIUS - 2)


def _choice_of(modifiers: Qt.KeyboardModifier) -> Choice:
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return Choice.WITHOUT
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return Choice.UNKNOWN
    return Choice.OR if modifiers & Qt.KeyboardModifier.ShiftModifier else Choice.WITH
