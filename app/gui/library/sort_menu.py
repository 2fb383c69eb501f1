"""The menu that writes the order into the query."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.domain.query import Query, to_text
from app.domain.query.editing import conditions
from app.domain.query.nodes import (
    HasState,
    Order,
    Score,
    SimilarTo,
    SortBy,
    SortByScore,
    SortKey,
    Suggested,
    Unsure,
)
from app.gui.library.facet_rows import parsed
from app.gui.theme import theme
from app.gui.theme.icons import icon
from app.gui.widgets.words import shortened

_FEW: Final = 6
"""Categories that are offered for a sort by score; others are typed."""
_MOST_WORDS: Final = 24
"""Letters of a name."""


class SortButton(QToolButton):
    """Shows the order of the query; its menu changes it."""

    query_wanted = Signal(str)
    score_wanted = Signal(str)
    """A query that ends in ``sort:score:``, for a category to be typed."""
    similar_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suggested: Callable[[], list[str]] = list
        self._query = ""
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        theme().changed.connect(self._restyle)
        self._restyle()
        self.set_query("")

    def offer_categories(self, suggested: Callable[[], list[str]]) -> None:
        """``suggested`` names categories that the person may want to sort by, the likeliest first."""
        self._suggested = suggested

    @Slot(str)
    def set_query(self, text: str) -> None:
        """Show the order of this query."""
        self._query = text
        words = self._words(parsed(text).order)
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(self.tr("Order: {order}").format(order=words))
        self.setToolTip(self.tr("Order of the images: {order}").format(order=words))

    def narrow(self, narrow: bool) -> None:
        """Without words where there is little room."""
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(style.ToolButtonIconOnly if narrow else style.ToolButtonTextBesideIcon)

    def _words(self, order: Order | None) -> str:
        match order:
            case None | SortBy(SortKey.FOLDER):
                return self.tr("Folder")
            case SortByScore(name):
                return self.tr("Score: {category}").format(category=shortened(name, _MOST_WORDS))
            case SimilarTo():
                return self.tr("Similar")
            case SortBy(key):
                return self._titles()[key]
        raise AssertionError(f"unknown order {order!r}")

    def _titles(self) -> dict[SortKey, str]:
        return {
            SortKey.FOLDER: self.tr("Folder"),
            SortKey.NAME: self.tr("File name"),
            SortKey.TIME: self.tr("Newest file"),
            SortKey.DECIDED: self.tr("Most recently labelled"),
            SortKey.UNSURE: self.tr("Most unsure"),
        }

    @Slot()
    def _fill(self) -> None:
        menu, query = self._menu, parsed(self._query)
        menu.clear()
        for key, title in self._titles().items():
            order = None if key is SortKey.FOLDER else SortBy(key)
            there = query.order in (order, SortBy(key))
            self._add(title, there, replace(query, order=order))
        menu.addSeparator()
        for name in self._categories(query):
            score = SortByScore(name)
            words = self._words(score).replace("&", "&&")
            self._add(words, query.order == score, replace(query, order=score))
        menu.addAction(self.tr("Score of another category…"), self._ask_category)
        menu.addSeparator()
        similar = menu.addAction(self.tr("Similar to the current image"), self.similar_wanted.emit)
        similar.setCheckable(True)
        similar.setChecked(isinstance(query.order, SimilarTo))

    def _add(self, words: str, there: bool, query: Query) -> None:
        action = self._menu.addAction(words, lambda: self.query_wanted.emit(to_text(query)))
        action.setCheckable(True)
        action.setChecked(there)

    def _categories(self, query: Query) -> list[str]:
        named = [
            one.name for one in conditions(query) if isinstance(one, HasState | Suggested | Unsure | Score)
        ]
        if isinstance(query.order, SortByScore):
            named.insert(0, query.order.name)
        return list(dict.fromkeys([*named, *self._suggested()]))[:_FEW]

    def _ask_category(self) -> None:
        text = to_text(replace(parsed(self._query), order=None, limit=None))
        self.score_wanted.emit(f"{text} sort:score:".strip())

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(16)
        self.setIcon(icon("sort", "quiet", side=side))
        self.setIconSize(QSize(side, side))
