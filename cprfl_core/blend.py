"""The one place where scores are combined: text, discriminant and kernel ridge, weighed on evidence.

The score of an image for a category is a sum of what the learners say. How much each counts is learned by a
logistic regression over all labelled entries, each of them seen leave-one-out. The weights are common to all
categories and grow or fade with the logarithm of a category's yes labels, so that a rare category inherits
what frequent ones have taught: the text leads while there are few examples. On top, a category with three
or more yes labels may depart from the common weights as far as its own evidence goes.

Shapes: N images of the collection, D embedding width, C categories, R rows asked for, M images from outside,
E labelled entries. Label states are 1 (yes), 0 (no) and -1 (unknown).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cprfl_core.calibration import Calibration, fit_calibration_entries
from cprfl_core.closed_form import centred_directions
from cprfl_core.collection_kernel import CollectionKernel
from cprfl_core.errors import InputError
from cprfl_core.labelled_rows import EXACT_LIMIT, LabelledRows
from cprfl_core.logistic import fit_groups, fit_logistic
from cprfl_core.text_scores import TextScores

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# What each feature is worth before any label: bias, text, kernel ridge, smoothed text, discriminant; the
# columns multiply 1 and log(1 + yes labels). Rounded from simulated collections (docs/decisions/0032).
PRIOR_WEIGHTS = np.array([[-4.7, 0.5], [1.7, -0.3], [1.5, 0.7], [-1.5, 0.3], [2.0, 0.0]])
PRIOR_STRENGTH = 1.0
# Departures of one category in bias, text and live share: normal with variance 1 / strength around none.
DEPARTURE_STRENGTH = np.array([1.0, 10.0, 20.0])
DEPARTURES_FROM = 3
# The prior share of yes in a category: its own, drawn towards half a yes among twenty images.
PRIOR_YES, PRIOR_IMAGES = 0.5, 20.0
# Entries that take part in weighing: a category's share of so many yes and no, and at least so many each.
YES_ENTRIES, NO_ENTRIES = 3_000, 3_000
YES_EACH, NO_EACH = 40, 20
FAIR_IMAGES = 10

_BLOCK_ROWS = 512


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
    """The weights in force: ``common`` [5, 2] as PRIOR_WEIGHTS, ``departures`` [C, 3]."""

    common: Floats
    departures: Floats

    def combine(self, parts: Parts, counts: Floats, categories: Ints) -> tuple[Floats, Floats, Floats]:
        """Score, text share and live share, in the parts' shape, to which the others broadcast."""
        bias, text, kernel, smoothed, discriminant = self.at(counts)
        own = self.departures[categories]
        by_text = (text + own[..., 1]) * parts.text
        live = kernel * parts.kernel + smoothed * parts.smoothed + discriminant * parts.discriminant
        by_live = (1 + own[..., 2]) * live
        return bias + own[..., 0] + by_text + by_live, by_text, by_live

    def at(self, counts: ArrayLike) -> Floats:
        """The five common weights for these numbers of yes labels, [5, ...]."""
        level = np.log1p(counts)
        bias, text, kernel, smoothed, discriminant = (row[0] + row[1] * level for row in self.common)
        # Unlucky evidence may say that likeness to a yes speaks against: at worst it says nothing.
        text, kernel, discriminant = (np.maximum(part, 0.0) for part in (text, kernel, discriminant))
        return np.stack([bias, text, kernel, smoothed, discriminant])


@dataclass(frozen=True, slots=True)
class Evidence:
    """E labelled entries, sorted by category, with leave-one-out parts and the counts behind them."""

    categories: Ints
    targets: Floats
    importance: Floats
    parts: Parts
    counts: Floats


class LiveLearner:
    """Scores for every image and category that follow each decision at once, without torch.

    Deterministic: scores depend on the embeddings, the text scores and the present labels alone, not on the
    order in which the labels came (to 1e-9), so that undo is exact. The score of an entry that carries a
    label is leave-one-out: what the machine says without that answer.
    """

    def __init__(
        self,
        embeddings: ArrayLike,
        zero_shot: ArrayLike | None = None,
        *,
        categories: int | None = None,
        exact_limit: int = EXACT_LIMIT,
    ) -> None:
        """``embeddings`` [N, D] of the whole collection; ``zero_shot`` [N, C] cosines of image and text.

        Without aligned text give ``zero_shot=None`` and the number of ``categories``; a column of NaN stands
        for a category without a text. Beyond ``exact_limit`` labelled images kernel ridge goes by landmarks.
        """
        rows = np.asarray(embeddings)
        if rows.ndim != 2 or not rows.size:
            raise InputError(f"Embeddings must be [images, width] with at least one image, got {rows.shape}.")
        self._space = centred_directions(rows)
        self._rows = self._space.transform(rows)
        self._text = TextScores(len(rows), zero_shot, categories)
        self._labels = LabelledRows(self._rows, self._text.values, exact_limit)
        self._kernel = CollectionKernel(self._rows)
        self._generation = self._labels.generation
        self._evidence: Evidence | None = None
        self._weights: Weights | None = None
        self._calibration: Calibration | None = None
        self._start: tuple[Weights, Calibration | None] = (
            Weights(PRIOR_WEIGHTS, np.zeros((self.categories, 3))),
            None,
        )

    @property
    def categories(self) -> int:
        return self._text.categories

    @property
    def images(self) -> int:
        return len(self._rows)

    def yes_counts(self) -> NDArray[np.int64]:
        """Yes labels of each category, [C]."""
        return self._labels.discriminant.counts.copy()

    def state(self, row: int, category: int) -> int:
        """The label of one entry."""
        return self._labels.state(row, category)

    def states(self, category: int) -> NDArray[np.int8]:
        """The labels [N] of one category."""
        return self._labels.states(category)

    def set_label(self, row: int, category: int, state: int) -> None:
        """One decision: 1 yes, 0 no, -1 unknown again."""
        self.set_labels([row], [category], [state])

    def set_labels(self, rows: ArrayLike, categories: ArrayLike, states: ArrayLike) -> None:
        """Many decisions: three vectors of one length, or single numbers that hold for all."""
        self._labels.set(rows, categories, states, self._text.values)
        self._changed()

    def add_category(self, zero_shot: ArrayLike | None = None) -> int:
        """Append a category, unknown everywhere, with its cosines [N] if it has a text. Returns its index."""
        self._text.append(zero_shot)
        self._labels.append_category(self._text.values[:, -1])
        weights = self._start[0]
        self._start = Weights(weights.common, np.vstack([weights.departures, np.zeros((1, 3))])), None
        self._changed()
        return self.categories - 1

    def set_zero_shot(self, category: int, zero_shot: ArrayLike | None) -> None:
        """Replace a category's cosines [N] after a change of its text; None takes the text away."""
        self._text.replace(category, zero_shot)
        self._labels.replace_text(category, self._text.values[:, category])
        self._changed()

    def clear_category(self, category: int) -> None:
        """Forget every label of a category; it keeps its index and its text."""
        self.set_labels(np.flatnonzero(self.states(category) >= 0), category, -1)

    def scores(self, category: int) -> NDArray[np.float32]:
        """Scores [N] of one category over the collection, on the logit scale before calibration.

        Exact as long as collection and labelled images are few enough (collection_kernel); beyond, exact for
        the best candidates and on a straight line through the kernel for the rest.
        """
        weights, labels = self._weighed(), self._labels
        count = np.float64(labels.discriminant.counts[category])
        bias, text, kernel, smoothed, discriminant = weights.at(count)
        own_bias, own_text, own_live = weights.departures[category]
        prior, spread = _prior(count, np.float64(len(labels.ridge.known(category))))
        if not count:
            kernel = 0.0
        mix = (1 + own_live) * np.array([kernel / spread, smoothed, -kernel * prior / spread])
        other = np.float32(text + own_text) * self._text.values[:, category]
        other += np.float32((1 + own_live) * discriminant) * labels.discriminant.score_category(
            category, self._rows
        )
        other += np.float32(bias + own_bias)
        self._follow_slots()
        found = self._kernel.sums(labels.ridge, labels.ridge.expansion(category, mix), other)
        known = labels.ridge.known(category)
        if known.size:
            left_out = self._left_out(known, np.full(len(known), category, dtype=np.intp))
            found[labels.images[known]] = left_out
        return found

    def probabilities(self, category: int) -> Floats:
        """Calibrated probabilities [N] of one category over the collection."""
        return self.calibration().category_probabilities(category, self.scores(category))

    def scores_rows(self, rows: ArrayLike) -> Floats:
        """Exact scores [R, C] of some images."""
        return self._score_rows(rows)[0]

    def probabilities_rows(self, rows: ArrayLike) -> Floats:
        """Calibrated probabilities [R, C] of some images."""
        return self.calibration().probabilities(self.scores_rows(rows))

    def suggest_rows(self, rows: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
        """Calibrated probabilities [R, C] of some images, and where the labels say more than the text."""
        score, text, live = self._score_rows(rows)
        return self.calibration().probabilities(score), np.abs(live) >= np.abs(text)

    def score_embeddings(self, embeddings: ArrayLike, zero_shot: ArrayLike | None = None) -> Floats:
        """Scores [M, C] of images outside the collection: embeddings [M, D], cosines [M, C] or None."""
        x = self._space.transform(embeddings)
        text = self._text.of_others(zero_shot, len(x))
        blocks = range(0, max(len(x), 1), _BLOCK_ROWS)
        return np.concatenate(
            [self._combined(x[i : i + _BLOCK_ROWS], text[i : i + _BLOCK_ROWS])[0] for i in blocks]
        )

    def probabilities_embeddings(self, embeddings: ArrayLike, zero_shot: ArrayLike | None = None) -> Floats:
        """Calibrated probabilities [M, C] of images outside the collection."""
        return self.calibration().probabilities(self.score_embeddings(embeddings, zero_shot))

    def calibration(self) -> Calibration:
        """The calibration in force; ``enough`` tells for which categories there are examples enough."""
        if self._calibration is None:
            evidence, weights = self._seen(), self._weighed()
            self._calibration = fit_calibration_entries(
                weights.combine(evidence.parts, evidence.counts, evidence.categories)[0],
                evidence.targets,
                evidence.categories,
                self.categories,
                evidence.importance,
                logits=True,
                start=self._start[1],
            )
            self._start = weights, self._calibration
        return self._calibration

    def _score_rows(self, rows: ArrayLike) -> tuple[Floats, Floats, Floats]:
        row = np.atleast_1d(np.asarray(rows, dtype=np.intp))
        score, text, live = self._combined(self._rows[row], self._text.values[row].astype(np.float64))
        slot = self._labels.slots[row]
        labelled = np.flatnonzero(slot >= 0)
        at, category = np.nonzero(self._labels.ridge.states[slot[labelled]] >= 0)
        if at.size:
            score[labelled[at], category] = self._left_out(slot[labelled[at]], category)
        return score, text, live

    def _combined(self, x: NDArray[np.float32], text: Floats) -> tuple[Floats, Floats, Floats]:
        """Score, text share and live share [R, C] of images that carry no label."""
        weights, ridge, discriminant = self._weighed(), self._labels.ridge, self._labels.discriminant
        counts = discriminant.counts.astype(np.float64)
        prior, spread = _prior(counts, (ridge.states >= 0).sum(axis=0).astype(np.float64))
        targets, side, ones = ridge.predict(ridge.kernel(x))
        likeness = np.where(counts > 0, (targets - prior * ones) / spread, 0.0)
        parts = Parts(text, likeness, side, discriminant.scores(x))
        return weights.combine(parts, counts, np.arange(self.categories))

    def _left_out_parts(self, slots: Ints, categories: Ints) -> tuple[Parts, Floats]:
        """Parts [E] at labelled entries and the yes counts they rest on, without the entry's own label."""
        ridge, discriminant = self._labels.ridge, self._labels.discriminant
        yes = ridge.states[slots, categories] == 1
        counts = discriminant.counts[categories].astype(np.float64)
        others = counts - yes
        known = (ridge.states >= 0).sum(axis=0)[categories]
        prior, spread = _prior(others, known - 1.0)
        targets, side, ones = ridge.left_out(slots, categories).T
        images = self._labels.images[slots]
        plain = self._labels.discriminant_scores[slots, categories]
        without = discriminant.without_own(plain, self._labels.self_scores[slots], counts)
        # Without its only yes a category has nothing to be like: the live learners are silent on it.
        lone = counts <= 1
        parts = Parts(
            self._text.values[images, categories].astype(np.float64),
            np.where(lone, 0.0, (targets - prior * ones) / spread),
            side,
            np.where(lone, 0.0, np.where(yes, without, plain)),
        )
        return parts, np.where(lone, 0.0, others)

    def _left_out(self, slots: Ints, categories: Ints) -> Floats:
        weights = self._weighed()
        return weights.combine(*self._left_out_parts(slots, categories), categories)[0]

    def _changed(self) -> None:
        self._evidence = self._weights = self._calibration = None

    def _weighed(self) -> Weights:
        if self._weights is None:
            self._weights = _weigh(self._seen(), self._labels.discriminant.counts, self._start[0])
            self._start = self._weights, self._start[1]
        return self._weights

    def _seen(self) -> Evidence:
        """A fixed sample of the yes and of the no of each category, with the weights that make it whole."""
        if self._evidence is None:
            states, images = self._labels.ridge.states, self._labels.images
            trust = _trust(states)
            category, slot = np.nonzero((states.T >= 0) & (trust.T > 0))
            yes = states[slot, category] == 1
            chance = _fixed_chance(images[slot], category)
            share = np.where(
                yes,
                _shares(category[yes], self.categories, YES_ENTRIES, YES_EACH)[category],
                _shares(category[~yes], self.categories, NO_ENTRIES, NO_EACH)[category],
            )
            kept = chance < share
            category, slot, yes, share = category[kept], slot[kept], yes[kept], share[kept]
            parts, counts = self._left_out_parts(slot, category)
            importance = trust[slot, category] / share
            self._evidence = Evidence(category, yes.astype(np.float64), importance, parts, counts)
        return self._evidence

    def _follow_slots(self) -> None:
        """Tell the kernel cache which slots hold other images than before."""
        if self._generation != self._labels.generation:
            self._generation = self._labels.generation
            self._kernel.forget_all()
        for slot in self._labels.take_moved():
            self._kernel.forget(slot)


def _weigh(evidence: Evidence, yes_counts: NDArray[np.int64], start: Weights) -> Weights:
    """Fit the common weights, then the departures of the categories that have examples enough."""
    common = fit_logistic(
        evidence.parts.features(evidence.counts),
        evidence.targets,
        evidence.importance,
        prior=PRIOR_WEIGHTS.ravel(),
        strength=np.full(PRIOR_WEIGHTS.size, PRIOR_STRENGTH),
        start=start.common.ravel(),
    ).reshape(PRIOR_WEIGHTS.shape)
    even = Weights(common, np.zeros_like(start.departures))
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
    return Weights(common, departures)


def _trust(states: NDArray[np.int8]) -> Floats:
    """How much each labelled entry, [n, C], tells of how frequent yes is; 0 for one that must not.

    An image on which most categories are known is a fair sample. Single answers are not: an import names
    what is there and nothing that is not, a queue shows likely images first. Once there are ten fair images,
    the single yes of a category weigh together no more than the fair ones let expect.
    """
    known, yes = states >= 0, states == 1
    fair = 2 * known.sum(axis=1) >= max(states.shape[1], 1)
    if fair.sum() < FAIR_IMAGES:
        return np.broadcast_to((known & ~yes).any(axis=0).astype(np.float64), states.shape)
    fair_yes, fair_no = yes[fair].sum(axis=0), (known & ~yes)[fair].sum(axis=0)
    single_yes, single_no = yes[~fair].sum(axis=0), (known & ~yes)[~fair].sum(axis=0)
    expected = (fair_yes + 0.5) / (fair_no + 1.0) * single_no
    weight = np.minimum(1.0, expected / np.maximum(single_yes, 1))
    return np.where(yes & ~fair[:, None], weight, 1.0)


def _shares(categories: Ints, count: int, entries: int, each: int) -> Floats:
    """The share [C] of a category's entries to keep."""
    quota = max(entries // max(count, 1), each)
    return np.minimum(1.0, quota / np.maximum(np.bincount(categories, minlength=count), 1))


def _prior(yes: Floats | np.float64, known: Floats | np.float64) -> tuple[Floats, Floats]:
    """Expected share of yes and its standard deviation, which scales the kernel's answers."""
    share = np.asarray((yes + PRIOR_YES) / (known + PRIOR_IMAGES))
    return share, np.sqrt(share * (1 - share))


def _fixed_chance(rows: Ints, categories: Ints) -> Floats:
    """A number in [0, 1) for each entry that depends on nothing else (splitmix64)."""
    value = rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    value += categories.astype(np.uint64) * np.uint64(0xD1B54A32D192ED03)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (value ^ (value >> np.uint64(31))).astype(np.float64) / 2.0**64
