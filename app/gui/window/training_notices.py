"""Notices about training outside the Train place."""

from PySide6.QtCore import QObject, Slot

from app.domain.training import TrainingOverview
from app.gui.notifications import Action, Notice, Notifications
from app.gui.training.words import hint_words, reason_words
from app.gui.window.workspace import TRAIN, Workspace
from app.jobs.training.run import RunEnding
from app.jobs.training.session import TrainingSession


class TrainingNotices(QObject):
    """A mark on the rail and a notice when training is worthwhile; a notice when a run has ended."""

    def __init__(
        self, training: TrainingSession, workspace: Workspace, bus: Notifications, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._bus = workspace, bus
        self._proposal: Notice | None = None
        training.hint.changed.connect(self._propose)
        training.ended.connect(self._report_ending)
        training.problem_changed.connect(self._report_problem)

    @Slot(object)
    def _propose(self, overview: TrainingOverview | None) -> None:
        sentence = "" if overview is None else hint_words(overview)
        self._workspace.rail.set_note(TRAIN, sentence)
        if overview is not None and self._proposal is not None:
            return  # one notice is enough, however many answers follow
        if self._proposal is not None:
            self._bus.withdraw(self._proposal)
            self._proposal = None
        if sentence and self._workspace.place != TRAIN:
            what = self.tr("You can train a new version. {reason}").format(reason=sentence)
            self._proposal = self._bus.info(what, action=Action(self.tr("Train"), self._show))

    @Slot(object)
    def _report_ending(self, ending: RunEnding) -> None:
        """Failures are reported from the list of jobs, like those of every job."""
        if ending.version is None or self._workspace.place == TRAIN:
            return
        action, reason = Action(self.tr("Show"), self._show), reason_words(ending.verdict, ending.sentence)
        if ending.activated:
            what = self.tr("{version} is in use now.").format(version=ending.version)
            self._bus.done(what, todo=reason, action=action)
        else:
            what = self.tr("{version} was trained but not activated.").format(version=ending.version)
            self._bus.info(what, todo=reason, action=action)

    @Slot(str)
    def _report_problem(self, sentence: str) -> None:
        if sentence:
            labels, action = self.tr("Labels are not affected."), Action(self.tr("Show"), self._show)
            self._bus.warning(sentence, labels=labels, action=action)

    def _show(self) -> None:
        self._workspace.show_train()
