"""The rows of the filters, in groups."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QWidget

from app.gui.library.facet_rows import Choice, FacetRow, Group, words_of
from app.gui.widgets.band_glyph import band_name
from app.gui.widgets.words import counted, translate

ROW: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
AT_FIRST: Final = 12
"""Rows of a group that are shown before the person asks for the rest."""
_WORTH: Final = 3
"""Fewer are not worth a row that says how many more there are."""


def row_of(index: Index) -> FacetRow | None:
    """None for the heading and the end of a group."""
    found = index.data(ROW) if index.isValid() else None
    return found if isinstance(found, FacetRow) else None


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
            head = self._heads[group] = QStandardItem(words_of(group))
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
            parts.append(
                counted(row.count, translate("Filters", "{n} image"), translate("Filters", "{n} images"))
            )
        if row.band is not None:
            parts.append(translate("Filters", "{band} category").format(band=band_name(row.band)))
        used = {
            Choice.WITH: translate("Filters", "in the query"),
            Choice.WITHOUT: translate("Filters", "excluded by the query"),
            Choice.UNKNOWN: translate("Filters", "unknown, in the query"),
        }
        if row.key in self.marks:
            parts.append(used[self.marks[row.key]])
        return ", ".join(parts)

    def _hint(self, row: FacetRow) -> str:
        if row.condition is None:
            return f"{row.title}\n{row.query}"
        how = translate("Filters", "Click: only these. Alt+click: without. Shift+click: or.")
        if row.asks(Choice.UNKNOWN) is not None:
            how = translate("Filters", "Click: yes. Alt+click: no. Middle click: unknown. Shift+click: or.")
        return f"{self._words(row)}\n{how}"
