"""What the window tells of training outside its place: quietly, and never in the way."""

from PySide6.QtCore import QObject, Slot

from app.gui.frame.workspace import TRAIN, Workspace
from app.gui.notifications import Action, Notice, Notifications
from app.jobs.training_run import RunEnding
from app.jobs.training_session import TrainingSession


class TrainingNews(QObject):
    """A mark on the rail and one notice when training is worth the wait; a notice when a run has ended."""

    def __init__(
        self, training: TrainingSession, workspace: Workspace, bus: Notifications, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._bus = workspace, bus
        self._proposal: Notice | None = None
        training.hint.changed.connect(self._propose)
        training.ended.connect(self._tell_ending)
        training.problem_changed.connect(self._tell_problem)

    @Slot(str)
    def _propose(self, sentence: str) -> None:
        self._workspace.rail.set_note(TRAIN, sentence)
        if self._proposal is not None:
            self._bus.withdraw(self._proposal)
            self._proposal = None
        if sentence and self._workspace.place != TRAIN:
            self._proposal = self._bus.info(
                f"A new version could be trained: {sentence}", action=Action("Train", self._show)
            )

    @Slot(object)
    def _tell_ending(self, ending: RunEnding) -> None:
        """Failures come from the list of jobs, as of every job."""
        if ending.version is None or self._workspace.place == TRAIN:
            return
        action = Action("Show", self._show)
        if ending.activated:
            self._bus.done(f"{ending.version} is in use now.", todo=ending.sentence, action=action)
        else:
            self._bus.info(f"{ending.version} was made and is not used.", todo=ending.sentence, action=action)

    @Slot(str)
    def _tell_problem(self, sentence: str) -> None:
        if sentence:
            self._bus.warning(sentence, labels="Labels are not affected.", action=Action("Show", self._show))

    def _show(self) -> None:
        self._workspace.show_train()
