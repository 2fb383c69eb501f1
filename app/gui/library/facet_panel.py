"""The filters at the left of the library: categories, states, folders, sources, saved queries."""

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from app.domain.finding import FacetCounts, Queries
from app.domain.query import to_text
from app.domain.query.nodes import HasState, SortByScore
from app.gui.commands.context_menu import ContextMenu
from app.gui.library.facet_rows import (
    CategoryRows,
    Choice,
    FacetRow,
    Group,
    edited,
    folder_rows,
    image_rows,
    marks_of,
    parsed,
    same_category,
    saved_rows,
    source_rows,
)
from app.gui.library.facet_tree import FacetTree
from app.gui.theme import TypeSize, theme
from app.gui.theme.icons import icon
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.text import ElidedText, Text
from app.jobs.project.finding import Finding
from app.jobs.project.session import ProjectSession
from app.jobs.values.session import ProjectInfo

SEARCH_FROM: Final = 15
"""From so many categories and folders there is a field to search them."""


class FacetPanel(QFrame):
    """What is clicked here is written into the query bar, and the other way round."""

    query_wanted = Signal(str)
    rename_wanted = Signal(str)
    """The name of a saved query."""
    deleted = Signal(str, str)
    """Name and text of a saved query that the person deleted."""
    hide_wanted = Signal()
    left = Signal()
    """The focus should go back to the images."""

    def __init__(self, session: ProjectSession, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "surface")
        self.setAccessibleName(self.tr("Filters"))
        self._session, self._finding = session, finding
        self._same = same_category(None)
        self._categories: object = None
        self._rows = CategoryRows()
        self._counted: dict[str, int] = {}
        self.hide_button = QToolButton()
        self.hide_button.setAccessibleName(self.tr("Hide the filters"))
        self.hide_button.clicked.connect(self.hide_wanted)
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("Search filters"))
        self.line.setAccessibleName(self.tr("Search filters"))
        self.line.setClearButtonEnabled(True)
        self.line.installEventFilter(self)
        self.line.hide()
        self.tree = FacetTree()
        self.line.textChanged.connect(self.tree.search)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_M, SPACE_XS, SPACE_XS, 0)
        head.addWidget(Text(self.tr("Filters"), TypeSize.BODY, strong=True))
        self.scope = ElidedText(self.tr("counts of all images"), TypeSize.SMALL, quiet=True)
        head.addWidget(self.scope, 1, Qt.AlignmentFlag.AlignRight)
        head.addWidget(self.hide_button)
        search = QHBoxLayout()
        search.setContentsMargins(SPACE_S, 0, SPACE_S, 0)
        search.addWidget(self.line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(head)
        layout.addLayout(search)
        layout.addWidget(self.tree, 1)
        self.tree.chosen.connect(self._choose)
        self.tree.menu_wanted.connect(self._open_menu)
        self.tree.delete_wanted.connect(self._delete)
        self.tree.left.connect(self.left)
        session.info_changed.connect(self._show_info)
        session.opened.connect(self._show_info)
        session.images_changed.connect(self._show_query)
        session.closed.connect(self._forget)
        finding.counts_changed.connect(self._show_counts)
        finding.queries_changed.connect(self._show_queries)
        finding.query_counted.connect(self._show_count)
        session.changed.connect(self._forget_counts)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_key(self, key: str) -> None:
        """The key that shows and hides the panel, as it is printed."""
        words = self.tr("Hide the filters")
        self.hide_button.setToolTip(f"{words}  ({key})" if key else words)

    def take_focus(self) -> None:
        self.tree.focus_first()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes to the list, Enter takes the first match, Esc clears."""
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Down:
                self.tree.focus_first()
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                found = self.tree.first_match() if self.line.text().strip() else None
                if found is not None:
                    without = event.modifiers() & Qt.KeyboardModifier.AltModifier
                    self._choose(found, Choice.WITHOUT if without else Choice.WITH)
                return True
            if event.key() == Qt.Key.Key_Escape:
                if self.line.text():
                    self.line.clear()
                else:
                    self.left.emit()
                return True
        return False

    # --- from the project

    @Slot(object)
    def _show_info(self, info: ProjectInfo) -> None:
        names = [(one.id, one.name, one.aliases) for one in info.categories]
        if names != self._categories:
            self._categories = names
            self._same = same_category(info)
            self._show_query([], self._session.query)
        if self._finding.counts is None:
            self.tree.set_rows(Group.IMAGES, image_rows(None))  # so that nothing moves once it is counted
        self.tree.set_rows(Group.CATEGORIES, self._rows.of(info))
        self._offer_search()

    @Slot(object)
    def _show_counts(self, counts: FacetCounts) -> None:
        self.tree.set_rows(Group.IMAGES, image_rows(counts))
        self.tree.set_rows(Group.FOLDERS, folder_rows(counts))
        self.tree.set_rows(Group.SOURCES, source_rows(counts))
        self._offer_search()

    @Slot(object)
    def _show_queries(self, queries: Queries) -> None:
        self.tree.set_rows(Group.SAVED, saved_rows(queries, self._counted))
        self._show_query([], self._session.query)

    @Slot(str, int)
    def _show_count(self, query: str, count: int) -> None:
        self._counted[query] = count
        self._show_queries(self._finding.queries)

    @Slot()
    def _forget_counts(self) -> None:
        """Counts of saved queries are made on demand, and hold until something changes."""
        if self._counted:
            self._counted = {}
            self._show_queries(self._finding.queries)

    @Slot(object, str)
    def _show_query(self, _ids: list[int], query: str) -> None:
        marks = marks_of(parsed(query), self._same)
        text = query.strip()
        for one in self._finding.queries.saved:
            if one.query == text:
                marks["saved", one.id] = Choice.WITH
        self.tree.set_marks(marks)

    @Slot()
    def _forget(self) -> None:
        self._categories = None
        self._counted = {}
        self._same = same_category(None)
        self.line.clear()
        for group in Group:
            self.tree.set_rows(group, [])
        self.tree.set_marks({})

    def _offer_search(self) -> None:
        facets = self.tree.facets
        many = len(facets.rows(Group.CATEGORIES)) + len(facets.rows(Group.FOLDERS)) >= SEARCH_FROM
        self.line.setVisible(many or bool(self.line.text()))

    # --- what the person does

    @Slot(object, object)
    def _choose(self, row: FacetRow, choice: Choice) -> None:
        text = edited(self._session.query, row, choice, self._same)
        if text is not None:
            self.query_wanted.emit(text)

    @Slot(object, object)
    def _open_menu(self, row: FacetRow, place: QPoint) -> None:
        self.menu_for(row).open_at(place)

    def menu_for(self, row: FacetRow) -> ContextMenu:
        """All that can be done with a row."""
        menu = ContextMenu(self, row.title)
        if row.condition is None:
            menu.add(self.tr("Show these images"), lambda: self._choose(row, Choice.WITH))
            menu.add(self.tr("Count the images"), lambda: self._finding.count(row.query))
            menu.add(self.tr("Rename…"), lambda: self.rename_wanted.emit(row.title))
            menu.add(self.tr("Delete"), lambda: self._delete(row))
            return menu
        title = row.title
        offers: list[tuple[str, Choice, str]] = [
            (self.tr("Only: {filter}").format(filter=title), Choice.WITH, "Return"),
            (self.tr("Without: {filter}").format(filter=title), Choice.WITHOUT, "Alt+Return"),
            (self.tr("Or: {filter}").format(filter=title), Choice.OR, "Shift+Return"),
        ]
        if isinstance(row.condition, HasState):
            offers = [
                (self.tr("Yes: {category}").format(category=title), Choice.WITH, "Return"),
                (self.tr("No: {category}").format(category=title), Choice.WITHOUT, "Alt+Return"),
                (self.tr("Unknown: {category}").format(category=title), Choice.UNKNOWN, "Ctrl+Return"),
                (self.tr("Or: {category}").format(category=title), Choice.OR, "Shift+Return"),
            ]
        used = self.tree.facets.marks.get(row.key)
        for words, choice, key in offers:
            action = menu.add(words, partial(self._choose, row, choice), key=key)
            action.setCheckable(True)
            action.setChecked(used is choice)
        if isinstance(row.condition, HasState):
            name = row.condition.name
            menu.add_group()
            menu.add(self.tr("Sort by score: {category}").format(category=title), lambda: self._sort(name))
        return menu

    def _sort(self, name: str) -> None:
        self.query_wanted.emit(to_text(replace(parsed(self._session.query), order=SortByScore(name))))

    @Slot(object)
    def _delete(self, row: FacetRow) -> None:
        self._finding.delete(row.title)
        self.deleted.emit(row.title, row.query)

    @Slot()
    def _restyle(self) -> None:
        side = theme().pixels(16)
        self.hide_button.setIcon(icon("chevron-left", "quiet", side=side))
        self.hide_button.setIconSize(QSize(side, side))
