"""The board of categories: labels, estimated hidden positives, and the next step for each.

Counts are available immediately; an estimate needs the scores of a category for all images, so estimates are
made one at a time.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import BandCuts, Category
from app.domain.review import ROUND_SIZE, Board, BoardRow, Estimate, Interval, Queue
from app.services.project.project import Project
from app.services.suggestions.intervals import precision_interval
from app.services.suggestions.suggestions import LiveSuggestions
from app.storage import audits
from cprfl_core.calibration.logistic import sigmoid

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DRAWN: Final = (f"{Queue.LIKELY} audit", f"{Queue.UNSURE} audit")
"""The origins of audit cards among undecided images."""
LEAST_YES: Final = 3
"""With fewer yes labels there is no estimate, as for thresholds and average precision."""

_NINE_IN_TEN: Final = (0.05, 0.95)
_SHIFTS: Final = np.linspace(-4.0, 4.0, 161)
_COUNTS: Final = 400
_BINS: Final = np.linspace(-14.0, 14.0, 281)


def make_board(
    categories: Sequence[Category],
    counts: NDArray[np.int64],
    images: int,
    cuts: BandCuts,
    indexed: int = 0,
) -> Board:
    """The board without estimates. ``counts`` int64 [C,2]: the numbers of no and of yes images."""
    rows = [
        BoardRow(one.id, one.name, cuts.band(yes), yes, no, images)
        for one, (no, yes) in zip(categories, counts.tolist(), strict=True)
    ]
    rows.sort(key=lambda row: (row.yes, row.name.casefold()))
    return Board(rows, datetime.now(UTC), indexed)


def estimate(project: Project, live: LiveSuggestions, category_id: int, usable: Bools) -> Estimate:
    """The estimate for one category from the current scores, without images that have no features.

    ``usable``: whether each image of ``live`` can be shown, [R]. Raises NotFoundError.
    """
    states = live.states(category_id)
    chances = np.asarray(live.for_category(category_id), np.float64)
    yes, no = int((states == 1).sum()), int((states == 0).sum())
    undecided = chances[usable & (states == -1)]
    best = np.sort(undecided)[::-1]
    known = yes >= LEAST_YES and no > 0
    hidden = None
    if known:
        drawn = _drawn(project, live, category_id)
        hidden = hidden_positives(undecided, yes, *drawn)
    ap = live.average_precision(category_id)
    return Estimate(
        hidden=hidden,
        ap=None if ap is None else precision_interval(ap, yes),
        gain=expected_gain(best, yes),
        to_medium=images_until(best, project.cuts.medium - yes) if known else None,
        example=_example(live, states, chances, usable),
    )


def _example(live: LiveSuggestions, states: NDArray[np.int8], chances: Floats, usable: Bools) -> int | None:
    """The most typical of the yes images that can be shown."""
    rows = np.flatnonzero(usable & (states == 1))
    return int(live.image_ids[rows[int(np.argmax(chances[rows]))]]) if len(rows) else None


def _drawn(project: Project, live: LiveSuggestions, category_id: int) -> tuple[Floats, Bools]:
    """The images sampled at random: chances [A], each without the image's own label, and answers [A]."""
    with project.db.read() as s:
        states = audits.labels_of_drawn_images(s, category_id, DRAWN, (Queue.RANDOM.value,))
    ids = np.array(sorted(states), np.int64)
    at = np.searchsorted(live.image_ids, ids)
    there = at < len(live.image_ids)
    there[there] = live.image_ids[at[there]] == ids[there]
    answers = np.array([states[number] == 1 for number in ids[there].tolist()], np.bool_)
    return np.asarray(live.for_category(category_id), np.float64)[at[there]], answers


def hidden_positives(
    chances: Floats, yes: int, drawn: Floats | None = None, answers: Bools | None = None
) -> Interval:
    """The number of positives among undecided images with these calibrated probabilities ``chances`` [U].

    With n yes labels, the level of all probabilities is as uncertain as a rate estimated from a count of n:
    a common shift of their log-odds is normal with standard deviation 1/sqrt(n). Randomly ``drawn`` images,
    with their probabilities [A] and ``answers`` [A], narrow or correct that shift. Given a shift, the number
    is Poisson-binomial; the interval contains 90 % of the mixture. Without drawn images the middle is the
    sum of the probabilities.
    """
    counts, logits = _binned(chances)
    rates = sigmoid(logits[:, None] + _SHIFTS)
    means, spreads = counts @ rates, counts @ (rates * (1 - rates))
    skews = counts @ (rates * (1 - rates) * (1 - 2 * rates))
    weight = -0.5 * yes * _SHIFTS**2
    if drawn is not None and answers is not None and len(drawn):
        each = _logit(drawn)[:, None] + _SHIFTS
        weight = weight - np.logaddexp(0.0, np.where(answers[:, None], -each, each)).sum(axis=0)
    likeliest = float(_SHIFTS[int(np.argmax(weight))])
    weight = np.exp(weight - weight.max())
    held = weight > 1e-4
    share = weight[held] / weight[held].sum()
    low, high = _quantiles(share, means[held], spreads[held], skews[held])
    middle = float(chances.sum()) if likeliest == 0 else float(counts @ sigmoid(logits + likeliest))
    return Interval(min(low, middle), middle, max(high, middle))


def _binned(chances: Floats) -> tuple[Floats, Floats]:
    """A histogram of the log-odds: the count and the mean of each bin that is not empty."""
    logits = _logit(chances)
    place = np.clip(np.digitize(logits, _BINS), 0, len(_BINS))
    counts = np.bincount(place, minlength=len(_BINS) + 1).astype(np.float64)
    sums = np.bincount(place, logits, minlength=len(_BINS) + 1)
    held = counts > 0
    return counts[held], sums[held] / counts[held]


def _quantiles(weight: Floats, means: Floats, variances: Floats, thirds: Floats) -> tuple[float, float]:
    """Quantiles of a mixture of Poisson-binomials, by the refined normal approximation (Volkova 1996)."""
    deviations = np.sqrt(np.maximum(variances, 1e-12))
    most = int(np.ceil((means + 6 * deviations).max())) + 1
    counts = np.unique(np.round(np.linspace(0, most, min(most + 1, _COUNTS))))
    z = (counts[:, None] + 0.5 - means) / deviations
    skew = thirds / deviations**3
    cumulative = _normal(z) + skew * (1 - z * z) * np.exp(-0.5 * z * z) / (6 * np.sqrt(2 * np.pi))
    share = np.clip(cumulative, 0, 1) @ weight
    low, high = (float(counts[min(int(np.searchsorted(share, p)), len(counts) - 1)]) for p in _NINE_IN_TEN)
    return low, high


def expected_gain(best: Floats, yes: int, cards: int = ROUND_SIZE) -> float:
    """The expected gain of the next round: its positives as a share of all expected positives, discounted if
    many are known already (docs/decisions/0160). ``best``: probabilities, highest first."""
    if not len(best):
        return 0.0
    return float(best[:cards].sum() / ((1 + yes) * max(1.0, yes + best.sum())))


def images_until(best: Floats, wanted: int) -> int | None:
    """How many images to review, best first, until ``wanted`` positives are expected; None if never."""
    if wanted <= 0:
        return None
    found = np.cumsum(best)
    place = int(np.searchsorted(found, wanted))
    return place + 1 if place < len(found) else None


def _logit(chances: Floats) -> Floats:
    inside = np.clip(chances, 1e-6, 1 - 1e-6)
    found: Floats = np.log(inside) - np.log1p(-inside)
    return found


def _normal(z: Floats) -> Floats:
    """The normal distribution function, to 7 digits (Abramowitz and Stegun 7.1.26)."""
    x = np.abs(z) / np.sqrt(2.0)
    t = 1.0 / (1.0 + 0.3275911 * x)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    upper = 0.5 * poly * np.exp(-x * x)
    found: Floats = np.where(z >= 0, 1.0 - upper, upper)
    return found
