"""The menu of saved and recent queries beside the query bar."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.domain.finding import Queries
from app.gui.theme import theme
from app.gui.theme.icons import icon
from app.gui.widgets.words import shortened

RECENT: Final = 8
_LENGTH: Final = 60


class QueryMenu(QToolButton):
    """Lists the queries when it is opened."""

    query_wanted = Signal(str)
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queries = Queries()
        self._query = ""
        self._key = ""
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Saved queries"))
        self.setToolTip(self.tr("Saved and recent queries"))
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_queries(self, queries: Queries) -> None:
        """Those of the open project."""
        self._queries = queries

    def set_query(self, text: str) -> None:
        """The query that is shown, which can be saved."""
        self._query = text.strip()

    def set_key(self, key: str) -> None:
        """The key for saving, in Qt's portable form."""
        self._key = key

    @Slot()
    def _fill(self) -> None:
        menu, queries = self._menu, self._queries
        menu.clear()
        for one in queries.saved:
            self._add(one.name, one.query)
        if queries.saved:
            menu.addSeparator()
        save = menu.addAction(self.tr("Save this query…"), self.save_wanted.emit)
        save.setEnabled(bool(self._query))
        save.setShortcut(self._key)
        save.setShortcutVisibleInContextMenu(True)
        recent = [one for one in queries.history if one != self._query][:RECENT]
        if recent:
            menu.addSection(self.tr("Recent"))
            for text in recent:
                self._add(text, text)

    def _add(self, words: str, query: str) -> None:
        shown = shortened(words, _LENGTH)
        action = self._menu.addAction(shown.replace("&", "&&"), lambda: self.query_wanted.emit(query))
        action.setToolTip(query)
        action.setCheckable(True)
        action.setChecked(query == self._query)

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(16)
        self.setIcon(icon("star", "quiet", side=side))
        self.setIconSize(QSize(side, side))
