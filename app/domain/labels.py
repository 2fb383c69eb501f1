"""The three states of a label and where a decision came from."""

from dataclasses import dataclass
from enum import StrEnum


class LabelState(StrEnum):
    """State of one category on one image. ``UNKNOWN`` means that nobody has said anything."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def target(self) -> int:
        """The value used in label arrays: 1 yes, 0 no, -1 unknown."""
        return _TARGETS[self]


_TARGETS = {LabelState.YES: 1, LabelState.NO: 0, LabelState.UNKNOWN: -1}


class Source(StrEnum):
    """Who made a decision."""

    HUMAN = "human"
    BULK = "bulk"
    IMPORT = "import"
    PROPAGATED = "propagated"


@dataclass(frozen=True, slots=True)
class Origin:
    """How an image came before the person; calibration and evaluation are weighted by it.

    ``queue`` names the queue (``"library"`` when the person chose the image), ``inclusion`` is the
    probability with which the queue would have picked it, in (0, 1], or None when it is not known.
    """

    queue: str = "library"
    inclusion: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer to one question. ``score`` and ``model`` record what the machine said at that moment."""

    image_id: int
    category_id: int
    state: LabelState
    score: float | None = None
    model: str | None = None
