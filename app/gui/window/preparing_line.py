"""The line that says how far the preparation of a project is, with a button to pause or resume it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.domain.language import number
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S
from app.gui.widgets.text import ElidedText
from app.gui.widgets.words import left_words
from app.jobs.values.session import JobInfo, JobPhase

_KINDS = ("scan", "index")


class PreparingLine(QWidget):
    """Shows the scan or the computation of features, whichever runs; empty otherwise."""

    pause_requested = Signal(str)
    resume_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job: JobInfo | None = None
        self.words = ElidedText("", TypeSize.SMALL, tabular=True)
        self.button = QPushButton()
        self.button.setProperty("role", "link")
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self._act)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, SPACE_M, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.words, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.set_jobs(())

    def set_jobs(self, jobs: Sequence[JobInfo]) -> None:
        preparing = [job for job in jobs if job.kind in _KINDS]
        shown = [job for job in preparing if job.state.active and job.state is not JobPhase.WAITING]
        shown += [job for job in preparing if job.state is JobPhase.WAITING]
        shown += [job for job in preparing if job.state is JobPhase.PAUSED]
        self._job = next(iter(shown), None)
        self.setVisible(self._job is not None)
        if self._job is None:
            return
        paused = self._job.state is JobPhase.PAUSED
        self.words.setText(self._words(self._job))
        self.button.setText(self.tr("Resume") if paused else self.tr("Pause"))
        self.button.setAccessibleName(f"{self.button.text()}: {self.words.text()}")
        self.button.setEnabled(self._job.state in {JobPhase.RUNNING, JobPhase.PAUSED})

    def _words(self, job: JobInfo) -> str:
        if job.kind == "scan":
            words = self.tr("Looking for images")
        elif job.state is JobPhase.PAUSED:
            words = self.tr("Suggestions are not being prepared")
        else:
            words = self.tr("Preparing suggestions")
        if job.total and job.done:
            counts = self.tr("{done} of {total}").format(done=number(job.done), total=number(job.total))
            words = f"{words}: {counts}"
        elif job.done:
            words = f"{words}: {number(job.done)}"
        elif job.state.active:
            words = f"{words} …"
        if job.state is JobPhase.RUNNING and job.remaining:
            words = self.tr("{words}, about {left}").format(words=words, left=left_words(job.remaining))
        return words

    @Slot()
    def _act(self) -> None:
        if self._job is not None:
            paused = self._job.state is JobPhase.PAUSED
            (self.resume_requested if paused else self.pause_requested).emit(self._job.id)
