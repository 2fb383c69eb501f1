"""Asks before the window closes over long work: the one question that holds everything up."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.unsaved import UnsavedChange, count_words, summary
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from app.gui.widgets.text import Text
from app.jobs.session_values import JobInfo

if TYPE_CHECKING:
    from app.gui.frame.main_window import MainWindow

TITLE: Final = "Work is still going on"
UNSAVED_TITLE: Final = "Not everything is saved"
ENDED_TITLE: Final = "Everything is saved"
_LABELS: Final = "Your labels are saved."
_ENDED: Final = "The work has ended meanwhile."
_WIDTH: Final = 440


class ClosingQuestion(QDialog):
    """Tells what stopping means for jobs and unsaved answers.

    Accepted: stop and close; Esc and Enter stay.
    """

    def __init__(
        self, jobs: Sequence[JobInfo], unsaved: Sequence[UnsavedChange] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = Text("", TypeSize.TITLE)
        self._words = Text("")
        self._words.setWordWrap(True)
        self._stop, self._stay = QPushButton("Stop and close"), QPushButton("Stay")
        self._stop.setAutoDefault(False)
        self._stay.setProperty("role", "primary")
        self._stay.setDefault(True)
        self._stop.clicked.connect(self.accept)
        self._stay.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addStretch(1)
        buttons.addWidget(self._stop)
        buttons.addWidget(self._stay)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._title)
        layout.addWidget(self._words)
        layout.addLayout(buttons)
        self.setMinimumWidth(_WIDTH)
        self._stay.setFocus()
        self._had_jobs = bool(jobs)
        self.follow(jobs, unsaved)

    def follow(self, jobs: Sequence[JobInfo], unsaved: Sequence[UnsavedChange]) -> None:
        """Tell how far they are by now."""
        self._show_title(UNSAVED_TITLE if unsaved else TITLE if jobs else ENDED_TITLE)
        parts = [_meaning(job) for job in jobs]
        if self._had_jobs and not jobs:
            parts.append(_ENDED)
        parts.append(unsaved_words(unsaved) if unsaved else _LABELS)
        self._words.setText("\n\n".join(parts))
        self._stop.setText("Stop and close" if jobs else "Close")

    def _show_title(self, title: str) -> None:
        self.setWindowTitle(title)
        self._title.setText(title)

    def words(self) -> str:
        return self._words.text()

    def stop_button(self) -> QPushButton:
        return self._stop

    def stay_button(self) -> QPushButton:
        return self._stay


class Closing(QObject):
    """Whether the window may close. Nothing is asked while no job runs and all is saved."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._question: ClosingQuestion | None = None
        self._agreed = False
        window.jobs.jobs_changed.connect(self._follow)
        window.session.unsaved.changed.connect(self._follow)

    @property
    def question(self) -> ClosingQuestion | None:
        """The one that is on the screen."""
        return self._question

    def may_close(self) -> bool:
        """Else the person is asked, and the window closes when they say so."""
        jobs, unsaved = self._window.jobs.running(), self._held_up()
        if self._agreed or not (jobs or unsaved):
            return True
        if self._question is None:
            question = self._question = ClosingQuestion(jobs, unsaved, self._window)
            question.accepted.connect(self.close_now)
            question.finished.connect(self._put_away)
            question.open()
        return False

    @Slot()
    def close_now(self) -> None:
        """Close without a question, as when the system asks the program to end."""
        self._agreed = True
        if self._question is not None:
            self._question.hide()
        self._window.close()

    @Slot()
    def _follow(self) -> None:
        if self._question is not None:
            self._question.follow(self._window.jobs.running(), self._held_up())

    def _held_up(self) -> list[UnsavedChange]:
        unsaved = self._window.session.unsaved
        return [] if unsaved.held_up is None else unsaved.waiting

    @Slot()
    def _put_away(self) -> None:
        if self._question is not None:
            self._question.deleteLater()
            self._question = None


def unsaved_words(unsaved: Sequence[UnsavedChange]) -> str:
    """What closing means for changes that could not be written yet."""
    is_not = "is not" if len(unsaved) == 1 else "are not"
    what = f"{count_words(unsaved)} {is_not} saved yet: {summary(unsaved)}."
    return f"{what} What still cannot be saved when you close is kept, and offered at the next opening."


def _meaning(job: JobInfo) -> str:
    share = f" ({round(100 * job.done / job.total)} %)" if job.total else ""
    return f"{job.name}{share}: {job.kept}"
