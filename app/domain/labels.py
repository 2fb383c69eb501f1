"""The three states of a label, and the source of a decision."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class LabelState(StrEnum):
    """State of one category on one image. ``UNKNOWN``: not labelled."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def target(self) -> int:
        """The value used in label arrays: 1 yes, 0 no, -1 unknown."""
        return _TARGETS[self]


_TARGETS = {LabelState.YES: 1, LabelState.NO: 0, LabelState.UNKNOWN: -1}
STATE_OF: Final = {target: state for state, target in _TARGETS.items()}
"""The state of each value in label arrays."""


class Source(StrEnum):
    """Who made a decision."""

    HUMAN = "human"
    BULK = "bulk"
    IMPORT = "import"
    PROPAGATED = "propagated"


@dataclass(frozen=True, slots=True)
class Origin:
    """How an image was selected for labelling; calibration and evaluation are weighted by it.

    ``queue`` names the queue (``"library"`` if the person chose the image); ``inclusion`` is the probability
    with which the queue selects it, in (0, 1], None if unknown.
    """

    queue: str = "library"
    inclusion: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One label given to one image. ``score`` and ``model`` record what was suggested at the time.

    ``kept_open``: UNKNOWN is an answer of its own, which a later review leaves as it is.
    """

    image_id: int
    category_id: int
    state: LabelState
    score: float | None = None
    model: str | None = None
    kept_open: bool = False
