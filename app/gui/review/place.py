"""The Review place: the board, a sitting, and what it has brought."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.review import SITTING, BoardRow, Queue, Step
from app.gui.commands.table import FRAME, keys_of
from app.gui.gallery.pictures import card_loader
from app.gui.review.board_view import BoardView
from app.gui.review.sitting_view import SittingView
from app.gui.review.summary import Summary
from app.gui.widgets.empty_state import EmptyState
from app.jobs.preferences import Preferences
from app.jobs.project_session import ProjectSession
from app.jobs.review_session import Ending, ReviewSession
from app.jobs.session_values import ProjectInfo
from app.jobs.thumbnail_loader import ThumbnailLoader


class ReviewPlace(QWidget):
    """Board, sitting and summary over one session. shut() ends the threads; call it once."""

    library_wanted = Signal()
    features_wanted = Signal()
    accept_wanted = Signal()
    """All likely images of the category that shows are to be accepted."""
    said = Signal(str)
    """A short word on what was done, or why nothing was."""
    keys_reserved = Signal(object)
    """Keys that the frame leaves to this place from now on."""

    def __init__(
        self,
        session: ProjectSession,
        preferences: Preferences,
        known_errors: tuple[type[Exception], ...],
        parent: QWidget | None = None,
        *,
        seed: int | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Review")
        self._session, self._preferences, self._known_errors = session, preferences, known_errors
        self._loader: ThumbnailLoader | None = None
        self.review = ReviewSession(session, self, seed=seed)
        self.board = BoardView(self.review)
        self.sitting = SittingView(session, self.review, preferences)
        self.summary = Summary()
        self.empty = EmptyState(
            "There are no categories to review yet",
            "Name what you see in the first images; each new name becomes a category.",
            "Go to the library",
        )
        self._stack = QStackedWidget()
        for widget in (self.board, self.sitting, self.summary, self.empty):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        for name in ("undo", "redo"):  # also over the board and at the end of a sitting
            self.addAction(self.sitting.actions_of_cards.action(name))
        self._connect()
        self._show_accept_key()
        if session.info is not None:
            self._follow_info(session.info)

    def _connect(self) -> None:
        review, session = self.review, self._session
        self.board.step_wanted.connect(self._take_step)
        self.board.features_wanted.connect(self.features_wanted)
        for part in (self.board, self.sitting):
            part.accept_wanted.connect(self.accept_wanted)
        self.sitting.queue_wanted.connect(self._change_queue)
        self.sitting.board_wanted.connect(self.show_board)
        self.summary.board_wanted.connect(self.show_board)
        self.summary.again_wanted.connect(self._again)
        self.summary.next_wanted.connect(self._take_step)
        self.empty.triggered.connect(self.library_wanted)
        review.ended.connect(self._show_ending)
        review.cards_changed.connect(self.summary.refresh)
        review.said.connect(self.said)
        session.info_changed.connect(self._follow_info)
        session.opened.connect(self._open)
        session.closed.connect(self._forget)
        session.pace_changed.connect(self.board.set_pace)
        self._preferences.changed.connect(self._follow_preferences)

    def shut(self) -> bool:
        """Whether all threads have ended."""
        self.review.keeper.watch(False)
        ended = self._loader is None or self._loader.close()
        return self.sitting.preview.close_loader() and ended

    # --- what shows

    @property
    def shown(self) -> QWidget:
        return self._stack.currentWidget()

    @property
    def sitting_shown(self) -> bool:
        return self.shown is self.sitting

    def category_shown(self) -> int | None:
        """The category of the sitting, or that of the row on the board."""
        sitting, row = self.review.sitting, self.board.table.current_row()
        if self.shown is not self.board and sitting is not None:
            return sitting.category_id
        return None if row is None else row.category_id

    @Slot()
    def show_board(self) -> None:
        """Leave the sitting; what was decided stays decided."""
        self.review.leave()
        self._show(self.board)
        self.review.keeper.watch(self.isVisible())

    @Slot()
    def open_large(self) -> None:
        if self.sitting_shown:
            self.sitting.open_large()

    def leave_large(self) -> bool:
        """Back to the cards; False where no card is shown large."""
        if not (self.sitting_shown and self.sitting.large):
            return False
        self.sitting.show_cards()
        return True

    def focus(self) -> None:
        """Give the focus to what the keys are for."""
        if self.sitting_shown:
            (self.sitting.preview.canvas if self.sitting.large else self.sitting.grid).setFocus()
        elif self.shown is self.summary:
            self.summary.focus()
        elif self.shown is self.empty:
            self.empty.button().setFocus()
        else:
            self.board.table.setFocus()

    def begin(self, category_id: int, queue: Queue = Queue.LIKELY, goal: int = SITTING) -> None:
        """A sitting over one category."""
        self._show(self.sitting)
        if self._loader is None:
            self._loader = card_loader(self._session, self._known_errors)
            self.sitting.grid.set_loader(self._loader)
        self.review.set_page_size(self.sitting.grid.capacity())
        self.review.begin(category_id, queue, goal)
        self.focus()

    def _show(self, widget: QWidget) -> None:
        info = self._session.info
        if widget is self.board and info is not None and not info.categories:
            widget = self.empty
        if widget is not self.shown:
            self._stack.setCurrentWidget(widget)
            self._tell_keys()
            if self.isVisible():
                self.focus()

    def _tell_keys(self) -> None:
        sitting = self.isVisible() and self.sitting_shown
        self.keys_reserved.emit(self.sitting.actions_of_cards.all_keys() if sitting else ())

    # --- the person's way

    @Slot(object)
    def _take_step(self, row: BoardRow) -> None:
        queue = Queue.WRONG if row.step is Step.CHECK else Queue.LIKELY
        self.begin(row.category_id, queue, row.sitting or SITTING)

    @Slot(object)
    def _change_queue(self, queue: Queue) -> None:
        sitting = self.review.sitting
        if sitting is not None and queue is not sitting.queue:
            self.begin(sitting.category_id, queue, SITTING)
        self.focus()

    @Slot()
    def _again(self) -> None:
        sitting = self.review.sitting
        if sitting is not None:
            self.begin(sitting.category_id, sitting.queue)

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
        words = (
            "Hidden positives, average precision and the order of the cards need the features of the images."
        )
        self.board.missing.button.setVisible(not info.read_only)
        self.board.missing.tell(words if missing else "")
        if self.shown in {self.board, self.empty}:
            self._show(self.board)

    @Slot()
    def _forget(self) -> None:
        if self._loader is not None:
            self._loader.forget()
        self._stack.setCurrentWidget(self.board)

    @Slot(str)
    def _follow_preferences(self, name: str) -> None:
        if name == "shortcuts":
            self.sitting.actions_of_cards.set_shortcuts(self._preferences.value(name))
            self._tell_keys()
            self._show_accept_key()

    def _show_accept_key(self) -> None:
        """It is one of the frame's, which acts everywhere."""
        command = next(one for one in FRAME if one.name == "accept_likely")
        key = next(iter(keys_of(command, self._preferences.shortcuts)), "")
        for part in (self.board, self.sitting):
            part.accept.set_key(key)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.review.keeper.watch(self.shown in {self.board, self.empty})
        self._tell_keys()
        self.focus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.review.keeper.watch(False)
        self.keys_reserved.emit(())
