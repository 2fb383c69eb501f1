"""What accepting all likely images of one category would do, told before it is done."""

from dataclasses import dataclass
from typing import Final, NamedTuple

AUTO_ACCEPT: Final = "auto-accept"
"""The origin of such a decision: nobody has looked at the image."""
USUAL_PRECISION: Final = 0.95


@dataclass(frozen=True, slots=True)
class AcceptPlan:
    """``image_ids`` would become yes; they are undecided, readable and at or above ``threshold``.

    Of them ``errors`` are expected to be wrong, and with a chance of nine in ten at most ``errors_high``.
    ``missed`` yes are expected among the undecided ones below the threshold. ``evidence`` labels that
    somebody has looked at lie above it. ``chances`` and ``speaker`` go into the books with the decisions.
    ``trouble`` is a sentence where nothing can be accepted; there are no images then.
    """

    category_id: int
    category: str
    precision: float
    threshold: float | None = None
    image_ids: tuple[int, ...] = ()
    chances: tuple[float, ...] = ()
    errors: float = 0.0
    errors_high: int = 0
    missed: float = 0.0
    evidence: int = 0
    speaker: str = ""
    trouble: str = ""

    @property
    def images(self) -> int:
        return len(self.image_ids)


class AcceptAnswer(NamedTuple):
    """What was accepted."""

    category: str
    images: int


def plan_sentences(plan: AcceptPlan) -> list[str]:
    """The plan for a person, the most important first."""
    if plan.trouble:
        return [plan.trouble]
    images = "1 undecided image" if plan.images == 1 else f"{plan.images:,} undecided images"
    labels = "1 label" if plan.evidence == 1 else f"{plan.evidence:,} labels"
    return [
        f"{images} would become yes for {plan.category!r}.",
        f"About {plan.errors:,.1f} of them are expected to be wrong; with a chance of nine in ten at most "
        f"{plan.errors_high:,}.",
        f"They lie at {plan.threshold:.2f} or above, which rests on {labels} that somebody looked at. About "
        f"{plan.missed:,.0f} more are expected below.",
    ]
