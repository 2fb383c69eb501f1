"""The plan for accepting all likely images of one category, shown before it is carried out."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from app.domain.counting import count
from app.domain.language import number, translate

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
    return [
        translate("Domain", "{images} would become yes for {category}.").format(
            images=count(plan.images, "undecided image"), category=repr(plan.category)
        ),
        translate(
            "Domain",
            "About {errors} of them are expected to be wrong; with 90 % confidence, at most {errors_high}.",
        ).format(errors=number(plan.errors, 1), errors_high=number(plan.errors_high)),
        translate(
            "Domain",
            "They score {threshold} or above, a threshold based on {labels} verified by a "
            "person. About {missed} more are expected below it.",
        ).format(
            threshold=number(plan.threshold or 0, 2),
            labels=count(plan.evidence, "label"),
            missed=number(plan.missed or 0),
        ),
    ]
