"""The categories under two versions, as a table."""

from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from app.domain.categories import Band
from app.domain.language import number
from app.domain.training import CategoryComparison
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.training.words import version_words
from app.gui.widgets import sortable_table
from app.gui.widgets.band_glyph import BAND_RANKS, band_name, band_pixmap
from app.gui.widgets.sortable_table import Index, SortableModel, set_fonts, set_up_table
from app.gui.widgets.words import UNKNOWN

_GLYPH: Final = 12


class Column(IntEnum):
    NAME = 0
    BAND = 1
    YES = 2
    A = 3
    B = 4
    CHANGE = 5


def _change(row: CategoryComparison) -> float | None:
    return None if row.a is None or row.b is None else row.b - row.a


class CategoryModel(SortableModel[CategoryComparison]):
    """Shows CategoryComparisons of two versions."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_columns(), Column.CHANGE, Qt.SortOrder.DescendingOrder, parent)

    def show_versions(self, rows: Sequence[CategoryComparison], a: str, b: str) -> None:
        for column, version in ((Column.A, a), (Column.B, b)):
            self.columns[column] = replace(self.columns[column], title=version_words(version, begins=True))
        self.set_rows(rows)

    def names(self) -> list[str]:
        return [row.category for row in self._rows]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid():
            row, column = self._rows[index.row()], index.column()
            if role == Qt.ItemDataRole.ForegroundRole:
                return theme().colour(_colour(row, column))
            if role == Qt.ItemDataRole.DecorationRole and column == Column.BAND:
                return band_pixmap(row.band, theme().pixels(_GLYPH), theme().tokens.dark)
        return super().data(index, role)


def _columns() -> list[sortable_table.Column[CategoryComparison]]:
    translate, column = QCoreApplication.translate, sortable_table.Column

    def change_words(row: CategoryComparison) -> str:
        change = _change(row)
        return "" if change is None else number(change, 3, sign=True)

    return [
        column(
            translate("CategoryTable", "Category"),
            lambda row: row.category,
            lambda row: row.category.casefold(),
            left=True,
        ),
        column(
            translate("CategoryTable", "Band"),
            lambda row: band_name(row.band),
            lambda row: (BAND_RANKS[row.band], row.yes),
            left=True,
        ),
        column(
            translate("CategoryTable", "Yes"),
            lambda row: number(row.yes),
            lambda row: row.yes,
            descending=True,
        ),
        column(
            "",
            lambda row: _value_words(row.a),
            lambda row: None if _change(row) is None else row.a,
            descending=True,
        ),
        column(
            "",
            lambda row: _value_words(row.b),
            lambda row: None if _change(row) is None else row.b,
            descending=True,
        ),
        column(translate("CategoryTable", "Change"), change_words, _change, descending=True),
    ]


def _value_words(value: float | None) -> str:
    return UNKNOWN if value is None else number(value, 3)


def _colour(row: CategoryComparison, column: int) -> str:
    """The colour repeats the sign of a change; unknown values are quiet."""
    change = _change(row)
    if column == Column.CHANGE and change is not None and abs(change) >= 0.0005:
        return "yes" if change > 0 else "no"
    unknown = column in {Column.A, Column.B} and change is None
    return "quiet" if unknown or column == Column.BAND else "text"


class CategoryTable(QTableView):
    """Numbers get a fixed width, the name the rest."""

    def __init__(self, model: CategoryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Categories under both versions"))
        set_up_table(self, model)
        # Indented as much as the titles are by the style sheet of the window.
        self.setStyleSheet(f"QTableView::item {{ padding: 0px {SPACE_S}px; }}")
        model.modelReset.connect(self._fit)
        theme().changed.connect(self._restyle)
        self._restyle()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().pixels(200), theme().pixels(140))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _restyle(self) -> None:
        set_fonts(self)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        header = self.horizontalHeader()
        small = QFontMetrics(theme().font(TypeSize.SMALL))
        body = QFontMetrics(theme().font(TypeSize.BODY, tabular=True))
        cells = body.horizontalAdvance("0.000   ")
        for column, least in ((Column.YES, 420), (Column.BAND, 350)):
            self.setColumnHidden(column, self.viewport().width() < theme().pixels(least))
        header.setSectionResizeMode(Column.BAND, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(
            Column.BAND,
            max(body.horizontalAdvance(band_name(band)) for band in Band)
            + theme().pixels(_GLYPH)
            + 3 * SPACE_M,
        )
        for column in (Column.YES, Column.A, Column.B, Column.CHANGE):
            title = str(self.model().headerData(column, Qt.Orientation.Horizontal))
            longest = small.elidedText(title, Qt.TextElideMode.ElideRight, theme().pixels(110))
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, max(small.horizontalAdvance(longest) + SPACE_M, cells) + 2 * SPACE_S)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
