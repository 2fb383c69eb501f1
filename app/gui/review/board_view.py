"""The board of categories: filter, table, distribution strip and time of the counts."""

from functools import partial
from typing import Final

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.language import number
from app.domain.query.words import written
from app.domain.review import Board, BoardRow, Queue, Step
from app.gui.commands.context_menu import ContextMenu
from app.gui.review.accept_button import accept_button
from app.gui.review.board_model import BoardModel
from app.gui.review.board_table import BoardTable
from app.gui.review.strip import DistributionStrip
from app.gui.review.words import best_words, row_words, step_words
from app.gui.theme import TypeSize, theme
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.banner import Banner
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import clock_words
from app.jobs.review.session import ReviewSession

_STRIP_FROM: Final = 360
_WIDEST_BEST: Final = 360


class BoardView(QWidget):
    """Shows the board of a ReviewSession."""

    step_wanted = Signal(object)
    """A BoardRow, for its next step."""
    features_wanted = Signal()
    accept_wanted = Signal()
    queue_wanted = Signal(object, object)
    """The id of a category, and the Queue to review."""
    query_wanted = Signal(str)
    properties_wanted = Signal(int)
    """The id of a category."""

    def __init__(self, review: ReviewSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._review = review
        self._as_of, self._indexed, self._accept_key = "", False, ""
        self.model = BoardModel(self)
        self.table = BoardTable(self.model)
        self.strip = DistributionStrip()
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Find a category"))
        self.filter.setAccessibleName(self.tr("Find a category"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(theme().pixels(280))
        self.when = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self.best = QPushButton()
        self.best.setProperty("role", "primary")
        self._best: BoardRow | None = None
        self.accept = accept_button(self, self.accept_wanted)
        self.detail = ElidedText("", TypeSize.SMALL, quiet=True, tabular=True)
        self.missing = Banner("info", self.tr("Compute features"))
        self._arrange()
        self.filter.textChanged.connect(self._filter)
        self.filter.returnPressed.connect(self.table.setFocus)
        self.table.step_wanted.connect(self.step_wanted)
        self.table.row_changed.connect(self._show_row)
        self.table.menu_wanted.connect(self._open_menu)
        self.best.clicked.connect(self._take_best)
        self.strip.chosen.connect(self._choose)
        self.missing.triggered.connect(self.features_wanted)
        review.keeper.changed.connect(self._show_board)
        review.keeper.rows_changed.connect(self._show_rows)
        review.keeper.estimating.connect(self._show_progress)
        self.setFocusProxy(self.table)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACE_M)
        top.addWidget(Text(self.tr("Review"), TypeSize.TITLE))
        top.addWidget(self.filter, 1)
        top.addStretch(1)
        top.addWidget(self.best)
        below = QHBoxLayout()
        below.setSpacing(SPACE_M)
        below.addWidget(self.when)
        below.addStretch(1)
        below.addWidget(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addLayout(top)
        layout.addWidget(self.missing)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.strip)
        layout.addWidget(self.detail)
        layout.addLayout(below)

    def set_pace(self, per_minute: float | None) -> None:
        self.model.per_minute = per_minute
        self._show_best()
        self._show_row(self.table.current_row())

    @Slot(object)
    def _show_board(self, board: Board) -> None:
        self._as_of = clock_words(board.as_of)
        self._indexed = bool(board.indexed)
        self.model.set_rows(board.rows)
        self.strip.set_rows(board.rows)
        self._show_row(self.table.current_row())

    @Slot(object)
    def _show_rows(self, rows: list[BoardRow]) -> None:
        self.model.update_rows(rows)
        current = self.table.current_row()
        if current is not None and any(row.category_id == current.category_id for row in rows):
            self._show_row(current)

    @Slot(int, int)
    def _show_progress(self, done: int, total: int) -> None:
        words = self.tr("as of {time}")
        if done < total:
            words = self.tr("as of {time}, estimating {done} of {total}")
        else:
            self.model.sort_again()
        self._show_best()
        self.when.setText(words.format(time=self._as_of, done=number(done), total=number(total)))

    @Slot(str)
    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        if not self.model.rowCount() and self.model.total():
            words = self.tr("No category with “{text}” in its name ({n} in all).")
            self.detail.setText(words.format(text=text.strip(), n=number(self.model.total())))

    @Slot(object)
    def _choose(self, category_id: int) -> None:
        if not self.table.show_category(category_id):
            self.filter.clear()
            self.table.show_category(category_id)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _show_row(self, row: BoardRow | None) -> None:
        self.detail.setText(
            "" if row is None else row_words(row, self.model.per_minute, banded=self.model.banded)
        )
        self.strip.set_current(None if row is None else row.category_id)

    # --- the best next step

    def _show_best(self) -> None:
        """It is shown once all categories are estimated, and stays while they are estimated again."""
        keeper = self._review.keeper
        if keeper.estimated:
            self._best = keeper.proposal() if self._indexed else None
        elif self._best is not None:
            self._best = keeper.row(self._best.category_id)
        row = self._best
        self.best.setVisible(row is not None)
        if row is not None:
            words = best_words(row, self.model.per_minute)
            metrics = self.best.fontMetrics()
            wide = theme().pixels(_WIDEST_BEST)
            self.best.setText(metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, wide))
            self.best.setToolTip(row_words(row, self.model.per_minute, banded=self.model.banded))
            self.best.setAccessibleName(words)

    @Slot()
    def _take_best(self) -> None:
        if self._best is not None:
            self.table.show_category(self._best.category_id)
            self.step_wanted.emit(self._best)

    # --- the menu of a row

    def menu(self, row: BoardRow) -> ContextMenu:
        menu = ContextMenu(self.table, row.name)
        if row.step is not Step.NOTHING:
            menu.add(step_words(row), lambda: self.step_wanted.emit(row), key="Return")
        learned = bool(row.yes and row.no)
        for queue, words, possible in (
            (Queue.UNSURE, self.tr("Review unsure images"), learned and bool(row.undecided)),
            (Queue.WRONG, self.tr("Check yes labels"), learned),
            (Queue.MISSING, self.tr("Check no labels"), learned),
        ):
            menu.add(words, partial(self.queue_wanted.emit, row.category_id, queue), enabled=possible)
        menu.add_group()
        name = written(row.name)
        menu.add(
            self.tr("Show images labelled yes"), partial(self.query_wanted.emit, name), enabled=row.yes > 0
        )
        menu.add(self.tr("Show suggested images"), partial(self.query_wanted.emit, f"suggested:{name}"))
        menu.add_group()
        menu.add(
            self.tr("Accept likely images…"), self.accept_wanted.emit, key=self._accept_key, enabled=learned
        )
        properties = partial(self.properties_wanted.emit, row.category_id)
        menu.add(self.tr("Category properties…"), properties)
        return menu

    @Slot(object, object, object)
    def _open_menu(self, row: BoardRow, event: QContextMenuEvent, place: QRect) -> None:
        self.menu(row).open_for(event, place)

    def set_accept_key(self, key: str) -> None:
        self._accept_key = key
        self.accept.set_key(key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.strip.setVisible(self.height() >= theme().pixels(_STRIP_FROM))
