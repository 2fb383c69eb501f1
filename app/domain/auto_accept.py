"""The plan for accepting all likely images of one category, shown before it is carried out."""

from dataclasses import dataclass
from typing import Final, NamedTuple

AUTO_ACCEPT: Final = "auto-accept"
"""The origin of these decisions: nobody has looked at the image."""
USUAL_PRECISION: Final = 0.95


@dataclass(frozen=True, slots=True)
class AcceptPlan:
    """``image_ids`` would become yes; they are undecided, readable and at or above ``threshold``.

    ``errors`` of them are expected to be wrong, and with a probability of 90 % at most ``errors_high``.
    ``missed`` yes are expected among the undecided images below the threshold. ``evidence`` labels verified
    by a person are above it. ``chances`` (probabilities) and ``speaker`` (the model) are recorded in the
    ledger. ``trouble`` is a sentence if nothing can be accepted; then there are no images.
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


class AcceptResult(NamedTuple):
    """The number of images accepted."""

    category: str
    images: int


def plan_sentences(plan: AcceptPlan) -> list[str]:
    """The plan as sentences, most important first."""
    if plan.trouble:
        return [plan.trouble]
    images = "1 undecided image" if plan.images == 1 else f"{plan.images:,} undecided images"
    labels = "1 label" if plan.evidence == 1 else f"{plan.evidence:,} labels"
    return [
        f"{images} would become yes for {plan.category!r}.",
        f"About {plan.errors:,.1f} of them are expected to be wrong; with 90 % confidence, at most "
        f"{plan.errors_high:,}.",
        f"They score {plan.threshold:.2f} or above, a threshold based on {labels} verified by a person. "
        f"About {plan.missed:,.0f} more are expected below it.",
    ]
