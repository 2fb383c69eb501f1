"""Proposes to train when there are enough new decisions."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.training import TrainingOverview
from app.jobs.settings.preferences import Preferences
from app.jobs.training.overview_count import OverviewCount

if TYPE_CHECKING:
    from app.jobs.project.session import ProjectSession

SETTING: Final = "train_hint_after"
PAUSE_MS: Final = 1500
"""Decisions are counted after this pause."""
STEP: Final = 0.1
"""They are counted exactly, which takes a while, once this share of the threshold is new since last time."""


class TrainingHint(QObject):
    """Says when training is worth it."""

    changed = Signal(object)
    """A TrainingOverview to propose training by, or None."""

    def __init__(
        self, session: "ProjectSession", preferences: Preferences, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._preferences = session, preferences
        self._count = OverviewCount(session, self)
        self._proposal: TrainingOverview | None = None
        self._counted = 0
        self._resting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._look)
        session.scores_changed.connect(self._timer.start)
        session.changed.connect(self._timer.start)
        session.closed.connect(self._forget)
        preferences.changed.connect(self._follow_preferences)

    @property
    def proposal(self) -> TrainingOverview | None:
        return self._proposal

    @property
    def threshold(self) -> int:
        """New answers after which training is proposed; 0 for never."""
        return int(self._preferences.value(SETTING))

    def take(self, overview: TrainingOverview) -> None:
        """Take over an exact count."""
        self._counted = overview.new
        proposed = overview.enough and self.threshold > 0 and not self._resting
        self._tell(overview if proposed else None)

    def rest(self, resting: bool) -> None:
        """Propose nothing while a run is active."""
        if resting and not self._resting:
            self.reset()
        self._resting = resting

    def reset(self) -> None:
        """Withdraw the proposal: there is another version, or a run has ended."""
        self._counted = 0
        self._tell(None)

    @Slot()
    def _look(self) -> None:
        info = self._session.info
        if self.threshold and info is not None and info.indexed and not info.read_only:
            self._session.ask(
                lambda store: store.training.new_answers(), then=self._take_news, key="training-news"
            )

    def _take_news(self, at_most: int) -> None:
        grown = at_most - self._counted >= max(1, round(STEP * self.threshold))
        if at_most >= self.threshold and grown and self._proposal is None:
            self._count.ask(self.threshold, self.take)

    @Slot(str)
    def _follow_preferences(self, name: str) -> None:
        if name == SETTING:
            self.reset()
            self._look()

    @Slot()
    def _forget(self) -> None:
        self._timer.stop()
        self.reset()

    def _tell(self, proposal: TrainingOverview | None) -> None:
        if proposal != self._proposal:
            self._proposal = proposal
            self.changed.emit(proposal)
