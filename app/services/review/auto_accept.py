"""Accepting all likely images of a category at a precision that the labels support.

A model's output never becomes a label automatically: this is one explicit bulk decision, whose expected
errors are shown first and which is undone in one step.
"""

import math
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.auto_accept import AUTO_ACCEPT, AcceptPlan
from app.domain.changes import ChangeSet
from app.domain.counting import count
from app.domain.errors import BadInputError
from app.domain.labels import Decision, LabelState, Origin, Source
from app.domain.language import significant, translate
from app.services.labelling.steps import step
from app.services.project.project import Project
from app.services.review.decisions import COPY
from app.services.suggestions.suggestions import LiveSuggestions
from app.storage import categories, images, labels
from app.storage.changes import effective
from app.storage.database import Session
from cprfl_core.calibration.platt import SHARED_CURVE_FROM
from cprfl_core.calibration.thresholds import expected_errors, wilson_lower_bound

CONFIDENCE: Final = 0.9
LEAST, MOST = 0.5, 0.999
LEAST_CHANCE: Final = 0.5
"""An image that is more likely a no is never accepted."""

_WHOLE: Final = 1e-9

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def plan(
    project: Project,
    live: LiveSuggestions,
    category_id: int,
    precision: float,
    *,
    masks: tuple[Bools, Bools] | None = None,
) -> AcceptPlan:
    """What accepting the undecided images of a category would do, at a precision of at least ``precision``.

    At and above the threshold, the verified labels, each scored by a model without it, support the precision
    with a confidence of 0.9, and the undecided images are expected to reach it (docs/decisions/0201).
    ``masks``: the result of unverified_and_closed(), if it is known already. Raises BadInputError for a
    precision out of range, NotFoundError.
    """
    if not LEAST <= precision <= MOST:
        raise BadInputError(
            translate("Review", "A precision of {precision} is out of range; give {least} to {most}.").format(
                precision=significant(precision, 6), least=LEAST, most=MOST
            )
        )
    chance = np.asarray(live.for_category(category_id), np.float64)
    states = live.states(category_id)
    unverified, closed = unverified_and_closed(project, live, category_id) if masks is None else masks
    verified = (states >= 0) & ~unverified
    name = live.category_name(category_id)
    undecided, evidence = (states < 0) & ~closed, chance[verified]
    trouble = _too_few(name, int((states[verified] == 1).sum()), precision)
    threshold = None if trouble else _threshold(chance[undecided], evidence, states[verified], precision)
    if threshold is None:
        likely = bool((chance[undecided] >= LEAST_CHANCE).any())
        trouble = trouble or (_unsupported(name, precision) if likely else _nothing_left(name))
        return AcceptPlan(category_id, name, precision, trouble=trouble)
    rows = np.flatnonzero(undecided & (chance >= threshold))
    expected = expected_errors(
        chance[undecided], threshold, held_out=evidence, targets=states[verified], confidence=CONFIDENCE
    )
    return AcceptPlan(
        category_id,
        name,
        precision,
        threshold=threshold,
        image_ids=tuple(live.image_ids[rows].tolist()),
        chances=tuple(chance[rows].tolist()),
        errors=expected.errors,
        errors_high=min(len(rows), math.ceil(expected.errors_high - _WHOLE)),
        missed=expected.missed,
        evidence=expected.evidence,
        speaker=live.model or "live",
    )


def apply(project: Project, plan: AcceptPlan) -> ChangeSet:
    """Carry out a plan as one step of undo. Images labelled in the meantime stay as they are.

    Raises BadInputError for a plan with a ``trouble``.
    """
    if plan.trouble:
        raise BadInputError(plan.trouble)

    def words(s: Session) -> str:
        count = len(_still_undecided(s, plan))
        return f"Accept {plan.category!r} on {'1 likely image' if count == 1 else f'{count:,} likely images'}"

    with step(project, source=Source.BULK, origin=Origin(AUTO_ACCEPT), description=words) as collected:
        undecided = _still_undecided(collected.recording.s, plan)
        collected.decide(
            Decision(number, plan.category_id, LabelState.YES, chance, plan.speaker)
            for number, chance in zip(plan.image_ids, plan.chances, strict=True)
            if number in undecided
        )
    return collected.change


def _still_undecided(s: Session, plan: AcceptPlan) -> set[int]:
    """The plan's images with neither a label nor a review that covers the category."""
    labelled = labels.current(s, plan.image_ids, [plan.category_id])
    marks = images.reviewed_batches(s, plan.image_ids)
    (category,) = categories.stored_categories(s, [plan.category_id])
    return {
        number
        for number in marks
        if (number, plan.category_id) not in labelled
        and effective(None, marks[number], category) is LabelState.UNKNOWN
    }


def unverified_and_closed(project: Project, live: LiveSuggestions, category_id: int) -> tuple[Bools, Bools]:
    """Masks [R]: labels given without looking at the image, and images that may not be accepted."""
    with project.db.read() as s:
        unverified = labels.from_queues(s, category_id, (AUTO_ACCEPT, f"% {COPY}"))
        closed = images.ids_not_ok(s) | labels.explicit_unknown(s, category_id)
    return live.mask(unverified), live.mask(closed)


def _threshold(chance: Floats, seen: Floats, targets: NDArray[np.int8], precision: float) -> float | None:
    """The lowest threshold at which the labels support the precision and the undecided images reach it.

    ``chance`` [N] of the undecided images; ``seen`` [M] of the labels, each scored without itself, and their
    ``targets`` [M].
    """
    falling = np.sort(chance[chance >= LEAST_CHANCE])[::-1]
    if not len(falling):
        return None
    kept = np.cumsum(falling) >= precision * np.arange(1, len(falling) + 1)
    order = np.argsort(seen)
    labels_above = len(seen) - np.searchsorted(seen[order], falling)
    yes_below = np.append(0, np.cumsum(targets[order] == 1))
    yes_above = yes_below[-1] - yes_below[len(seen) - labels_above]
    share = yes_above / np.maximum(labels_above, 1)
    supported = wilson_lower_bound(share, np.maximum(labels_above, 1), CONFIDENCE) >= precision
    last_of_ties = np.append(falling[1:] != falling[:-1], True)
    good = np.flatnonzero(kept & supported & (labels_above > 0) & last_of_ties)
    return float(falling[good[-1]]) if len(good) else None


def needed(precision: float) -> int:
    """The least number of labels, all of them yes, that supports a precision."""
    z = NormalDist().inv_cdf(CONFIDENCE)
    return math.ceil(z * z * precision / (1 - precision))


def _too_few(name: str, yes: int, precision: float) -> str:
    if yes >= max(SHARED_CURVE_FROM, needed(precision)):
        return ""
    return translate(
        "Review",
        "{labels} for {name} verified by a person cannot guarantee a precision of "
        "{precision}: at least {least} are needed. Review more of its likely "
        "images, or lower the precision.",
    ).format(
        labels=count(yes, "yes label"),
        name=repr(name),
        precision=_percent(precision),
        least=max(SHARED_CURVE_FROM, needed(precision)),
    )


def _unsupported(name: str, precision: float) -> str:
    return translate(
        "Review",
        "The labels of {name} cannot guarantee a precision of {precision} at any threshold: "
        "too many likely images are a no, or too few were reviewed. Review more of them, or "
        "lower the precision.",
    ).format(name=repr(name), precision=_percent(precision))


def _nothing_left(name: str) -> str:
    return translate(
        "Review", "No undecided image is more likely {name} than not; there is nothing to accept."
    ).format(name=repr(name))


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
