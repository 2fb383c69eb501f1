"""The columns of the table of categories: their words, their order, and the pictures in them."""

from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from app.domain.categories import Band
from app.domain.language import number
from app.gui.theme import theme
from app.gui.widgets import sortable_table
from app.gui.widgets.band_glyph import BAND_RANKS, band_name, band_pixmap
from app.jobs.values.categories import CategoryRow

_DASH: Final = "–"


class Column(IntEnum):
    PLACE = 0
    NAME = 1
    KEY = 2
    YES = 3
    NO = 4
    UNKNOWN = 5
    BAND = 6
    QUALITY = 7
    PARENT = 8
    GROUP = 9
    TEXT = 10
    ALIASES = 11


def make_columns() -> list[sortable_table.Column[CategoryRow]]:
    translate, column = QCoreApplication.translate, sortable_table.Column

    def counts(value: Callable[[CategoryRow], int | None]) -> Callable[[CategoryRow], str]:
        def words(row: CategoryRow) -> str:
            found = value(row)
            return _DASH if found is None else number(found)

        return words

    def text(row: CategoryRow) -> str:
        if row.reading is None:
            return ""
        return row.reading.text or translate("CategoryTable", "unknown word: no text score")

    def quality(row: CategoryRow) -> float | None:
        return None if row.reading is None else row.reading.quality

    def quality_words(row: CategoryRow) -> str:
        found = quality(row)
        return _DASH if found is None else number(found, 2)

    def first(words: str) -> str | None:
        return words.casefold() or None

    return [
        column(
            "#",
            lambda row: "" if row.archived else number(row.place),
            lambda row: row.place,
            translate("CategoryTable", "Your order: drag a row, or press Alt+Up and Alt+Down"),
        ),
        column(
            translate("CategoryTable", "Category"),
            lambda row: row.name,
            lambda row: first(row.name),
            left=True,
        ),
        column(
            translate("CategoryTable", "Key"),
            lambda row: row.shortcut or "",
            lambda row: row.shortcut,
            translate("CategoryTable", "Pressing it says yes to this category"),
            left=True,
        ),
        column(
            translate("CategoryTable", "Yes"),
            counts(lambda row: row.yes),
            lambda row: row.yes,
            descending=True,
        ),
        column(
            translate("CategoryTable", "No"), counts(lambda row: row.no), lambda row: row.no, descending=True
        ),
        column(
            translate("CategoryTable", "Unknown"),
            counts(lambda row: row.unknown),
            lambda row: row.unknown,
            descending=True,
        ),
        column(
            translate("CategoryTable", "Band"),
            lambda row: "" if row.band is None else band_name(row.band),
            lambda row: None if row.band is None else (BAND_RANKS[row.band], row.yes),
            left=True,
        ),
        column(
            translate("CategoryTable", "Quality"),
            quality_words,
            quality,
            translate(
                "CategoryTable",
                "Average precision of the suggestions on labelled images; needs a few yes and no labels",
            ),
            descending=True,
        ),
        column(
            translate("CategoryTable", "Parent"),
            lambda row: row.parent,
            lambda row: first(row.parent),
            translate("CategoryTable", "A yes counts as a yes for the parent, too"),
            left=True,
        ),
        column(
            translate("CategoryTable", "Group"),
            lambda row: row.group,
            lambda row: first(row.group),
            left=True,
        ),
        column(
            translate("CategoryTable", "What the model reads"), text, lambda row: first(text(row)), left=True
        ),
        column(
            translate("CategoryTable", "Other names"),
            lambda row: ", ".join(row.aliases),
            lambda row: first(", ".join(row.aliases)),
            left=True,
        ),
    ]


def _icon(pixmap: QPixmap) -> QIcon:
    """Not tinted in a row that is selected."""
    made = QIcon(pixmap)
    made.addPixmap(pixmap, QIcon.Mode.Selected)
    return made


@lru_cache(maxsize=64)
def glyph(band: Band, side: int, dark: bool) -> QIcon:
    return _icon(band_pixmap(band, side, dark))


@lru_cache(maxsize=512)
def swatch(colour: str, side: int, _dark: bool) -> QIcon:
    """A square with an edge, which is seen on any background."""
    pixmap = QPixmap(2 * side, 2 * side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme().colour("quiet"))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(1, 1, 2 * side - 2, 2 * side - 2), 4, 4)
    painter.end()
    pixmap.setDevicePixelRatio(2)
    return _icon(pixmap)
