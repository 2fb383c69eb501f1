"""The last decision, for `repeat`, and the categories used recently, for completion."""

from typing import Final, NamedTuple

from app.domain.labels import LabelState
from app.gui.labelling.words import decision_words

_RECENT_TAGS: Final = 6


class LastDecision(NamedTuple):
    """What `repeat` repeats. ``category`` is a name if it was new at the time."""

    category: int | str
    name: str
    state: LabelState


class DecisionMemory:
    """Of one open project."""

    def __init__(self) -> None:
        self.last: LastDecision | None = None
        self.recent: list[int] = []
        """Categories that got a yes, the latest first."""

    def note(self, category: int | str, name: str, state: LabelState) -> None:
        self.last = LastDecision(category, name, state)
        if isinstance(category, int) and state is LabelState.YES:
            self.recent = [category, *(one for one in self.recent if one != category)][:_RECENT_TAGS]

    def words(self) -> str:
        """``Yes: zebra``; empty at first."""
        return "" if self.last is None else decision_words(self.last.state, self.last.name)
