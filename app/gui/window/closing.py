"""Asks before the window closes while jobs run or changes are unsaved."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QMainWindow, QPushButton, QVBoxLayout, QWidget

from app.domain.unsaved import UnsavedChange
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from app.gui.widgets.text import Text
from app.gui.widgets.words import counted
from app.gui.window.unsaved_banner import summary
from app.jobs.project.session import ProjectSession
from app.jobs.values.session import JobInfo
from app.jobs.work.controller import JobController

_WIDTH: Final = 440


class ClosingQuestion(QDialog):
    """Says what closing means for jobs and unsaved changes. Esc, and Enter at first, keep the window open."""

    def __init__(
        self, jobs: Sequence[JobInfo], unsaved: Sequence[UnsavedChange] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = Text("", TypeSize.TITLE)
        self.explanation = Text("")
        self.explanation.setWordWrap(True)
        self.stop_button, self.stay_button = QPushButton(), QPushButton(self.tr("Keep open"))
        self.stay_button.setProperty("role", "primary")
        self.stay_button.setDefault(True)
        self.stop_button.clicked.connect(self.accept)
        self.stay_button.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addStretch(1)
        buttons.addWidget(self.stop_button)
        buttons.addWidget(self.stay_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._title)
        layout.addWidget(self.explanation)
        layout.addLayout(buttons)
        self.setMinimumWidth(_WIDTH)
        self.stay_button.setFocus()
        self._had_jobs = bool(jobs)
        self.follow(jobs, unsaved)

    def follow(self, jobs: Sequence[JobInfo], unsaved: Sequence[UnsavedChange]) -> None:
        """Show how far they are now."""
        if unsaved:
            title = self.tr("Not everything is saved")
        else:
            title = self.tr("Work is still running") if jobs else self.tr("Everything is saved")
        self.setWindowTitle(title)
        self._title.setText(title)
        parts = [self._job_words(job) for job in jobs]
        if self._had_jobs and not jobs:
            parts.append(self.tr("The work has finished in the meantime."))
        parts.append(self._unsaved_words(unsaved) if unsaved else self.tr("Your labels are saved."))
        self.explanation.setText("\n\n".join(parts))
        self.stop_button.setText(self.tr("Stop and close") if jobs else self.tr("Close"))

    def _job_words(self, job: JobInfo) -> str:
        if not job.total:
            return self.tr("{job}: {kept}").format(job=job.name, kept=job.kept)
        percent = round(100 * job.done / job.total)
        return self.tr("{job} ({percent} %): {kept}").format(job=job.name, percent=percent, kept=job.kept)

    def _unsaved_words(self, unsaved: Sequence[UnsavedChange]) -> str:
        return counted(
            len(unsaved),
            self.tr(
                "{n} change is not saved yet: {changes}. If it still cannot be saved when you close, "
                "it is kept and offered when you next open the project."
            ),
            self.tr(
                "{n} changes are not saved yet: {changes}. If they still cannot be saved when you close, "
                "they are kept and offered when you next open the project."
            ),
            changes=summary(unsaved),
        )


class Closing(QObject):
    """Whether the window may close. It asks only if a job runs or a change cannot be saved."""

    def __init__(self, window: QMainWindow, session: ProjectSession, jobs: JobController) -> None:
        super().__init__(window)
        self._window, self._unsaved, self._jobs = window, session.unsaved, jobs
        self.question: ClosingQuestion | None = None
        """The one on the screen."""
        self._agreed = False
        jobs.jobs_changed.connect(self._follow)
        self._unsaved.changed.connect(self._follow)

    def may_close(self) -> bool:
        """If not, the person is asked, and the window closes when they agree."""
        jobs, unsaved = self._jobs.running(), self._held_up()
        if self._agreed or not (jobs or unsaved):
            return True
        if self.question is None:
            question = self.question = ClosingQuestion(jobs, unsaved, self._window)
            question.accepted.connect(self.close_now)
            question.finished.connect(self._put_away)
            question.open()
        return False

    @Slot()
    def close_now(self) -> None:
        """Close without asking, for instance when the system ends the program."""
        self._agreed = True
        if self.question is not None:
            self.question.hide()
        self._window.close()

    @Slot()
    def _follow(self) -> None:
        if self.question is not None:
            self.question.follow(self._jobs.running(), self._held_up())

    def _held_up(self) -> list[UnsavedChange]:
        return [] if self._unsaved.held_up is None else self._unsaved.waiting

    @Slot()
    def _put_away(self) -> None:
        if self.question is not None:
            self.question.deleteLater()
            self.question = None
