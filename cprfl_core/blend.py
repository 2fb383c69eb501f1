"""The only place where scores are combined: text, discriminant, kernel ridge and the tuned head.

The score of an image for a category is a weighted sum of the learners' scores. The weights come from a
logistic regression over labelled entries, each scored leave-one-out. They are common to all categories and
depend linearly on the logarithm of a category's yes labels, so that a rare category benefits from frequent
ones: the text dominates while there are few examples. A category with a yes and a no may depart
from the common weights as far as its own labels support it. A category without labels has the prior weights.

Shapes: C categories, E labelled entries.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.calibration.logistic import fit_groups, fit_logistic
from cprfl_core.calibration.pooled_curve import PRIOR_IMAGES, PRIOR_YES, CurveEntries

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Weights before any label: bias, text, kernel ridge, smoothed text, discriminant; the columns multiply 1 and
# log(1 + yes labels). Rounded from simulated collections (docs/decisions/0150).
PRIOR_WEIGHTS = np.array([[-4.7, 0.5], [1.7, -0.3], [1.5, 0.7], [-1.5, 0.3], [2.0, 0.0]])
PRIOR_STRENGTH = 1.0
# Prior of one category's departures in bias, text and live share: normal around 0, variance 1 / strength.
DEPARTURE_STRENGTH = np.array([1.0, 3.0, 20.0])
DEPARTURES_FROM = 1
# Strength of the prior that the tuned head changes nothing: bias, factors of text and live, head's weight.
TUNED_STRENGTH = np.array([1.0, 10.0, 10.0, 1.0])


@dataclass(frozen=True, slots=True)
class Parts:
    """The score of each learner; four arrays of one shape.

    ``smoothed`` is the kernel regression of the text score on the same labelled images. It corrects for what
    kernel and text have in common, which would otherwise count twice.
    """

    text: Floats
    kernel: Floats
    smoothed: Floats
    discriminant: Floats

    def features(self, counts: Floats) -> Floats:
        """[..., 10]: 1 and the four parts, each times 1 and times log(1 + counts)."""
        level = np.log1p(counts)
        parts = (np.ones_like(self.text), self.text, self.kernel, self.smoothed, self.discriminant)
        return np.stack([column for part in parts for column in (part, part * level)], axis=-1)


@dataclass(frozen=True, slots=True)
class Weights:
    """The current weights: ``common`` [5, 2] as PRIOR_WEIGHTS, ``departures`` [C, 3].

    ``cold`` [C] marks categories without labels.
    """

    common: Floats
    departures: Floats
    cold: NDArray[np.bool_]

    @classmethod
    def at_start(cls, categories: int) -> "Weights":
        return cls(PRIOR_WEIGHTS, np.zeros((categories, 3)), np.ones(categories, dtype=np.bool_))

    def with_category(self) -> "Weights":
        """These weights with one more category, without labels."""
        departures = np.vstack([self.departures, np.zeros((1, 3))])
        return Weights(self.common, departures, np.append(self.cold, True))

    def combine(self, parts: Parts, counts: Floats, categories: Ints) -> tuple[Floats, Floats, Floats]:
        """Score, text share and live share in the shape of the parts; counts and categories broadcast."""
        bias, text, kernel, smoothed, discriminant = self.at(counts, categories)
        own = self.departures[categories]
        by_text = (text + own[..., 1]) * parts.text
        live = kernel * parts.kernel + smoothed * parts.smoothed + discriminant * parts.discriminant
        by_live = (1 + own[..., 2]) * live
        return bias + own[..., 0] + by_text + by_live, by_text, by_live

    def at(self, counts: ArrayLike, categories: Ints | int) -> Floats:
        """The five common weights for categories with these numbers of yes labels, [5, ...]."""
        level = np.log1p(counts)
        cold = self.cold[categories]
        bias, text, kernel, smoothed, discriminant = (
            np.where(cold, first[0], row[0] + row[1] * level)
            for row, first in zip(self.common, PRIOR_WEIGHTS, strict=True)
        )
        # A few unlucky labels could make similarity to a yes count against an image; clip such weights at 0.
        text, kernel, discriminant = (np.maximum(part, 0.0) for part in (text, kernel, discriminant))
        return np.stack([bias, text, kernel, smoothed, discriminant])


@dataclass(frozen=True, slots=True)
class Shares:
    """A score and the contributions of text, labels and the tuned head; four arrays of one shape."""

    score: Floats
    text: Floats
    live: Floats
    tuned: Floats


class MainSource(IntEnum):
    """The largest contribution to a score."""

    TEXT = 0
    LABELS = 1
    TUNED = 2

    @classmethod
    def of(cls, shares: Shares) -> NDArray[np.int8]:
        """A MainSource for each score; the last in case of a tie."""
        sizes = np.abs(np.stack([shares.text, shares.live, shares.tuned]))
        most = np.where(sizes[1] >= sizes[0], cls.LABELS, cls.TEXT)
        tuned = (sizes[2] > 0) & (sizes[2] >= sizes[:2].max(axis=0))
        return np.where(tuned, cls.TUNED, most).astype(np.int8)


@dataclass(frozen=True, slots=True)
class TunedWeights:
    """How a tuned head changes the combined score, for the categories that it covers: ``covered`` [C].

    ``common`` [4, 2] are changes of bias and of the factors of text and live, and the weight of the tuned
    score, each times 1 and log(1 + yes labels); all zero changes nothing. A category that the head does not
    cover, because it was added later, is scored as without the head.
    """

    common: Floats
    covered: NDArray[np.bool_]

    @classmethod
    def zero(cls, categories: int) -> "TunedWeights":
        return cls(np.zeros((4, 2)), np.zeros(categories, np.bool_))

    def with_category(self) -> "TunedWeights":
        """These weights with one more category, which the head does not cover."""
        return TunedWeights(self.common, np.append(self.covered, False))

    def at(self, counts: ArrayLike, categories: Ints | int) -> Floats:
        """Bias, factors of text and live, and weight of the tuned score, [4, ...]."""
        level = np.log1p(counts)
        covered = np.where(self.covered[categories], 1.0, 0.0)
        bias, text, live, tuned = (covered * (row[0] + row[1] * level) for row in self.common)
        return np.stack([bias, np.maximum(1 + text, 0.0), np.maximum(1 + live, 0.0), np.maximum(tuned, 0.0)])

    def join(
        self, others: tuple[Floats, Floats, Floats], tuned: Floats, counts: Floats, categories: Ints
    ) -> Shares:
        """Add ``tuned``, standardised scores, to ``others`` from Weights.combine; the arrays broadcast."""
        bias, by_text, by_live, weight = self.at(counts, categories)
        score, text, live = others
        shares = by_text * text, by_live * live, weight * tuned
        return Shares(score - text - live + bias + sum(shares), *shares)


@dataclass(frozen=True, slots=True)
class Evidence:
    """E labelled entries, sorted by category, with leave-one-out parts and yes counts."""

    categories: Ints
    targets: Floats
    importance: Floats
    parts: Parts
    counts: Floats

    def entries(self, shares: Shares) -> CurveEntries:
        """The entries with their scores, for calibration.

        The scale of a tuned score, like that of the text, does not depend on the number of yes labels.
        """
        own_unit = shares.text + shares.tuned
        return CurveEntries(
            self.categories, self.targets, self.importance, shares.score, own_unit, shares.live
        )


def fit_weights(
    evidence: Evidence, yes_counts: NDArray[np.int64], cold: NDArray[np.bool_], start: Weights
) -> Weights:
    """Fit the common weights, then the departures of categories with enough yes labels.

    ``yes_counts`` and ``cold`` [C]; ``start`` only speeds up convergence.
    """
    common = fit_logistic(
        evidence.parts.features(evidence.counts),
        evidence.targets,
        evidence.importance,
        prior=PRIOR_WEIGHTS.ravel(),
        strength=np.full(PRIOR_WEIGHTS.size, PRIOR_STRENGTH),
        start=start.common.ravel(),
    ).reshape(PRIOR_WEIGHTS.shape)
    even = Weights(common, np.zeros_like(start.departures), cold)
    score, _, live = even.combine(evidence.parts, evidence.counts, evidence.categories)
    departures = fit_groups(
        np.stack([np.ones_like(score), evidence.parts.text, live], axis=1),
        evidence.targets,
        evidence.importance,
        offsets=score,
        bounds=np.searchsorted(evidence.categories, np.arange(len(yes_counts) + 1)),
        strength=DEPARTURE_STRENGTH,
        start=start.departures,
    )
    departures[yes_counts < DEPARTURES_FROM] = 0.0
    departures[:, 2] = np.maximum(departures[:, 2], -1.0)
    return Weights(common, departures, cold)


def fit_tuned_weights(
    evidence: Evidence,
    others: tuple[Floats, Floats, Floats],
    tuned: Floats,
    *,
    covered: NDArray[np.bool_],
    start: TunedWeights,
) -> TunedWeights:
    """Fit the tuned head's weights on the entries [E] of the categories that it covers.

    ``others`` are the entries' combined scores and shares, ``tuned`` their out-of-fold scores.
    """
    used = covered[evidence.categories]
    if not used.any():
        return TunedWeights.zero(len(covered))
    score, text, live = (part[used] for part in others)
    level = np.log1p(evidence.counts[used])
    parts = (np.ones_like(score), text, live, tuned[used])
    columns = [score, *(column for part in parts for column in (part, part * level))]
    found = fit_logistic(
        np.stack(columns, axis=1),
        evidence.targets[used],
        evidence.importance[used],
        prior=np.append(1.0, np.zeros(8)),
        strength=np.append(1e9, np.repeat(TUNED_STRENGTH, 2)),  # the weight of the score itself is fixed at 1
        start=np.append(1.0, start.common.ravel()),
    )
    return TunedWeights(found[1:].reshape(4, 2), covered)


def kernel_scale(yes: ArrayLike, known: ArrayLike) -> tuple[Floats, Floats]:
    """Expected share of yes among ``known`` labels, and its standard deviation, the unit of kernel_score."""
    share = (np.asarray(yes, dtype=np.float64) + PRIOR_YES) / (np.asarray(known) + PRIOR_IMAGES)
    return share, np.sqrt(share * (1 - share))


def kernel_score(targets: Floats, ones: Floats, share: Floats, spread: Floats) -> Floats:
    """Kernel ridge's prediction in units of ``spread``, from its predictions of the targets and of ones.

    Regression may overshoot below a no. That is not evidence, and a confirmed no would then raise the score
    of its own image; so the prediction is clipped at that of a certain no.
    """
    found: Floats = np.maximum(targets - share * ones, -share) / spread
    return found
