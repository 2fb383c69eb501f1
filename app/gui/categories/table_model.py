"""The categories as a table, sorted and filtered here, so that 3,000 rows stay fast."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QIcon

from app.gui.categories.columns import Column, glyph, make_columns, swatch
from app.gui.categories.groups import Heading, Line, Move, dropped, stepped, under_headings
from app.gui.theme import theme
from app.gui.widgets.sortable_table import Index, SortableModel
from app.jobs.values.categories import CategoryRow, Reading

MIME: Final = "application/x-tailspotter-categories"
PICTURE: Final = 12
QUIET: Final = frozenset({Column.PLACE, Column.TEXT, Column.ALIASES, Column.BAND})
_NOWHERE: Final = QModelIndex()
_LONG: Final = frozenset({Column.NAME, Column.PARENT, Column.GROUP, Column.TEXT, Column.ALIASES})


class CategoryModel(SortableModel[CategoryRow]):
    """Shows CategoryRows, if wanted under the headings of their groups.

    Renaming and moving are only asked for; the rows follow once they are stored.
    """

    rename_wanted = Signal(int, str)
    move_wanted = Signal(object)
    """A Move."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(make_columns(), Column.PLACE, Qt.SortOrder.AscendingOrder, parent)
        self._all: dict[int, CategoryRow] = {}
        self._readings: dict[int, Reading] = {}
        self._filter = ""
        self._archived = False
        self._lines: list[Line] = []
        self._grouped = False
        self._folded: set[str] = set()
        self._folded_here: set[str] = set()
        """Among what the filter finds: at first nothing is folded there."""
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
        for number in readings.keys() & self._all.keys():
            self._all[number] = replace(self._all[number], reading=readings[number])
        self._rows = [self._all[row.id] for row in self._rows]
        self._lines = [one if isinstance(one, Heading) else self._all[one.id] for one in self._lines]
        if self._lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, Column.ALIASES))

    def sort_again(self) -> None:
        if self._column in {Column.QUALITY, Column.TEXT}:
            self._arrange(self._rows)

    def set_filter(self, text: str) -> None:
        self._filter = text.casefold().strip()
        self._folded_here.clear()
        self._filter_rows()

    def show_archived(self, shown: bool) -> None:
        self._archived = shown
        self._filter_rows()

    def group(self, grouped: bool) -> None:
        """Whether the categories are under the headings of their groups."""
        self._grouped = grouped
        self._arrange(self._rows)

    @property
    def grouped(self) -> bool:
        """Whether there are headings: they are wanted, and some category is in a group."""
        return self._grouped and self.has_groups

    @property
    def has_groups(self) -> bool:
        return any(row.group for row in self._all.values())

    def fold(self, group: str, folded: bool) -> None:
        self.fold_all(folded, [group])

    def fold_all(self, folded: bool, groups: Sequence[str] | None = None) -> None:
        """Fold or unfold these groups; None: all."""
        some = {row.group for row in self._rows} if groups is None else set(groups)
        hidden = self._folded_here if self._filter else self._folded
        if folded:
            hidden |= some
        else:
            hidden -= some
        self._arrange(self._rows)

    def forget(self) -> None:
        self._readings = {}
        self._folded.clear()
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

    def category_at(self, line: int) -> CategoryRow | None:
        """None where a heading is."""
        found = self._lines[line]
        return None if isinstance(found, Heading) else found

    def heading_at(self, line: int) -> Heading | None:
        found = self._lines[line]
        return found if isinstance(found, Heading) else None

    def place_of(self, category_id: int | None) -> int | None:
        """The line of a category, or of the folded heading above it."""
        row = self.row_of(category_id)
        for at, line in enumerate(self._lines):
            if isinstance(line, Heading):
                if row is not None and line.folded and line.group == row.group:
                    return at
            elif line.id == category_id:
                return at
        return None

    def heading_of(self, group: str | None) -> int | None:
        """The line of the heading of a group."""
        return next(
            (at for at, one in enumerate(self._lines) if isinstance(one, Heading) and one.group == group),
            None,
        )

    def headings(self) -> list[int]:
        """The lines with headings."""
        return [at for at, one in enumerate(self._lines) if isinstance(one, Heading)]

    def moved(self, category_ids: Sequence[int], step: int) -> Move | None:
        """A move by one row up (-1) or down (1); None where there is no room."""
        return stepped(self._rows, category_ids, step, headed=self.grouped)

    def _arrange(self, rows: Sequence[CategoryRow]) -> None:
        self.beginResetModel()
        self._rows = self._sorted(rows)
        folded = self._folded_here if self._filter else self._folded
        self._lines = under_headings(self._rows, folded) if self.grouped else list(self._rows)
        self.endResetModel()

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

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], Column(index.column())
        if isinstance(line, Heading):
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return line.words
            return line.title if role == Qt.ItemDataRole.DisplayRole else None
        row = line
        words = self.columns[column].words(row)
        match role:
            case Qt.ItemDataRole.EditRole:
                found: Any = row.name
            case Qt.ItemDataRole.ToolTipRole:
                found = words if column in _LONG and words else None
            case Qt.ItemDataRole.AccessibleTextRole:
                found = f"{self.columns[column].title}: {words}"
            case Qt.ItemDataRole.DisplayRole:
                found = words
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
        if index.isValid() and self.heading_at(index.row()) is not None:
            return Qt.ItemFlag.ItemIsEnabled
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
        row = self.category_at(index.row())
        if row is not None and str(value).strip() and str(value) != row.name:
            self.rename_wanted.emit(row.id, str(value))
        return False  # shown once it is stored

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[Index]) -> QMimeData:
        rows = (self.category_at(at) for at in sorted({index.row() for index in indexes}))
        data = QMimeData()
        data.setData(MIME, ",".join(str(row.id) for row in rows if row is not None).encode())
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
        at = row if row >= 0 else parent.row() if parent.isValid() else len(self._lines)
        ids = [int(one) for one in bytes(data.data(MIME).data()).decode().split(",")]
        self.move_wanted.emit(dropped(self._lines, self._rows, ids, at))
        return False  # the view must not remove rows itself
