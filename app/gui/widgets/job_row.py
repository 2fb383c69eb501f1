"""One job of the list: its name, its progress, and buttons."""

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.progress import Progress
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.progress import ShareBar
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import progress_words, share_done
from app.jobs.values.session import JobInfo, JobPhase


def progress_of(job: JobInfo) -> Progress | None:
    """None unless the job is active."""
    if not job.state.active:
        return None
    return Progress(job.stage, job.done, job.total, job.rate, job.remaining, in_bytes=job.in_bytes)


def job_words(job: JobInfo) -> str:
    """What a job is doing, or how it ended."""
    progress = progress_of(job)
    if job.state is not JobPhase.RUNNING or progress is None:
        return ": ".join(part for part in (_phase_words(job.state), job.message) if part)
    if job.stage and not job.done and job.total is None:
        return f"{job.stage} …"
    return f"{job.stage}: {progress_words(progress)}" if job.stage else progress_words(progress)


def _phase_words(phase: JobPhase) -> str:
    """A crash is shown as an interruption: finished parts are kept, and the job can be resumed."""
    translate = QCoreApplication.translate
    return {
        JobPhase.WAITING: translate("Jobs", "waiting"),
        JobPhase.RUNNING: translate("Jobs", "running"),
        JobPhase.PAUSING: translate("Jobs", "pausing"),
        JobPhase.CANCELLING: translate("Jobs", "stopping"),
        JobPhase.PAUSED: translate("Jobs", "paused"),
        JobPhase.COMPLETED: translate("Jobs", "done"),
        JobPhase.CANCELLED: translate("Jobs", "stopped"),
        JobPhase.FAILED: translate("Jobs", "failed"),
        JobPhase.CRASHED: translate("Jobs", "interrupted"),
        JobPhase.INTERRUPTED: translate("Jobs", "interrupted"),
    }[phase]


class JobRow(QFrame):
    """``button`` stops, resumes, retries or dismisses the job; ``other_button`` pauses it if it is
    active, and dismisses it if it could be resumed or retried.
    """

    cancel_requested = Signal(str)
    pause_requested = Signal(str)
    resume_requested = Signal(str)
    dismissed = Signal(str)

    def __init__(self, job: JobInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job = job
        self._name = ElidedText("", TypeSize.BODY)
        self._words = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self._words.setWordWrap(True)
        self._bar = ShareBar()
        self.button, self.other_button = QPushButton(), QPushButton()
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        for button, act in ((self.other_button, self._act_otherwise), (self.button, self._act)):
            button.setProperty("role", "quiet")
            button.clicked.connect(act)
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(top)
        layout.addWidget(self._bar)
        layout.addWidget(self._words)
        self.set_job(job)

    def set_job(self, job: JobInfo) -> None:
        self.job = job
        state = job.state
        self._name.setText(job.name)
        self._words.setText(job_words(job))
        share = share_done(progress_of(job))
        self._bar.setVisible(state.active)
        self._bar.show_share(share, working=state is not JobPhase.WAITING)
        self._bar.setAccessibleName(f"{job.name}: {job_words(job)}")
        stop, dismiss = self.tr("Stop"), self.tr("Dismiss")
        again = self.tr("Resume") if state.can_resume else self.tr("Retry")
        self._name_button(self.button, stop if state.active else again if job.can_begin_again else dismiss)
        self._name_button(self.other_button, self.tr("Pause") if state.active else dismiss)
        self.other_button.setVisible(job.can_begin_again or (job.can_pause and state.active))
        ending = state in {JobPhase.CANCELLING, JobPhase.PAUSING}
        self.button.setEnabled(not ending)
        self.other_button.setEnabled(not ending and state is not JobPhase.WAITING)

    def _name_button(self, button: QPushButton, word: str) -> None:
        button.setText(word)
        button.setAccessibleName(f"{word}: {self.job.name}")

    @Slot()
    def _act(self) -> None:
        state, signal = self.job.state, self.dismissed
        if state.active:
            signal = self.cancel_requested
        elif self.job.can_begin_again:
            signal = self.resume_requested
        signal.emit(self.job.id)

    @Slot()
    def _act_otherwise(self) -> None:
        (self.pause_requested if self.job.state.active else self.dismissed).emit(self.job.id)
