"""The one place where scores are combined: text, discriminant and kernel ridge, weighed on evidence.

The score of an image for a category is a sum of what the learners say. How much each counts is learned by a
logistic regression over labelled entries, each of them seen leave-one-out. The weights are common to all
categories and grow or fade with the logarithm of a category's yes labels, so that a rare category inherits
what frequent ones have taught: the text leads while there are few examples. On top, a category with three
or more yes labels may depart from the common weights as far as its own evidence goes. A category of which
nothing is known has the weights of the start, whatever others have taught.

Shapes: C categories, E labelled entries.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.logistic import fit_groups, fit_logistic
from cprfl_core.shared_curve import PRIOR_IMAGES, PRIOR_YES, CurveEntries

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# What each feature is worth before any label: bias, text, kernel ridge, smoothed text, discriminant; the
# columns multiply 1 and log(1 + yes labels). Rounded from simulated collections (docs/decisions/0150).
PRIOR_WEIGHTS = np.array([[-4.7, 0.5], [1.7, -0.3], [1.5, 0.7], [-1.5, 0.3], [2.0, 0.0]])
PRIOR_STRENGTH = 1.0
# Departures of one category in bias, text and live share: normal with variance 1 / strength around none.
DEPARTURE_STRENGTH = np.array([1.0, 10.0, 20.0])
DEPARTURES_FROM = 3
# Strength of the prior that a tuned head changes nothing: bias, factors of text and live, weight of the head.
TUNED_STRENGTH = np.array([1.0, 10.0, 10.0, 1.0])


@dataclass(frozen=True, slots=True)
class Parts:
    """What each learner says; four arrays of one shape.

    ``smoothed`` is the kernel regression of the text score on the same labelled images: what the kernel
    already knows of the text, so that the two are not counted twice.
    """

    text: Floats
    kernel: Floats
    smoothed: Floats
    discriminant: Floats

    def features(self, counts: Floats) -> Floats:
        """[..., 10]: one and the four parts, each times 1 and times log(1 + counts)."""
        level = np.log1p(counts)
        parts = (np.ones_like(self.text), self.text, self.kernel, self.smoothed, self.discriminant)
        return np.stack([column for part in parts for column in (part, part * level)], axis=-1)


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights in force: ``common`` [5, 2] as PRIOR_WEIGHTS, ``departures`` [C, 3].

    ``cold`` [C] are the categories of which nothing is known.
    """

    common: Floats
    departures: Floats
    cold: NDArray[np.bool_]

    @classmethod
    def at_start(cls, categories: int) -> "Weights":
        return cls(PRIOR_WEIGHTS, np.zeros((categories, 3)), np.ones(categories, dtype=np.bool_))

    def with_category(self) -> "Weights":
        """One category more, of which nothing is known."""
        departures = np.vstack([self.departures, np.zeros((1, 3))])
        return Weights(self.common, departures, np.append(self.cold, True))

    def combine(self, parts: Parts, counts: Floats, categories: Ints) -> tuple[Floats, Floats, Floats]:
        """Score, text share and live share, in the parts' shape, to which the others broadcast."""
        bias, text, kernel, smoothed, discriminant = self.at(counts, categories)
        own = self.departures[categories]
        by_text = (text + own[..., 1]) * parts.text
        live = kernel * parts.kernel + smoothed * parts.smoothed + discriminant * parts.discriminant
        by_live = (1 + own[..., 2]) * live
        return bias + own[..., 0] + by_text + by_live, by_text, by_live

    def at(self, counts: ArrayLike, categories: Ints | int) -> Floats:
        """The five common weights of these categories for these numbers of yes labels, [5, ...]."""
        level = np.log1p(counts)
        cold = self.cold[categories]
        bias, text, kernel, smoothed, discriminant = (
            np.where(cold, first[0], row[0] + row[1] * level)
            for row, first in zip(self.common, PRIOR_WEIGHTS, strict=True)
        )
        # Unlucky evidence may say that likeness to a yes speaks against: at worst it says nothing.
        text, kernel, discriminant = (np.maximum(part, 0.0) for part in (text, kernel, discriminant))
        return np.stack([bias, text, kernel, smoothed, discriminant])


@dataclass(frozen=True, slots=True)
class Shares:
    """A score and what text, labels and the tuned head gave to it; four arrays of one shape."""

    score: Floats
    text: Floats
    live: Floats
    tuned: Floats


class Speaker(IntEnum):
    """Who says most in a score."""

    TEXT = 0
    LABELS = 1
    TUNED = 2

    @classmethod
    def of(cls, shares: Shares) -> NDArray[np.int8]:
        """A Speaker for each score, of equals the last."""
        sizes = np.abs(np.stack([shares.text, shares.live, shares.tuned]))
        most = np.where(sizes[1] >= sizes[0], cls.LABELS, cls.TEXT)
        said = sizes[2] > 0
        return np.where(said & (sizes[2] >= sizes[:2].max(axis=0)), cls.TUNED, most).astype(np.int8)


@dataclass(frozen=True, slots=True)
class TunedWeights:
    """How a tuned head joins what the others say, for the categories that it speaks about: ``spoken`` [C].

    ``common`` [4, 2] are departures of bias, text and live, and the weight of the tuned score, each times 1
    and log(1 + yes labels); all zero leaves the others as they are. A category it does not speak about, one
    that came later, has the score that it would have without the head.
    """

    common: Floats
    spoken: NDArray[np.bool_]

    @classmethod
    def silent(cls, categories: int) -> "TunedWeights":
        return cls(np.zeros((4, 2)), np.zeros(categories, np.bool_))

    def with_category(self) -> "TunedWeights":
        """One category more, of which the head does not speak."""
        return TunedWeights(self.common, np.append(self.spoken, False))

    def at(self, counts: ArrayLike, categories: Ints | int) -> Floats:
        """Bias, factors of text and live, and weight of the tuned score, [4, ...]."""
        level = np.log1p(counts)
        told = np.where(self.spoken[categories], 1.0, 0.0)
        bias, text, live, tuned = (told * (row[0] + row[1] * level) for row in self.common)
        return np.stack([bias, np.maximum(1 + text, 0.0), np.maximum(1 + live, 0.0), np.maximum(tuned, 0.0)])

    def join(
        self, others: tuple[Floats, Floats, Floats], tuned: Floats, counts: Floats, categories: Ints
    ) -> Shares:
        """``others`` as Weights.combine gives them, ``tuned`` standardised scores; arrays that broadcast."""
        bias, by_text, by_live, weight = self.at(counts, categories)
        score, text, live = others
        shares = by_text * text, by_live * live, weight * tuned
        return Shares(score - text - live + bias + sum(shares), *shares)


@dataclass(frozen=True, slots=True)
class Evidence:
    """E labelled entries, sorted by category, with leave-one-out parts and the counts behind them."""

    categories: Ints
    targets: Floats
    importance: Floats
    parts: Parts
    counts: Floats

    def entries(self, shares: Shares) -> CurveEntries:
        """The entries with their scores, ready to be calibrated on.

        A tuned score has a unit of its own, as the text has, whatever the number of yes labels.
        """
        own_unit = shares.text + shares.tuned
        return CurveEntries(
            self.categories, self.targets, self.importance, shares.score, own_unit, shares.live
        )


def weigh(
    evidence: Evidence, yes_counts: NDArray[np.int64], cold: NDArray[np.bool_], start: Weights
) -> Weights:
    """Fit the common weights, then the departures of the categories that have examples enough.

    ``yes_counts`` and ``cold`` [C]; ``start`` only saves steps.
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


def weigh_tuned(
    evidence: Evidence,
    others: tuple[Floats, Floats, Floats],
    tuned: Floats,
    *,
    spoken: NDArray[np.bool_],
    start: TunedWeights,
) -> TunedWeights:
    """Fit how the tuned head joins, on the entries [E] of the categories that it speaks about.

    ``others`` are the entries' combined scores and shares, ``tuned`` their out-of-fold scores.
    """
    told = spoken[evidence.categories]
    if not told.any():
        return TunedWeights.silent(len(spoken))
    score, text, live = (part[told] for part in others)
    level = np.log1p(evidence.counts[told])
    parts = (np.ones_like(score), text, live, tuned[told])
    columns = [score, *(column for part in parts for column in (part, part * level))]
    found = fit_logistic(
        np.stack(columns, axis=1),
        evidence.targets[told],
        evidence.importance[told],
        prior=np.append(1.0, np.zeros(8)),
        strength=np.append(1e9, np.repeat(TUNED_STRENGTH, 2)),  # the score itself is no matter of choice
        start=np.append(1.0, start.common.ravel()),
    )
    return TunedWeights(found[1:].reshape(4, 2), spoken)


def kernel_scale(yes: ArrayLike, known: ArrayLike) -> tuple[Floats, Floats]:
    """Expected share of yes among ``known`` labels, and its standard deviation: the unit of kernel ridge."""
    share = (np.asarray(yes, dtype=np.float64) + PRIOR_YES) / (np.asarray(known) + PRIOR_IMAGES)
    return share, np.sqrt(share * (1 - share))


def likeness(targets: Floats, ones: Floats, share: Floats, spread: Floats) -> Floats:
    """Kernel ridge's answer in units of ``spread``, from its predictions of the targets and of ones.

    Regression may pass beyond a no. That is no evidence, and a confirmed no would then raise the image that
    it was said of: so an answer falls no lower than to that of a sure no.
    """
    found: Floats = np.maximum(targets - share * ones, -share) / spread
    return found
