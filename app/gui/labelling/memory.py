"""What was decided last, for `repeat`, and which categories were used lately, for completion."""

from typing import Final, NamedTuple

from app.domain.labels import LabelState

_RECENT_TAGS: Final = 6


class LastDecision(NamedTuple):
    """What `repeat` does again. ``category`` is a name where it was new then."""

    category: int | str
    name: str
    state: LabelState


class DecisionMemory:
    """Belongs to one open project."""

    def __init__(self) -> None:
        self.last: LastDecision | None = None
        self.recent: list[int] = []
        """Categories that were said yes to, the latest first."""

    def note(self, category: int | str, name: str, state: LabelState) -> None:
        self.last = LastDecision(category, name, state)
        if isinstance(category, int) and state is LabelState.YES:
            self.recent = [category, *(one for one in self.recent if one != category)][:_RECENT_TAGS]

    def words(self) -> str:
        """The last decision, in words; empty at first."""
        return "" if self.last is None else f"{self.last.state.value}: {self.last.name}"
