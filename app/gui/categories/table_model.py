"""The categories as a table, sorted and filtered here, so that 3,000 rows stay fast."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QIcon

from app.gui.categories.columns import Column, glyph, make_columns, swatch
from app.gui.theme import theme
from app.gui.widgets.sortable_table import Index, SortableModel
from app.jobs.values.categories import CategoryRow, Reading

MIME: Final = "application/x-tailspotter-categories"
PICTURE: Final = 12
QUIET: Final = frozenset({Column.PLACE, Column.TEXT, Column.ALIASES, Column.BAND})
_LONG: Final = frozenset({Column.NAME, Column.PARENT, Column.GROUP, Column.TEXT, Column.ALIASES})


class CategoryModel(SortableModel[CategoryRow]):
    """Shows CategoryRows. Renaming and moving are only asked for; the rows follow once they are stored."""

    rename_wanted = Signal(int, str)
    move_wanted = Signal(object, object)
    """Ids of categories, and the id of the one in front of which they are dropped, or None for the end."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(make_columns(), Column.PLACE, Qt.SortOrder.AscendingOrder, parent)
        self._all: dict[int, CategoryRow] = {}
        self._readings: dict[int, Reading] = {}
        self._filter = ""
        self._archived = False
        self.editable = False
        self.version = 0
        """Counts how often the rows were replaced."""

    def set_rows(self, rows: Sequence[CategoryRow]) -> None:
        self.version += 1
        known = {row.id for row in rows}
        self._readings = {number: one for number, one in self._readings.items() if number in known}
        self._all = {row.id: replace(row, reading=self._readings.get(row.id)) for row in rows}
        self._filter_rows()

    def take_readings(self, readings: Mapping[int, Reading]) -> None:
        """The rows stay where they are until they are sorted again."""
        self._readings |= readings
        places = {row.id: place for place, row in enumerate(self._rows)}
        for number, reading in readings.items():
            if number in self._all:
                self._all[number] = replace(self._all[number], reading=reading)
                if (place := places.get(number)) is not None:
                    self._rows[place] = self._all[number]
                    last = self.index(place, Column.ALIASES)
                    self.dataChanged.emit(self.index(place, 0), last)

    def sort_again(self) -> None:
        if self._column in {Column.QUALITY, Column.TEXT}:
            self._arrange(self._rows)

    def set_filter(self, text: str) -> None:
        self._filter = text.casefold().strip()
        self._filter_rows()

    def show_archived(self, shown: bool) -> None:
        self._archived = shown
        self._filter_rows()

    def forget(self) -> None:
        self._readings = {}
        self.set_rows(())

    @property
    def in_order(self) -> bool:
        """Whether rows can be moved: they are all shown, in the person's order."""
        ascending = self._order is Qt.SortOrder.AscendingOrder
        return self._column == Column.PLACE and ascending and not self._filter

    def all_rows(self) -> list[CategoryRow]:
        return list(self._all.values())

    def shown_rows(self) -> list[CategoryRow]:
        return list(self._rows)

    def row_of(self, category_id: int | None) -> CategoryRow | None:
        return self._all.get(category_id or 0)

    def place_of(self, category_id: int | None) -> int | None:
        return next((at for at, row in enumerate(self._rows) if row.id == category_id), None)

    def _filter_rows(self) -> None:
        words = self._filter
        self._arrange(
            [
                row
                for row in self._all.values()
                if (self._archived or not row.archived)
                and (
                    not words
                    or any(
                        words in text.casefold() for text in (row.name, *row.aliases, row.group, row.parent)
                    )
                )
            ]
        )

    # --- the model

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        words = self.columns[column].words(row)
        match role:
            case Qt.ItemDataRole.EditRole:
                found: Any = row.name
            case Qt.ItemDataRole.ToolTipRole:
                found = words if column in _LONG and words else None
            case Qt.ItemDataRole.AccessibleTextRole:
                found = f"{self.columns[column].title}: {words}"
            case _:
                found = super().data(index, role)
        return found

    def picture(self, row: CategoryRow, column: int) -> QIcon | None:
        side = theme().pixels(PICTURE)
        if column == Column.NAME and row.colour:
            return swatch(row.colour, side, theme().tokens.dark)
        if column == Column.BAND and row.band is not None:
            return glyph(row.band, side, theme().tokens.dark)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if not self.editable:
            return flags
        if not index.isValid():
            return flags | Qt.ItemFlag.ItemIsDropEnabled
        if index.column() == Column.NAME:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if self.in_order else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != Column.NAME:
            return False
        row = self._rows[index.row()]
        if str(value).strip() and str(value) != row.name:
            self.rename_wanted.emit(row.id, str(value))
        return False  # shown once it is stored

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[Index]) -> QMimeData:
        rows = sorted({index.row() for index in indexes})
        data = QMimeData()
        data.setData(MIME, ",".join(str(self._rows[at].id) for at in rows).encode())
        return data

    def canDropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, _row: int, _column: int, _parent: Index
    ) -> bool:
        return data.hasFormat(MIME) and self.in_order and self.editable

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        at = row if row >= 0 else parent.row() if parent.isValid() else len(self._rows)
        ids = [int(one) for one in bytes(data.data(MIME).data()).decode().split(",")]
        below = [one for one in self._rows[at:] if one.id not in ids and not one.archived]
        self.move_wanted.emit(ids, below[0].id if below else None)
        return False  # the view must not remove rows itself
