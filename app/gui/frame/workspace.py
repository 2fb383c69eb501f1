"""The window with an open project: rail, top bar, the place, status line."""

from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.gui.frame.library_place import LibraryPlace
from app.gui.frame.preferences_menu import PreferencesMenu
from app.gui.frame.query_bar import QueryProblem
from app.gui.frame.top_bar import TopBar
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M
from app.gui.widgets.rail import Place, Rail
from app.gui.widgets.status_line import StatusLine
from app.gui.widgets.text import ElidedText
from app.jobs.preferences import Preferences
from app.jobs.project_session import ProjectSession
from app.jobs.session_values import ProjectInfo

LIBRARY: Final = "library"
PREFERENCES: Final = "preferences"
SAID_MS: Final = 4000


class Workspace(QWidget):
    """Wires the frame's parts to the session. shut() ends the threads of its place."""

    device_asked = Signal()

    def __init__(
        self,
        session: ProjectSession,
        preferences: Preferences,
        known_errors: tuple[type[Exception], ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._preferences = session, preferences
        self._images = 0
        self.rail = Rail(
            [
                Place(LIBRARY, "Library", "library"),
                Place(PREFERENCES, "Preferences", "preferences", bottom=True),
            ]
        )
        self.top = TopBar()
        self.problem = QueryProblem()
        self.library = LibraryPlace(session, preferences, known_errors)
        self.status = StatusLine()
        self.said = ElidedText("", TypeSize.SMALL, quiet=True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.preferences_menu = PreferencesMenu(preferences, self)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(SAID_MS)
        self._quiet.timeout.connect(self.said.hide)
        self.said.hide()
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        foot = QFrame()
        foot.setProperty("panel", "surface")
        foot_row = QHBoxLayout(foot)
        foot_row.setContentsMargins(0, 0, SPACE_M, 0)
        foot_row.setSpacing(0)
        foot_row.addWidget(self.status, 3)
        foot_row.addWidget(self.said, 1)
        self.foot = foot
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        for part in (self.top, _line(), self.problem, self.library, _line(), foot):
            right.addWidget(part, 1 if part is self.library else 0)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addWidget(_line(upright=True))
        layout.addLayout(right, 1)

    def _connect(self) -> None:
        session, query = self._session, self.top.query
        session.opened.connect(self._show_info)
        session.info_changed.connect(self._show_info)
        session.images_changed.connect(self._show_query)
        session.query_failed.connect(self._show_query_problem)
        session.completion_ready.connect(query.show_completions)
        session.saved.connect(self.status.note_saved)
        session.pace_changed.connect(self.status.set_pace)
        session.closed.connect(self._closed)
        query.submitted.connect(session.set_query)
        query.completion_wanted.connect(session.complete)
        query.left.connect(self._leave_query)
        self.problem.fix_chosen.connect(query.replace)
        self.library.counts_changed.connect(self._show_counts)
        self.library.controller.said.connect(self._say)
        self.rail.place_chosen.connect(self._go)
        self.status.device_asked.connect(self.device_asked)
        self._preferences.changed.connect(self._follow_preferences)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.activated.connect(self._focus_query)
        refresh = QShortcut(QKeySequence("F5"), self)
        refresh.activated.connect(session.refresh_query)

    def shut(self) -> bool:
        """Whether all threads have ended."""
        self.status.stop()
        self._quiet.stop()
        return self.library.shut()

    @Slot(object)
    def _show_info(self, info: ProjectInfo) -> None:
        self._images = info.images
        self.top.set_project(info.name, str(info.folder))
        gallery = self.library.gallery
        self._show_counts(gallery.count(), gallery.selected_count())

    @Slot(int, int)
    def _show_counts(self, shown: int, chosen: int) -> None:
        self.status.set_counts(shown, self._images, chosen)

    @Slot(object, str)
    def _show_query(self, _ids: list[int], query: str) -> None:
        self.problem.hide()
        self.top.query.set_query(query)

    @Slot(str, int, object)
    def _show_query_problem(self, sentence: str, position: int, fix: str | None) -> None:
        self.problem.tell(sentence, fix)
        self.top.query.show_error(position)

    @Slot()
    def _focus_query(self) -> None:
        self.top.query.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top.query.edit.selectAll()

    @Slot()
    def _leave_query(self) -> None:
        self.problem.hide()
        self.library.focus_images()

    @Slot(str)
    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self._quiet.start()

    @Slot(str)
    def _go(self, name: str) -> None:
        if name == PREFERENCES:
            self.rail.set_current(LIBRARY)
            button = self.rail.button(PREFERENCES)
            self.preferences_menu.popup(button.mapToGlobal(QPoint(button.width(), 0)))

    @Slot(str)
    def _follow_preferences(self, name: str) -> None:
        if name == "show_file_names":
            self.library.gallery.set_captions(self._preferences.value(name))

    @Slot()
    def _closed(self) -> None:
        self.status.stop()
        self.status.set_pace(None)
        self.top.query.set_query("")
        self.problem.hide()


def _line(*, upright: bool = False) -> QFrame:
    line = QFrame()
    line.setProperty("panel", "line")
    line.setStyleSheet("QFrame { background: palette(mid); }")
    if upright:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
