"""The Categories place: the table, what can be done with its rows, and panels beside it."""

from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.categories import NameIndex
from app.domain.category_properties import CategoryEdit
from app.domain.errors import BadInputError
from app.domain.language import number
from app.domain.query import query_of
from app.gui.categories.add_panel import AddPanel
from app.gui.categories.groups import Heading, Move
from app.gui.categories.merge_panel import MergePanel
from app.gui.categories.number_panel import NumberPanel
from app.gui.categories.pictures import CategoryPictures
from app.gui.categories.side_panel import SidePanel
from app.gui.categories.table import CategoryTable
from app.gui.categories.table_model import CategoryModel
from app.gui.commands.context_menu import ContextMenu
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.banner import Banner
from app.gui.widgets.check_box import CheckBox
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.flow_box import FlowBox
from app.gui.widgets.key_button import KeyButton
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import counted
from app.jobs.project.session import ProjectSession
from app.jobs.values.categories import CategoryRow, Reading

_REFRESH_MS: Final = 250
"""The table is read again this long after the last change."""
_PANEL: Final = 340


class CategoriesPlace(QWidget):
    """Follows the session while it is shown."""

    properties_wanted = Signal(int)
    query_wanted = Signal(str)
    """What the library is to show."""
    message = Signal(str)

    def __init__(self, session: ProjectSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Categories"))
        self._session = session
        self._stale = True
        self._waiting: list[int] = []
        self._joining: tuple[int, int] | None = None
        self.model = CategoryModel(self)
        self.pictures = CategoryPictures(session, self)
        self.table = CategoryTable(self.model, self.pictures)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Find a category"))
        self.filter.setAccessibleName(self.tr("Find a category"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(theme().pixels(280))
        self.groups = CheckBox(self.tr("In groups"))
        self.groups.setToolTip(self.tr("Categories under the headings of their groups"))
        self.groups.hide()
        self.archived = CheckBox(self.tr("Archived"))
        self.number = QPushButton(self.tr("Number the first ten…"))
        self.add = QPushButton(self.tr("Add categories…"))
        self.add.setProperty("role", "primary")
        self.detail = ElidedText("", TypeSize.SMALL, quiet=True, tabular=True)
        self.told = Banner("info", self.tr("Merge…"))
        self.told.dismissable()
        self.empty = EmptyState(
            self.tr("No categories yet"),
            self.tr("Paste the names of what you look for, or add them one by one while you label."),
            self.tr("Add categories…"),
        )
        self._make_actions()
        self.merge_panel = MergePanel(session)
        self.add_panel = AddPanel(session)
        self.number_panel = NumberPanel(session)
        self.side = QStackedWidget()
        for panel in (self.merge_panel, self.add_panel, self.number_panel):
            self.side.addWidget(panel)
        self._arrange()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_REFRESH_MS)
        self._later.timeout.connect(self.refresh)
        self._connect()
        self.setFocusProxy(self.table)

    def _make_actions(self) -> None:
        def action(words: str, call: object) -> QAction:
            made = QAction(words, self)
            made.triggered.connect(call)
            return made

        self.rename = action(self.tr("Rename"), self.table.rename)
        self.properties = action(self.tr("Properties…"), self._show_properties)
        self.merge = action(self.tr("Merge into…"), self._begin_merge)
        self.archive = action(self.tr("Archive"), self._archive)
        self.restore = action(self.tr("Restore"), self._restore)
        self.up = action(self.tr("Move up"), self._move_up)
        self.down = action(self.tr("Move down"), self._move_down)
        self.images = action(self.tr("Show its images"), self._show_images)
        self._keys = {
            self.rename: "F2",
            self.properties: "Return",
            self.archive: "Delete",
            self.up: "Alt+Up",
            self.down: "Alt+Down",
        }

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACE_M)
        top.addWidget(Text(self.tr("Categories"), TypeSize.TITLE))
        top.addWidget(self.filter, 1)
        top.addWidget(self.groups)
        top.addWidget(self.archived)
        top.addStretch()
        top.addWidget(self.number)
        top.addWidget(self.add)
        actions = (self.rename, self.properties, self.merge, self.archive, self.restore, self.images)
        self.buttons = {one: KeyButton(one, one.text(), self._keys.get(one, "")) for one in actions}
        self.side.setFixedWidth(theme().pixels(_PANEL))
        self.side.hide()
        middle = QStackedWidget()
        middle.addWidget(self.table)
        middle.addWidget(self.empty)
        self._middle = middle
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addWidget(middle, 1)
        row.addWidget(self.side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addLayout(top)
        layout.addWidget(self.told)
        layout.addLayout(row, 1)
        layout.addWidget(self.detail)
        layout.addWidget(FlowBox(tuple(self.buttons.values())))  # in a narrow window in two lines

    def _connect(self) -> None:
        session, table = self._session, self.table
        self.filter.textChanged.connect(self._filter)
        self.filter.returnPressed.connect(table.setFocus)
        self.groups.toggled.connect(self.model.group)
        self.archived.toggled.connect(self._show_archived)
        self.number.clicked.connect(self._begin_numbering)
        self.add.clicked.connect(self.begin_adding)
        self.empty.triggered.connect(self.begin_adding)
        self.told.triggered.connect(self._merge_joined)
        table.properties_wanted.connect(self.properties_wanted)
        table.archive_wanted.connect(self._archive_or_restore)
        table.move_wanted.connect(self._move_by)
        table.row_changed.connect(self._show_row)
        table.menu_wanted.connect(self._show_menu)
        self.model.rename_wanted.connect(self._rename)
        self.model.move_wanted.connect(self._move)
        for panel in (self.merge_panel, self.add_panel, self.number_panel):
            panel.left.connect(self.close_panel)
        session.info_changed.connect(self._note_change)
        session.changed.connect(self._note_change)
        session.scores_changed.connect(self._note_change)
        session.closed.connect(self._forget)

    # --- content

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._later.stop()
        self.told.tell("")

    @Slot()
    def refresh(self) -> None:
        if self._session.info is not None:
            self._stale = False
            self._session.ask(lambda store: store.categories.rows(), then=self._take_rows, key="categories")

    @Slot()
    def _note_change(self) -> None:
        self._stale = True
        if self.isVisible():
            self._later.start()

    def _take_rows(self, rows: list[CategoryRow]) -> None:
        info = self._session.info
        self.model.editable = info is not None and not info.read_only
        self.model.set_rows(rows)
        self.pictures.choose_again()
        self.groups.setVisible(self.model.has_groups)
        archived = sum(row.archived for row in rows)
        self.archived.setText(self.tr("Archived ({n})").format(n=number(archived)))
        self.archived.setVisible(archived > 0)
        if not archived:
            self.archived.setChecked(False)
        self.add.setEnabled(self.model.editable)
        self.number.setEnabled(self.model.editable and bool(rows))
        self._middle.setCurrentWidget(self.table if rows else self.empty)
        self._show_row(self.table.current_row())
        # Those in view first: they are at the beginning of the rows that are shown.
        shown = [row.id for row in self.model.shown_rows()]
        known = set(shown)
        self._waiting = [*shown, *(row.id for row in rows if row.id not in known)]
        self._read()

    def _read(self) -> None:
        if self._waiting and self.isVisible():
            some = self._waiting[:200]
            self._session.ask(
                lambda store: store.categories.readings(some),
                then=self._take_readings,
                key="category-readings",
            )

    def _take_readings(self, readings: dict[int, Reading]) -> None:
        self._waiting = [number for number in self._waiting if number not in readings]
        self.model.take_readings(readings)
        if self._waiting:
            self._read()
        else:
            self.model.sort_again()

    @Slot()
    def _forget(self) -> None:
        self._later.stop()
        self._stale, self._waiting, self._joining = True, [], None
        self.told.tell("")
        self.filter.clear()
        self.archived.setChecked(False)
        self.close_panel()
        self.model.forget()

    @Slot(str)
    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        if not self.model.rowCount() and self.model.all_rows():
            words = self.tr("No category with “{text}” in one of its names ({n} in all).")
            self.detail.setText(words.format(text=text.strip(), n=number(len(self.model.all_rows()))))

    @Slot(bool)
    def _show_archived(self, shown: bool) -> None:
        self.model.show_archived(shown)

    @Slot(object)
    def _show_row(self, row: CategoryRow | None) -> None:
        can = self.model.editable and row is not None
        archived = row is not None and row.archived
        for one, possible in (
            (self.rename, can),
            (self.properties, row is not None and not archived),
            (self.merge, can),
            (self.archive, can and not archived),
            (self.restore, can and archived),
            (self.images, row is not None and not archived),
            (self.up, can and self.model.in_order and not archived),
            (self.down, can and self.model.in_order and not archived),
        ):
            one.setEnabled(possible)
        for one, button in self.buttons.items():
            button.setEnabled(one.isEnabled())
        self.buttons[self.archive].setVisible(not archived)
        self.buttons[self.restore].setVisible(archived)
        active = sum(not one.archived for one in self.model.all_rows())
        self.detail.setText(
            counted(active, self.tr("{n} category"), self.tr("{n} categories")) if active else ""
        )

    @Slot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        heading = self.table.current_heading()
        if heading is not None:
            self._show_heading_menu(heading, at)
            return
        menu = ContextMenu(self, self.tr("Categories"))
        for one in (
            self.images,
            self.properties,
            self.rename,
            None,
            self.up,
            self.down,
            None,
            self.merge,
            self.archive,
            self.restore,
        ):
            if one is None:
                menu.add_group()
            elif one.isEnabled():
                menu.add(one.text(), one.trigger, key=self._keys.get(one, ""))
        menu.open_at(at)

    def _show_heading_menu(self, heading: Heading, at: QPoint) -> None:
        menu, model = ContextMenu(self, heading.title), self.model
        one = self.tr("Expand group") if heading.folded else self.tr("Collapse group")
        menu.add(one, partial(model.fold, heading.group, not heading.folded), key="Space")
        menu.add_group()
        menu.add(self.tr("Collapse all groups"), partial(model.fold_all, True))
        menu.add(self.tr("Expand all groups"), partial(model.fold_all, False))
        menu.open_at(at)

    # --- panels

    def _open(self, panel: SidePanel) -> None:
        self.side.setCurrentWidget(panel)
        self.side.show()
        panel.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def close_panel(self) -> None:
        if self.side.isVisibleTo(self):
            self.side.hide()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def begin_adding(self) -> None:
        self._open(self.add_panel)

    @Slot()
    def _begin_numbering(self) -> None:
        self.number_panel.begin()
        self._open(self.number_panel)

    @Slot()
    def _begin_merge(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.told.tell("")
            self.merge_panel.begin(row, self.model.all_rows())
            self._open(self.merge_panel)

    @Slot()
    def _merge_joined(self) -> None:
        self.told.tell("")
        if self._joining is not None:
            source, target = (self.model.row_of(one) for one in self._joining)
            if source is not None and target is not None:
                self.merge_panel.begin(source, self.model.all_rows(), target.id)
                self._open(self.merge_panel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.side.isVisibleTo(self):
            self.close_panel()
        else:
            super().keyPressEvent(event)

    # --- changes

    @Slot(int, str)
    def _rename(self, category_id: int, name: str) -> None:
        """Where another category has the name, offer to merge them."""
        row = self.model.row_of(category_id)
        if row is None:
            return
        try:
            other = NameIndex(one for one in self.model.all_rows() if one.id != category_id).find(name)
        except BadInputError as error:
            self.message.emit(error.sentence)
            return
        if other is not None:
            self._joining = (category_id, other.id)
            words = self.tr("“{other}” has the name “{name}” already. Merge “{category}” into it?")
            if other.archived:
                words = self.tr("The archived category “{other}” has the name “{name}” already.")
            self.told.button.setVisible(not other.archived)
            self.told.tell(words.format(other=other.name, name=name.strip(), category=row.name))
            return
        self.told.tell("")
        edit = CategoryEdit(name=name)
        words = self.tr("Rename “{category}”").format(category=row.name)
        self._session.change(lambda store: store.categories.edit(category_id, edit), words)

    @Slot()
    def _archive_or_restore(self) -> None:
        """Delete archives what is selected; it never deletes labels."""
        if self.archive.isEnabled():
            self._archive()

    @Slot()
    def _archive(self) -> None:
        rows = [one for one in self.table.selected_rows() if not one.archived]
        if not rows:
            return
        numbers = [one.id for one in rows]
        if len(rows) == 1:
            words = self.tr("Archive “{category}”").format(category=rows[0].name)
            said = self.tr("“{category}” is archived. Its labels are kept; Undo or Restore brings it back.")
            said = said.format(category=rows[0].name)
        else:
            words = self.tr("Archive {n} categories").format(n=number(len(rows)))
            said = self.tr(
                "{n} categories are archived. Their labels are kept; Undo brings all of them back."
            )
            said = said.format(n=number(len(rows)))
        self._session.change(lambda store: store.categories.archive(numbers), words)
        self.message.emit(said)

    @Slot()
    def _restore(self) -> None:
        row = self.table.current_row()
        if row is not None and row.archived:
            number = row.id
            words = self.tr("Restore “{category}”").format(category=row.name)
            self._session.change(lambda store: store.categories.restore(number), words)

    @Slot(object)
    def _move(self, move: Move) -> None:
        words = counted(len(move.ids), self.tr("Move {n} category"), self.tr("Move {n} categories"))
        self._session.change(lambda store: store.categories.move(move.ids, move.before, move.group), words)

    @Slot()
    def _move_up(self) -> None:
        self._move_by(-1)

    @Slot()
    def _move_down(self) -> None:
        self._move_by(1)

    @Slot(int)
    def _move_by(self, step: int) -> None:
        """The selected rows, one row up or down."""
        if not self.up.isEnabled():
            if self.model.editable and not self.model.in_order:
                self.message.emit(self.tr("Sort by # and clear the filter to move categories."))
            return
        move = self.model.moved([row.id for row in self.table.selected_rows()], step)
        if move is not None:
            self._move(move)

    @Slot()
    def _show_properties(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.properties_wanted.emit(row.id)

    @Slot()
    def _show_images(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.query_wanted.emit(query_of([row.name]))
