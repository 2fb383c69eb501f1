"""What the labels have taught about the learners: their weights and the calibration.

Up to EXACT_ENTRIES labelled entries everything follows each decision. Beyond, it would take longer than a
person waits: what is in force then stays until `refreshing` has been gone through, bit by bit, whenever there
is time. Scores follow each decision all the same, for the learners themselves do. What was in force at a
state of the labels is remembered, so that undo brings back the scores across a refresh too. The reasons and
the measurements stand in docs/decisions/0211.

Shapes: C categories, E labelled entries.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from cprfl_core.blend import Evidence, Parts, TunedWeights, Weights, weigh, weigh_tuned
from cprfl_core.entry_sample import EntrySample, sample_entries
from cprfl_core.labelled_rows import LabelledRows
from cprfl_core.left_out import left_out_parts
from cprfl_core.shared_curve import SharedCurve, fit_shared_curve
from cprfl_core.text_scores import TextScores
from cprfl_core.tuned_part import TunedPart, join

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
T = TypeVar("T")
Steps = Generator[None, None, T]
"""Work with a pause after each bit of it."""

# Labelled entries up to which weights and calibration follow every decision.
EXACT_ENTRIES = 30_000
# They are due anew when so large a share of the entries has come or gone, or of one category's yes, but at
# least so many yes.
GROWTH, YES_GROWTH, LEAST_YES = 0.02, 0.2, 3
# Labelled entries that calibration looks at, and those on which the learners are weighed: a category's share
# of so many yes and no, and at least so many each.
CURVE_ENTRIES = 80_000
WEIGHED_ENTRIES = {"yes_entries": 3_000, "no_entries": 3_000, "yes_each": 40, "no_each": 20}
# Entries that are looked at between two pauses of a refresh.
SLICE_ENTRIES = 2_048
# States of the labels of which is remembered what was in force.
REMEMBERED = 4_096


@dataclass(slots=True)
class InForce:
    """What held from one moment on; None where nobody has asked for it yet.

    ``yes`` [C] and ``known`` are the yes labels of each category and all labelled entries at that moment.
    """

    yes: NDArray[np.int64]
    known: int
    weights: Weights | None = None
    joining: TunedWeights | None = None
    curve: SharedCurve | None = None


@dataclass(frozen=True, slots=True)
class _Sampled:
    """Labelled entries, and the images [E] that had their slots when they were drawn."""

    entries: EntrySample
    images: Ints


class LiveEvidence:
    """Weights, calibration and how a tuned head joins, for the labels at hand."""

    def __init__(self, labels: LabelledRows, text: TextScores, tuned: TunedPart) -> None:
        self._labels, self._text, self._tuned = labels, text, tuned
        self._start: tuple[Weights, SharedCurve | None] = Weights.at_start(text.categories), None
        self._sampled: _Sampled | None = None
        self._epoch = 0
        self._lasted = self.lasting
        self._generation = labels.generation
        self._remembered: dict[int, InForce] = {}
        self._signature = 0
        self._now = self._fresh()

    @property
    def lasting(self) -> bool:
        """Whether there are so many labels that what is in force outlasts a decision."""
        return self._known > EXACT_ENTRIES

    @property
    def due(self) -> bool:
        """Whether the labels have moved so far that a refresh is worth its time."""
        if not self.lasting or self._now.weights is None:
            return False
        yes = self._labels.discriminant.counts
        moved = np.abs(yes - self._now.yes) > np.maximum(YES_GROWTH * self._now.yes, LEAST_YES)
        return bool(moved.any()) or abs(self._known - self._now.known) > GROWTH * self._now.known

    def reset(self) -> None:
        """Something else than single labels has changed: nothing is in force any more."""
        self._remembered.clear()
        self._now, self._sampled = self._fresh(), None
        self._epoch += 1

    def follow(self, mark: int) -> None:
        """Labels have changed; ``mark`` combines the entries before and after (entry_sample.mark_of)."""
        self._sampled = None
        lasted, self._lasted = self._lasted, self.lasting
        if not (lasted and self._lasted) or self._generation != self._labels.generation:
            self._generation = self._labels.generation
            self.reset()
            return
        self._remembered[self._signature] = self._now
        self._signature ^= mark
        self._now = self._remembered.pop(self._signature, self._now)
        if len(self._remembered) > REMEMBERED:
            del self._remembered[next(iter(self._remembered))]

    def append_category(self) -> None:
        """A category that came later: it is cold, and nothing else changes."""
        weights, curve = self._start
        self._start = weights.with_category(), curve
        if self.lasting and self._now.weights is not None:
            now = self._now
            self.reset()
            self._now.weights = now.weights and now.weights.with_category()
            self._now.joining = now.joining and now.joining.with_category()
            self._now.curve = now.curve and now.curve.with_category()
        else:
            self.reset()

    def weights(self) -> Weights:
        """The weights in force; a category is cold as long as nothing is known of it now."""
        if self._now.weights is None:
            self._now.weights = _gone_through(self._weighing(self._sample()))
            self._start = self._now.weights, self._start[1]
        if not self.lasting:
            return self._now.weights
        return replace(self._now.weights, cold=self._labels.ridge.known_counts == 0)

    def joining(self) -> TunedWeights:
        """How the tuned head joins: silent where there is none, and where nothing is known of a category."""
        if not self._tuned.there:
            return TunedWeights.silent(self._text.categories)
        if self._now.joining is None:
            self._now.joining = _gone_through(self._joining(self._sample(), self.weights()))
            self._tuned.start = self._now.joining
        return self._now.joining

    def curve(self) -> SharedCurve:
        """The calibration in force."""
        if self._now.curve is None:
            curving = self._curving(self._sample(), self.weights(), self.joining())
            self._now.curve = _gone_through(curving)
            self._start = self._start[0], self._now.curve
            if self.lasting:
                self._sampled = None  # a million entries are not kept for a next time that is far off
        return self._now.curve

    def refreshing(self) -> Iterator[None]:
        """Take what the labels teach now into force; a pause after each bit of work.

        Decisions may come in between. It ends without effect where more than single labels change meanwhile.
        """
        epoch, made = self._epoch, self._fresh()
        steps = self._refreshed(made)
        for _ in steps:
            yield
            if self._epoch != epoch:
                return
        self._now = made
        self._start = made.weights or self._start[0], made.curve

    def _refreshed(self, made: InForce) -> Steps[None]:
        sampled = self._draw()
        yield
        made.weights = yield from self._weighing(sampled)
        yield
        made.joining = TunedWeights.silent(self._text.categories)
        if self._tuned.there:
            made.joining = yield from self._joining(sampled, made.weights)
        made.curve = yield from self._curving(sampled, made.weights, made.joining)

    def _weighing(self, sampled: _Sampled) -> Steps[Weights]:
        evidence, _ = yield from self._gather(sampled, *sampled.entries.thinned(**WEIGHED_ENTRIES))
        cold: NDArray[np.bool_] = self._labels.ridge.known_counts == 0
        return weigh(evidence, self._labels.discriminant.counts, cold, self._start[0])

    def _joining(self, sampled: _Sampled, weights: Weights) -> Steps[TunedWeights]:
        thinned = sampled.entries.thinned(**WEIGHED_ENTRIES)
        evidence, images = yield from self._gather(sampled, *thinned)
        tuned = self._tuned.at(evidence.categories, images)
        others = weights.combine(evidence.parts, evidence.counts, evidence.categories)
        assert tuned is not None
        spoken = self._tuned.spoken & ~weights.cold
        return weigh_tuned(evidence, others, tuned, spoken=spoken, start=self._tuned.start)

    def _curving(self, sampled: _Sampled, weights: Weights, joining: TunedWeights) -> Steps[SharedCurve]:
        every = np.arange(len(sampled.images))
        evidence, images = yield from self._gather(sampled, every, sampled.entries.importance)
        others = weights.combine(evidence.parts, evidence.counts, evidence.categories)
        tuned = self._tuned.at(evidence.categories, images)
        shares = join(joining, others, tuned, evidence.counts, evidence.categories)
        return fit_shared_curve(evidence.entries(shares), self._labels.discriminant.counts, self._start[1])

    def _gather(self, sampled: _Sampled, entries: Ints, importance: Floats) -> Steps[tuple[Evidence, Ints]]:
        """Some of the sample's entries, each seen without its own label, and their images.

        An entry that has changed since it was drawn is left out.
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
            found.append(left_out_parts(labels, self._text, slots[same], categories[same]))
            kept.append(start + np.flatnonzero(same))
            yield
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

    def _fresh(self) -> InForce:
        return InForce(self._labels.discriminant.counts.copy(), self._known)

    def _draw(self) -> _Sampled:
        sample = sample_entries(self._labels.ridge.states, self._labels.images, CURVE_ENTRIES)
        return _Sampled(sample, self._labels.images[sample.slots])

    def _sample(self) -> _Sampled:
        """The sample for the labels at hand, drawn once."""
        if self._sampled is None:
            self._sampled = self._draw()
        return self._sampled


def _gone_through(steps: Steps[T]) -> T:
    """The result of work without a pause."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
