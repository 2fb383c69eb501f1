"""One job of the list: its name, how far it is, and what can be done with it."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.domain.progress import Progress
from app.gui.theme import TypeSize
from app.gui.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from app.gui.widgets.text import ElidedText, Text
from app.gui.widgets.words import progress_words, share_done

_STEPS = 1000


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    CANCELLING = "stopping"
    DONE = "done"
    CANCELLED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def going_on(self) -> bool:
        return self in {JobState.WAITING, JobState.RUNNING, JobState.PAUSING, JobState.CANCELLING}

    @property
    def can_go_on(self) -> bool:
        return self in {JobState.PAUSED, JobState.INTERRUPTED}


@dataclass(frozen=True, slots=True)
class JobItem:
    """One job as the window shows it. ``message`` is the sentence of its end, or of what it is doing."""

    id: str
    name: str
    state: JobState
    progress: Progress | None = None
    message: str = ""
    can_pause: bool = False

    def words(self) -> str:
        if self.state is JobState.RUNNING and self.progress is not None:
            stage = self.progress.stage
            if stage and not self.progress.done and self.progress.total is None:
                return f"{stage} …"
            return (f"{stage}: " if stage else "") + progress_words(self.progress)
        return ": ".join(part for part in (self.state.value, self.message) if part)


class JobRow(QFrame):
    """``button()`` does what is most wanted: stop, resume or dismiss. ``other_button()`` pauses what runs,
    and dismisses what could be resumed.
    """

    cancel_requested = Signal(str)
    pause_requested = Signal(str)
    resume_requested = Signal(str)
    dismissed = Signal(str)

    def __init__(self, job: JobItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._job = job
        self._name = ElidedText("", TypeSize.BODY)
        self._words = Text("", TypeSize.SMALL, quiet=True, tabular=True)
        self._words.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, _STEPS)
        self._button, self._other = QPushButton(), QPushButton()
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        for button, act in ((self._other, self._act_otherwise), (self._button, self._act)):
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

    def job(self) -> JobItem:
        return self._job

    def button(self) -> QPushButton:
        return self._button

    def other_button(self) -> QPushButton:
        return self._other

    def set_job(self, job: JobItem) -> None:
        self._job = job
        state = job.state
        self._name.setText(job.name)
        self._words.setText(job.words())
        share = share_done(job.progress)
        self._bar.setVisible(state.going_on)
        self._bar.setRange(0, _STEPS if share is not None or state is JobState.WAITING else 0)
        self._bar.setValue(round((share or 0.0) * _STEPS))
        self._bar.setAccessibleName(f"{job.name}: {job.words()}")
        self._name_button(
            self._button, "Stop" if state.going_on else "Resume" if state.can_go_on else "Dismiss"
        )
        self._name_button(self._other, "Pause" if state.going_on else "Dismiss")
        self._other.setVisible(state.can_go_on or (job.can_pause and state.going_on))
        ending = state in {JobState.CANCELLING, JobState.PAUSING}
        self._button.setEnabled(not ending)
        self._other.setEnabled(not ending and state is not JobState.WAITING)

    def _name_button(self, button: QPushButton, word: str) -> None:
        button.setText(word)
        button.setAccessibleName(f"{word} {self._job.name}")

    @Slot()
    def _act(self) -> None:
        state, signal = self._job.state, self.dismissed
        if state.going_on:
            signal = self.cancel_requested
        elif state.can_go_on:
            signal = self.resume_requested
        signal.emit(self._job.id)

    @Slot()
    def _act_otherwise(self) -> None:
        (self.pause_requested if self._job.state.going_on else self.dismissed).emit(self._job.id)
