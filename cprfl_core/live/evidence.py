"""Weights of the learners and calibration, fitted on the labels.

Up to EXACT_ENTRIES labelled entries both are refitted after each decision. Beyond that a refit would take
too long: the current fit stays until `refresh_steps` has been run, in small steps whenever there is time.
Scores still follow each decision, because the learners themselves do. The fit of each earlier state of the
labels is remembered, so that undo restores the scores even across a refresh. docs/decisions/0210 has reasons
and measurements.

Shapes: C categories, E labelled entries.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cprfl_core.blend import Evidence, Parts, TunedWeights, Weights, fit_tuned_weights, fit_weights
from cprfl_core.calibration.pooled_curve import PooledCurve, fit_pooled_curve
from cprfl_core.live.label_matrix import LabelMatrix
from cprfl_core.live.label_sampling import LabelSample, sample_labels
from cprfl_core.live.leave_one_out import leave_one_out_parts
from cprfl_core.live.steps import Steps, aside, run_all
from cprfl_core.live.text_scores import TextScores
from cprfl_core.live.tuned_part import TunedPart, join

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Up to this many labelled entries weights and calibration are refitted after every decision.
EXACT_ENTRIES = 30_000
# A refresh is due when this share of all entries, or of one category's yes, was added or removed, but at
# least this many yes.
GROWTH, YES_GROWTH, LEAST_YES = 0.02, 0.2, 3
# Labelled entries used for calibration, and for the weights: a category's share of this many yes and no, but
# at least this many each.
CURVE_ENTRIES = 80_000
WEIGHED_ENTRIES = {"yes_entries": 3_000, "no_entries": 3_000, "yes_each": 40, "no_each": 20}
# Entries processed in one step of a refresh, which takes some milliseconds.
SLICE_ENTRIES = 256
# Number of earlier states of the labels whose fit is remembered.
MAX_EARLIER_FITS = 4_096


@dataclass(slots=True)
class Fit:
    """Weights, tuned weights and calibration; None until they are needed.

    ``yes`` [C] and ``known``: numbers of yes labels of each category and of labelled entries at the time.
    """

    yes: NDArray[np.int64]
    known: int
    weights: Weights | None = None
    tuned_weights: TunedWeights | None = None
    curve: PooledCurve | None = None


@dataclass(frozen=True, slots=True)
class _Sampled:
    """Labelled entries, and the images [E] in their slots when they were sampled."""

    entries: LabelSample
    images: Ints


class LiveEvidence:
    """Weights, calibration and weights of the tuned head for the current labels."""

    def __init__(self, labels: LabelMatrix, text: TextScores, tuned: TunedPart) -> None:
        self._labels, self._text, self._tuned = labels, text, tuned
        self._start: tuple[Weights, PooledCurve | None] = Weights.at_start(text.categories), None
        self._sampled: _Sampled | None = None
        self._epoch = 0
        self._was_deferred = self.deferred
        self._generation = labels.generation
        self._earlier_fits: dict[int, Fit] = {}
        self._signature = 0
        self._now = self._fresh()

    @property
    def deferred(self) -> bool:
        """True if there are too many labels to refit after every decision."""
        return self._known > EXACT_ENTRIES

    @property
    def due(self) -> bool:
        """True if the labels have changed enough to make a refresh worthwhile."""
        if not self.deferred or self._now.weights is None:
            return False
        yes = self._labels.discriminant.counts
        changed = np.abs(yes - self._now.yes) > np.maximum(YES_GROWTH * self._now.yes, LEAST_YES)
        return bool(changed.any()) or abs(self._known - self._now.known) > GROWTH * self._now.known

    def reset(self) -> None:
        """Discard all fits, because more than single labels has changed."""
        self._earlier_fits.clear()
        self._now, self._sampled = self._fresh(), None
        self._epoch += 1

    def follow(self, mark: int) -> None:
        """Update after labels have changed; ``mark`` combines the entries before and after (labels_hash)."""
        self._sampled = None
        was_deferred, self._was_deferred = self._was_deferred, self.deferred
        if not (was_deferred and self._was_deferred) or self._generation != self._labels.generation:
            self._generation = self._labels.generation
            self.reset()
            return
        self._earlier_fits[self._signature] = self._now
        self._signature ^= mark
        self._now = self._earlier_fits.pop(self._signature, self._now)
        if len(self._earlier_fits) > MAX_EARLIER_FITS:
            del self._earlier_fits[next(iter(self._earlier_fits))]

    def append_category(self) -> None:
        """Add a category, which is cold; nothing else changes."""
        weights, curve = self._start
        self._start = weights.with_category(), curve
        if self.deferred and self._now.weights is not None:
            now = self._now
            self.reset()
            self._now.weights = now.weights and now.weights.with_category()
            self._now.tuned_weights = now.tuned_weights and now.tuned_weights.with_category()
            self._now.curve = now.curve and now.curve.with_category()
        else:
            self.reset()

    def weights(self) -> Weights:
        """The current weights; a category is cold as long as it has no labels."""
        if self._now.weights is None:
            self._now.weights = run_all(self._fit_weights(self._sample()))
            self._start = self._now.weights, self._start[1]
        if not self.deferred:
            return self._now.weights
        return replace(self._now.weights, cold=self._labels.ridge.known_counts == 0)

    def tuned_weights(self) -> TunedWeights:
        """The weights of the tuned head; zero without a head and for categories without labels."""
        if not self._tuned.present:
            return TunedWeights.zero(self._text.categories)
        if self._now.tuned_weights is None:
            self._now.tuned_weights = run_all(self._fit_tuned_weights(self._sample(), self.weights()))
            self._tuned.start = self._now.tuned_weights
        return self._now.tuned_weights

    def curve(self) -> PooledCurve:
        """The current calibration."""
        if self._now.curve is None:
            steps = self._fit_curve(self._sample(), self.weights(), self.tuned_weights())
            self._now.curve = run_all(steps)
            self._start = self._start[0], self._now.curve
            if self.deferred:
                self._sampled = None  # up to a million entries, which will not be needed for a while
        return self._now.curve

    def refresh_steps(self) -> Steps[None]:
        """Refit on the current labels. Decisions may be made in between. Ends without effect if more
        than single labels change meanwhile.
        """
        epoch, made = self._epoch, self._fresh()
        for step in self._refreshed(made):
            yield step
            if self._epoch != epoch:
                return
        self._now = made
        self._start = made.weights or self._start[0], made.curve

    def _refreshed(self, made: Fit) -> Steps[None]:
        states, images = self._labels.ridge.states, self._labels.images
        sampled = yield from aside(lambda: _drawn(states, images), self._known)
        made.weights = yield from self._fit_weights(sampled)
        made.tuned_weights = TunedWeights.zero(self._text.categories)
        if self._tuned.present:
            made.tuned_weights = yield from self._fit_tuned_weights(sampled, made.weights)
        made.curve = yield from self._fit_curve(sampled, made.weights, made.tuned_weights)

    def _fit_weights(self, sampled: _Sampled) -> Steps[Weights]:
        evidence, _ = yield from self._gather(sampled, *sampled.entries.subsample(**WEIGHED_ENTRIES))
        cold: NDArray[np.bool_] = self._labels.ridge.known_counts == 0
        counts, start = self._labels.discriminant.counts.copy(), self._start[0]
        return (yield from aside(lambda: fit_weights(evidence, counts, cold, start), len(evidence.targets)))

    def _fit_tuned_weights(self, sampled: _Sampled, weights: Weights) -> Steps[TunedWeights]:
        subsample = sampled.entries.subsample(**WEIGHED_ENTRIES)
        evidence, images = yield from self._gather(sampled, *subsample)
        tuned = self._tuned.at(evidence.categories, images)
        others = weights.combine(evidence.parts, evidence.counts, evidence.categories)
        assert tuned is not None
        covered, start = self._tuned.covered & ~weights.cold, self._tuned.start

        def fitted() -> TunedWeights:
            return fit_tuned_weights(evidence, others, tuned, covered=covered, start=start)

        return (yield from aside(fitted, len(evidence.targets)))

    def _fit_curve(
        self, sampled: _Sampled, weights: Weights, tuned_weights: TunedWeights
    ) -> Steps[PooledCurve]:
        every = np.arange(len(sampled.images))
        evidence, images = yield from self._gather(sampled, every, sampled.entries.importance)
        tuned, start = self._tuned.at(evidence.categories, images), self._start[1]
        counts = self._labels.discriminant.counts.copy()

        def fitted() -> PooledCurve:
            others = weights.combine(evidence.parts, evidence.counts, evidence.categories)
            shares = join(tuned_weights, others, tuned, evidence.counts, evidence.categories)
            return fit_pooled_curve(evidence.entries(shares), counts, start)

        return (yield from aside(fitted, len(every)))

    def _gather(self, sampled: _Sampled, entries: Ints, importance: Floats) -> Steps[tuple[Evidence, Ints]]:
        """Leave-one-out evidence of some entries of the sample, and their images.

        Entries that have changed since they were sampled are skipped.
        """
        labels, sample = self._labels, sampled.entries
        size = len(entries) if labels.exact else SLICE_ENTRIES
        found, kept = [], []
        for start in range(0, max(len(entries), 1), max(size, 1)):
            here = entries[start : start + size]
            slots, categories = sample.slots[here], sample.categories[here]
            same = labels.images[slots] == sampled.images[here]
            same &= (labels.ridge.states[slots, categories] == 1) == sample.yes[here]
            same &= labels.ridge.states[slots, categories] >= 0
            found.append(leave_one_out_parts(labels, self._text, slots[same], categories[same]))
            kept.append(start + np.flatnonzero(same))
            yield None
        at = np.concatenate(kept)
        rows = entries[at]
        parts = Parts(
            *(np.concatenate([getattr(one, name) for one, _ in found]) for name in Parts.__dataclass_fields__)
        )
        counts = np.concatenate([one for _, one in found])
        targets = sample.yes[rows].astype(np.float64)
        evidence = Evidence(sample.categories[rows], targets, importance[at], parts, counts)
        return evidence, sampled.images[rows]

    @property
    def _known(self) -> int:
        return int(self._labels.ridge.known_counts.sum())

    def _fresh(self) -> Fit:
        return Fit(self._labels.discriminant.counts.copy(), self._known)

    def _sample(self) -> _Sampled:
        """The sample for the current labels, drawn once."""
        if self._sampled is None:
            self._sampled = _drawn(self._labels.ridge.states, self._labels.images)
        return self._sampled


def _drawn(states: NDArray[np.int8], images: Ints) -> _Sampled:
    """What is decided while it is drawn counts as changed since."""
    sample = sample_labels(states, images, CURVE_ENTRIES)
    return _Sampled(sample, images[sample.slots])
