"""Accepting all likely images of a category at a precision that the labels can promise.

A model's output never becomes a label by itself: this is one explicit bulk decision, its expected errors are
told first, and it is taken back as one.
"""

import math
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.auto_accept import AUTO_ACCEPT, AcceptPlan
from app.domain.changes import ChangeSet
from app.domain.errors import BadInputError
from app.domain.labels import Decision, LabelState, Origin, Source
from app.services.project import Project
from app.services.review_decisions import COPY
from app.services.steps import step
from app.services.suggestions import LiveSuggestions
from app.storage import categories, images, labels
from app.storage.changes import effective
from app.storage.database import Session
from cprfl_core.calibration import SHARED_CURVE_FROM
from cprfl_core.thresholds import expected_errors, wilson_lower_bound

CONFIDENCE: Final = 0.9
LEAST, MOST = 0.5, 0.999
LEAST_CHANCE: Final = 0.5
"""An image that is more likely a no is not accepted, however good the others are."""

_WHOLE: Final = 1e-9

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def plan(project: Project, live: LiveSuggestions, category_id: int, precision: float) -> AcceptPlan:
    """What accepting the undecided images of a category would do, at a precision of at least ``precision``.

    At the threshold and above, the labels that somebody has looked at, each scored without itself, promise
    the precision with a confidence of 0.9, and the undecided images are expected to keep it
    (docs/decisions/0201).
    Raises BadInputError for a precision out of range, NotFoundError for a category that takes no part.
    """
    if not LEAST <= precision <= MOST:
        raise BadInputError(f"A precision of {precision:g} cannot be asked for; give {LEAST} to {MOST}.")
    chance = np.asarray(live.for_category(category_id), np.float64)
    states = live.states(category_id)
    unseen, closed = _looked_at_by_nobody(project, live, category_id)
    seen = (states >= 0) & ~unseen
    name = live.category_name(category_id)
    undecided, looked_at = (states < 0) & ~closed, chance[seen]
    trouble = _too_few(name, int((states[seen] == 1).sum()), precision)
    threshold = None if trouble else _threshold(chance[undecided], looked_at, states[seen], precision)
    if threshold is None:
        likely = bool((chance[undecided] >= LEAST_CHANCE).any())
        trouble = trouble or (_no_promise(name, precision) if likely else _nothing_left(name))
        return AcceptPlan(category_id, name, precision, trouble=trouble)
    rows = np.flatnonzero(undecided & (chance >= threshold))
    told = expected_errors(
        chance[undecided], threshold, seen=looked_at, targets=states[seen], confidence=CONFIDENCE
    )
    return AcceptPlan(
        category_id,
        name,
        precision,
        threshold=threshold,
        image_ids=tuple(live.image_ids[rows].tolist()),
        chances=tuple(chance[rows].tolist()),
        errors=told.errors,
        errors_high=min(len(rows), math.ceil(told.errors_high - _WHOLE)),
        missed=told.missed,
        evidence=told.evidence,
        speaker=live.model or "live",
    )


def apply(project: Project, plan: AcceptPlan) -> ChangeSet:
    """Carry a plan out as one step of undo. What has been decided meanwhile stays as it is.

    Raises BadInputError for a plan with which nothing can be accepted.
    """
    if plan.trouble:
        raise BadInputError(plan.trouble)

    def words(s: Session) -> str:
        count = len(_still_open(s, plan))
        return f"Accept {plan.category!r} on {'1 likely image' if count == 1 else f'{count:,} likely images'}"

    with step(project, source=Source.BULK, origin=Origin(AUTO_ACCEPT), description=words) as collected:
        left = _still_open(collected.recording.s, plan)
        collected.decide(
            Decision(number, plan.category_id, LabelState.YES, chance, plan.speaker)
            for number, chance in zip(plan.image_ids, plan.chances, strict=True)
            if number in left
        )
    return collected.change


def _still_open(s: Session, plan: AcceptPlan) -> set[int]:
    """The plan's images about which nothing is said, by label or by review."""
    said = labels.standing(s, plan.image_ids, [plan.category_id])
    marks = images.reviewed_batches(s, plan.image_ids)
    (category,) = categories.stored_categories(s, [plan.category_id])
    return {
        number
        for number in marks
        if (number, plan.category_id) not in said
        and effective(None, marks[number], category) is LabelState.UNKNOWN
    }


def _looked_at_by_nobody(project: Project, live: LiveSuggestions, category_id: int) -> tuple[Bools, Bools]:
    """Masks [R]: labels that came without a look, and images that are not to be accepted."""
    with project.db.read() as s:
        unseen = labels.from_queues(s, category_id, (AUTO_ACCEPT, f"% {COPY}"))
        closed = images.ids_not_ok(s) | labels.said_unknown(s, category_id)
    return _rows(live, unseen), _rows(live, closed)


def _rows(live: LiveSuggestions, image_ids: set[int]) -> Bools:
    found: Bools = np.isin(live.image_ids, np.fromiter(image_ids, np.int64, len(image_ids)))
    return found


def _threshold(chance: Floats, seen: Floats, targets: NDArray[np.int8], precision: float) -> float | None:
    """The lowest at which both hold: the labels promise the precision, the undecided images keep it.

    ``chance`` [N] of the undecided images; ``seen`` [M] of the labels, each without itself, and ``targets``.
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
    promised = wilson_lower_bound(share, np.maximum(labels_above, 1), CONFIDENCE) >= precision
    last_of_ties = np.append(falling[1:] != falling[:-1], True)
    good = np.flatnonzero(kept & promised & (labels_above > 0) & last_of_ties)
    return float(falling[good[-1]]) if len(good) else None


def needed(precision: float) -> int:
    """How many labels, all of them yes, it takes at least to promise a precision."""
    z = NormalDist().inv_cdf(CONFIDENCE)
    return math.ceil(z * z * precision / (1 - precision))


def _too_few(name: str, yes: int, precision: float) -> str:
    if yes >= max(SHARED_CURVE_FROM, needed(precision)):
        return ""
    count = "1 yes label" if yes == 1 else f"{yes} yes labels"
    return (
        f"{count} of {name!r} that somebody looked at cannot promise {_percent(precision)}: it takes at "
        f"least {max(SHARED_CURVE_FROM, needed(precision))}. Review more of its likely images, or ask for "
        "less."
    )


def _no_promise(name: str, precision: float) -> str:
    return (
        f"The labels of {name!r} cannot promise {_percent(precision)} at any threshold: likely images are a "
        "no too often, or too few were looked at. Review more of them, or ask for less."
    )


def _nothing_left(name: str) -> str:
    return f"No undecided image is more likely {name!r} than not; there is nothing to accept."


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
