"""The board of the open project: counted immediately, estimated in slices, updated while it is shown."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.review import Board, BoardRow, Estimate, Step

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession

REFRESH_MS: Final = 800
"""The board is updated this long after the last change."""


class BoardKeeper(QObject):
    """Reads the board from the store when it is outdated and shown."""

    changed = Signal(object)
    """A Board with new counts; it keeps the previous estimates until there are new ones."""
    rows_changed = Signal(object)
    """The BoardRows with new estimates."""
    estimating = Signal(int, int)
    """The number of categories estimated since the last count, and of all categories."""

    def __init__(self, session: "ProjectSession", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._board: Board | None = None
        self._waiting: list[int] = []
        self._stale = True
        self._watched = False
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.refresh)
        session.info_changed.connect(self.note_change)
        session.scores_changed.connect(self.note_change)
        session.changed.connect(self.note_change)
        session.closed.connect(self._forget)

    @property
    def board(self) -> Board | None:
        return self._board

    def watch(self, watched: bool) -> None:
        """Whether the board is shown; only then is it updated automatically."""
        self._watched = watched
        if watched and self._stale:
            self.refresh()
        elif not watched:
            self._refresh.stop()

    @Slot()
    def refresh(self) -> None:
        """Count again; ``changed`` follows."""
        if self._session.info is not None:
            self._stale = False
            self._session.ask(lambda store: store.reviewing.board(), then=self._take_board, key="board")

    def row(self, category_id: int) -> BoardRow | None:
        rows = () if self._board is None else self._board.rows
        return next((row for row in rows if row.category_id == category_id), None)

    def _take_board(self, board: Board) -> None:
        known = {row.category_id: row.estimate for row in self._board.rows} if self._board else {}
        rows = [replace(row, estimate=known.get(row.category_id)) for row in board.rows]
        self._board = replace(board, rows=rows)
        self.changed.emit(self._board)
        self._waiting = [row.category_id for row in rows] if board.indexed else []
        self._estimate()

    def _estimate(self) -> None:
        total = 0 if self._board is None else len(self._board.rows)
        self.estimating.emit(total - len(self._waiting), total)
        if self._waiting:
            waiting = list(self._waiting)
            self._session.ask(
                lambda store: store.reviewing.estimates(waiting), then=self._take_estimates, key="estimates"
            )

    def _take_estimates(self, found: dict[int, Estimate | None]) -> None:
        self._waiting = [number for number in self._waiting if number not in found]
        if self._board is not None:
            rows = [
                replace(row, estimate=found[row.category_id]) if row.category_id in found else row
                for row in self._board.rows
            ]
            self._board = replace(self._board, rows=rows)
            self.rows_changed.emit([row for row in rows if row.category_id in found])
        self._estimate()

    @property
    def estimated(self) -> bool:
        """Whether all categories have their newest estimates."""
        return self._board is not None and not self._waiting

    def proposal(self, but: int | None = None) -> BoardRow | None:
        """The category whose next round is expected to gain most, except category ``but``."""
        rows = [] if self._board is None else [row for row in self._board.rows if row.category_id != but]
        worth = [row for row in rows if row.step in {Step.REVIEW, Step.FIND}]
        return max(worth, key=lambda row: row.estimate.gain if row.estimate else 0.0, default=None)

    @Slot()
    def note_change(self) -> None:
        """The board is outdated."""
        self._stale = True
        if self._watched:
            self._refresh.start()

    @Slot()
    def _forget(self) -> None:
        self._board, self._waiting, self._stale = None, [], True
        self._refresh.stop()
