"""The Review place: the board, a review round, and its summary."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.review import ROUND_SIZE, BoardRow, Queue, Step
from app.gui.commands.table import FRAME, keys_of
from app.gui.review.board_view import BoardView
from app.gui.review.round_view import RoundView
from app.gui.review.summary import Summary
from app.gui.widgets.empty_state import EmptyState
from app.gui.widgets.pictures import card_loader
from app.jobs.pictures.thumbnail_loader import ThumbnailLoader
from app.jobs.project.session import ProjectSession
from app.jobs.review.session import Ending, ReviewSession
from app.jobs.settings.preferences import Preferences
from app.jobs.values.session import ProjectInfo


class ReviewPlace(QWidget):
    """Board, round and summary over one session. shut() ends the threads; call it once."""

    library_wanted = Signal()
    features_wanted = Signal()
    accept_wanted = Signal()
    """For the category shown."""
    message = Signal(str)
    """A sentence on what was done, or why nothing was."""
    query_wanted = Signal(str)
    """Show the images of a query in the library."""
    properties_wanted = Signal(int)
    """Of a category, by its id."""
    keys_reserved = Signal(object)
    """Keys that the window leaves to this place from now on."""

    def __init__(
        self,
        session: ProjectSession,
        preferences: Preferences,
        parent: QWidget | None = None,
        *,
        seed: int | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Review"))
        self._session, self._preferences = session, preferences
        self._loader: ThumbnailLoader | None = None
        self._board_loader: ThumbnailLoader | None = None
        self.review = ReviewSession(session, self, seed=seed)
        self.board = BoardView(self.review)
        self.round_view = RoundView(session, self.review, preferences)
        self.summary = Summary()
        self.empty = EmptyState(
            self.tr("No categories to review yet"),
            self.tr("Tag what you see in the first images; each new tag becomes a category."),
            self.tr("Go to the library"),
        )
        self._stack = QStackedWidget()
        for widget in (self.board, self.round_view, self.summary, self.empty):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        for name in ("undo", "redo"):  # also on the board and at the end of a round
            self.addAction(self.round_view.actions_of_cards.action(name))
        self._connect()
        self._show_accept_key()
        if session.info is not None:
            self._follow_info(session.info)

    def _connect(self) -> None:
        review, session = self.review, self._session
        self.board.step_wanted.connect(self._take_step)
        self.board.features_wanted.connect(self.features_wanted)
        self.board.queue_wanted.connect(self.begin)
        self.board.query_wanted.connect(self.query_wanted)
        self.board.properties_wanted.connect(self.properties_wanted)
        for part in (self.board, self.round_view):
            part.accept_wanted.connect(self.accept_wanted)
        self.round_view.queue_wanted.connect(self._change_queue)
        self.round_view.board_wanted.connect(self.show_board)
        self.summary.board_wanted.connect(self.show_board)
        self.summary.again_wanted.connect(self._again)
        self.summary.next_wanted.connect(self._take_step)
        self.empty.triggered.connect(self.library_wanted)
        review.ended.connect(self._show_ending)
        review.cards_changed.connect(self.summary.refresh)
        review.message.connect(self.message)
        session.info_changed.connect(self._follow_info)
        session.opened.connect(self._open)
        session.closed.connect(self._forget)
        session.pace_changed.connect(self.board.set_pace)
        self._preferences.changed.connect(self._follow_preferences)

    def shut(self) -> bool:
        """Whether all threads have ended."""
        self.review.keeper.watch(False)
        ended = [one.close() for one in (self._loader, self._board_loader) if one is not None]
        return self.round_view.preview.close_loader() and all(ended)

    # --- what shows

    @property
    def shown(self) -> QWidget | None:
        return self._stack.currentWidget()

    @property
    def round_shown(self) -> bool:
        return self.shown is self.round_view

    def category_shown(self) -> int | None:
        """The category of the round, or of the board's current row."""
        active, row = self.review.round, self.board.table.current_row()
        if self.shown is not self.board and active is not None:
            return active.category_id
        return None if row is None else row.category_id

    @Slot()
    def show_board(self) -> None:
        """Leave the round; its decisions stay."""
        self.review.leave()
        self._show(self.board)
        self.review.keeper.watch(self.isVisible())

    @Slot()
    def open_large(self) -> None:
        if self.round_shown:
            self.round_view.open_large()

    def leave_large(self) -> bool:
        """Back to the cards; False if no card is shown large."""
        if not (self.round_shown and self.round_view.large):
            return False
        self.round_view.show_cards()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes one place up: from the end of a round to the board, from there to the library."""
        if event.key() == Qt.Key.Key_Escape and not self.round_shown:
            if self.shown is self.summary:
                self.show_board()
            else:
                self.library_wanted.emit()
        else:
            super().keyPressEvent(event)

    def show_start(self) -> None:
        """The board, unless a round is going on."""
        if self.shown is self.summary:
            self.show_board()
        self.focus()

    def focus(self) -> None:
        """Focus what the keys act on."""
        if self.round_shown:
            (self.round_view.preview.canvas if self.round_view.large else self.round_view.grid).setFocus()
        elif self.shown is self.summary:
            self.summary.focus()
        elif self.shown is self.empty:
            self.empty.button().setFocus()
        else:
            self.board.table.setFocus()

    def begin(self, category_id: int, queue: Queue = Queue.LIKELY, goal: int = ROUND_SIZE) -> None:
        """Start a round over one category."""
        self._show(self.round_view)
        if self._loader is None:
            self._loader = card_loader(self._session)
            self.round_view.grid.set_loader(self._loader)
        self.review.set_page_size(self.round_view.grid.capacity())
        self.review.begin(category_id, queue, goal)
        self.focus()

    def _show(self, widget: QWidget) -> None:
        info = self._session.info
        if widget is self.board and info is not None and not info.categories:
            widget = self.empty
        if widget is not self.shown:
            self._stack.setCurrentWidget(widget)
            self._reserve_keys()
            if self.isVisible():
                self.focus()

    def _reserve_keys(self) -> None:
        shown = self.isVisible() and self.round_shown
        self.keys_reserved.emit(self.round_view.actions_of_cards.all_keys() if shown else ())

    # --- what the person asks for

    @Slot(object)
    def _take_step(self, row: BoardRow) -> None:
        queue = Queue.WRONG if row.step is Step.CHECK else Queue.LIKELY
        self.begin(row.category_id, queue, row.round_size or ROUND_SIZE)

    @Slot(object)
    def _change_queue(self, queue: Queue) -> None:
        active = self.review.round
        if active is not None and queue is not active.queue:
            self.begin(active.category_id, queue, ROUND_SIZE)
        self.focus()

    @Slot()
    def _again(self) -> None:
        active = self.review.round
        if active is not None:
            self.begin(active.category_id, active.queue)

    @Slot(object)
    def _show_ending(self, ending: Ending) -> None:
        self.summary.show_ending(ending)
        self._show(self.summary)

    # --- following

    @Slot(object)
    def _open(self, _info: ProjectInfo) -> None:
        self.board.filter.clear()
        self._stack.setCurrentWidget(self.board)

    @Slot(object)
    def _follow_info(self, info: ProjectInfo) -> None:
        missing = info.readable and not info.indexed
        words = self.tr("What is still hidden, the quality and the order of the cards need image features.")
        self.board.missing.button.setVisible(not info.read_only)
        self.board.missing.tell(words if missing else "")
        active = self.review.round
        if active is not None and all(one.id != active.category_id for one in info.categories):
            words = self.tr("The category {name} is gone; the review of it has ended.")
            self.show_board()
            if self.isVisible():
                self.message.emit(words.format(name=active.name))
        elif self.shown in {self.board, self.empty}:
            self._show(self.board)

    @Slot()
    def _forget(self) -> None:
        for loader in (self._loader, self._board_loader):
            if loader is not None:
                loader.forget()
        self._stack.setCurrentWidget(self.board)

    @Slot(str)
    def _follow_preferences(self, name: str) -> None:
        if name == "shortcuts":
            self.round_view.actions_of_cards.set_shortcuts(self._preferences.value(name))
            self._reserve_keys()
            self._show_accept_key()

    def _show_accept_key(self) -> None:
        """The command belongs to the window, and its key acts everywhere."""
        command = next(one for one in FRAME if one.name == "accept_likely")
        key = next(iter(keys_of(command, self._preferences.shortcuts)), "")
        self.board.set_accept_key(key)
        self.round_view.accept.set_key(key)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._board_loader is None:
            self._board_loader = card_loader(self._session)
            self.board.table.set_loader(self._board_loader)
        self.review.keeper.watch(self.shown in {self.board, self.empty})
        self._reserve_keys()
        self.focus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.review.keeper.watch(False)
        self.keys_reserved.emit(())
